"""What an event names, found once; and the event with codes of parties turned into ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry import codec
from registry.domain.catalogue import Event, naming
from registry.domain.events.register import AboutLayer
from registry.domain.fields import Kind
from registry.domain.naming import named_parties, parties_named


@dataclass(frozen=True, slots=True)
class Named:
    """What an event names: (field, name) of each. `others`: (kind, field, name)."""

    event: Event
    said: Mapping[Kind, Sequence[tuple[str, str]]]
    parties: Sequence[tuple[str, str]]
    events: Sequence[tuple[str, str]]
    others: Sequence[tuple[str, str, str]]

    @classmethod
    def of(cls, event: Event) -> "Named":
        said = naming(event)
        agreements, sources = said[Kind.AGREEMENT], said[Kind.SOURCE]
        others = [("agreement", at, name) for at, name in agreements]
        others += [("source", at, name) for at, name in sources]
        if isinstance(event, AboutLayer):
            others += [
                ("agreement", f"subject.{part}", str(event.subject[part]))
                for part in ("agreement", "under", "to_agreement")
                if event.subject.get(part)
            ]
        parties = named_parties(event, said)
        return cls(event, said, parties, said[Kind.EVENT], others)


def renamed(event: Event, ids: Mapping[str, str]) -> Event:
    """The same event with these names of parties replaced, wherever they stand."""

    def put(value: Any) -> Any:
        if isinstance(value, str):
            return ids.get(value, value)
        if isinstance(value, list):
            return [put(each) for each in value]
        return value

    said = codec.write(event)
    fields = {at.split(".")[0].split("[")[0] for at, _ in parties_named(event)}
    for name in fields & said.keys():
        value = said[name]
        said[name] = (
            {part: put(each) for part, each in value.items()}
            if isinstance(value, dict)
            else put(value)
        )
    return codec.read(said)

"""An event with one party, agreement or source put for another, wherever it names it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from registry import codec
from registry.domain.catalogue import Event, naming
from registry.domain.entities import entity_of
from registry.domain.events.register import AboutLayer, StatusObserved
from registry.domain.fields import Kind
from registry.domain.layers import PARTY_PARTS

Said = dict[str, Any]


def replaced(event: Event, kind: str, gone: str, stays: str) -> Said:
    """The wire form with the one for the other, in exactly the fields that name such a thing."""
    said = codec.write(event)
    for at in _places(event, kind, gone):
        _put(said, at, stays)
    if isinstance(event, AboutLayer):
        said["subject"] = _subject(event, kind, gone, stays)
    if kind == "source" and said.get("sources"):
        once: list[Said] = []
        for each in said["sources"]:
            if each not in once:
                once.append(each)
        said["sources"] = once
    return said


def names(event: Event, kind: str, key: str) -> bool:
    return (
        entity_of(event) == (kind, key)
        or next(_places(event, kind, key), None) is not None
        or _in_subject(event, kind, key)
    )


def speaks_of_both(event: Event, kind: str, gone: str, stays: str) -> bool:
    """Whether it does so in what it says; who asserts it may be the one or the other."""
    own = entity_of(event)
    one = own == (kind, stays) or any(at != "claimed_by" for at in _places(event, kind, stays))
    other = own == (kind, gone) or any(at != "claimed_by" for at in _places(event, kind, gone))
    in_subject = [_in_subject(event, kind, each) for each in (stays, gone)]
    return (one or in_subject[0]) and (other or in_subject[1])


def _places(event: Event, kind: str, key: str) -> Iterator[str]:
    """The fields that hold this id, as `sources[0].via`; subjects apart."""
    said = naming(event)
    for each in _NAMED_BY[kind]:
        yield from (at for at, name in said[each] if name == key)
    if kind == "party" and isinstance(event, StatusObserved) and event.protector == key:
        yield "value"


_NAMED_BY: Final[Mapping[str, tuple[Kind, ...]]] = {
    "party": (Kind.PARTY, Kind.ACTOR),
    "agreement": (Kind.AGREEMENT,),
    "source": (Kind.SOURCE,),
}


def _in_subject(event: Event, kind: str, key: str) -> bool:
    return isinstance(event, AboutLayer) and any(
        key in value if isinstance(value, list | tuple) else key == value
        for part, value in event.subject.items()
        if part in SUBJECT_PARTS[kind]
    )


def _subject(event: AboutLayer, kind: str, gone: str, stays: str) -> dict[str, Any]:
    parts = SUBJECT_PARTS[kind]
    made: dict[str, Any] = {}
    for part, value in event.subject.items():
        if part not in parts:
            made[part] = value
        elif isinstance(value, list | tuple):
            made[part] = sorted(stays if each == gone else each for each in value)
        else:
            made[part] = stays if value == gone else value
    return made


SUBJECT_PARTS: Final[Mapping[str, frozenset[str]]] = {
    "party": PARTY_PARTS | {"territory"},
    "agreement": frozenset(("agreement", "under", "to_agreement")),
    "source": frozenset(),
}


def _put(said: Said, at: str, value: str) -> None:
    """Write into `parties[1]`, `visitor.party` or `sources[0].via`."""
    *steps, last = [int(each) if each.isdigit() else each for each in _STEP.findall(at)]
    inner: Any = said
    for step in steps:
        inner = inner[step]
    inner[last] = value


_STEP: Final = re.compile(r"[^.\[\]]+")

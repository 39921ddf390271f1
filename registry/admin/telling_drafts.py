"""What a draft says in plain words, where some of what it names may stand in the draft alone."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.admin.events import Listed, listed
from registry.admin.telling import date_words, teller
from registry.domain.catalogue import CATALOGUE, Correction
from registry.domain.events.register import EventAmended
from registry.queries import events as of_events
from registry.queries.view import View
from registry.store.drafts import Said
from registry.web.correcting import WORDS
from registry.web.pages import plain
from registry.web.telling import Difference, Fact, Teller, content_of
from registry.web.wording import Names


@dataclass(frozen=True)
class Told:
    """One event of a draft. `target`: what it corrects; `differences`: what it makes of that."""

    event_id: str
    place: int
    type: str
    title: str
    facts: tuple[Fact, ...]
    target: Listed | None
    differences: tuple[Difference, ...]


def told(view: View, events: Sequence[Said]) -> list[Told]:
    """Each event with the names of the present."""
    contents = [_plainly(said) for _, said in events]
    found = of_events.documents(view, _named(contents))
    present = {event_id: content_of(document) for event_id, document in found.items()}
    own = [(event_id, _plainly(said)) for event_id, said in events]
    telling = _with_new(
        teller(view, [*contents, *present.values()], [*present.items(), *own]), contents
    )
    targets = {
        each.event_id: each
        for each in listed(
            view, [found[t] for t in dict.fromkeys(map(_target, contents)) if t in found]
        )
    }
    return [
        Told(
            event_id,
            place,
            plain(said["type"]),
            _title(telling, said),
            tuple(telling.facts(said, but=("event", "target"))),
            targets.get(_target(said)),
            tuple(_differences(telling, present.get(_target(said)), said)),
        )
        for place, ((event_id, _), said) in enumerate(zip(events, contents, strict=True))
    ]


def heading(view: View, events: Sequence[Said]) -> str | None:
    """What a draft is called that says one thing, beside what it enters for that; else None."""
    if len(events) > _FEW:
        return None
    main = [event for event in events if event[1]["type"] not in _ENTERED] or list(events[-1:])
    said = main[-1][1]
    if len(main) > 1 or _target(said):
        return None
    when = date_words(str(said["occurred"])).text if said.get("occurred") else ""
    title = next(each.title for each in told(view, events) if each.event_id == main[-1][0])
    return f"{title}, {when}" if when else title


_FEW: Final = 20
_ENTERED: Final = ("agreement.recorded", "source.recorded")


def _plainly(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name not in _OF_THE_WIRE}


_OF_THE_WIRE: Final = ("type_version", "expected_version")


def _target(said: Mapping[str, Any]) -> str:
    is_correction = issubclass(CATALOGUE[said["type"]], Correction)
    return str(said.get("target", "")) if is_correction else ""


def _named(contents: Iterable[Mapping[str, Any]]) -> list[str]:
    names: list[Any] = []
    for outer in contents:
        inner = outer.get("event")
        for said in (outer, inner if isinstance(inner, Mapping) else {}):
            names += [said.get(each) for each in ("target", "responds_to", "same_act_as", "about")]
            names += said.get("follows") or []
    return [str(each) for each in dict.fromkeys(names) if each]


def _with_new(telling: Teller, contents: Iterable[Mapping[str, Any]]) -> Teller:
    """The same, which also knows what the draft itself would enter."""
    new: dict[str, dict[str, str]] = {"party": {}, "agreement": {}, "source": {}}
    for said in contents:
        kind, _, verb = said["type"].partition(".")
        if verb == "recorded" and kind in new and said.get(kind):
            new[kind][said[kind]] = str(said.get("title") or said.get("name") or said[kind])
    names = Names(
        {**new["party"], **telling.names.parties},
        {**new["agreement"], **telling.names.agreements},
    )
    return Teller(names, {**new["source"], **telling.sources}, telling.titles, telling.when)


def _title(telling: Teller, said: Mapping[str, Any]) -> str:
    about = telling.titles.get(_target(said))
    title = telling.title(said)
    return f"{WORDS.get(said['type'], title)} – {about}" if about else title


def _differences(
    telling: Teller, before: Mapping[str, Any] | None, said: Mapping[str, Any]
) -> list[Difference]:
    if before is None or said["type"] != EventAmended.TYPE:
        return []
    return telling.differences(before, _plainly(said["event"]))

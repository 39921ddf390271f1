"""Parties, agreements and sources as documents, put together from what was recorded of them."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from registry.domain.catalogue import Event
from registry.domain.confidence import Confidence
from registry.domain.dates import MIN_DAY
from registry.domain.events.agreements import Recorded, Retitled
from registry.domain.events.parties import (
    PartyEnded,
    PartyRecorded,
    PartyRenamed,
    PartySucceededBy,
)
from registry.domain.events.register import SourceRecorded

Entity = tuple[str, str]

_KINDS: Final[Mapping[type[Event], str]] = {
    Recorded: "agreement",
    Retitled: "agreement",
    PartyRecorded: "party",
    PartyRenamed: "party",
    PartySucceededBy: "party",
    PartyEnded: "party",
    SourceRecorded: "source",
}
"""The kind of entity that each type makes up; its key is in the field of the same name."""

TYPES: Final = frozenset(each.TYPE for each in _KINDS)
"""The types that entities are made of."""


def entity_of(event: Event) -> Entity | None:
    """(kind, key) of the entity that the event is about, if it makes up one."""
    kind = _KINDS.get(type(event))
    return None if kind is None else (kind, getattr(event, kind))


def document(events: Iterable[tuple[str, Event]]) -> dict[str, Any] | None:
    """The entity's document from its live events (id, content) in order of recording.

    None where the event that records it is not among them.
    """
    pairs = list(events)
    for event_id, event in pairs:
        match event:
            case PartyRecorded():
                return _party(event_id, event, pairs)
            case Recorded():
                return _agreement(event_id, event, pairs)
            case SourceRecorded():
                return _source(event_id, event)
    return None


def _party(event_id: str, event: PartyRecorded, pairs: list[tuple[str, Event]]) -> dict[str, Any]:
    renamings = [e for _, e in pairs if isinstance(e, PartyRenamed)]
    renamings.sort(key=_since)
    names = [_name(event, None), *(_name(each, _date(each)) for each in renamings)]
    return _told(
        id=event.party,
        kind=event.kind,
        name=names[-1]["name"],
        names=names,
        codes=[
            _told(scheme=c.scheme, code=c.code, valid=c.valid.text if c.valid else None)
            for c in event.codes or ()
        ],
        part_of=event.part_of,
        began=_date(event),
        ended=[_date(e) for _, e in pairs if isinstance(e, PartyEnded)] or None,
        succeeded_by=[
            _told(party=e.successor, mode=e.mode, occurred=_date(e))
            for _, e in pairs
            if isinstance(e, PartySucceededBy)
        ]
        or None,
        external_ids=_ids(event),
        note=event.note,
        recorded=event_id,
    )


def _name(event: PartyRecorded | PartyRenamed, since: str | None) -> dict[str, Any]:
    return _told(
        name=event.name,
        since=since,
        since_day=_since(event) if since else None,
        confidence=None if since is None else int(event.confidence),
        languages=dict(event.names) if event.names else None,
    )


def _agreement(event_id: str, event: Recorded, pairs: list[tuple[str, Event]]) -> dict[str, Any]:
    retitlings = [e for _, e in pairs if isinstance(e, Retitled)]
    retitlings.sort(key=_since)
    titles = [
        _told(title=event.title),
        *(
            _told(title=e.title, since=_date(e), since_day=_since(e), confidence=int(e.confidence))
            for e in retitlings
        ),
    ]
    return _told(
        id=event.agreement,
        title=titles[-1]["title"],
        titles=titles,
        kind=event.kind,
        binding=event.binding,
        form=event.form,
        topics=list(event.topics),
        parties=sorted(event.parties),
        external_ids=_ids(event) or {},
        note=event.note,
        recorded=event_id,
    )


def _source(event_id: str, event: SourceRecorded) -> dict[str, Any]:
    return _told(
        id=event.source,
        kind=event.kind,
        title=event.title,
        publisher=event.publisher,
        author=event.author,
        url=event.url,
        archived_url=event.archived_url,
        content_sha256=event.content_sha256,
        published=event.published.text if event.published else None,
        accessed=event.accessed.text if event.accessed else None,
        language=event.language,
        recorded=event_id,
    )


def _date(event: Event) -> str | None:
    """The text of the day from which it holds."""
    date = event.effective or event.occurred
    return date.text if date else None


def _since(event: Event) -> int:
    date = event.effective or event.occurred
    return date.begins.lo if date else MIN_DAY


def _ids(event: Event) -> dict[str, str] | None:
    return dict(event.external_ids) if event.external_ids else None


def _told(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}


def called(doc: Mapping[str, Any], threshold: Confidence) -> list[Mapping[str, Any]]:
    """Its names or titles over time: the one it was recorded with, and the later ones that count
    at the threshold.
    """
    every: list[Mapping[str, Any]] = doc.get("names") or doc.get("titles") or []
    return [
        each
        for each in every
        if "confidence" not in each or Confidence(each["confidence"]).counts_at(threshold)
    ]


def label(
    doc: Mapping[str, Any], day: int, threshold: Confidence, language: str | None = None
) -> str:
    """The name or title on a day: the last one whose time may have begun by then.

    One that is denied is none. In this language, where it is recorded in it.
    """
    names = [
        each for each in called(doc, threshold) if each.get("confidence") != Confidence.DISPUTED
    ]
    word = "name" if "names" in doc else "title"
    by_then = [each for each in names if each.get("since_day", MIN_DAY) <= day]
    found = (by_then or names)[-1 if by_then else 0]
    return str((found.get("languages") or {}).get(language) or found[word])

"""Events as documents: what was recorded, how it stands by now, with its sources in full."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, select

from registry import codec
from registry.domain import dates
from registry.domain.catalogue import Event
from registry.domain.errors import Gone, Invalid, NotFound
from registry.domain.events.conduct import claims
from registry.domain.events.register import EventAmended
from registry.domain.knowledge import Record, Standing
from registry.domain.naming import parties_named
from registry.projections.known import Known, record_of
from registry.projections.standings import standings_of
from registry.queries.erasures import BY_ITSELF, ERASED, gone
from registry.queries.instants import instant_text
from registry.queries.page import Page
from registry.queries.view import View
from registry.store import log
from registry.store.log import Stored
from registry.store.tables import event, event_tag

Documents = dict[str, dict[str, Any]]


def listed(view: View, filters: Mapping[str, str], after: int, limit: int) -> Page:
    """The log after a position, in order: every event as it was recorded and how it stands. Of what
    is known to be erased, the envelope.
    """
    rows = found(view, filters, after, limit + 1)
    shown = rows[:limit]
    ids = [row.event_id for row in shown]
    documented = documents(view, ids)
    if len(documented) < len(ids):
        documented |= without_content(view, [each for each in ids if each not in documented])
    view.asked.add(BY_ITSELF)
    more = shown[-1].position if len(rows) > limit else None
    return Page([documented[each] for each in ids], more)


def found(
    view: View, filters: Mapping[str, str], after: int, limit: int
) -> Sequence[Row[Any, Any]]:
    """(event_id, position) of what the log holds after a position, in order."""
    statement = select(event.c.event_id, event.c.position).where(
        event.c.position > after, event.c.position <= view.moment, *_matching(view, filters)
    )
    return view.conn.execute(statement.order_by(event.c.position).limit(limit)).all()


def newest(view: View, filters: Mapping[str, str], before: int | None, limit: int) -> Page:
    """The log backwards from a position, the newest first; also by `recorded_by`. What is known to
    be erased is left out.
    """
    last = view.moment if before is None else min(before - 1, view.moment)
    statement = select(event.c.event_id, event.c.position).where(
        event.c.position <= last, *_matching(view, filters)
    )
    rows = view.conn.execute(statement.order_by(event.c.position.desc()).limit(limit + 1)).all()
    shown = rows[:limit]
    found = documents(view, [row.event_id for row in shown])
    view.asked.add(BY_ITSELF)
    more = shown[-1].position if len(rows) > limit else None
    return Page([found[row.event_id] for row in shown if row.event_id in found], more)


def _matching(view: View, filters: Mapping[str, str]) -> Iterable[ColumnElement[bool]]:
    if name := filters.get("type"):
        yield event.c.type == codec.type_named(name).TYPE
    for tag in _tags(view, filters):
        yield event.c.position.in_(select(event_tag.c.position).where(event_tag.c.tag == tag))
    if text := filters.get("occurred_from"):
        yield event.c.occurred_hi >= _date(text, "occurred_from").earliest
    if text := filters.get("occurred_to"):
        yield event.c.occurred_lo <= _date(text, "occurred_to").latest
    if name := filters.get("recorded_by"):
        yield event.c.recorded_by == name


def _tags(view: View, filters: Mapping[str, str]) -> Iterable[str]:
    if party := filters.get("party"):
        yield f"party:{view.party(party)}"
    if agreement := filters.get("agreement"):
        yield f"agreement:{agreement}"
    if subject := filters.get("subject"):
        kind, colon, _ = subject.partition(":")
        if not colon or kind not in ("party", "agreement", "source", "event"):
            raise Invalid(
                f"not a subject: {subject!r} (expected party:BOL, agreement:..., source:..., "
                "event:...)",
                "subject",
            )
        yield subject


def _date(text: str, field: str) -> dates.Edtf:
    try:
        return dates.parse(text)
    except Invalid as wrong:
        raise Invalid(wrong.message, field, wrong.offers) from None


def one(view: View, event_id: str) -> dict[str, Any]:
    """One event, with the chain of its corrections."""
    found = documents(view, [event_id]).get(event_id)
    view.asked.add(BY_ITSELF)
    if found is None:
        for stored in log.by_ids(view.conn, [event_id]).values():
            if stored.position <= view.moment:
                raise _erased(view, stored)
        raise NotFound(f"no event is recorded as {event_id!r}")
    chain = _corrections(view, event_id)
    return found | {"corrections": list(documents(view, chain).values())}


def _corrections(view: View, event_id: str) -> list[str]:
    known = Known(view.conn, view.generation, view.moment)
    found = known.corrections([event_id])
    records = sorted((r for each in found.values() for r in each), key=lambda r: r.position)
    return [record.event_id for record in records]


def standings(view: View, event_ids: Iterable[str]) -> dict[str, Standing]:
    """How these events stood at the view's moment."""
    known = Known(view.conn, view.generation, view.moment)
    read = _read(view, list(dict.fromkeys(event_ids)))
    return standings_of(known, {event_id: each.record for event_id, each in read.items()}, ())


def documents(view: View, event_ids: Iterable[str]) -> Documents:
    """The events by id, in the order given, sources named in full, as known at the view. What was
    known to be erased by then is left out; Gone for what was erased only since.
    """
    wanted = list(dict.fromkeys(event_ids))
    if not wanted:
        return {}
    read = _read(view, wanted)
    known = Known(view.conn, view.generation, view.moment)
    stood = standings_of(known, {event_id: each.record for event_id, each in read.items()}, ())
    sources = view.directory.docs(
        "source",
        {
            slug
            for each in stood.values()
            for citation in (each.event or each.record.event).sources
            for slug in (citation.source, citation.via)
            if slug
        },
    )
    return {
        event_id: _document(read[event_id].stored, stood[event_id], sources)
        for event_id in wanted
        if event_id in read
    }


@dataclass(frozen=True, slots=True)
class _Read:
    stored: Stored
    record: Record


def _read(view: View, wanted: Sequence[str]) -> dict[str, _Read]:
    """The events that were recorded by the view's moment, as they were recorded."""
    kept = view.remembered.events(view.generation)
    for stored in log.by_ids(view.conn, [each for each in wanted if each not in kept]).values():
        if stored.data is None:
            erasures = _erasures(view, stored)
            known = bool(erasures) and erasures[0].position <= view.moment
            if stored.position <= view.moment and not known:
                raise _erased(view, stored)
            continue
        kept[stored.event_id] = _Read(stored, record_of(stored))
    found = {each: kept[each] for each in wanted if each in kept}
    return {i: each for i, each in found.items() if each.record.position <= view.moment}


def _erasures(view: View, stored: Stored) -> list[Stored]:
    return [each for each in log.targeting(view.conn, [stored.event_id]) if each.type == ERASED]


def _erased(view: View, stored: Stored) -> Gone:
    """Whoever asks, from wherever: names the erasure, and nothing of what was erased."""
    by = [f"{each.event_id} at position {each.position}" for each in _erasures(view, stored)]
    return gone(stored.event_id, ", ".join(by))


def without_content(view: View, event_ids: Sequence[str]) -> Documents:
    """What stays of events that were erased: their envelopes, and by what they were."""
    return {
        event_id: {
            "event_id": event_id,
            "type": stored.type,
            "sources": [],
            **_recorded(stored),
            "standing": {"state": "erased", "erased_by": _erasures(view, stored)[0].event_id},
        }
        for event_id, stored in log.by_ids(view.conn, event_ids).items()
    }


def _document(stored: Stored, stands: Standing, sources: Mapping[str, Any]) -> dict[str, Any]:
    content: Event = stands.event or stands.record.event
    said = codec.write(content)
    said.pop("type")
    document: dict[str, Any] = {
        "event_id": stored.event_id,
        "type": content.TYPE,
        **said,
        "sources": [_cited(each, sources) for each in said.get("sources", ())],
        **_recorded(stored),
        "standing": _standing(stands),
    }
    for by, what in claims(content):
        document["reading"] = says(by, what)
    return document


def _recorded(stored: Stored) -> dict[str, Any]:
    return {
        "position": stored.position,
        "moment": stored.moment,
        "recorded_at": instant_text(stored.recorded_at),
        "recorded_by": stored.recorded_by,
        "reviewed_by": stored.reviewed_by,
        "stream": stored.stream,
        "stream_version": stored.stream_version,
        "type_version": stored.type_version,
    }


def says(by: str, what: str) -> str:
    """How a claim is always worded: as somebody's."""
    who = "It is said (by whom is not named)" if by.lower() == "not named" else f"{by} says"
    return f"{who} that: {what}"


def _standing(stands: Standing) -> dict[str, Any]:
    named = {
        "retracted_by": stands.retracted_by,
        "amended_by": stands.amended_by,
        "confidence_changed_by": stands.confidence_changed_by,
    }
    live = "retracted" if stands.event is None else "live"
    return {"state": live} | {name: value for name, value in named.items() if value}


def _cited(citation: Mapping[str, Any], sources: Mapping[str, Any]) -> dict[str, Any]:
    """A citation with the records of its source and of the source behind it."""
    via = citation.get("via")
    return {
        **citation,
        "source_record": sources.get(citation["source"]),
        "via": via,
        "via_record": sources.get(via) if via else None,
    }


def about(view: View, types: Iterable[str], *parties: str) -> list[str]:
    """Events that are of these types and name all the parties, as they stand, in order."""
    wanted = set(types)
    statement = select(event.c.event_id, event.c.target).where(event.c.position <= view.moment)
    for party in parties:  # an amendment is found by what it speaks of now
        tagged = select(event_tag.c.position).where(event_tag.c.tag == f"party:{party}")
        statement = statement.where(event.c.position.in_(tagged))
    statement = statement.where(event.c.type.in_([*wanted, EventAmended.TYPE]))
    ids = {row.target or row.event_id for row in view.conn.execute(statement)}
    stood = standings(view, ids)
    return [
        each
        for each, stands in sorted(stood.items(), key=lambda item: item[1].record.position)
        if (content := stands.event) is not None
        and content.TYPE in wanted
        and content.confidence.counts_at(view.threshold)
        and set(parties) <= {name for _, name in parties_named(content)}
    ]

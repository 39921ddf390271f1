"""What is kept of the touched events beside settings: documents of entities, remarks on layers."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from registry.domain import entities
from registry.domain.catalogue import Event
from registry.domain.events.register import CoverageStated, GapStated
from registry.domain.knowledge import Record, Standing
from registry.domain.layers import LAYERS
from registry.projections.known import Known
from registry.projections.rows import (
    Difference,
    Row,
    difference,
    text,
)
from registry.projections.standings import standings_of


def remarks(
    known: Known, standings: Mapping[str, Standing], incoming: Mapping[str, Sequence[Record]]
) -> Difference:
    new = [
        _remark(event_id, stands.event)
        for event_id, stands in standings.items()
        if isinstance(stands.event, CoverageStated | GapStated)
    ]
    said = [
        event_id
        for event_id, stands in standings.items()
        if any(
            isinstance(each, CoverageStated | GapStated)
            for each in _contents(known, stands, incoming)
        )
    ]
    return difference(known.remarks_of_events(said) if said else [], new)


def documents(
    known: Known, standings: Mapping[str, Standing], incoming: Mapping[str, Sequence[Record]]
) -> Difference:
    """The documents of all parties, agreements and sources that are touched."""
    about: dict[entities.Entity, set[str]] = defaultdict(set)
    for event_id, stands in standings.items():
        for event in _contents(known, stands, incoming):
            if (found := entities.entity_of(event)) is not None:
                about[found].add(event_id)
    corrections = [record for each in incoming.values() for record in each]
    types = sorted(entities.TYPES)
    known.made_ahead(about, types)
    known.entities(key for _, key in about)
    old: list[Row] = []
    new: list[dict[str, Any]] = []
    for (kind, key), event_ids in about.items():
        stored = known.made_of(kind, key, types)
        others = {r.event_id: r for r in stored if r.event_id not in standings}
        all_of_it = (standings_of(known, others, corrections) if others else {}) | {
            event_id: standings[event_id]
            for event_id in {*event_ids, *(r.event_id for r in stored)} & standings.keys()
        }
        live = sorted(
            (s.record.position, event_id, s.event)
            for event_id, s in all_of_it.items()
            if s.event is not None and entities.entity_of(s.event) == (kind, key)
        )
        old += known.entity(kind, key)
        doc = entities.document((event_id, event) for _, event_id, event in live)
        if doc is not None:
            words = " ".join(
                str(each.get("name") or each.get("title"))
                for each in doc.get("names") or doc.get("titles") or [doc]
            )
            new.append(
                {"kind": kind, "key": key, "words": f"{key} {words}".lower(), "doc": text(doc)}
            )
    return difference(old, new)


def _remark(event_id: str, event: CoverageStated | GapStated) -> dict[str, Any]:
    layer = LAYERS[event.layer]
    whole = set(event.subject) == {"agreement"} and len(layer.parts) > 1
    key = f"{event.subject['agreement']}|*" if whole else layer.key_of(event.subject)
    complete = isinstance(event, CoverageStated) and event.complete
    return {
        "kind": "coverage" if complete else "gap",
        "layer": event.layer,
        "subject": key,
        "event_id": event_id,
        "over": text(event.over.over.to_list()),
        "confidence": int(event.confidence),
    }


def _contents(
    known: Known, stands: Standing, incoming: Mapping[str, Sequence[Record]]
) -> Iterable[Event]:
    """The event, and what amendments, live or not, made or make of it: it may have moved between
    entities.

    `incoming`: the corrections that are being recorded, by target.
    """
    event_id, old = stands.record.event_id, stands.record.position <= known.seen
    if not old and event_id not in incoming:
        return (stands.record.event,)
    corrections = known.corrections([event_id]).get(event_id, ()) if old else ()
    every = (*corrections, *incoming.get(event_id, ()))
    return (stands.record.event, *(each.content for each in every if each.content is not None))

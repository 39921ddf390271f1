"""Parties, agreements and sources as things on record: found by words, and how often spoken of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, func, select

from registry.domain.entities import label
from registry.domain.events.register import EventAmended
from registry.domain.tags import tags_of
from registry.projections.tables import entity
from registry.queries.events import standings
from registry.queries.view import View
from registry.store.tables import event, event_tag

KINDS: Final = ("party", "agreement", "source")
COUNTED: Final = 500
"""Events that are looked into, the latest."""
MOST: Final = 10_000
"""Events that are counted at all."""


@dataclass(frozen=True)
class Uses:
    """Which live events speak of it as they stand. `total`: exact where `whole`, else those filed
    under it, up to `MOST`; `by_type` and `latest` (the newest first): of the last `COUNTED`.
    """

    total: int
    whole: bool
    by_type: Mapping[str, int]
    latest: tuple[str, ...]


def found(view: View, kind: str, asked: str, after: str, limit: int) -> list[dict[str, Any]]:
    """The documents with all these words in id, names or titles, by id; one more than `limit` where
    there are more.
    """
    words = [entity.c.words.contains(each, autoescape=True) for each in asked.lower().split()[:8]]
    rows = view.conn.execute(
        select(entity.c.doc)
        .where(*known(view, kind), entity.c.key > after, *words)
        .order_by(entity.c.key)
        .limit(limit + 1)
    )
    return [orjson.loads(each) for each in rows.scalars()]


def known(view: View, kind: str) -> tuple[ColumnElement[bool], ...]:
    return (
        entity.c.generation == view.generation,
        entity.c.kind == kind,
        entity.c.known_from <= view.moment,
        entity.c.known_to > view.moment,
    )


def name_of(view: View, kind: str, doc: Mapping[str, Any]) -> str:
    """What it is called today."""
    return str(doc["title"] if kind == "source" else label(doc, view.day, view.threshold))


def uses(view: View, kind: str, key: str) -> Uses:
    """How many events speak of it, corrections apart, and of what kinds they are."""
    filed = _latest(view, kind, key).subquery()
    total = view.conn.execute(select(func.count()).select_from(filed)).scalar_one()
    rows = view.conn.execute(
        select(event.c.event_id, event.c.target, event.c.type)
        .join(filed, filed.c.position == event.c.position)
        .order_by(event.c.position.desc())
        .limit(COUNTED)
    )
    ids = [
        row.target or row.event_id
        for row in rows
        if row.target is None or row.type == EventAmended.TYPE
    ]
    tag = f"{kind}:{key}"
    stood = standings(view, ids)
    live = [each for each in stood.values() if each.event is not None]
    speaking = [each for each in live if each.event and tag in tags_of(each.event)]
    speaking.sort(key=lambda each: -each.record.position)
    by_type = Counter(each.event.TYPE for each in speaking if each.event)
    whole = total <= COUNTED
    return Uses(
        len(speaking) if whole else total,
        whole,
        dict(by_type.most_common()),
        tuple(each.record.event_id for each in speaking),
    )


def own_events(
    view: View, kind: str, key: str, types: Sequence[str], limit: int = 200
) -> list[str]:
    """The events of these types in its stream, and those that were lately amended to be about it,
    as they stand: the oldest first.
    """
    latest = _latest(view, kind, key).subquery()
    corrected = (
        select(event.c.target)
        .join(latest, latest.c.position == event.c.position)
        .where(event.c.type == EventAmended.TYPE)
    )
    in_stream = select(event.c.event_id).where(
        event.c.stream == f"{kind}:{key}",
        event.c.position <= view.moment,
        event.c.target.is_(None),
    )
    ids = [
        *view.conn.execute(in_stream.order_by(event.c.position).limit(limit)).scalars(),
        *view.conn.execute(
            select(event.c.event_id)
            .where(event.c.event_id.in_(corrected), event.c.type.in_(types))
            .order_by(event.c.position)
            .limit(limit)
        ).scalars(),
    ]
    stood = standings(view, ids).values()
    live = [each for each in stood if each.event is not None and each.event.TYPE in types]
    about = [each for each in live if each.event and each.event.stream == f"{kind}:{key}"]
    return [each.record.event_id for each in sorted(about, key=lambda each: each.record.position)]


def _latest(view: View, kind: str, key: str) -> Select[Any]:
    return (
        select(event_tag.c.position)
        .where(event_tag.c.tag == f"{kind}:{key}", event_tag.c.position <= view.moment)
        .order_by(event_tag.c.position.desc())
        .limit(MOST)
    )

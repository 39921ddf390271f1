"""What surrounds one event: what it sets, the doubts about it, the events that speak of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import select

from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.dates import Days
from registry.projections.tables import finding, setting
from registry.queries.answers import Subject
from registry.queries.view import View
from registry.store.tables import event, event_tag


@dataclass(frozen=True)
class Setting:
    """One value that the event gives a subject of a layer, and the days on which it may have."""

    layer: str
    key: str
    value: str
    window: Days
    confidence: Confidence


def settings_by(view: View, event_id: str, position: int) -> list[Setting]:
    """What the event sets, as it stands at the view's moment; `position` is its own."""
    rows = view.conn.execute(
        select(setting)
        .where(
            setting.c.generation == view.generation,
            setting.c.position == position,
            setting.c.event_id == event_id,
            setting.c.known_from <= view.moment,
            setting.c.known_to > view.moment,
        )
        .order_by(setting.c.part, setting.c.id)
    )
    return [
        Setting(
            row.layer,
            row.subject,
            row.value,
            Days.from_list(orjson.loads(row.window)),
            Confidence(row.confidence),
        )
        for row in rows
    ]


def doubts_about(view: View, event_id: str, subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """The doubts about these subjects that name the event, at whatever threshold."""
    wanted = sorted({key for _, key in subjects})
    rows = view.conn.execute(
        select(finding.c.body)
        .where(
            finding.c.generation == view.generation,
            finding.c.subject.in_(wanted),
            finding.c.kind == "doubt",
            finding.c.known_from <= view.moment,
            finding.c.known_to > view.moment,
        )
        .order_by(finding.c.id)
    ).scalars()
    found = dict.fromkeys(rows)
    return [body for text in found if event_id in (body := orjson.loads(text))["events"]]


def speaking_of(view: View, event_id: str) -> list[str]:
    """The events, corrections apart, that name this one: answers, later ones, other accounts."""
    rows = view.conn.execute(
        select(event.c.event_id)
        .join(event_tag, event_tag.c.position == event.c.position)
        .where(
            event_tag.c.tag == f"event:{event_id}",
            event.c.position <= view.moment,
            event.c.target.is_(None),
        )
        .order_by(event.c.position)
        .limit(50)
    )
    return list(rows.scalars())


def newest_doubts(view: View, limit: int) -> list[dict[str, Any]]:
    """The doubts that stand, the newest first: layer, subject, what is odd, which events."""
    masks = sum(threshold.bit for threshold in THRESHOLDS)
    rows: Sequence[Any] = view.conn.execute(
        select(finding.c.layer, finding.c.subject, finding.c.body)
        .where(
            finding.c.generation == view.generation,
            finding.c.kind == "doubt",
            finding.c.mask.op("&")(masks) != 0,
            finding.c.known_from <= view.moment,
            finding.c.known_to > view.moment,
        )
        .order_by(finding.c.known_from.desc(), finding.c.id.desc())
        .limit(4 * limit)
    ).all()
    found: dict[str, dict[str, Any]] = {}
    for row in rows:  # one doubt may stand at several thresholds
        found.setdefault(
            row.body, {"layer": row.layer, "subject": row.subject, **orjson.loads(row.body)}
        )
    return list(found.values())[:limit]

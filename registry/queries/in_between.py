"""The events between: recorded between two points of knowledge, or that happened between two days."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, Connection, Integer, Select, SmallInteger, bindparam, select

from registry.domain.confidence import BY_WORD, Confidence
from registry.domain.dates import Days, parse
from registry.projections.tables import setting
from registry.queries import events as of_events
from registry.queries.answers import Subject
from registry.queries.bearing import least
from registry.queries.moved import Two
from registry.queries.relations import CONDUCT
from registry.store.among import among, parameter
from registry.store.direct import rows
from registry.store.tables import event, event_tag

MOST: Final = 100
"""Events that are told."""


def recorded_between(
    two: Two, tags: Sequence[str], threshold: Confidence
) -> tuple[of_events.Documents, bool]:
    """What was recorded under all these tags between the two points, in order; whether there is more.

    Each as it stands at the later point; nothing that does not count at the threshold, and no
    correction of it.
    """
    statement = select(event.c.event_id).where(
        event.c.position > two.before.moment, event.c.position <= two.after.moment
    )
    for tag in tags:
        tagged = select(event_tag.c.position).where(event_tag.c.tag == tag)
        statement = statement.where(event.c.position.in_(tagged))
    ids = list(two.after.conn.scalars(statement.order_by(event.c.position).limit(MOST + 1)))
    found = of_events.documents(two.after, ids[:MOST])
    targets = [each["target"] for each in found.values() if each.get("target")]
    stood = of_events.documents(two.before, targets)
    stands = of_events.documents(two.after, targets)
    shown = {}
    for event_id, each in found.items():
        target = each.get("target")
        about = [of[target] for of in (stood, stands) if target in of] if target else [each]
        if any(BY_WORD[one["confidence"]].counts_at(threshold) for one in about):
            shown[event_id] = each
    return shown, len(ids) > MOST


def happened_between(two: Two, *parties: str) -> of_events.Documents:
    """What the parties did between the two days that is in no layer."""
    found = of_events.documents(two.after, of_events.about(two.after, CONDUCT, *parties))
    return {event_id: each for event_id, each in found.items() if falls_between(each, two)}


def set_between(two: Two, subjects: Sequence[Subject]) -> dict[Subject, list[str]]:
    """By subject, the events that may have set it between the two days, in order of their days."""
    if not subjects:
        return {}
    conn = two.after.conn
    said = {
        "generation": two.after.generation,
        "moment": two.after.moment,
        "least": least(two.after.threshold),
        "first": two.before.days.lo,
        "last": two.after.days.hi,
        "subjects": parameter(conn, sorted({key for _, key in subjects})),
        "layers": parameter(conn, sorted({layer for layer, _ in subjects})),
    }
    found: dict[Subject, list[str]] = {each: [] for each in subjects}
    for layer, key, event_id in rows(conn, _setting(conn), said):
        listed = found.get((layer, key))
        if listed is not None and event_id not in listed:
            listed.append(event_id)
    return found


_BUILT: dict[str, Select[Any]] = {}


def _setting(conn: Connection) -> Select[Any]:
    if conn.dialect.name not in _BUILT:
        moment, first, last = (
            bindparam(name, type_=BigInteger) for name in ("moment", "first", "last")
        )
        _BUILT[conn.dialect.name] = (
            select(setting.c.layer, setting.c.subject, setting.c.event_id)
            .where(
                setting.c.generation == bindparam("generation", type_=Integer),
                among(conn, setting.c.subject, "subjects"),
                among(conn, setting.c.layer, "layers"),
                setting.c.confidence >= bindparam("least", type_=SmallInteger),
                setting.c.known_from <= moment,
                setting.c.known_to > moment,
                setting.c.lo <= last,
                setting.c.hi >= first,
            )
            .order_by(setting.c.lo, setting.c.hi, setting.c.position, setting.c.id)
        )
    return _BUILT[conn.dialect.name]


def falls_between(document: Mapping[str, Any], two: Two) -> bool:
    """Whether it may have happened, or taken effect, between the two days."""
    days = Days(((two.before.days.lo, two.after.days.hi),))
    told = [document[name] for name in ("occurred", "effective") if document.get(name)]
    return any(bool(parse(each).over & days) for each in told)

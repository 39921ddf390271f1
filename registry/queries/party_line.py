"""The events that speak of a party, by the day on which they happened: the latest first."""

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    FromClause,
    Integer,
    Select,
    Text,
    bindparam,
    literal,
    select,
    union,
)

from registry.domain.catalogue import CATALOGUE, Event, family
from registry.domain.events.register import EventAmended
from registry.domain.naming import parties_named
from registry.queries import events as of_events
from registry.queries.view import View
from registry.store.direct import rows
from registry.store.tables import event, event_tag

FAMILIES: Final = {
    "agreements": ("agreement",),
    "relations": (
        *("relations", "recognition", "mission", "head_of_mission", "consular_post", "status"),
    ),
    "conduct": ("conduct",),
    "party": ("party",),
}
_ALL: Final = tuple(each for several in FAMILIES.values() for each in several)


def filed(view: View, party: str, kind: str, start: int, most: int) -> list[str]:
    """The ids of `most` of them after the first `start`: what may have happened by the day of the
    view, by the day that was recorded first; also what was taken back.
    """
    said = {
        "tag": f"party:{party}",
        "moment": view.moment,
        "day": view.day,
        "start": start,
        "most": most,
    }
    return [event_id for event_id, *_ in rows(view.conn, _filed(kind), said)]


def stands(view: View, party: str, wanted: Sequence[str]) -> of_events.Documents:
    """Those that still stand, count at the view's threshold, and speak of the party."""
    live = {
        event_id
        for event_id, each in of_events.standings(view, wanted).items()
        if each.event is not None and _speaks(view, party, each.event)
    }
    return of_events.documents(view, [each for each in wanted if each in live])


def _speaks(view: View, party: str, content: Event) -> bool:
    date = content.occurred
    by_then = date is None or date.earliest <= view.day
    named = {name for _, name in parties_named(content)} | {getattr(content, "party", None)}
    return by_then and party in named and content.confidence.counts_at(view.threshold)


@cache
def _filed(kind: str) -> Select[Any]:
    """By the tags of the events themselves, and of what corrected others to be about the party."""
    families = FAMILIES.get(kind, _ALL)
    types = [name for name in CATALOGUE if family(name) in families]
    tagged = (
        select(
            event.c.position, event.c.event_id, event.c.target, event.c.type, event.c.occurred_lo
        )
        .join(event_tag, event_tag.c.position == event.c.position)
        .where(
            event_tag.c.tag == bindparam("tag", type_=Text),
            event_tag.c.position <= bindparam("moment", type_=BigInteger),
        )
        .cte("tagged")
    )
    own = _of_types(tagged, types).where(tagged.c.target.is_(None))
    others = _of_types(event, types).where(
        event.c.event_id.in_(
            select(tagged.c.target).where(tagged.c.type == literal(EventAmended.TYPE))
        )
    )
    every = union(own, others).subquery()
    return (
        select(every.c.event_id)
        .order_by(every.c.occurred_lo.desc(), every.c.position.desc())
        .limit(bindparam("most", type_=Integer))
        .offset(bindparam("start", type_=Integer))
    )


def _of_types(table: FromClause, types: Sequence[str]) -> Select[Any]:
    return select(table.c.event_id, table.c.occurred_lo, table.c.position).where(
        table.c.occurred_lo <= bindparam("day", type_=BigInteger),
        table.c.type.in_([literal(each) for each in types]),
    )

"""What cites a source: the events that rest on it, as they stand, in order of recording."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Integer, Text, bindparam, func, select

from registry.domain.catalogue import Event
from registry.domain.confidence import Confidence
from registry.queries.entities import MOST
from registry.queries.events import standings
from registry.queries.view import View
from registry.store.direct import rows
from registry.store.tables import event, event_tag


@dataclass(frozen=True)
class Cited:
    """`next`: the position to go on after; None at the end. `before`: of what `ids` begin after."""

    ids: Sequence[str]
    next: int | None


def citing(view: View, source: str, threshold: Confidence, after: int, limit: int) -> Cited:
    """Also what was taken back since, and what cited it before it was amended."""
    said = {"tag": f"source:{source}", "moment": view.moment, "after": after, "most": limit + 1}
    found = rows(view.conn, _FILED, said)
    shown = found[:limit]
    more = shown[-1][2] if len(found) > limit else None
    stood = standings(view, dict.fromkeys(target or each for each, target, _at in shown))
    ids = [
        event_id
        for event_id, stands in stood.items()
        if _rests_on(stands.event or stands.record.event, source)
        and (stands.event or stands.record.event).confidence.counts_at(threshold)
    ]
    return Cited(ids, more)


def how_often(view: View, source: str) -> int:
    """How many records are filed under it, its own among them; no further than `MOST`."""
    filed = (
        select(event_tag.c.position)
        .where(event_tag.c.tag == f"source:{source}", event_tag.c.position <= view.moment)
        .limit(MOST)
        .subquery()
    )
    return int(view.conn.execute(select(func.count()).select_from(filed)).scalar_one())


def _rests_on(content: Event, source: str) -> bool:
    return any(source in (each.source, each.via) for each in content.sources)


_FILED: Final = (
    select(event.c.event_id, event.c.target, event.c.position)
    .join(event_tag, event_tag.c.position == event.c.position)
    .where(
        event_tag.c.tag == bindparam("tag", type_=Text),
        event_tag.c.position <= bindparam("moment", type_=BigInteger),
        event_tag.c.position > bindparam("after", type_=BigInteger),
    )
    .order_by(event_tag.c.position)
    .limit(bindparam("most", type_=Integer))
)

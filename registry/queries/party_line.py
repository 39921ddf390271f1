"""The events that speak of a party, by the day on which they happened: the latest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import BigInteger, Text, bindparam, select

from registry.domain.catalogue import Event, family
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


@dataclass(frozen=True)
class Filed:
    """An event under the party's name. `day`: the first on which it may have happened, as it was
    recorded first.
    """

    day: int
    position: int
    event_id: str


def filed(view: View, party: str, kind: str = "") -> list[Filed]:
    """What may have happened by the day of the view, the latest first; also what was taken back."""
    families = FAMILIES.get(kind, _ALL)
    said = {"tag": f"party:{party}", "moment": view.moment}
    found: dict[str, Filed] = {}
    amended: list[str] = []
    for position, event_id, target, type_, day in rows(view.conn, _FILED, said):
        if target is not None:
            amended += [target] if type_ == EventAmended.TYPE else []
        elif day is not None and day <= view.day and family(type_) in families:
            found[event_id] = Filed(day, position, event_id)
    for at in range(0, len(missing := [each for each in amended if each not in found]), 500):
        statement = select(event.c.position, event.c.event_id, event.c.type, event.c.occurred_lo)
        for row in view.conn.execute(statement.where(event.c.event_id.in_(missing[at : at + 500]))):
            if row.occurred_lo is not None and family(row.type) in families:
                found[row.event_id] = Filed(row.occurred_lo, row.position, row.event_id)
    return sorted(found.values(), key=lambda each: (each.day, each.position), reverse=True)


def stands(view: View, party: str, several: Sequence[Filed]) -> of_events.Documents:
    """Those that still stand, count at the view's threshold, and speak of the party."""
    wanted = [each.event_id for each in several]
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


_FILED: Final = (
    select(event.c.position, event.c.event_id, event.c.target, event.c.type, event.c.occurred_lo)
    .join(event_tag, event_tag.c.position == event.c.position)
    .where(
        event_tag.c.tag == bindparam("tag", type_=Text),
        event_tag.c.position <= bindparam("moment", type_=BigInteger),
    )
)

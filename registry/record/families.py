"""To which families of events an entry belongs, so that whoever must approve it can be told."""

from collections.abc import Sequence

from sqlalchemy import Connection

from registry.domain.catalogue import Correction, Event, family
from registry.domain.events.register import EventAmended
from registry.record.check import Submission
from registry.store import log


def families_of(conn: Connection, submissions: Sequence[Submission]) -> set[str]:
    """The families of events that these belong to, or correct."""
    families = {family(each.event.TYPE) for each in submissions}
    targets = [str(getattr(s.event, "target", "")) for s in submissions if corrects(s.event)]
    if targets:
        families |= {family(each.type) for each in log.by_ids(conn, targets).values()}
    for each in submissions:
        if isinstance(each.event, EventAmended):
            families.add(family(str(each.event.event["type"])))
    return families


def corrects(event: Event) -> bool:
    return isinstance(event, Correction)

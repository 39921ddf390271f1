"""The events of the log that what is kept of some subjects may rest on, and only a few besides."""

from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Connection, Select, select

from registry.domain.tags import tags_of
from registry.projections.known import records_told
from registry.projections.parts import REACHING
from registry.store import log
from registry.store.among import among, parameter
from registry.store.log import Stored
from registry.store.tables import event, event_tag


def events_concerning(conn: Connection, homes: Iterable[str]) -> list[Stored]:
    """In order: the events of these streams, those that bear on them from elsewhere, all that
    these name or that names them, and every correction.
    """
    found: dict[int, Stored] = {}
    new = log.at(conn, [position for home in set(homes) for position in _bearing_on(conn, home)])
    while new:
        found |= {each.position: each for each in new}
        ids = [each.event_id for each in new]
        positions = {
            *_positions(conn, event.c.event_id, _named(new)),
            *_positions(conn, event.c.target, ids),
            *_positions(conn, event_tag.c.tag, [f"event:{event_id}" for event_id in ids]),
        }
        new = log.at(conn, sorted(positions - found.keys()))
    return [found[position] for position in sorted(found)]


def _bearing_on(conn: Connection, home: str) -> set[int]:
    """The stream itself, and what `parts` says may reach into it."""
    kind, *names = home.split(":")
    tags = [f"party:{name}" for name in names] if kind == "pair" else [home]
    reaching: Select[Any] = (
        select(event.c.position)
        .join(event_tag, event_tag.c.position == event.c.position)
        .where(event_tag.c.tag == tags[0], event.c.type.in_(sorted(REACHING)))
    )
    for tag in tags[1:]:
        also = event_tag.alias()
        reaching = reaching.join(also, also.c.position == event.c.position).where(also.c.tag == tag)
    return {*_positions(conn, event.c.stream, [home]), *conn.execute(reaching).scalars()}


def _named(stored: Iterable[Stored]) -> set[str]:
    """The events that these speak of."""
    return {
        tag.removeprefix("event:")
        for record in records_told(stored)
        for said in (record.event, record.content)
        if said is not None
        for tag in tags_of(said)
        if tag.startswith("event:")
    }


def _positions(conn: Connection, column: Any, keys: Collection[str]) -> Iterable[int]:
    wanted = select(column.table.c.position).where(among(conn, column))
    for part in log.chunks(list(keys)):
        yield from conn.execute(wanted, {"keys": parameter(conn, part)}).scalars()

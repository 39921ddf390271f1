"""The words of the log, kept in step with it: for logs that came before them or came whole."""

from collections.abc import Iterable
from typing import Final

from sqlalchemy import Connection, select

from registry import codec
from registry.domain.catalogue import Event
from registry.domain.events.register import EventAmended
from registry.domain.searched import entered
from registry.store import words
from registry.store.bulk import write_together
from registry.store.tables import event, event_payload

CHUNK: Final = 2_000


def enter_words(conn: Connection, events: Iterable[tuple[int, Event]]) -> None:
    """Of events that are in the log, by position, in order."""
    said = {position: entered(_content(each)) for position, each in events}
    used = words.used_before(conn, said.values())
    write_together(conn, words.rows_of(conn, said, used), [])


def enter_log(conn: Connection) -> None:
    """The words of the whole log, of which none are there yet."""
    at = 0
    while rows := conn.execute(
        select(event.c.position, event.c.type, event.c.type_version, event_payload.c.data)
        .join(event_payload, event_payload.c.position == event.c.position)
        .where(event.c.position > at)
        .order_by(event.c.position)
        .limit(CHUNK)
    ).all():
        enter_words(
            conn, ((p, codec.restored(name, version, data)) for p, name, version, data in rows)
        )
        at = rows[-1].position


def forget_words(conn: Connection, position: int) -> None:
    """Before the content of an event goes, so that nothing is found by it any more."""
    row = conn.execute(
        select(event.c.type, event.c.type_version, event_payload.c.data)
        .join(event_payload, event_payload.c.position == event.c.position)
        .where(event.c.position == position)
    ).one()
    gone = codec.restored(row.type, row.type_version, row.data)
    words.forget(conn, position, entered(_content(gone)))


def _content(said: Event) -> Event:
    """What an amendment is found by is the content that it brings."""
    return codec.content(said.event) if isinstance(said, EventAmended) else said

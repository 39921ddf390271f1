"""One copy of the store that PostgreSQL keeps by streaming: its pool, and what is known of it."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any, Final

from sqlalchemy import Connection, event, func, make_url, select
from sqlalchemy.exc import DBAPIError

from registry.store import direct
from registry.store import engine as store
from registry.store.engine import reading
from registry.store.log import Head
from registry.store.tables import log_head

SILENT: Final = 3.0
"""Seconds after which a copy that does not answer is given up, with all who wait for it."""
_WITHDRAWN: Final = "40001"
"""Its statement stood in the way of what the copy had to take over: it is well, but not to be asked this."""
_STANDS: Final = select(
    func.pg_is_in_recovery(), log_head.c.position, log_head.c.recorded_at, log_head.c.frontier
)


class NotACopy(Exception):
    """It takes events in by itself, or is at an earlier position than it was."""


class Replica:
    """It is asked only while it is `sound`: a copy of the very store, as was seen a moment ago."""

    def __init__(self, url: str, pool_size: int, read_seconds: float | None = None) -> None:
        at = make_url(url)
        where = at.host or at.query.get("host", "localhost")
        self.name = f"{where}:{at.port or 5432}/{at.database}"
        """Without who signs in, and how."""
        self.engine = store.replica(url, pool_size, read_seconds)
        self.seen: Head | None = None
        self.state = "not seen yet"
        self._asked = self._answered = float("-inf")
        self._begun = time.monotonic()
        self._sound = False
        self._in_use: set[Any] = set()
        self._turn = threading.Lock()
        event.listen(self.engine, "checkout", self._note_taken, insert=True)  # before it is tried
        for ended in ("checkin", "invalidate", "close"):
            event.listen(self.engine, ended, self._note_ended)

    def is_sound(self) -> bool:
        return self._sound and time.monotonic() - self._answered < SILENT

    @contextmanager
    def snapshot(self) -> Iterator[tuple[Connection, Head]]:
        """One snapshot and where it stands; NotACopy, or what SQLAlchemy raises."""
        known = self.seen
        with reading(self.engine) as conn:
            ((copying, position, recorded_at, frontier),) = direct.rows(conn, _STANDS, {})
            if not copying:
                raise NotACopy("promoted: it takes events in by itself")
            if known is not None and position < known.position:
                raise NotACopy("at an earlier position than it was")
            yield conn, Head(position, recorded_at, bytes(frontier))

    def asking(self) -> float:
        """It is about to be looked at."""
        self._asked = time.monotonic()
        return self._asked

    def found(self, head: Head, *, same: bool, asked: float) -> None:
        """What a look at it that began then has told. `same`: it is of the store's history."""
        self.seen = head if same else None
        self._sound, self._answered = same, asked
        self.state = "copying" if same else "of another history, or far behind"

    def give_up(self, why: str) -> None:
        """Until the next look at it. What it was seen at is no matter to whoever comes back."""
        self.seen, self._sound, self.state = None, False, why

    def failed(self, error: DBAPIError) -> None:
        """A question to it went wrong."""
        if store.code_of(error) != _WITHDRAWN:
            self.give_up("it failed to answer")

    def cut_if_silent(self) -> None:
        """Let all go who wait for an answer that does not come: they ask elsewhere."""
        waited = time.monotonic() - max(self._answered, self._begun)
        if self._asked <= self._answered or waited < SILENT:
            return
        self.give_up("silent")
        wrong: Any = self.engine.dialect.dbapi
        with self._turn:
            waiting = list(self._in_use)
        for conn in waiting:
            # Its own thread waits inside the driver, and sees that the line is dead.
            with suppress(OSError, wrong.Error):
                _hang_up(conn)

    def _note_taken(self, conn: Any, *_: object) -> None:
        with self._turn:
            self._in_use.add(conn)

    def _note_ended(self, conn: Any, *_: object) -> None:
        with self._turn:
            self._in_use.discard(conn)


def _hang_up(conn: Any) -> None:
    with closing(socket.socket(fileno=os.dup(conn.fileno()))) as line:
        line.shutdown(socket.SHUT_RDWR)

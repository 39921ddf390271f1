"""One process at a time does it: PostgreSQL or the file system sees to it, and knows when it ended."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from registry.domain.errors import Conflict
from registry.store.engine import is_sqlite

Holds = Callable[[], None]
"""Conflict where somebody else does it by now: PostgreSQL forgets who was cut off."""
_FAMILY: Final = 0x52454749
"""Of our advisory locks among those of other programs on the same database."""
_PATIENCE: Final = 3.0
"""Seconds in which PostgreSQL finds out that a process was killed."""


@contextmanager
def alone(engine: Engine, number: int, what: str) -> Iterator[Holds]:
    """Conflict, soon, where another process does it. `number`: of what is done."""
    with (_by_file if is_sqlite(engine) else _by_session)(engine, number, what) as holds:
        yield holds


@contextmanager
def _by_file(engine: Engine, number: int, what: str) -> Iterator[Holds]:
    import fcntl  # noqa: PLC0415  # not on every system, and needed for SQLite alone

    handle = os.open(f"{engine.url.database}.{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(_words(what)) from None
        yield lambda: None
    finally:
        os.close(handle)


@contextmanager
def _by_session(engine: Engine, number: int, what: str) -> Iterator[Holds]:
    held = [_locked(engine, number, what)]

    def holds() -> None:
        try:
            held[0].execute(text("SELECT 1"))
        except SQLAlchemyError:
            _end(held[0])
            held[0] = _locked(engine, number, what)

    try:
        yield holds
    finally:
        with suppress(SQLAlchemyError):
            held[0].execute(select(func.pg_advisory_unlock(_FAMILY, number)))
        _end(held[0])


def _locked(engine: Engine, number: int, what: str) -> Connection:
    conn = engine.connect()
    conn.execution_options(isolation_level="AUTOCOMMIT")
    until = time.monotonic() + _PATIENCE
    while not conn.execute(select(func.pg_try_advisory_lock(_FAMILY, number))).scalar_one():
        if time.monotonic() >= until:
            conn.close()
            raise Conflict(_words(what))
        time.sleep(0.1)
    return conn


def _end(conn: Connection) -> None:
    with suppress(SQLAlchemyError):
        conn.invalidate()  # a session that goes back to the pool would go on holding it
        conn.close()


def _words(what: str) -> str:
    return f"another process {what} from this database: one does"

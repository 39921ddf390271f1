"""Connections to either database: durable, and never waiting for ever."""

import sqlite3
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError

from registry.store.direct import translated
from registry.store.read_only import read_on_a_read_only_disk

_TURNS: Final[dict[str, threading.Lock]] = defaultdict(threading.Lock)
"""By SQLite database: whose turn to write it is in this process."""

IDLE: Final = 1.0
"""After so many seconds without use a connection of a reader is tried out."""


def connect(
    url: str,
    lock_timeout_seconds: float = 10.0,
    pool_size: int = 5,
    read_seconds: float | None = None,
) -> Engine:
    """An engine for SQLite (WAL, synchronous=FULL) or PostgreSQL.

    `read_seconds`: what is only read (`reader`) may take so long until it answers, and from each
    piece of a long answer to the next; OperationalError then.
    """
    if make_url(url).get_backend_name() == "sqlite":
        engine = create_engine(
            url,
            connect_args={
                "timeout": lock_timeout_seconds,
                "check_same_thread": False,
                "factory": _Timed,
            },
            pool_size=pool_size,
            max_overflow=20,
            execution_options={"lock_timeout": lock_timeout_seconds, "read_seconds": read_seconds},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        read_on_a_read_only_disk(engine)
        _close_what_comes_late(engine)
        return engine
    engine = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_pre_ping=True,
        connect_args={
            "options": f"-c lock_timeout={int(lock_timeout_seconds * 1000)} -c timezone=UTC"
        },
        execution_options={"read_seconds": read_seconds},
    )
    _close_what_comes_late(engine)
    return engine


def reader(of: Engine) -> Engine:
    """A pool beside that of `of`, for what only reads, often and shortly. It goes when `of` goes.

    Its connections know once and for all how their transactions begin, and are tried out only
    where they lay idle; so a statement outside of a transaction is one round trip on PostgreSQL.
    """
    if is_sqlite(of):
        return of  # a connection of SQLite costs nothing to keep and nothing to try
    seconds = of.get_execution_options().get("read_seconds")
    made = _only_reading(of.url, of.pool.size(), 30, {}, seconds)  # type: ignore[attr-defined]
    event.listen(of, "engine_disposed", lambda _: made.dispose())
    return made


def replica(url: str, pool_size: int, read_seconds: float | None = None) -> Engine:
    """A pool of a copy of the store on PostgreSQL, which is never waited for long: there are others."""
    patience = {
        "connect_timeout": _PATIENCE,
        "tcp_user_timeout": _PATIENCE * 1_000,
        "keepalives_idle": _PATIENCE,
        "keepalives_interval": 1,
        "keepalives_count": 2,
    }
    return _only_reading(make_url(url), pool_size, 1, patience, read_seconds)


_PATIENCE: Final = 2
"""Seconds; PostgreSQL's library takes no less."""


def _only_reading(
    url: URL,
    pool_size: int,
    pool_timeout: float,
    patience: dict[str, int],
    read_seconds: float | None,
) -> Engine:
    limit = f" -c statement_timeout={int(read_seconds * 1000)}" if read_seconds else ""
    made = create_engine(
        url,
        pool_size=pool_size,
        max_overflow=20,
        pool_timeout=pool_timeout,
        isolation_level="AUTOCOMMIT",  # BEGIN is ours to say
        connect_args={"options": f"-c timezone=UTC -c {_PLANNED_ONCE}{limit}", **patience},
        execution_options={"reader": True},
    )
    event.listen(made, "begin", _begin_snapshot)
    doubting = _Doubting()
    event.listen(made, "checkin", doubting.note_use)
    event.listen(made, "invalidate", doubting.note_loss)
    event.listen(made, "checkout", doubting.try_out)
    _close_what_comes_late(made)
    return made


_PLANNED_ONCE: Final = "plan_cache_mode=force_generic_plan"
"""Left to choose, PostgreSQL plans most of our statements anew each time they are said, which takes
twice as long as running them."""


def code_of(error: DBAPIError) -> int | str | None:
    """How the database itself calls what went wrong: SQLite's primary code, or the SQLSTATE."""
    code = getattr(error.orig, "sqlite_errorcode", None)
    return getattr(error.orig, "sqlstate", None) if code is None else int(code) & 0xFF


def is_sqlite(conn: Connection | Engine) -> bool:
    return conn.dialect.name == "sqlite"


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One snapshot of the database for all that is read in it."""
    with engine.connect() as conn:
        ours_to_tell = not is_sqlite(conn) and "reader" not in conn.get_execution_options()
        if ours_to_tell:
            conn.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with conn.begin():
            if ours_to_tell:
                conn.exec_driver_sql(f"SET LOCAL {_PLANNED_ONCE}")
            yield conn


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that may append. SQLite takes its write lock at once, so it cannot be upset."""
    afterwards: list[Callable[[], None]] = []
    with _turn(engine), engine.connect() as conn:
        conn.execution_options(begin="BEGIN IMMEDIATE", **{_AFTERWARDS: afterwards})
        with conn.begin():
            yield conn
    for do in afterwards:
        do()


def once_committed(conn: Connection, do: Callable[[], None]) -> None:
    """To be done once the transaction of `writing` is committed, and not at all if it never is."""
    conn.get_execution_options()[_AFTERWARDS].append(do)


_AFTERWARDS: Final = "afterwards"


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Writers of one process wait for each other: SQLite only has each try again from time to time,
    so that of many one might never get in. OperationalError, as from SQLite, after the lock timeout.
    """
    if not is_sqlite(engine):
        yield
        return
    turn = _TURNS[str(engine.url)]
    if not turn.acquire(timeout=engine.get_execution_options()["lock_timeout"]):
        locked = sqlite3.OperationalError("database is locked")
        locked.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("BEGIN IMMEDIATE", None, locked)
    try:
        yield
    finally:
        turn.release()


class _Timed(sqlite3.Connection):
    """Gives up a statement, as if it were interrupted, once its time is over."""

    seconds: float | None = None
    until = 0.0

    def limit(self, seconds: float | None) -> None:
        """From now on; None: as long as it takes."""
        if seconds is not None:
            self.until = time.monotonic() + seconds
        if seconds != self.seconds:
            self.seconds = seconds
            self.set_progress_handler(self._is_over if seconds else None, _STEPS)

    def go_on(self) -> None:
        """The time begins anew: a part of the answer was made."""
        if self.seconds is not None:
            self.until = time.monotonic() + self.seconds

    def _is_over(self) -> bool:
        return time.monotonic() > self.until


_STEPS: Final = 50_000
"""So many steps of SQLite's machine from one look at the clock to the next: some milliseconds."""


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    dbapi_connection.isolation_level = None  # BEGIN is ours to say
    cursor = dbapi_connection.cursor()
    # temp_store stays as it is: in memory, every statement inside a savepoint that fires a trigger
    # walks through all that the savepoint has kept, and a long chunk takes minutes.
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
        "cache_size=-65536",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(conn: Connection) -> None:
    begin = conn.get_execution_options().get("begin")
    if begin is None:  # nothing is looked at yet, so nothing can go wrong
        driver: Any = conn.connection.driver_connection
        driver.limit(conn.get_execution_options().get("read_seconds"))
        driver.execute("BEGIN")
    else:
        conn.connection.driver_connection.limit(None)  # type: ignore[union-attr]
        conn.exec_driver_sql(begin)


def _begin_snapshot(conn: Connection) -> None:
    driver: Any = conn.connection.driver_connection
    with translated(conn):
        driver.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")


def _close_what_comes_late(engine: Engine) -> None:
    """A connection that somebody still has when its engine is disposed of is closed once it comes
    back. SQLAlchemy leaves it to the collector of garbage, and PostgreSQL with it meanwhile.
    """
    pools = [engine.pool]

    def disposed(of: Engine) -> None:
        pools[0] = of.pool

    def made(_dbapi_connection: Any, record: Any) -> None:
        record.info[_POOL] = pools[0]

    def returned(_dbapi_connection: Any, record: Any) -> None:
        if record.info.get(_POOL) is not pools[0]:
            record.invalidate()

    event.listen(engine, "engine_disposed", disposed)
    event.listen(engine, "connect", made)
    event.listen(engine, "checkin", returned)


_POOL: Final = "made for"


class _Doubting:
    """Tries out, before it is used, a connection that lay idle, or since whose use another was lost."""

    lost = 0.0

    def note_use(self, _dbapi_connection: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    def note_loss(self, *_: object) -> None:
        self.lost = time.monotonic()

    def try_out(self, dbapi_connection: Any, record: Any, _proxy: object) -> None:
        used = record.info.get("used")
        if used is not None and (used <= self.lost or time.monotonic() - used > IDLE):
            try:
                dbapi_connection.execute("SELECT 1")
            except dbapi_connection.Error as lost:
                raise DisconnectionError from lost  # the pool tries again with a new one

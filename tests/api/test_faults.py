"""The ground gives way under a serving process: it says 503, writes nothing by half, and recovers.

The PostgreSQL here serves other tests too, so nobody fills its disk: a trigger raises the very
error of a full disk in the midst of what is written, and another makes its transaction read-only.
Disks that are really full are in tests/faults.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Final

import psycopg
import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine import make_url

from registry.projections.rebuild import compare
from registry.store.engine import is_sqlite, reading
from registry.store.verify import verify
from registry.web.opening import reader
from tests.api.conftest import Seeded, _desk
from tests.api.desk import LIST, SEVERED, Desk, assert_problem

PAGE: Final = "/parties/BOL"
PARTY: Final = "/api/v1/parties/BOL"
BATCH: Final = [{**SEVERED, "occurred": f"{year}-01-14"} for year in range(1900, 2000)]
"""More than fits into the pages that a database has left over."""

Fault = Callable[[Desk], Any]


@contextmanager
def _outside(engine: Engine) -> Iterator[psycopg.Connection]:
    """A connection to the server's own database, as its administrator has one."""
    url = make_url(engine.url).set(drivername="postgresql", database="postgres")
    with psycopg.connect(url.render_as_string(hide_password=False), autocommit=True) as conn:
        yield conn


def _cut(engine: Engine) -> None:
    with _outside(engine) as conn:
        conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            (engine.url.database,),
        )


def _alter(engine: Engine, words: str) -> None:
    with _outside(engine) as conn:
        conn.execute(f"ALTER DATABASE {engine.url.database} {words}".encode())
    _cut(engine)


@contextmanager
def _each_connection(engine: Engine, begin: str, end: str) -> Iterator[None]:
    """Say something to SQLite on each connection that is taken from the pool."""

    def taken(connection: Any, *_: object) -> None:
        connection.execute(begin)

    event.listen(engine, "checkout", taken)
    try:
        yield
    finally:
        event.remove(engine, "checkout", taken)
        with engine.connect() as conn:
            conn.exec_driver_sql(end)
        engine.dispose()


@contextmanager
def _at_a_tag(engine: Engine, does: str) -> Iterator[None]:
    """Let PostgreSQL do something in the midst of each recording: when an event is filed."""
    with engine.begin() as conn:
        conn.exec_driver_sql(
            "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {does}; RETURN NEW; END $$"
        )
        conn.exec_driver_sql(
            "CREATE TRIGGER fault BEFORE INSERT ON event_tag FOR EACH ROW EXECUTE FUNCTION fault()"
        )
    try:
        yield
    finally:
        with engine.begin() as conn:
            conn.exec_driver_sql("DROP FUNCTION fault CASCADE")


@contextmanager
def full(desk: Desk) -> Iterator[None]:
    """The disk."""
    if is_sqlite(desk.engine):
        # SQLite takes no number below what it has: no page more
        with _each_connection(
            desk.engine, "PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1073741823"
        ):
            yield
    else:
        with _at_a_tag(desk.engine, "RAISE EXCEPTION USING ERRCODE = 'disk_full'"):
            yield


@contextmanager
def read_only(desk: Desk) -> Iterator[None]:
    """The database."""
    if is_sqlite(desk.engine):
        with _each_connection(desk.engine, "PRAGMA query_only = ON", "PRAGMA query_only = OFF"):
            yield
    else:
        # a default is not enough: connections that come back from reading ask for READ WRITE
        with _at_a_tag(desk.engine, "SET LOCAL transaction_read_only = on"):
            yield


def _log(engine: Engine) -> tuple[int, str]:
    with reading(engine) as conn:
        found = verify(conn)
    assert found.sound, found
    return found.positions, found.root


def _recovers(desk: Desk, before: tuple[int, str]) -> None:
    """Nothing was written; soon all is taken as if nothing had been; no hand was laid on it."""
    tried = 0
    while (answer := desk.post(LIST, SEVERED)).status_code == 503 and tried < 20:
        assert_problem(answer, 503)
        tried += 1
    assert answer.status_code == 201, answer.text
    assert _log(desk.engine)[0] == before[0] + 1
    assert not compare(desk.engine)
    assert desk.get(PARTY).status_code == 200


@pytest.mark.parametrize("fault", [full, read_only])
def test_what_cannot_be_written_is_refused_and_what_is_on_record_is_still_read(
    desk: Desk, fault: Fault
) -> None:
    before = _log(desk.engine)
    with fault(desk):
        for _ in range(2):
            refused = desk.post(LIST, BATCH)
            assert "database" in assert_problem(refused, 503)["detail"]
            assert refused.headers["Retry-After"]
        assert desk.get(PARTY).status_code == 200
        assert _log(desk.engine) == before
    _recovers(desk, before)


@pytest.fixture
def served(seeded: Seeded) -> Iterator[Desk]:
    """A register on a server that connections can be cut to."""
    with _desk(seeded, "postgresql") as desk:
        yield desk


def test_a_recording_whose_connection_is_cut_is_refused_whole(served: Desk) -> None:
    before = _log(served.engine)
    with _at_a_tag(served.engine, "PERFORM pg_terminate_backend(pg_backend_pid())"):
        refused = served.post(LIST, BATCH)
        assert_problem(refused, 503)
        assert refused.headers["Retry-After"]
        assert _log(served.engine) == before
    _recovers(served, before)


def test_whoever_reads_does_not_hear_of_connections_that_were_cut(served: Desk) -> None:
    with ExitStack() as stack:
        for _ in range(3):  # so many are open, and used just now
            stack.enter_context(reading(reader(served.app)))
    _cut(served.engine)
    for _ in range(3):
        assert served.get(PARTY).status_code == 200
    _cut(served.engine)
    assert served.get(PAGE, Accept="text/html").status_code == 200


def test_a_server_that_is_away_and_comes_back_is_found_again(served: Desk) -> None:
    before = _log(served.engine)
    assert served.get(PARTY).status_code == 200
    _alter(served.engine, "ALLOW_CONNECTIONS false")
    try:
        for _ in range(3):
            for answer in (served.get(PARTY), served.post(LIST, SEVERED), served.get("/readyz")):
                assert_problem(answer, 503)
                assert answer.headers["Retry-After"]
            page = served.get(PAGE, Accept="text/html")
            assert (page.status_code, page.mimetype) == (503, "text/html")
            assert page.headers["Retry-After"]
            assert "cannot be used just now" in page.text
        assert served.get("/healthz").status_code == 200
    finally:
        _alter(served.engine, "ALLOW_CONNECTIONS true")
    _recovers(served, before)


def test_a_clock_that_jumps_leaves_a_log_in_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    now, (position, _) = time.time_ns(), _log(desk.engine)
    for place, days in enumerate((0, -3650, 1, -1, 0)):
        with monkeypatch.context() as at:
            at.setattr(time, "time_ns", lambda days=days: now + days * 86_400 * 10**9)
            said = {**SEVERED, "occurred": f"{1900 + place}-01-14"}
            assert desk.post(LIST, said).status_code == 201
    assert _log(desk.engine)[0] == position + 5
    assert not compare(desk.engine)

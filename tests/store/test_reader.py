"""A pool for what only reads: one snapshot a transaction, nothing written, lost connections met."""

from pathlib import Path
from sqlite3 import ProgrammingError
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from registry.queries.glance import glance
from registry.store import engine as store
from registry.store import log
from registry.store.engine import is_sqlite, reader, reading, writing
from tests.store.given import BACKGROUND, BROKEN_OFF, recorded_background, tell


@pytest.fixture
def reads(engine: Engine) -> Engine:
    recorded_background(engine)
    return reader(engine)


def test_all_that_is_read_in_one_transaction_is_one_snapshot(engine: Engine, reads: Engine) -> None:
    with reading(reads) as conn:
        before = log.head(conn).position
        tell(engine, BROKEN_OFF)
        assert log.head(conn).position == before
    with reading(reads) as conn:
        assert log.head(conn).position == before + 1


def test_a_glance_sees_what_was_recorded_last(engine: Engine, reads: Engine) -> None:
    seen = glance(reads)
    assert seen is not None
    tell(engine, BROKEN_OFF)
    assert glance(reads) == (seen.position + 1, seen.generation)


def test_nothing_is_written_through_it_on_postgresql(reads: Engine) -> None:
    statement = text("UPDATE log_head SET position = 0")
    if is_sqlite(reads):
        return  # its pool is the one and only
    with pytest.raises(DBAPIError, match="read-only"), reading(reads) as conn:
        conn.execute(statement)
    with reading(reads) as conn:
        assert log.head(conn).position == len(BACKGROUND)


def test_statements_of_what_only_reads_are_planned_once_whatever_the_pool(
    engine: Engine, reads: Engine
) -> None:
    if is_sqlite(engine):
        return  # it plans each statement when it is prepared
    asked = text("SELECT current_setting('plan_cache_mode')")
    for pool in (engine, reads):
        with reading(pool) as conn:
            assert conn.execute(asked).scalar_one() == "force_generic_plan"
    with writing(engine) as conn:
        assert conn.execute(asked).scalar_one() == "auto"


def test_a_connection_that_was_lost_while_it_lay_idle_is_replaced(
    engine: Engine, reads: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "IDLE", 0.0)
    with reading(reads) as conn:
        before = log.head(conn).position
    _cut_off(engine)
    with reading(reads) as conn:
        assert log.head(conn).position == before


def test_a_connection_that_was_lost_in_use_is_given_up(
    engine: Engine, reads: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "IDLE", 3_600.0)
    seen = glance(reads)
    assert seen is not None
    _cut_off(engine)
    if not is_sqlite(engine):
        assert glance(reads) is None
        assert glance(reads) == seen
        _cut_off(engine)
        with pytest.raises(DBAPIError) as lost, reading(reads):
            pass
        assert lost.value.connection_invalidated
    with reading(reads) as conn:
        assert log.head(conn).position == seen.position


def test_a_glance_at_a_database_that_is_gone_sees_nothing(tmp_path: Path) -> None:
    for url in (f"sqlite:///{tmp_path}/none/r.db", "postgresql+psycopg://r@127.0.0.1:1/r"):
        gone = store.connect(url)
        assert glance(gone) is None
        gone.dispose()


def _cut_off(engine: Engine) -> None:
    """End all other connections to this database, as a restart of the server would."""
    if not is_sqlite(engine):
        with engine.begin() as conn:
            conn.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )


def test_a_connection_that_comes_back_after_its_pool_is_gone_is_closed(engine: Engine) -> None:
    recorded_background(engine)
    for pool in {engine, reader(engine)}:
        with pool.connect() as conn:
            kept: Any = conn.connection.driver_connection
            pool.dispose()
            conn.execute(text("SELECT 1"))
        if is_sqlite(engine):
            with pytest.raises(ProgrammingError, match="closed"):
                kept.execute("SELECT 1")
        else:
            assert kept.closed
        with pool.connect() as conn:  # a new one is as good as ever
            kept = conn.connection.driver_connection
        assert is_sqlite(engine) or not kept.closed

"""A rebuild: beside the live rows, resumable, and switched to only when it agrees."""

import pytest
from sqlalchemy import Engine, text

from registry.domain.errors import Conflict
from registry.projections import rebuild as rebuilding
from registry.projections.building import TABLES
from registry.projections.rebuild import compare, drop_generations, rebuild
from registry.projections.write import live_generation
from registry.store.engine import reading, writing
from tests.projections.slow_path import SlowPath, on_record
from tests.store.given import BROKEN_OFF, count_of, recorded_background, tell

YEARS = range(1990, 2002)


@pytest.fixture(autouse=True)
def history(engine: Engine) -> None:
    """Thirteen moments, one with two events."""
    recorded_background(engine)
    for year in YEARS:
        events = [BROKEN_OFF | {"occurred": str(year)}]
        if year == 1995:
            events.append(
                {"type": "relations.established", "parties": ["BOL", "USA"]} | {"occurred": "1849"}
            )
        tell(engine, *events)


def generations(engine: Engine) -> dict[int, str]:
    with reading(engine) as conn:
        rows = conn.execute(text("SELECT id, state FROM generation"))
        return {row.id: row.state for row in rows}


def live(engine: Engine) -> SlowPath:
    with reading(engine) as conn:
        return on_record(conn, 2**40)


def test_a_rebuild_switches_and_keeps_the_old_rows_until_they_are_dropped(engine: Engine) -> None:
    before = live(engine)
    seen: list[tuple[int, int]] = []
    done = rebuild(engine, progress=lambda at, of: seen.append((at, of)))
    assert (done.generation, done.differences) == (2, ())
    assert seen[-1] == (done.position, done.position)
    assert generations(engine) == {1: "old", 2: "live"}
    assert live(engine) == before
    assert drop_generations(engine, "old") == 1
    assert generations(engine) == {2: "live"}
    with reading(engine) as conn:
        old = conn.execute(text("SELECT count(*) FROM span WHERE generation <> 2")).scalar_one()
        assert live_generation(conn) == 2
    assert old == 0
    # What is recorded from now on goes to the new rows.
    tell(engine, {"type": "event.retracted", "reason": "no", "target": _any_severance(engine)})
    assert rebuild(engine).differences == ()


def _any_severance(engine: Engine) -> str:
    with reading(engine) as conn:
        found = conn.execute(
            text("SELECT event_id FROM event WHERE type = 'relations.severed' ORDER BY position")
        )
        return str(found.scalars().first())


class _PowerFailure(Exception):
    pass


def test_a_rebuild_goes_on_where_it_was_broken_off(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 3)
    reached: list[int] = []

    def fail(at: int, _of: int) -> None:
        reached.append(at)
        if len(reached) == 3:
            raise _PowerFailure

    with pytest.raises(_PowerFailure):
        rebuild(engine, progress=fail)
    assert generations(engine) == {1: "live", 2: "building"}
    before = live(engine)
    # Meanwhile the register goes on.
    tell(engine, BROKEN_OFF | {"occurred": "2008-09-11"})
    again: list[int] = []
    done = rebuild(engine, progress=lambda at, _of: again.append(at))
    assert done.differences == ()
    assert min(again) > reached[-1]
    assert generations(engine) == {1: "old", 2: "live"}
    assert live(engine).spans != before.spans
    # A transaction was never cut in two.
    with reading(engine) as conn:
        moments = set(conn.execute(text("SELECT moment FROM event")).scalars())
        known = set(conn.execute(text("SELECT known_from FROM span")).scalars())
    assert known <= moments
    assert set(reached) <= moments


TAMPERINGS = {
    "a span less": "DELETE FROM span WHERE id = (SELECT min(id) FROM span)",
    "another value": "UPDATE span SET value = 'none' WHERE id = (SELECT min(id) FROM span)",
    "another day": "UPDATE span SET day_to = day_to - 1 WHERE id = (SELECT max(id) FROM span)",
    "known earlier": "UPDATE span SET known_from = 1 WHERE id = (SELECT max(id) FROM span)",
    "other evidence": "UPDATE span SET evidence = '[]' WHERE id = (SELECT max(id) FROM span)",
    "a setting": "UPDATE setting SET confidence = 3 WHERE id = (SELECT max(id) FROM setting)",
    "a document": "UPDATE entity SET doc = '{}' WHERE id = (SELECT max(id) FROM entity)",
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_a_difference_refuses_the_switch(engine: Engine, tampering: str) -> None:
    with writing(engine) as conn:
        assert conn.exec_driver_sql(TAMPERINGS[tampering]).rowcount == 1
    assert compare(engine)
    assert generations(engine) == {1: "live"}
    with pytest.raises(Conflict, match="differ from the live ones"):
        rebuild(engine)
    assert generations(engine) == {1: "live", 2: "building"}
    # What is wrong may be accepted, and is then gone.
    assert rebuild(engine, accept=True).differences
    assert generations(engine) == {1: "old", 2: "live"}
    assert not compare(engine)


def test_a_row_twice_is_a_difference(engine: Engine) -> None:
    with writing(engine) as conn:
        rows = conn.execute(text("SELECT * FROM span ORDER BY id")).mappings().first()
        assert rows is not None
        row = {str(name): value for name, value in rows.items() if name != "id"}
        names = ", ".join(row)
        conn.execute(text(f"INSERT INTO span ({names}) VALUES (:{', :'.join(row)})"), row)
    with pytest.raises(Conflict):
        rebuild(engine)


def test_a_comparison_leaves_nothing_behind(engine: Engine) -> None:
    with reading(engine) as conn:
        before = {table.name: count_of(conn, table.name) for table in TABLES}
    assert not compare(engine)
    with reading(engine) as conn:
        after = {table.name: count_of(conn, table.name) for table in TABLES}
    assert after == before
    assert generations(engine) == {1: "live"}


def test_an_unreadable_event_stops_the_rebuild_loudly(engine: Engine) -> None:
    with writing(engine) as conn:
        on = "" if conn.dialect.name == "sqlite" else " ON event_payload"
        conn.exec_driver_sql(f"DROP TRIGGER event_payload_no_update{on}")
        conn.exec_driver_sql("UPDATE event_payload SET data = '{' WHERE position = 9")
    with pytest.raises(ValueError, match="line 1 column 2"):
        rebuild(engine)
    assert generations(engine)[1] == "live"

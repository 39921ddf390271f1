"""A rebuild: beside the live rows, resumable, and switched to only when it agrees."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, func, select, text

from registry.domain.errors import Conflict
from registry.projections import dropping
from registry.projections import rebuild as rebuilding
from registry.projections.batches import TABLES
from registry.projections.building import Building
from registry.projections.compare import compare_all
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


def test_whoever_reads_meanwhile_never_sees_half_of_it(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 2)
    before = live(engine)
    seen: list[SlowPath] = []
    rebuild(engine, progress=lambda _at, _of: seen.append(live(engine)))
    assert len(seen) > 5
    assert all(each == before for each in (*seen, live(engine)))


def test_writers_go_on_and_what_they_recorded_is_in_the_new_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 2)
    done = Event()
    recorded: list[int] = []

    def record_on() -> None:
        while not done.is_set() and len(recorded) < 100:
            year = str(1700 + len(recorded))
            recorded.append(tell(engine, BROKEN_OFF | {"occurred": year})[-1].position)

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(record_on)
        try:
            rebuilt = rebuild(engine)
        finally:
            done.set()
        writer.result(timeout=60)
    assert (rebuilt.differing, rebuilt.generation) == (0, 2)
    assert any(position <= rebuilt.position for position in recorded)
    assert not compare(engine)
    with reading(engine) as conn:
        rows = conn.execute(text("SELECT position FROM setting WHERE generation = 2"))
        assert set(recorded) <= set(rows.scalars())


def test_only_what_came_since_the_comparison_is_built_while_nobody_may_append(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    late: list[int] = []

    def and_meanwhile(*given: Any) -> Any:
        found = compare_all(*given)
        late.append(tell(engine, BROKEN_OFF | {"occurred": "1999-09"})[-1].position)
        return found

    monkeypatch.setattr(rebuilding, "compare_all", and_meanwhile)
    held = rebuilding._build
    tails: list[int] = []

    def watched(conn: Connection, building: Building, limit: int | None) -> None:
        begun = building.seen
        held(conn, building, limit)
        if limit is None:
            tails.append(building.seen - begun)

    monkeypatch.setattr(rebuilding, "_build", watched)
    done = rebuild(engine)
    assert tails == [1]
    assert done.position == late[0]
    assert not compare(engine)


def test_what_was_changed_in_the_tail_alone_refuses_too(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:

    def and_meanwhile(*given: Any) -> Any:
        found = compare_all(*given)
        tell(engine, BROKEN_OFF | {"occurred": "1999-09"})
        with writing(engine) as conn:
            last = "(SELECT max(id) FROM span WHERE generation = 1)"
            conn.exec_driver_sql(f"UPDATE span SET value = 'adrift' WHERE id = {last}")
        return found

    monkeypatch.setattr(rebuilding, "compare_all", and_meanwhile)
    with pytest.raises(Conflict, match="1 row of span only live, 1 row of span only rebuilt"):
        rebuild(engine)
    assert generations(engine) == {1: "live", 2: "building"}


def test_of_two_rebuilds_at_once_one_gives_way(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 3)
    begun: list[int] = []

    def meddle(at: int, _of: int) -> None:
        begun.append(at)
        if len(begun) == 2:
            assert rebuild(engine).differing == 0

    with pytest.raises(Conflict, match="another rebuild"):
        rebuild(engine, progress=meddle)
    assert generations(engine) == {1: "old", 2: "live"}
    assert not compare(engine)


def test_all_differences_are_counted_and_a_few_are_shown(engine: Engine) -> None:
    with writing(engine) as conn:
        changed = conn.exec_driver_sql("UPDATE span SET until_lo = 5, mask = 0").rowcount
    assert changed > 10
    found = compare(engine)
    assert found.counts == {("span", "live"): changed, ("span", "rebuilt"): changed}
    assert len(found.shown) == 10
    assert all("mask=" in each for each in found.shown)


def test_changed_rules_need_to_be_accepted_where_they_change_something(engine: Engine) -> None:
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE generation SET rules = 0")
    assert rebuild(engine).differing == 0
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE generation SET rules = 0")
        conn.exec_driver_sql("UPDATE span SET mask = 0 WHERE id = (SELECT max(id) FROM span)")
    with pytest.raises(Conflict, match=r"built by rules 0, now 1.*1 row of span only live"):
        rebuild(engine)
    assert rebuild(engine, accept=True).differing == 2


def test_a_build_by_other_rules_is_begun_anew(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "CHUNK", 3)

    def fail(at: int, _of: int) -> None:
        if at > 12:
            raise _PowerFailure

    with pytest.raises(_PowerFailure):
        rebuild(engine, progress=fail)
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE generation SET rules = 0 WHERE state = 'building'")
        conn.exec_driver_sql("UPDATE span SET value = 'none' WHERE generation = 2")
    assert rebuild(engine).differing == 0
    assert generations(engine) == {1: "old", 2: "live"}


def test_old_rows_are_dropped_a_few_at_a_time(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuild(engine)
    before = live(engine)
    monkeypatch.setattr(dropping, "AT_ONCE", 7)
    most = 0

    def counted(conn: Connection, *_: Any) -> None:
        nonlocal most
        most = max(most, conn.info.pop("changed", 0))

    @event.listens_for(engine, "after_cursor_execute")
    def count(conn: Connection, cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("DELETE"):
            conn.info["changed"] = conn.info.get("changed", 0) + cursor.rowcount

    event.listen(engine, "commit", counted)
    assert drop_generations(engine, "old") == 1
    assert 0 < most <= 7
    assert live(engine) == before
    with reading(engine) as conn:
        for table in TABLES:
            left = select(func.count()).select_from(table).where(table.c.generation == 1)
            assert conn.execute(left).scalar_one() == 0

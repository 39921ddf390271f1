"""kill -9 at any moment: nothing is lost, nothing is doubled, and work goes on where it was."""

import signal
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text

from registry.ingest.backing_up import back_up
from registry.ingest.importing import PRESENT, run
from registry.ingest.seeds import seed
from registry.projections.batches import TABLES
from registry.projections.rebuild import compare
from registry.settings import seeds_dir
from registry.store.engine import reading
from registry.store.verify import verify
from tests.conftest import Databases
from tests.crash import work
from tests.crash.conftest import KILLS, finish, kill_at_random
from tests.store.given import opened


def nothing_is_wrong(engine: Engine) -> None:
    with reading(engine) as conn:
        assert verify(conn).sound
    found = compare(engine)
    assert not found, found.shown


def on_record(engine: Engine) -> list[str]:
    with reading(engine) as conn:
        return list(conn.execute(text("SELECT event_id FROM event ORDER BY position")).scalars())


def generations(engine: Engine) -> dict[int, str]:
    with reading(engine) as conn:
        return {row.id: row.state for row in conn.execute(text("SELECT * FROM generation"))}


def rows_of(engine: Engine, generation: int) -> Counter[tuple[object, ...]]:
    """Every row of every table; what numbers it has is no matter."""
    found: Counter[tuple[object, ...]] = Counter()
    with reading(engine) as conn:
        for table in TABLES:
            columns = [c for c in table.c if c.name not in ("id", "generation")]
            rows = conn.execute(select(*columns).where(table.c.generation == generation))
            found.update((table.name, *row) for row in rows)
    return found


def test_killed_appends_lose_nothing_and_double_nothing(engine: Engine, database_url: str) -> None:
    whole = [each["id"] for each in work.story()]
    assert kill_at_random(work.append, database_url, seed=1, steps=len(whole) // 14) == KILLS
    before = on_record(engine)
    assert 0 < len(before) < len(whole)
    nothing_is_wrong(engine)
    assert finish(work.append, database_url) == 0
    assert on_record(engine) == whole
    nothing_is_wrong(engine)


def test_a_killed_import_that_is_repeated_gives_what_one_run_gives(
    engine: Engine, database_url: str, tmp_path: Path
) -> None:
    seed(engine, seeds_dir(), ("sources", "parties"))
    begun, rows = len(on_record(engine)), work.a_dataset(tmp_path)
    assert (
        kill_at_random(work.take_in, database_url, str(tmp_path), seed=2, steps=rows // 20) == KILLS
    )
    nothing_is_wrong(engine)
    assert finish(work.take_in, database_url, str(tmp_path)) == 0
    # A source, a treaty for every three rows and a ratification for two of them.
    assert len(on_record(engine)) - begun == 1 + rows // 3 + rows * 2 // 3
    assert run(engine, work.RATIFICATIONS, tmp_path).events.keys() == {PRESENT}
    nothing_is_wrong(engine)


def test_a_killed_rebuild_goes_on_and_equals_what_is_live(
    engine: Engine, database_url: str
) -> None:
    assert finish(work.append, database_url) == 0
    assert kill_at_random(work.rebuild, database_url, seed=3, steps=12) == KILLS
    assert generations(engine) == {1: "live", 2: "building"}
    assert finish(work.rebuild, database_url) == 0
    assert generations(engine) == {1: "old", 2: "live"}
    assert rows_of(engine, 2) == rows_of(engine, 1)
    nothing_is_wrong(engine)


def test_a_killed_rebuild_by_two_processes_goes_on_and_equals_what_is_live(
    engine: Engine, database_url: str
) -> None:
    assert finish(work.append, database_url) == 0
    assert kill_at_random(work.rebuild_apart, database_url, seed=4, steps=10) == KILLS
    assert generations(engine) == {1: "live", 2: "building"}
    assert finish(work.rebuild_apart, database_url) == 0
    assert generations(engine) == {1: "old", 2: "live"}
    assert rows_of(engine, 2) == rows_of(engine, 1)
    nothing_is_wrong(engine)


def test_a_killed_restore_leaves_an_empty_register_and_is_run_again(
    engine: Engine, database_url: str, databases: Databases, tmp_path: Path
) -> None:
    file = tmp_path / "register.backup"
    with databases.fresh("sqlite") as url:
        assert finish(work.append, url) == 0
        with opened(url) as first, file.open("wb") as out:
            held = back_up(first, out)
    assert (
        kill_at_random(work.restore, database_url, str(file), seed=5, steps=held.positions // 10)
        == KILLS
    )
    assert on_record(engine) == []
    assert rows_of(engine, 1) == Counter()
    assert finish(work.restore, database_url, str(file)) == 0
    assert on_record(engine) == [each["id"] for each in work.story()]
    nothing_is_wrong(engine)


@pytest.mark.parametrize("moment", ["built", "switching"])
def test_a_rebuild_killed_before_it_has_switched_leaves_the_live_rows(
    engine: Engine, database_url: str, moment: str
) -> None:
    assert finish(work.append, database_url) == 0
    assert finish(work.rebuild, database_url, moment) == -signal.SIGKILL
    assert generations(engine) == {1: "live", 2: "building"}
    assert finish(work.rebuild, database_url) == 0
    assert generations(engine) == {1: "old", 2: "live"}
    assert rows_of(engine, 2) == rows_of(engine, 1)

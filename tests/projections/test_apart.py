"""Parts of the log that are built side by side make the rows that one build makes."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, insert, text

from registry import codec
from registry.described.examples import example
from registry.domain.catalogue import CATALOGUE, Correction
from registry.domain.errors import Conflict
from registry.projections import apart, building, parts
from registry.projections.batches import Batch, write_batches
from registry.projections.building import Building, Elsewhere
from registry.projections.compare import Differences, compare_all
from registry.projections.parts import divide, homes_of
from registry.projections.rebuild import compare, rebuild
from registry.projections.tables import generation
from registry.projections.write import RULES, live_generation
from registry.store import log
from registry.store.engine import reading, writing
from tests.conftest import Databases
from tests.projections.histories import History, Telling, histories
from tests.store.given import BROKEN_OFF, COCA, opened, recorded_background, tell

SEEN_TOGETHER = {
    "type": "status.observed",
    "layer": "membership",
    "subject": {"party": "BOL", "organisation": "IRN"},
    "over": "1990/1995",
    "value": "member",
}
JOINED = {"type": "party.membership_joined", "party": "BOL", "organisation": "IRN"}


def built_in_parts(engine: Engine, many: int, at_a_time: int) -> Differences:
    """What differs once each part has planned a round before the last one was written."""
    with writing(engine) as conn:
        conn.execute(insert(generation).values(id=2, state="building", rules=RULES, position=0))
    with reading(engine) as conn:
        head = log.head(conn).position
        part_of = divide(conn, head, many)
        homes = [{s for s, other in part_of.items() if other == n} for n in range(many)]
        builders = [Building(conn, 2, 0, many, mine) for mine in homes]
        moments = sorted(set(conn.execute(text("SELECT moment FROM event")).scalars()))
    waiting: list[tuple[int, int, Sequence[Batch]]] = []
    at = 0
    for upto in [*moments[at_a_time - 1 : -1 : at_a_time], head]:
        with reading(engine) as conn:
            coming = log.after(conn, at, upto - at)
            for builder, mine in zip(builders, homes, strict=True):
                builder.conn = conn
                builder.follow([each for each in coming if each.stream in mine])
        for round_ in waiting:
            _write(engine, builders, *round_)
        waiting = [(at, upto, [builder.take() for builder in builders])]
        if any(builder.full for builder in builders):
            _write(engine, builders, *waiting.pop())
        at = upto
    for round_ in waiting:
        _write(engine, builders, *round_)
    found = Differences()
    with reading(engine) as conn:
        compare_all(conn, live_generation(conn), 2, head, found)
    return found


def _write(
    engine: Engine,
    builders: Sequence[Building],
    before: int,
    upto: int,
    batches: Sequence[Batch],
) -> None:
    with writing(engine) as conn:
        given_ = write_batches(conn, 2, before, upto, batches)
    for builder, numbers in zip(builders, given_, strict=True):
        builder.settle(numbers)


@settings(max_examples=25)
@given(histories, st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_parts_make_the_rows_of_the_whole(
    databases: Databases, history: History, many: int, at_a_time: int, forgetful: bool
) -> None:
    with (
        databases.fresh("sqlite") as url,
        opened(url) as engine,
        pytest.MonkeyPatch.context() as patch,
    ):
        telling = Telling()
        tell(engine, *telling.background())
        for moves in history:
            if said := telling.wires(moves):
                tell(engine, *said)
        if forgetful:
            patch.setattr(building, "HELD", 0)
            patch.setattr(building, "RECORDS", 0)
        assert not built_in_parts(engine, many, at_a_time).shown


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_an_event_bears_on_no_stream_but_its_own_unless_it_is_told(name: str) -> None:
    if issubclass(CATALOGUE[name], Correction):
        return
    said = codec.read(example(CATALOGUE[name], whole=True))
    assert homes_of(said) == {said.stream} or name in parts.REACHING


@pytest.fixture
def history(engine: Engine) -> None:
    """Twenty moments of which two processes have something to build each."""
    recorded_background(engine)
    for year in range(1990, 2000):
        tell(engine, BROKEN_OFF | {"occurred": str(year)})
        ratified = {"type": "agreement.ratified", "agreement": COCA, "party": "IRN"}
        tell(engine, ratified | {"occurred": str(year)})
    tell(engine, SEEN_TOGETHER)
    tell(engine, JOINED | {"occurred": "1980"})


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Even little is built by two processes."""
    monkeypatch.setattr(apart, "MUCH", 1)
    monkeypatch.setattr(apart, "ROUND", 2)
    monkeypatch.setattr(apart, "processes", lambda: 2)


@pytest.mark.usefixtures("history", "eager")
def test_two_processes_build_what_is_live(engine: Engine) -> None:
    reached: list[int] = []
    done = rebuild(engine, progress=lambda at, _of: reached.append(at))
    assert (done.generation, done.differences) == (2, ())
    assert reached == sorted(reached)
    assert len(set(reached)) >= 5
    assert not compare(engine)


@pytest.mark.usefixtures("history", "eager")
def test_a_build_by_two_that_is_broken_off_goes_on(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[int] = []

    def fail(at: int, _of: int) -> None:
        reached.append(at)
        if len(reached) == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuild(engine, progress=fail)
    tell(engine, BROKEN_OFF | {"occurred": "2008-09-11"})
    monkeypatch.setattr(apart, "processes", lambda: 3)
    again: list[int] = []
    assert rebuild(engine, progress=lambda at, _of: again.append(at)).differences == ()
    assert min(again) > reached[-1]
    assert not compare(engine)


@pytest.mark.usefixtures("history", "eager")
def test_of_two_builds_by_two_at_once_one_gives_way(engine: Engine) -> None:
    begun: list[int] = []

    def meddle(at: int, _of: int) -> None:
        begun.append(at)
        if len(begun) == 2:
            assert rebuild(engine).differing == 0

    with pytest.raises(Conflict, match="another rebuild"):
        rebuild(engine, progress=meddle)


@pytest.mark.usefixtures("history", "eager")
def test_an_event_that_no_process_can_read_stops_the_rebuild_loudly(engine: Engine) -> None:
    with writing(engine) as conn:
        on = "" if conn.dialect.name == "sqlite" else " ON event_payload"
        conn.exec_driver_sql(f"DROP TRIGGER event_payload_no_update{on}")
        conn.exec_driver_sql("UPDATE event_payload SET data = '{' WHERE position = 9")
    with pytest.raises(ValueError, match="line 1 column 2"):
        rebuild(engine)


@pytest.mark.usefixtures("history", "eager")
def test_what_turns_out_to_bear_on_another_part_is_built_alone(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "REACHING", frozenset())
    with pytest.raises(Elsewhere):
        built_in_parts(engine, 20, 1)
    with writing(engine) as conn:
        conn.exec_driver_sql("UPDATE generation SET state = 'old' WHERE id = 2")
    monkeypatch.setattr(apart, "processes", lambda: 20)
    assert rebuild(engine).differences == ()
    assert not compare(engine)

"""Live rows = rows folded on read from the raw events = rebuilt rows, for any history."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from registry.domain.confidence import THRESHOLDS
from registry.domain.layers import NOTHING
from registry.projections.rebuild import rebuild
from registry.store import log
from registry.store.engine import reading
from tests.conftest import Databases
from tests.projections.histories import History, Telling, histories
from tests.projections.slow_path import SlowPath, on_record, slow_path, told
from tests.store.given import opened, tell


@settings(max_examples=50)
@given(history=histories, days=st.lists(st.integers(732_000, 735_000), max_size=3))
def test_live_rows_are_what_the_events_say_on_sqlite(
    databases: Databases, history: History, days: list[int]
) -> None:
    live_is_folded_is_rebuilt(databases, "sqlite", history, days)


@settings(max_examples=10)
@given(history=histories, days=st.lists(st.integers(732_000, 735_000), max_size=3))
def test_live_rows_are_what_the_events_say_on_postgresql(
    databases: Databases, history: History, days: list[int]
) -> None:
    live_is_folded_is_rebuilt(databases, "postgresql", history, days)


def live_is_folded_is_rebuilt(
    databases: Databases, on: str, history: History, days: list[int]
) -> None:
    with databases.fresh(on) as url, opened(url) as engine:
        then: dict[int, SlowPath] = {}
        telling = Telling()
        for said in (telling.background(), *(telling.wires(moves) for moves in history)):
            if said:
                moment = tell(engine, *said)[-1].position
                then[moment] = _rows(engine, moment)
        with reading(engine) as conn:
            events = told(conn)
            assert log.head(conn).position == len(events)
        for moment, rows in then.items():
            expected = slow_path(events, moment)
            _same(expected, rows, f"live rows at @{moment}")
            _same(rows, _rows(engine, moment), f"rows known at @{moment}, asked later")
            _same_on_days(expected, rows, days)
        assert rebuild(engine).differences == ()
        for moment, rows in then.items():
            _same(rows, _rows(engine, moment), f"rebuilt rows at @{moment}")
        for earlier, later in pairwise(then):
            assert earlier < later


def _rows(engine: Engine, known_at: int) -> SlowPath:
    with reading(engine) as conn:
        return on_record(conn, known_at)


def _same(one: SlowPath, other: SlowPath, where: str) -> None:
    for name in ("spans", "findings", "remarks", "documents"):
        first, second = getattr(one, name), getattr(other, name)
        assert first == second, (
            f"{where}: {name} only expected {first - second}, only found {second - first}"
        )


def _same_on_days(expected: SlowPath, rows: SlowPath, days: list[int]) -> None:
    """What is possible on a day, with the events that may have set it, by look-up and by fold."""
    looked_up: dict[tuple[str, str, int], list[tuple[object, ...]]] = {}
    for layer, key, bit, value, first, last, certain, evidence, *_ in rows.spans:
        found = looked_up.setdefault((layer, key, bit), [])
        found += [(day, value, certain, evidence) for day in days if first <= day <= last]
    for (layer, key), folds in expected.folds.items():
        for threshold in THRESHOLDS:
            for day in days:
                possible = {
                    value: list(events)
                    for segment in folds[threshold].segments
                    if segment.day_from <= day <= segment.day_to
                    for value, events in segment.possible.items()
                }
                if set(possible) == {NOTHING}:
                    possible = {}
                found = looked_up.get((layer, key, threshold.bit), [])
                stored = {value for at, value, _, _ in found if at == day}
                assert stored == set(possible)
                certain = [c for at, _, c, _ in found if at == day]
                assert all(c == (len(possible) == 1) for c in certain)

"""Every day at which a status of a U.S. mission changes, as an independent key has it."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.ingest.importing import Imported
from registry.ingest.profiles.us_missions import PROFILE
from registry.queries.ladder import mission_status
from registry.queries.view import open_view
from registry.store.engine import reading
from tests.conftest import ENGINES
from tests.ingest.conftest import Peopled, log_of, taken_in

Asked = tuple[str, str, str]
"""A number of the state list, a day, the status then."""

RANGES = "mission_status_range_cow.csv"


@pytest.fixture(scope="module", params=ENGINES)
def filled(request: pytest.FixtureRequest, peopled: Peopled, data: Path) -> tuple[Engine, Imported]:
    engine = peopled(request.param)
    done, _ = taken_in(engine, PROFILE, data / "us_diplomatic")
    return engine, done


def test_every_status_of_the_key_is_possible_and_no_certain_answer_contradicts_it(
    filled: tuple[Engine, Imported], data: Path
) -> None:
    rows = _rows(data, "asof_probes.csv")
    asked = [(r["country_code_cow"], r["as_of"], r["expected_us_mission_status"]) for r in rows]
    assert len(asked) == 150
    wrong, certain = _judged(filled[0], asked)
    assert not wrong
    assert certain >= 0.8 * len(asked)


def test_every_day_on_which_a_range_begins_or_ends_answers_as_the_range_does(
    filled: tuple[Engine, Imported], data: Path
) -> None:
    rows = _rows(data, RANGES)
    asked = sorted({each for row in rows for each in _around(row, rows)})
    assert len(rows) == 464
    wrong, certain = _judged(filled[0], asked)
    assert not wrong
    assert certain >= 0.8 * len(asked)


def test_all_rows_are_accounted_for_and_a_second_import_adds_nothing(
    filled: tuple[Engine, Imported], data: Path
) -> None:
    engine, done = filled
    before = len(log_of(engine))
    again, _ = taken_in(engine, PROFILE, data / "us_diplomatic")
    assert again.total == done.total == sum(done.rows.values())
    assert not again.rows["imported"]
    assert not again.events["imported"]
    assert (again.rows["held"], again.rows["refused"]) == (
        done.rows["held"],
        done.rows["refused"],
    )
    assert len(log_of(engine)) == before


def _rows(data: Path, name: str) -> list[dict[str, str]]:
    with (data / "us_diplomatic" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _around(row: dict[str, str], rows: list[dict[str, str]]) -> Iterator[Asked]:
    """Its first and last day, and the days next to them on which some range of the state is."""
    code = row["country_code_cow"]
    mine = [each for each in rows if each["country_code_cow"] == code]
    for edge in (row["date_start"], row["date_end"]):
        for step in (-1, 0, 1):
            day = (date.fromisoformat(edge) + timedelta(step)).isoformat()
            for each in mine:
                if each["date_start"] <= day <= each["date_end"]:
                    yield code, day, each["us_mission_status"]


def _judged(engine: Engine, asked: list[Asked]) -> tuple[list[object], int]:
    """(what the register answers otherwise, how many of its answers are certain)."""
    wrong: list[object] = []
    certain = 0
    with reading(engine) as conn:
        start = open_view(conn, as_of="2000-01-01", known_at=None, confidence=None)
        for code, day, status in asked:
            view = start.on(day, "as_of")
            found = mission_status(view, "USA", view.party(f"cow:{code}"))
            certain += found.certain
            if status not in found.possible or (found.certain and found.status != status):
                wrong.append((code, day, status, found))
    return wrong, certain

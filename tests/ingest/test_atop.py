"""Alliance obligations: spells of years, the silence between them, and what no spell can be."""

import csv
import zlib
from collections import defaultdict
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.domain.dates import day_of
from registry.domain.layers import LAYERS
from registry.ingest.coded import Codes
from registry.ingest.profiles.atop import FILE, FIRST_YEAR, KINDS, LAST_YEAR, PROFILE
from registry.queries.answers import answers
from registry.queries.view import open_view
from registry.store.engine import reading
from tests.conftest import ENGINES
from tests.ingest.conftest import Peopled, taken_in

HEADER = "ccode1,ccode2,first_year,last_year," + ",".join(KINDS)
Answer = tuple[tuple[str, ...], bool]


def given(folder: Path, *rows: str) -> Path:
    (folder / FILE).write_text("\n".join((HEADER, *rows)) + "\n", "utf-8")
    return folder


def owed(engine: Engine, owing: str, other: str, kind: str, day: str) -> Answer:
    """What was possible on the day, and whether it is certain."""
    with reading(engine) as conn:
        view = open_view(conn, as_of=day, known_at=None, confidence=None)
        subject = ("obligation", LAYERS["obligation"].key(owing, other, kind))
        found = answers(view, [subject])[subject]
    return tuple(found["possible"]), found["certain"]


def test_between_two_spells_and_before_the_first_nothing_is_owed(
    engine: Engine, tmp_path: Path
) -> None:
    rows = ("2,20,1942,1945,1,1,0,0,0", "2,20,1949,2018,1,0,0,1,1")
    done, _ = taken_in(engine, PROFILE, given(tmp_path, *rows))
    assert done.rows == {"imported": 2}
    defence = ("USA", "CAN", "defence")
    assert owed(engine, *defence, "1941-12-31") == (("none",), True)
    assert owed(engine, *defence, "1943-06-01") == (("in_force",), True)
    assert owed(engine, *defence, "1947-06-01") == (("none",), True)
    assert owed(engine, *defence, "2018-12-31") == (("in_force",), True)
    assert owed(engine, "USA", "CAN", "offence", "2000-01-01") == (("none",), True)
    assert owed(engine, "USA", "CAN", "neutrality", "2000-01-01") == (("none",), True)


def test_a_year_is_no_day_so_the_first_and_the_last_are_open(
    engine: Engine, tmp_path: Path
) -> None:
    taken_in(engine, PROFILE, given(tmp_path, "255,365,1939,1941,0,0,0,1,0"))
    pact = ("DEU", "RUS", "nonaggression")
    assert owed(engine, *pact, "1939-07-01") == (("none", "in_force"), False)
    assert owed(engine, *pact, "1939") == (("none", "in_force"), False)
    assert owed(engine, *pact, "1940-07-01") == (("in_force",), True)
    assert owed(engine, *pact, "1941-12-31") == (("none", "in_force"), False)
    assert owed(engine, *pact, "1942-01-01") == (("none",), True)


def test_a_spell_of_one_year_is_over_in_the_next(engine: Engine, tmp_path: Path) -> None:
    taken_in(engine, PROFILE, given(tmp_path, "200,220,1840,1840,1,0,0,0,0"))
    assert owed(engine, "GBR", "FRA", "defence", "1840-07-01") == (("none", "in_force"), False)
    assert owed(engine, "GBR", "FRA", "defence", "1841-01-01") == (("none",), True)


def test_beyond_the_time_of_the_list_nothing_is_certain(engine: Engine, tmp_path: Path) -> None:
    taken_in(engine, PROFILE, given(tmp_path, "2,20,1949,2018,1,0,0,0,0"))
    assert owed(engine, "USA", "CAN", "defence", "2019-01-01") == (("in_force",), False)
    assert owed(engine, "USA", "CAN", "offence", "2019-01-01")[1] is False


def test_an_obligation_that_goes_on_under_another_number_never_lapsed(
    engine: Engine, tmp_path: Path
) -> None:
    rows = ("2,260,1955,1990,1,0,0,0,0", "2,255,1990,2018,1,0,0,0,0")
    taken_in(engine, PROFILE, given(tmp_path, *rows))
    assert owed(engine, "USA", "DEU", "defence", "1990-12-31") == (("in_force",), True)
    assert owed(engine, "USA", "DEU", "defence", "1991-06-01") == (("in_force",), True)


def test_what_is_no_spell_is_refused_or_held_with_its_cell(engine: Engine, tmp_path: Path) -> None:
    rows = (
        "2,20,1945,1942,1,0,0,0,0",
        "2,20,9999,9999,1,0,0,0,0",
        "2,20,1942.5,1945,1,0,0,0,0",
        "2,20,1942,1945,x,0,0,0,0",
        "2,20,1942,1945,0,0,0,0,0",
        "2,2,1942,1945,1,0,0,0,0",
        "2,4711,1942,1945,1,0,0,0,0",
        "2,260,1930,1931,1,0,0,0,0",
    )
    done, lines = taken_in(engine, PROFILE, given(tmp_path, *rows))
    assert done.rows == {"refused": 6, "held": 2}
    assert [(each.column, each.verbatim) for each in lines] == [
        ("last_year", "1942"),
        ("first_year", "9999"),
        ("first_year", "1942.5"),
        ("atop_defense", "x"),
        ("atop_defense", "0"),
        ("ccode2", "2"),
        ("ccode2", "4711"),
        ("ccode2", "260"),
    ]


@pytest.mark.parametrize("name", ENGINES)
def test_sampled_years_answer_as_the_list_does(
    name: str, peopled: Peopled, data: Path, tmp_path: Path
) -> None:
    source = (data / "alliances_atop" / FILE).read_text("utf-8").splitlines()
    some = [line for line in source[1:] if zlib.crc32(_pair(line).encode()) % 40 == 0]
    engine = peopled(name)
    (tmp_path / FILE).write_text("\n".join((source[0], *some)) + "\n", "utf-8")
    done, _ = taken_in(engine, PROFILE, tmp_path)
    assert done.rows["imported"] == done.total == len(some)
    wrong, certain, asked = _judged(engine, list(csv.DictReader([source[0], *some])))
    assert asked > 2000
    assert not wrong
    assert certain > 0.85 * asked  # the first and last years are open


def _pair(line: str) -> str:
    return ",".join(line.split(",")[:2])


def _judged(engine: Engine, rows: list[dict[str, str]]) -> tuple[list[object], int, int]:
    """(answers that contradict the list, certain ones, all): of each pair, the years at the edges
    of its spells and some between, for every kind: any day of the year, and the year's middle.
    """
    asked = _asked(engine, rows)
    wrong: list[object] = []
    certain = 0
    with reading(engine) as conn:
        view = open_view(conn, as_of="2000-01-01", known_at=None, confidence=None)
        for year, subjects in asked.items():
            ever = answers(view.on(f"{year}", "as_of"), subjects)
            middle = answers(view.on(f"{year}-07-01", "as_of"), subjects)
            for subject, value in subjects.items():
                answer = ever[subject]
                certain += answer["certain"]
                other = {"in_force": "none", "none": "in_force"}[value]
                gone = answer["possible"] == ["not_applicable"] and (
                    value == "none" or ("CSK" in subject[1] and year == 1993)  # it ended in 1992
                )
                if value not in answer["possible"] and not gone:
                    wrong.append((subject, year, value, answer["possible"]))
                if middle[subject]["certain"] and middle[subject]["value"] == other:
                    wrong.append((subject, year, value, "the middle"))
    return wrong, certain, sum(len(each) for each in asked.values())


def _asked(engine: Engine, rows: list[dict[str, str]]) -> dict[int, dict[tuple[str, str], str]]:
    """By year: the subjects to ask for, with what the list says of them."""
    seen: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        seen[row["ccode1"], row["ccode2"]].append(row)
    asked: dict[int, dict[tuple[str, str], str]] = defaultdict(dict)
    with reading(engine) as conn:
        view = open_view(conn, as_of="2000-01-01", known_at=None, confidence=None)
        codes = Codes(view.directory.all("party"))
    for pair, spells in seen.items():
        years = {FIRST_YEAR, 1900, 1938, LAST_YEAR}
        for row in spells:
            first, last = int(row["first_year"]), int(row["last_year"])
            years |= {first - 1, first, (first + last) // 2, last, last + 1}
        for year in sorted(each for each in years if FIRST_YEAR <= each <= LAST_YEAR):
            days = day_of(year, 1, 1), day_of(year, 12, 31)
            one, other = (codes.meant("cow", code, *days) for code in pair)
            for column, kind in KINDS.items():
                owed_then = any(
                    row[column] == "1" and int(row["first_year"]) <= year <= int(row["last_year"])
                    for row in spells
                )
                for first_, second in product(one, other):
                    key = LAYERS["obligation"].key(first_.party, second.party, kind)
                    asked[year]["obligation", key] = "in_force" if owed_then else "none"
    return asked

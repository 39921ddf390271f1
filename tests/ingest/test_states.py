"""Lists of states: spells observed, censored days, codes that meant two states, nobody invented."""

from pathlib import Path

from sqlalchemy import Engine

from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED
from registry.ingest.profiles import profile
from tests.ingest.conftest import log_of, taken_in

STATES = profile("states")
COW_2016, COW_2024, GW, ISD, GGO, ISO = STATES.files


def written(folder: Path, rows: dict[str, list[str]]) -> Path:
    for file in STATES.files:
        lines = [",".join(file.columns), *rows.get(file.name, [])]
        (folder / file.name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def test_spells_are_observed_and_sentinels_leave_them_open_or_begun_by_then(
    engine: Engine, tmp_path: Path
) -> None:
    rows = {
        COW_2024.name: ["BOL,145,Bolivia,1848,1,1,2024,12,31,2024"],
        GW.name: ["CHE,Switzerland,..1816-01-01,2017-12-31..,225"],
        GGO.name: ["ITA,Italy,-0753,9999-12-31", "SMR,San Marino,0301-09-03,9999-12-31"],
    }
    done, lines = taken_in(engine, STATES, written(tmp_path, rows))
    assert done.rows == {IMPORTED: 4}
    said = [data for _, type_, data in log_of(engine) if type_ == "status.observed"]
    over = ["1848-01-01/2024-12-31", "1816-01-01/2017-12-31", "-0753/..", "0301-09-03/.."]
    assert all(f'"over":"{each}"' in data for each, data in zip(over, said, strict=True))
    assert any("censored" in each.reason for each in lines)


def test_both_versions_of_the_cow_list_stand_where_they_differ(
    engine: Engine, tmp_path: Path
) -> None:
    rows = {
        COW_2016.name: ["YUG,345,Yugoslavia,1944,10,20,2016,12,31,2016"],
        COW_2024.name: [
            "YUG,345,Yugoslavia,1944,10,20,2006,6,3,2024",
            "SRB,345,Serbia,2006,6,3,2024,12,31,2024",
        ],
    }
    done, _ = taken_in(engine, STATES, written(tmp_path, rows))
    assert done.rows == {IMPORTED: 3}
    said = [data for _, type_, data in log_of(engine) if type_ == "status.observed"]
    assert ['"party":"YUG"' in data for data in said] == [True, True, False]
    assert '"party":"SRB"' in said[2]
    again, _ = taken_in(engine, STATES, written(tmp_path, rows))
    assert (again.rows, again.events[IMPORTED]) == ({PRESENT: 3}, 0)


def test_who_is_not_on_record_is_held_and_what_bounds_no_spell_is_refused(
    engine: Engine, tmp_path: Path
) -> None:
    rows = {
        ISD.name: [
            "OWO,Owo,1150?,1893-12-31,4799",
            "DEU,Germany,0006-1815,1945-05-08,255",
            "BDI,Burundi,,2016-12-31..,516",
            "DEU,Germany,1945-05-08,1816-01-01,255",
        ],
        GGO.name: ["HUN,Hungary,1000-12-25,1526-08-29", "ABW,Aruba,1986-01-01,9999-12-31"],
    }
    done, lines = taken_in(engine, STATES, written(tmp_path, rows))
    assert done.rows == {HELD: 3, REFUSED: 3}
    refused = [(x.line, x.column, x.verbatim) for x in lines if x.status == REFUSED]
    assert refused == [(3, "Begin", "0006-1815"), (4, "Begin", ""), (5, "End", "1816-01-01")]
    assert "not as a state" in next(x.reason for x in lines if x.verbatim == "ABW")


def test_iso_codes_are_there_or_held(engine: Engine, tmp_path: Path) -> None:
    rows = {ISO.name: ["BOL,BO", "ABW,AW", "BOL,IR", "ZUB,ZU"]}
    done, _ = taken_in(engine, STATES, written(tmp_path, rows))
    assert done.rows == {PRESENT: 2, HELD: 2}


def test_every_row_of_the_lists_is_accounted_for_twice(engine: Engine, data: Path) -> None:
    folder = data / "states"
    done, _ = taken_in(engine, STATES, folder)
    assert done.total == 243 + 244 + 216 + 499 + 409 + 249
    again, _ = taken_in(engine, STATES, folder)
    assert (again.total, again.events[IMPORTED]) == (done.total, 0)

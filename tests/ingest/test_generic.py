"""Tables that anybody made: human dates, names of the day, round trips, repeats."""

import csv
import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from registry.app import create_app
from registry.described import columns, to_row
from registry.domain.catalogue import CATALOGUE
from registry.domain.errors import Invalid
from registry.ingest.generic import generic_profile
from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED, Imported, Line, run
from registry.ingest.names import MOST_SUGGESTED
from registry.settings import Settings
from tests.api.conftest import seed_all
from tests.conftest import Databases
from tests.ingest.conftest import Peopled, log_of, people, taken_in
from tests.store.given import opened

CONVENTION = {
    "type": "agreement.recorded",
    "agreement": "vcdr-1961",
    "title": "Vienna Convention on Diplomatic Relations",
}
SIGNED = "agreement,party,occurred\n"


@pytest.fixture(scope="module")
def prepared(peopled: Peopled, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the Vienna Convention on Diplomatic Relations, entered from a line of JSON."""
    folder = tmp_path_factory.mktemp("prepared")
    engine = peopled("sqlite")
    done, _ = given(engine, written(folder / "vcdr.jsonl", json.dumps(CONVENTION)))
    assert done.rows == {IMPORTED: 1}
    copy(str(engine.url.database), folder / "prepared.db")
    return folder / "prepared.db"


@pytest.fixture
def vienna(prepared: Path, tmp_path: Path) -> Iterator[Engine]:
    copy(str(prepared), tmp_path / "vienna.db")
    with opened(f"sqlite:///{tmp_path / 'vienna.db'}") as engine:
        yield engine


def copy(source: str, target: Path) -> None:
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def written(path: Path, text: str) -> Path:
    path.write_text(text, "utf-8")
    return path


def given(engine: Engine, path: Path, type_: str | None = None) -> tuple[Imported, list[Line]]:
    profile = generic_profile(path.suffix[1:], path, type_)
    return taken_in(engine, profile, path.parent)


def signatures(engine: Engine, tmp_path: Path, *rows: str) -> tuple[Imported, list[Line]]:
    path = written(tmp_path / "signatures.csv", SIGNED + "\n".join(rows) + "\n")
    return given(engine, path, "agreement.signed")


def last(engine: Engine) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(log_of(engine)[-1][2])
    return said


def a_book(path: Path, *rows: tuple[Any, ...], **formats: str) -> Path:
    book = Workbook()
    sheet: Any = book.active
    for row in rows:
        sheet.append(row)
    for cell, number_format in formats.items():
        sheet[cell].number_format = number_format
    book.save(path)
    return path


def test_a_table_is_taken_in_once(engine: Engine, tmp_path: Path) -> None:
    given(engine, written(tmp_path / "vcdr.jsonl", json.dumps(CONVENTION)))
    rows = ("vcdr-1961,BRA,1961-04-18", "vcdr-1961,IRN,1961-05-27")
    done, _ = signatures(engine, tmp_path, *rows)
    assert done.rows == {IMPORTED: 2}
    before = log_of(engine)
    again, _ = signatures(engine, tmp_path, *reversed(rows))
    assert again.rows == {PRESENT: 2}
    assert log_of(engine) == before


def test_equal_rows_are_each_recorded_once(vienna: Engine, tmp_path: Path) -> None:
    rows = ("vcdr-1961,BRA,1961-04-18",) * 2
    assert signatures(vienna, tmp_path, *rows)[0].rows == {IMPORTED: 2}
    assert signatures(vienna, tmp_path, *rows)[0].rows == {PRESENT: 2}


def test_a_row_with_an_id_is_found_again_when_it_says_otherwise(
    vienna: Engine, tmp_path: Path
) -> None:
    table = "id,agreement,party,occurred\n7,vcdr-1961,BRA,1961-04-{}\n"
    path = written(tmp_path / "signed.csv", table.format(17))
    given(vienna, path, "agreement.signed")
    done, lines = given(vienna, written(path, table.format(18)), "agreement.signed")
    assert done.rows == {HELD: 1}
    assert "--amend" in lines[0].reason


OURS = {"Treaty": "agreement", "State": "party", "Signed on": "occurred", "Remark of ours": ""}


def test_columns_may_have_names_of_their_own_and_be_left_out(
    vienna: Engine, tmp_path: Path
) -> None:
    rows = "Treaty,State,Signed on,Remark of ours\nvcdr-1961,BRA,1961-04-18,ask Ana\n"
    path = written(tmp_path / "ours.csv", rows + "vcdr-1961,IRN,09/11/2008,\n")
    profile = generic_profile("csv", path, "agreement.signed", OURS)
    done, lines = taken_in(vienna, profile, path.parent)
    assert done.rows == {IMPORTED: 1, REFUSED: 1}
    assert (lines[1].column, lines[1].verbatim) == ("Signed on", "09/11/2008")
    again, _ = signatures(vienna, tmp_path, "vcdr-1961,BRA,1961-04-18")
    assert again.rows == {PRESENT: 1}


def test_close_names_are_looked_for_a_few_hundred_times_at_most(
    vienna: Engine, tmp_path: Path
) -> None:
    rows = [f"vcdr-1961,Bolivya {n // 2},1961-04-18" for n in range(2 * MOST_SUGGESTED + 100)]
    done, lines = signatures(vienna, tmp_path, *rows)
    assert done.rows == {HELD: 2 * MOST_SUGGESTED + 100}
    suggested = [each for each in lines if each.suggestions]
    assert suggested == lines[: 2 * MOST_SUGGESTED]
    assert suggested[-1].suggestions.split()[0] == "BOL"


def test_two_columns_cannot_hold_the_same(vienna: Engine, tmp_path: Path) -> None:
    path = written(tmp_path / "ours.csv", "Treaty,State,Day,Signed on\nvcdr-1961,BRA,1961,1961\n")
    profile = generic_profile("csv", path, "agreement.signed", {**OURS, "Day": "occurred"})
    with pytest.raises(Invalid, match="two columns are said to hold 'occurred'"):
        taken_in(vienna, profile, path.parent)


def test_a_name_means_whom_somebody_said_it_means(vienna: Engine, tmp_path: Path) -> None:
    path = written(tmp_path / "signed.csv", SIGNED + "vcdr-1961,Bolívia (altiplano),2011-04-18\n")
    profile = generic_profile("csv", path, "agreement.signed")
    held = run(vienna, profile, path.parent)
    assert held.rows == {HELD: 1}
    said = {"bolívia (Altiplano)": "BOL"}
    done = run(vienna, profile, path.parent, aliases=said, recorded_by="Ana Flores")
    assert done.rows == {IMPORTED: 1}
    assert last(vienna)["party"] == "BOL"


@pytest.mark.parametrize(
    ("named", "party"),
    [
        ("BOL", "BOL"),
        ("cow:145", "BOL"),
        ("Plurinational State of Bolivia", "BOL"),
        ("iso2:BR", "BRA"),
    ],
)
def test_a_party_is_named_by_id_code_or_name(
    vienna: Engine, tmp_path: Path, named: str, party: str
) -> None:
    signatures(vienna, tmp_path, f"vcdr-1961,{named},2011-04-18")
    assert last(vienna)["party"] == party


def test_a_name_counts_on_the_day_of_the_event(vienna: Engine, tmp_path: Path) -> None:
    done, lines = signatures(
        vienna, tmp_path, "vcdr-1961,Plurinational State of Bolivia,1961-04-18"
    )
    assert done.rows == {HELD: 1}
    assert (lines[0].column, lines[0].verbatim) == ("party", "Plurinational State of Bolivia")
    assert "BOL" in lines[0].suggestions.split()


def test_an_unknown_party_is_held_with_suggestions(vienna: Engine, tmp_path: Path) -> None:
    done, lines = signatures(vienna, tmp_path, "vcdr-1961,Brazyl,1961-04-18")
    assert done.rows == {HELD: 1}
    assert "BRA" in lines[0].suggestions.split()
    done, lines = signatures(vienna, tmp_path, "vcdr-1961,145,1961-04-18")
    assert done.rows == {HELD: 1}
    assert "cow:145" in lines[0].reason


def test_a_party_that_the_file_records_may_be_named_further_down(
    vienna: Engine, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "both.csv",
        "type,party,kind,name,agreement,occurred\n"
        "party.recorded,ZUB,state,Zubrowka,,1900\n"
        "agreement.signed,Zubrowka,,,vcdr-1961,1961-04-18\n",
    )
    assert given(vienna, path)[0].rows == {IMPORTED: 2}
    assert last(vienna)["party"] == "ZUB"
    assert given(vienna, path)[0].rows == {PRESENT: 2}


@pytest.mark.parametrize(
    ("written_", "edtf"),
    [("c. 2011", "2011~"), ("24.10.1961", "1961-10-24"), ("before 1962", "[..1961-12-31]")],
)
def test_a_date_in_words_is_understood_and_kept_as_written(
    vienna: Engine, tmp_path: Path, written_: str, edtf: str
) -> None:
    signatures(vienna, tmp_path, f"vcdr-1961,BRA,{written_}")
    assert last(vienna)["occurred"] == edtf
    assert last(vienna)["note"] == f'As written: occurred "{written_}".'


@pytest.mark.parametrize(
    ("written_", "offers"),
    [
        ("09/11/2008", ("2008-11-09", "2008-09-11")),
        ("early 2011", ("2011-40", "2011-37", "2011-33")),
        ("1961-02-31", ("1961-02-31",)),
        ("39922", ("spreadsheets",)),
    ],
)
def test_a_date_that_may_mean_several_is_refused_with_what_it_may_mean(
    vienna: Engine, tmp_path: Path, written_: str, offers: tuple[str, ...]
) -> None:
    done, lines = signatures(vienna, tmp_path, f"vcdr-1961,BRA,{written_}")
    assert done.rows == {REFUSED: 1}
    assert (lines[0].column, lines[0].verbatim) == ("occurred", written_)
    assert all(each in lines[0].reason for each in offers)


def test_a_refused_cell_is_named_and_what_the_register_refuses_too(
    vienna: Engine, tmp_path: Path
) -> None:
    path = written(
        tmp_path / "signed.csv",
        "agreement,party,occurred,confidence\n"
        "vcdr-1961,BRA,1961-04-18,certain\n"
        "vcdr-1861,BRA,1961-04-18,\n"
        "vcdr-1961,,1961-04-18,\n",
    )
    done, lines = given(vienna, path, "agreement.signed")
    assert done.rows == {REFUSED: 3}
    by_line = {each.line: each for each in lines}
    assert (by_line[2].column, by_line[2].verbatim) == ("confidence", "certain")
    assert "vcdr-1861" in by_line[3].verbatim
    assert by_line[4].column == "party"


def test_rows_say_their_own_types(vienna: Engine, tmp_path: Path) -> None:
    path = written(
        tmp_path / "mixed.csv",
        "type,agreement,party,occurred\n"
        "agreement.signed,vcdr-1961,BRA,1961-04-18\n"
        "agreement.ratified,vcdr-1961,BRA,1965-03-25\n"
        "agreement.rat,vcdr-1961,BRA,1965-03-25\n",
    )
    done, lines = given(vienna, path)
    assert done.rows == {IMPORTED: 2, REFUSED: 1}
    refused = next(each for each in lines if each.status == REFUSED)
    assert (refused.line, refused.column, refused.verbatim) == (4, "type", "agreement.rat")
    assert given(vienna, path, "agreement.signed")[0].rows == {PRESENT: 1, REFUSED: 2}


def test_a_workbook_says_the_same_as_a_table(vienna: Engine, tmp_path: Path) -> None:
    book = a_book(
        tmp_path / "signed.xlsx",
        ("agreement", "party", "occurred", "definitive"),
        ("vcdr-1961", "BRA", datetime(1961, 4, 18), False),  # noqa: DTZ001 - as a cell has it
        (None, None, None, None),
        ("vcdr-1961", "IRN", date(1961, 5, 1)),
        ("vcdr-1961", "USA", 1961),
        ("vcdr-1961", "GBR", 1961.0),
        C4="mmm-yy",
    )
    done, lines = given(vienna, book, "agreement.signed")
    assert done.rows == {IMPORTED: 4}
    said = [json.loads(each[2]) for each in log_of(vienna)[-4:]]
    assert [each["occurred"] for each in said] == ["1961-04-18", "1961-05", "1961", "1961"]
    assert said[0]["definitive"] is False
    assert [each.line for each in lines] == [2, 4, 5, 6]
    assert given(vienna, book, "agreement.signed")[0].rows == {PRESENT: 4}


def test_a_line_of_json_may_carry_the_id_of_the_event(vienna: Engine, tmp_path: Path) -> None:
    event_id = "01900000-0000-7000-8000-000000000001"
    said = {
        "id": event_id,
        "type": "agreement.signed",
        "agreement": "vcdr-1961",
        "party": "iso3:BRA",
        "occurred": "1961-04-18",
        "sources": [],
    }
    path = written(tmp_path / "signed.jsonl", json.dumps(said) + "\n\n")
    assert given(vienna, path)[0].rows == {IMPORTED: 1}
    assert log_of(vienna)[-1][0] == event_id
    assert given(vienna, path)[0].rows == {PRESENT: 1}
    vague = written(tmp_path / "vague.jsonl", json.dumps(said | {"occurred": "c. 1961", "id": 1}))
    done, lines = given(vienna, vague)
    assert done.rows == {REFUSED: 1}
    assert lines[0].column == "occurred"


def test_a_dry_run_keeps_nothing(vienna: Engine, tmp_path: Path) -> None:
    path = written(tmp_path / "signed.csv", SIGNED + "vcdr-1961,BRA,1961-04-18\n")
    before = log_of(vienna)
    profile = generic_profile("csv", path, "agreement.signed")
    assert run(vienna, profile, tmp_path, dry_run=True).rows == {IMPORTED: 1}
    assert log_of(vienna) == before


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("agreement,occurred", "missing column party of agreement.signed"),
        ("agreement,partie,party,occurred", "unknown column 'partie' (did you mean party?)"),
        ("agreement,party,occurred,party", "'party' stands there twice"),
    ],
)
def test_a_table_with_other_columns_is_refused_with_those_expected(
    vienna: Engine, tmp_path: Path, header: str, words: str
) -> None:
    path = written(tmp_path / "signed.csv", f"{header}\nvcdr-1961,BRA,1961-04-18\n")
    with pytest.raises(Invalid) as refused:
        given(vienna, path, "agreement.signed")
    assert words in refused.value.message
    assert "\n" not in refused.value.message


def test_a_table_without_types_needs_one(vienna: Engine, tmp_path: Path) -> None:
    path = written(tmp_path / "signed.csv", SIGNED)
    with pytest.raises(Invalid, match="missing column type"):
        given(vienna, path)
    with pytest.raises(Invalid, match=r"agreement\.signed"):
        generic_profile("csv", path, "agreement.sigend")
    with pytest.raises(Invalid, match="its own type"):
        generic_profile("jsonl", path, "agreement.signed")


@pytest.fixture
def pair(databases: Databases) -> Iterator[tuple[Engine, Engine, str]]:
    """A register with all seeds, one with the sources and parties only, and the first one's URL."""
    with (
        databases.fresh("sqlite", seed_all) as full,
        databases.fresh("sqlite", people) as bare,
        opened(full) as whole,
        opened(bare) as other,
    ):
        yield whole, other, full


def test_a_table_downloaded_from_one_register_is_taken_in_by_another(
    pair: tuple[Engine, Engine, str], tmp_path: Path
) -> None:
    whole, other, url = pair
    client = create_app(Settings(url)).test_client()
    tables: list[Path] = []
    after: str | None = "0"
    while after:
        answer = client.get(f"/api/v1/events?limit=500&after={after}&format=csv")
        assert answer.status_code == 200
        path = tmp_path / f"{len(tables)}.csv"
        path.write_bytes(answer.data)
        tables.append(path)
        rows = list(csv.DictReader(io.StringIO(answer.text)))
        after = rows[-1]["position"] if len(rows) == 500 else None
    before = {each[0] for each in log_of(other)}
    for path in tables:
        done, lines = given(other, path)
        assert not done.rows[HELD] + done.rows[REFUSED], [
            each for each in lines if each.status in (HELD, REFUSED)
        ][:3]
    assert len(before) < len(log_of(other))
    amended = {
        json.loads(data)["target"] for _, name, data in log_of(whole) if name.startswith("event.")
    }
    assert sorted(e for e in log_of(other) if e[0] not in amended) == sorted(
        e for e in log_of(whole) if e[0] not in amended
    )
    for path in tables:  # and the register that it comes from has all of it
        assert given(whole, path)[0].rows[IMPORTED] == 0


def test_a_row_of_the_catalogue_is_taken_in_as_it_was(vienna: Engine, tmp_path: Path) -> None:
    cls = CATALOGUE["agreement.signed"]
    said = {
        "type": "agreement.signed",
        "agreement": "vcdr-1961",
        "party": "BRA",
        "occurred": "1961-04-18",
        "signatories": [{"name": "A; B", "capacity": "Minister"}, {"name": "C"}],
        "external_ids": {"mtdsg": "3-3"},
    }
    row = to_row(cls, said)
    path = tmp_path / "signed.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, [each.name for each in columns(cls)])
        writer.writeheader()
        writer.writerow(row)
    assert given(vienna, path, "agreement.signed")[0].rows == {IMPORTED: 1}
    assert last(vienna).items() >= {k: v for k, v in said.items() if k != "type"}.items()

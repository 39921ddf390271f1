"""Empty tables: every type has one, with the columns and hints that an import understands."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Engine

from registry.described import columns, example, to_row
from registry.domain.catalogue import CATALOGUE
from registry.domain.errors import Invalid
from registry.ingest.generic import generic_profile
from registry.ingest.importing import IMPORTED, run
from registry.ingest.names import Names
from registry.ingest.profile import Act, Held, Reading
from registry.ingest.template import template
from tests.ingest.conftest import Peopled


@pytest.fixture(scope="module")
def store(peopled: Peopled) -> Engine:
    return peopled("sqlite")


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize("type_", sorted(CATALOGUE))
def test_a_template_left_empty_is_a_table_without_rows(
    tmp_path: Path, type_: str, kind: str
) -> None:
    path = tmp_path / f"empty.{kind}"
    path.write_bytes(template(type_, kind))
    profile = generic_profile(kind, path, type_)
    assert list(profile.read(Reading(profile, tmp_path, Names({}, 0)))) == []


@pytest.mark.parametrize("type_", sorted(CATALOGUE))
def test_a_row_filled_in_below_the_hints_is_read(tmp_path: Path, type_: str) -> None:
    cls = CATALOGUE[type_]
    path = tmp_path / "filled.csv"
    row = to_row(cls, example(cls))
    text = io.StringIO()
    csv.writer(text).writerow([*(row[each.name] for each in columns(cls)), "1"])
    path.write_bytes(template(type_, "csv") + text.getvalue().encode())
    profile = generic_profile("csv", path, type_)
    said = list(profile.read(Reading(profile, tmp_path, Names({}, 0))))
    assert [each.row.line for each in said] == [3]
    assert all(isinstance(each, Act | Held) for each in said[0].outcomes)  # nobody is on record


def test_a_filled_workbook_is_taken_in(store: Engine, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(template("agreement.recorded", "xlsx"))
    book = load_workbook(path)
    sheet: Any = book.worksheets[0]
    place = {cell.value: cell.column for cell in sheet[1]}
    for name, value in (
        ("agreement", "vcdr-1961"),
        ("title", "Vienna Convention on Diplomatic Relations"),
        ("kind", "convention"),
        ("parties", "BRA; Iran; cow:2"),
    ):
        sheet.cell(2, place[name], value)
    book.save(path)
    profile = generic_profile("xlsx", path, "agreement.recorded")
    assert run(store, profile, tmp_path).rows == {IMPORTED: 1}


def test_a_workbook_explains_its_columns_and_offers_the_choices() -> None:
    book = load_workbook(io.BytesIO(template("agreement.recorded", "xlsx")))
    sheet: Any = book.worksheets[0]
    assert [each.title for each in book.worksheets] == ["agreement.recorded", "columns", "choices"]
    header = {cell.value: cell for cell in sheet[1]}
    assert set(header) == {e.name for e in columns(CATALOGUE["agreement.recorded"])} | {"id"}
    assert "required" in header["agreement"].comment.text
    assert "One of: treaty, convention" in header["kind"].comment.text
    letter = header["kind"].column_letter
    rules = {str(each.sqref): each.formula1 for each in sheet.data_validations.dataValidation}
    rule = next(said for cells, said in rules.items() if cells.startswith(f"{letter}2:"))
    offered = [cell[0].value for cell in book["choices"][rule.split("!")[1].replace("$", "")]]
    assert offered[:2] == ["treaty", "convention"]
    assert offered[-1] == "unknown"
    explained: Any = book["columns"]
    assert [row[0].value for row in explained.iter_rows(min_row=2)] == list(header)


def test_there_is_no_template_of_what_is_no_type() -> None:
    with pytest.raises(Invalid, match="not an event type"):
        template("agreement.sung", "csv")
    with pytest.raises(Invalid, match="expected one of csv, xlsx"):
        template("agreement.signed", "ods")

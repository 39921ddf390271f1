"""What is no table is refused in one line, soon, in bounded memory, and nothing is written."""

import io
import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from registry.domain.errors import Invalid
from registry.ingest.files import LONGEST_LINE, File, read_csv
from registry.ingest.generic import generic_profile
from registry.ingest.importing import run
from tests.ingest.conftest import Peopled, log_of

HEADER = b"agreement,party,occurred\n"
ROW = b"vcdr-1961,BRA,1961-04-18\n"
EVENT = {
    "type": "agreement.signed",
    "agreement": "vcdr-1961",
    "party": "BRA",
    "occurred": "1961-04-18",
}
LINE = json.dumps(EVENT).encode() + b"\n"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"


def book(*rows: tuple[Any, ...], merged: str = "") -> bytes:
    made = Workbook()
    sheet: Any = made.active
    sheet.title = "Acts"
    for row in rows or (("agreement", "party", "occurred"), ("vcdr-1961", "BRA", "1961-04-18")):
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    return packed(made.save)


def packed(save: Callable[[Any], object]) -> bytes:
    stream = io.BytesIO()
    save(stream)
    return stream.getvalue()


def repacked(book_: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """The workbook with parts changed, by the last word of their names."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book_)) as old,
        zipfile.ZipFile(stream, "w", 8, compresslevel=1) as new,
    ):
        for part in old.infolist():
            content = old.read(part)
            if change := changes.get(Path(part.filename).stem):
                content = change(content)
            new.writestr(part.filename, content)
    return stream.getvalue()


def entity(xml: bytes) -> bytes:
    start = xml.index(b"?>") + 2 if xml.startswith(b"<?xml") else 0
    laughs = b'<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    return xml[:start] + laughs + xml[start:]


def bomb(xml: bytes) -> bytes:
    return xml.replace(b"</sheetData>", b"<row/>" * 45_000_000 + b"</sheetData>")


WRONG: dict[str, tuple[str, bytes, str]] = {
    "empty.csv": ("csv", b"", "empty"),
    "program.csv": ("csv", Path(sys.executable).read_bytes()[:100_000], "a program"),
    "image.csv": ("csv", PNG, "an image"),
    "book.csv": ("csv", book(), "a workbook"),
    "utf-16.csv": ("csv", (HEADER + ROW).decode().encode("utf-16"), "UTF-16"),
    "utf-16-bare.csv": ("csv", (HEADER + ROW).decode().encode("utf-16-le"), "binary"),
    "latin-1.csv": ("csv", HEADER + "vcdr-1961,Österreich,1961\n".encode("latin-1"), "not UTF-8"),
    "column.csv": ("csv", b"agreement,occurred\nvcdr-1961,1961\n", "missing column party"),
    "unknown.csv": ("csv", HEADER[:-1] + b",colour\n", "unknown column 'colour'"),
    "semicolons.csv": ("csv", HEADER.replace(b",", b";") + ROW, "unknown column"),
    "long.csv": ("csv", HEADER + b"x" * (LONGEST_LINE + 2), "line 2: longer than"),
    "ragged.csv": ("csv", HEADER + ROW + b"vcdr-1961,IRN\n", "line 3: expected 3 cells, got 2"),
    "quote.csv": ("csv", HEADER + b'"' + ROW * 10_000, "line 2: not CSV: a quotation mark"),
    "quote-at-the-end.csv": ("csv", HEADER + b'vcdr-1961,BRA,"1961\n', "a quotation mark"),
    "cells-without-end.csv": ("csv", HEADER + b'"a\n",' * 2_000_000, "a row of more than"),
    "nul.csv": ("csv", HEADER + b"vcdr-1961,B\x00RA,1961\n", "line 2: binary"),
    "twice.csv": ("csv", b"agreement,party,occurred,party\n", "'party' stands there twice"),
    "formula.csv": (
        "csv",
        HEADER + b'vcdr-1961,BRA,"=DATE(1961,4,18)"\n',
        "line 2, occurred: a formula",
    ),
    "empty.xlsx": ("xlsx", b"", "empty"),
    "table.xlsx": ("xlsx", HEADER + ROW, "not an XLSX workbook"),
    "image.xlsx": ("xlsx", PNG, "an image"),
    "old.xlsx": ("xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old or protected"),
    "half.xlsx": ("xlsx", book()[:2_000], "damaged archive"),
    "blank.xlsx": ("xlsx", packed(Workbook().save), "empty"),
    "formula.xlsx": (
        "xlsx",
        book(("agreement", "party", "occurred"), ("vcdr-1961", "BRA", "=TODAY()")),
        "sheet Acts, cell C2: a formula, not a value: =TODAY()",
    ),
    "error.xlsx": (
        "xlsx",
        book(("agreement", "party", "occurred"), ("vcdr-1961", "BRA", "#N/A")),
        "sheet Acts, cell C2: an error",
    ),
    "merged.xlsx": ("xlsx", book(merged="A2:A3"), "sheet Acts: cells A2:A3 are merged"),
    "unknown.xlsx": ("xlsx", book(("agreement", "party", "occurred", "kin")), "column 'kin'"),
    "wide.xlsx": (
        "xlsx",
        book(("agreement", "party", "occurred"), ("vcdr-1961", "BRA", "1961", None, "more")),
        "row 2: expected 3 cells, got 5",
    ),
    "entities.xlsx": ("xlsx", repacked(book(), sheet1=entity), "declares XML entities"),
    "encoded.xlsx": (
        "xlsx",
        repacked(book(), styles=lambda xml: xml.decode().encode("utf-16")),
        "not in UTF-8",
    ),
    "not-xml.xlsx": ("xlsx", repacked(book(), sheet1=lambda xml: xml[:300]), "damaged"),
    "rows.xlsx": (
        "xlsx",
        repacked(book(), sheet1=lambda xml: xml.replace(b'<row r="2"', b'<row r="999999999"')),
        "more than 1048576 rows",
    ),
    "empty.jsonl": ("jsonl", b"\n\n", "empty"),
    "image.jsonl": ("jsonl", PNG, "an image"),
    "utf-16.jsonl": ("jsonl", LINE.decode().encode("utf-16"), "UTF-16"),
    "list.jsonl": ("jsonl", LINE + b"[1, 2]\n", "line 2: not an event: expected a JSON object"),
    "half.jsonl": ("jsonl", LINE + LINE[:20], "line 2: not JSON"),
    "pretty.jsonl": ("jsonl", json.dumps(EVENT, indent=1).encode(), "line 1: not JSON"),
    "deep.jsonl": ("jsonl", b'{"a":' * 100 + b"1" + b"}" * 100, "deeper than 32"),
    "deepest.jsonl": ("jsonl", b'{"a":' + b"[" * 1_000_000, "deeper than 32"),
    "nan.jsonl": ("jsonl", b'{"type": NaN}', "not JSON: NaN"),
    "huge.jsonl": ("jsonl", b'{"n": 1' + b"0" * 100_000 + b"}", "a number that not every reader"),
    "infinite.jsonl": ("jsonl", b'{"n": 1e999}', "a number that not every reader"),
    "twice.jsonl": ("jsonl", b'{"type": "a", "type": "b"}', "given twice: 'type'"),
    "surrogate.jsonl": ("jsonl", b'{"type": "\\ud800"}', "half a surrogate pair"),
    "nul.jsonl": ("jsonl", LINE + b"\x00", "line 2: binary"),
}


@pytest.fixture(scope="module")
def store(peopled: Peopled) -> Engine:
    """One for all of them: nothing is written to it."""
    return peopled("sqlite")


def refused(engine: Engine, kind: str, path: Path) -> str:
    type_ = None if kind == "jsonl" else "agreement.signed"
    before = log_of(engine)
    with pytest.raises(Invalid) as wrong:
        run(engine, generic_profile(kind, path, type_), path.parent)
    assert log_of(engine) == before
    return wrong.value.message


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_file_is_refused_in_one_line(store: Engine, tmp_path: Path, name: str) -> None:
    kind, content, words = WRONG[name]
    path = tmp_path / name
    path.write_bytes(content)
    message = refused(store, kind, path)
    assert words in message
    assert name in message
    assert "\n" not in message
    assert len(message) < 1_000


def test_a_row_at_the_end_of_a_good_file_stops_all_of_it(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_bytes(HEADER + ROW * 5_000 + b"vcdr-1961\n")
    assert "line 5002" in refused(engine, "csv", path)


def test_a_folder_and_a_file_that_is_not_there_are_refused(store: Engine, tmp_path: Path) -> None:
    for kind in ("csv", "xlsx", "jsonl"):
        assert "a folder, not a file" in refused(store, kind, tmp_path)
        assert "no such file" in refused(store, kind, tmp_path / f"nowhere.{kind}")


LIMITED = """
import resource, sys
from pathlib import Path
from registry.domain.errors import Invalid
from registry.ingest.generic import generic_profile
from registry.ingest.names import Names
from registry.ingest.profile import Reading
kind, path = sys.argv[1], Path(sys.argv[2])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    profile = generic_profile(kind, path, None if kind == "jsonl" else "agreement.signed")
    for _ in profile.read(Reading(profile, path.parent, Names({}, 0))):
        pass
except Invalid as wrong:
    print(wrong.message)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


def alone(kind: str, path: Path) -> tuple[str, int]:
    """What a process of its own says of the file, and by how many MiB it grew over it."""
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, kind, str(path)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).resolve().parents[2],
    )
    *message, grown = done.stdout.splitlines()
    return "\n".join(message), int(grown)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
@pytest.mark.parametrize("fill", [b"\x00", b"x"])
def test_a_line_of_two_gigabytes_takes_no_memory(tmp_path: Path, kind: str, fill: bytes) -> None:
    path = tmp_path / f"endless.{kind}"
    with path.open("wb") as file:
        file.write((HEADER if kind == "csv" else LINE) + fill * (LONGEST_LINE + 1))
        file.truncate(2 << 30)  # a hole, which takes no room either
    message, grown = alone(kind, path)
    assert "line 2" in message
    assert ("binary" if fill == b"\x00" else "longer than") in message
    assert grown < 100


def test_a_workbook_that_unpacks_to_far_more_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(repacked(book(), sheet1=bomb))
    assert path.stat().st_size < 2_000_000
    message, grown = alone("xlsx", path)
    assert "unpacks to more than" in message
    assert grown < 100


def test_a_workbook_that_lies_about_its_size_is_not_believed(tmp_path: Path) -> None:
    content = bytearray(repacked(book(), sheet1=bomb))
    with zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        honest = struct.pack("<I", archive.getinfo("xl/worksheets/sheet1.xml").file_size)
    path = tmp_path / "liar.xlsx"
    path.write_bytes(bytes(content).replace(honest, struct.pack("<I", 2_000)))
    message, grown = alone("xlsx", path)
    assert "damaged" in message
    assert grown < 100


def test_a_file_that_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "round-and-round.csv"
    path.symlink_to(path)
    with pytest.raises(Invalid, match="cannot be read: Too many levels"):
        next(read_csv(path, File(path.name, ("type",))))

"""Tables as they come: rows with their place and verbatim cells; what is no table is refused."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from registry.domain.errors import Invalid

LONGEST_LINE: Final = 4_000_000
LONGEST_CELL: Final = 1_000_000
_FORMULA: Final = re.compile(r"\s*(=|[@+-]\s*[A-Za-z_.]+\s*\()")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a dataset and the columns that it must have; more are let be."""

    name: str
    columns: tuple[str, ...]
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the file, the line on which it begins (the header is line 1), its verbatim cells."""

    file: str
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        """The cell without blanks around it; KeyError for a column that the file has not."""
        return self.cells[column].strip()


def read_csv(path: Path, file: File) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8 (RFC 4180, a header row).

    Invalid, in one line with the place, for what is no such file: binary, another encoding, a
    missing column, a ragged row, a line without end, a cell that a spreadsheet would compute.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Invalid(f"{file.name}: cannot be read: {error.strerror}") from None
    with raw:
        lines = _Lines(raw, file.name)
        reader = csv.reader(lines, strict=True)
        header: list[str] | None = None
        while True:
            begins = lines.count + 1
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as wrong:
                raise Invalid(f"{file.name}, line {begins}: not CSV: {wrong}") from None
            if header is None:
                header = _header(cells, file)
            elif cells:
                yield _row(header, cells, begins, file.name)
        if header is None:
            raise Invalid(f"{file.name}: empty: expected a header row and rows")


def _header(cells: list[str], file: File) -> list[str]:
    header = [each.strip() for each in cells]
    if missing := [each for each in file.columns if each not in header]:
        raise Invalid(f"{file.name}: missing column {', '.join(missing)} (has {_some(header)})")
    if doubled := sorted({each for each in header if header.count(each) > 1}):
        raise Invalid(f"{file.name}: column {doubled[0]!r} stands there twice")
    return header


def _some(header: list[str]) -> str:
    shown = ", ".join(each[:40] for each in header[:12])
    return f"{shown}, ..." if len(header) > 12 else shown


def _row(header: list[str], cells: list[str], line: int, name: str) -> Row:
    if len(cells) != len(header):
        raise Invalid(f"{name}, line {line}: expected {len(header)} cells, got {len(cells)}")
    for column, cell in zip(header, cells, strict=True):
        refuse_formula(cell, f"{name}, line {line}, {column}")
        if len(cell) > LONGEST_CELL:
            raise Invalid(f"{name}, line {line}, {column}: more than {LONGEST_CELL} characters")
    return Row(name, line, dict(zip(header, cells, strict=True)))


def refuse_formula(cell: str, where: str) -> None:
    """Invalid for a cell that a spreadsheet would compute: the file holds no plain values."""
    if cell[:1] in "=@+- \t" and cell and _FORMULA.match(cell):
        raise Invalid(f"{where}: a formula, not a value: {cell[:40]!r}")


class _Lines:
    """The lines of a file as text, never more than one bounded line in memory."""

    def __init__(self, raw: BinaryIO, name: str) -> None:
        self.raw = raw
        self.name = name
        self.count = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.raw.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.count += 1
        if len(line) > LONGEST_LINE:
            raise Invalid(
                f"{self.name}, line {self.count}: longer than {LONGEST_LINE} bytes: not a table"
            )
        if b"\x00" in line:
            raise Invalid(f"{self.name}, line {self.count}: binary, not a CSV file")
        try:
            text = line.decode()
        except UnicodeDecodeError as wrong:
            raise Invalid(
                f"{self.name}, line {self.count}: not UTF-8 (byte {wrong.start + 1} of the line)"
            ) from None
        return text.removeprefix("\ufeff") if self.count == 1 else text

"""Tables as they come: rows with their place and verbatim cells; what is no table is refused."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from registry.domain.errors import Invalid

LONGEST_LINE: Final = 4_000_000
LONGEST_CELL: Final = 1_000_000
LONGEST_ROW: Final = 8_000_000
"""Bytes, however many lines a row takes."""
_SIGNS: Final = (
    (b"PK\x03\x04", "a workbook or an archive (ZIP)"),
    (b"\xd0\xcf\x11\xe0", "an old or protected workbook (OLE)"),
    (b"\x7fELF", "a program"),
    (b"\x89PNG", "an image"),
    (b"%PDF", "a PDF"),
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"SQLite format 3", "a database"),
    (b"\xff\xfe", "UTF-16, not UTF-8"),
    (b"\xfe\xff", "UTF-16, not UTF-8"),
)
_PARTED: Final = re.compile(r"[;\t|]")
_FORMULA: Final = re.compile(r"\s*(=|[@+-]\s*[A-Za-z_.]+\s*\()")


Check = Callable[[Sequence[str]], None]


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


@dataclass(frozen=True)
class Content:
    """A file that is held in memory, and was never written under the name that it has."""

    name: str
    content: bytes

    def open(self) -> BinaryIO:
        return io.BytesIO(self.content)


def read_csv(
    path: Path | Content, file: File, check: Check = lambda _header: None
) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8 (RFC 4180, a header row).

    Invalid, in one line with the place, for what is no such file: binary, another encoding, a
    missing column, a ragged row, a line without end, a cell that a spreadsheet would compute.
    `check` may refuse the header for more.
    """
    with opened(path, file.name) as raw:
        lines = Lines(raw, file.name, "a CSV file")
        reader = csv.reader(lines, strict=True)
        header: list[str] | None = None
        while True:
            begins = lines.count + 1
            lines.row_begins()
            try:
                cells = next(reader)
            except StopIteration:
                break
            except csv.Error as wrong:
                raise Invalid(f"{file.name}, line {begins}: not CSV: {_why(wrong)}") from None
            if header is None:
                header = checked_header(cells, file)
                check(header)
            elif cells:
                yield _row(header, cells, begins, file.name)
        if header is None:
            raise Invalid(f"{file.name}: empty: expected a header row and rows")


@contextmanager
def opened(path: Path | Content, name: str) -> Iterator[BinaryIO]:
    """The file's bytes; Invalid in one line where it cannot be read."""
    try:
        raw: BinaryIO = path.open() if isinstance(path, Content) else path.open("rb")
    except OSError as error:
        raise Invalid(f"{name}: cannot be read: {error.strerror}") from None
    with raw:
        yield raw


def what_it_is(head: bytes) -> str | None:
    """What a file is by its first bytes, where these tell."""
    return next((what for sign, what in _SIGNS if head.startswith(sign)), None)


def _why(wrong: csv.Error) -> str:
    words = str(wrong)
    if "field larger" in words or "unexpected end" in words:
        return "a quotation mark is opened and not closed, or a cell is far too long"
    return words


def checked_header(cells: list[str], file: File) -> list[str]:
    """The names of the columns; Invalid for one that is missing or doubled."""
    header = [each.strip() for each in cells]
    if missing := [each for each in file.columns if each not in header]:
        hint = (
            "; cells are parted by commas" if len(header) == 1 and _PARTED.search(header[0]) else ""
        )
        raise Invalid(
            f"{file.name}: missing column {', '.join(missing)} (has {_some(header)}){hint}"
        )
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


class Lines:
    """The lines of a file as text, never more than one bounded line in memory.

    `what`: the kind of file it should be, for the refusal: a CSV file.
    """

    def __init__(self, raw: BinaryIO, name: str, what: str) -> None:
        self.raw = raw
        self.name = name
        self.what = what
        self.count = 0
        self._of_row = 0

    def row_begins(self) -> None:
        """Count anew how much the row takes that begins with the next line."""
        self._of_row = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.raw.readline(LONGEST_LINE + 1)
        if not line:
            raise StopIteration
        self.count += 1
        self._of_row += len(line)
        where = f"{self.name}, line {self.count}"
        if self.count == 1 and (found := what_it_is(line)) is not None:
            raise Invalid(f"{self.name}: not {self.what}: {found}")
        if b"\x00" in line:
            raise Invalid(f"{where}: binary, not {self.what}")
        if len(line) > LONGEST_LINE:
            raise Invalid(f"{where}: longer than {LONGEST_LINE} bytes: not {self.what}")
        if self._of_row > LONGEST_ROW:
            raise Invalid(f"{where}: a row of more than {LONGEST_ROW} bytes: not {self.what}")
        try:
            text = line.decode()
        except UnicodeDecodeError as wrong:
            raise Invalid(f"{where}: not UTF-8 (byte {wrong.start + 1} of the line)") from None
        return text.removeprefix("\ufeff") if self.count == 1 else text

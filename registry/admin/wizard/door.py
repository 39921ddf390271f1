"""What a file is, by its content: no file gets in that is no table or list of events."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.domain import dates
from registry.domain.errors import Invalid
from registry.ingest.files import Content, File, Row
from registry.ingest.generic import table_rows
from registry.ingest.jsonl import read_jsonl

MOST_BYTES: Final = 4_000_000
MOST_ROWS: Final = 5_000
"""A dry run holds the head of the log for all its rows; what is longer is for the shell."""
_SAMPLES: Final = 3
_LONGEST_SAMPLE: Final = 80
_MOST_COLUMNS: Final = 200
_ADVICE: Final = (
    ("UTF-", "Save it as “CSV UTF-8”, or as a workbook (XLSX)."),
    ("formula", "Put the values in place of the formulas (copy, then paste as values)."),
    ("an error, not a value", "Mend the cell in the spreadsheet."),
    ("old or protected", "Save it as a workbook (XLSX) without a password."),
)


@dataclass
class Found:
    """`samples`: a few different cells of each column. `types`: what a column `type` says."""

    kind: str
    rows: int = 0
    header: list[str] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)
    types: list[str] = field(default_factory=list)


def look_at(content: bytes) -> Found:
    """Read it to its end; Invalid, in words for whoever gave it, for what cannot be taken in."""
    if len(content) > MOST_BYTES:
        raise Invalid(
            f"The file is larger than {megabytes(MOST_BYTES)}. Part it into several files, or ask "
            "whoever runs the register to import it."
        )
    try:
        return _found(kind_of(content), content)
    except Invalid as wrong:
        raise Invalid(in_words(wrong.message)) from None


def kind_of(content: bytes) -> str:
    """Told by the first bytes, whatever the file is called."""
    if content.startswith(b"PK\x03\x04"):
        return "xlsx"
    begins = content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
    return "jsonl" if begins in (b"{", b"[") else "csv"


def as_file(kind: str, content: bytes) -> Content:
    """The content as a file of our own name, which is never written to a disk."""
    return Content(f"{_NAME}.{kind}", content)


_NAME: Final = "upload"


def in_words(message: str) -> str:
    """What a reader of files says, as a sentence about the file that was given, with advice."""
    for kind in ("csv", "xlsx", "jsonl"):
        for parted in (": ", ", "):
            message = message.removeprefix(f"{_NAME}.{kind}{parted}")
    words = f"{message[:1].upper()}{message[1:]}".rstrip(".") + "."
    return " ".join([words, *(advice for sign, advice in _ADVICE if sign in message)])


def where(file: str) -> str:
    """The sheet that a row stands in; empty in a plain file."""
    return file.partition(", sheet ")[2]


def megabytes(count: int) -> str:
    return f"{count / 1_000_000:g} MB"


def _found(kind: str, content: bytes) -> Found:
    found = Found(kind)
    file = as_file(kind, content)
    if kind == "jsonl":
        rows: Iterator[Row] = (row for row, _ in read_jsonl(file, file.name))
    else:
        rows = table_rows(kind, file, File(file.name, ()), lambda h: _take_header(found, h))
    for row in rows:
        found.rows += 1
        if found.rows > MOST_ROWS:
            raise Invalid(
                f"more than {MOST_ROWS} rows: part it into several files, or ask whoever runs "
                "the register to import it"
            )
        _take(found, row)
    if not found.rows:
        raise Invalid("there is no row below the names of the columns")
    return found


def _take_header(found: Found, header: Sequence[str]) -> None:
    if not any(header):
        raise Invalid("the first row is blank: it must name the columns")
    if len(header) == 1 and (parted := next((each for each in ";\t|" if each in header[0]), "")):
        by = {";": "semicolons", "\t": "tabs"}.get(parted, f"“{parted}”")
        raise Invalid(
            f"its cells are parted by {by}, not by commas: save it as a workbook (XLSX), or with "
            "commas"
        )
    if len(header) > _MOST_COLUMNS:
        raise Invalid(f"more than {_MOST_COLUMNS} columns")
    if values := [each for each in header if _is_value(each)]:
        raise Invalid(
            f"the first row must name the columns, and “{values[0][:40]}” is no name but a value"
        )
    found.header = list(header)
    found.samples = {each: [] for each in header}


def _is_value(cell: str) -> bool:
    if cell.replace(".", "", 1).isdigit():
        return True
    try:
        dates.parse(cell)
    except Invalid:
        return False
    return bool(cell)


def _take(found: Found, row: Row) -> None:
    for name, samples in found.samples.items():
        cell = row.cells[name].strip()[:_LONGEST_SAMPLE]
        if cell and len(samples) < _SAMPLES and cell not in samples:
            samples.append(cell)
    said = row.cells.get("type", "").strip()
    if said and said not in found.types and len(found.types) < _MOST_COLUMNS:
        found.types.append(said)

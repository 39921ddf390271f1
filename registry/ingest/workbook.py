"""Workbooks (XLSX) as tables: the first sheet, cells as the text that a person reads in them.

A workbook is an archive of XML, so it is weighed and searched before it is opened: what would
unpack to more than is reasonable, or declares entities, is refused.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter

from registry.domain.errors import Invalid
from registry.ingest.files import (
    LONGEST_CELL,
    Check,
    Content,
    File,
    Row,
    checked_header,
    opened,
    what_it_is,
)

MOST_PARTS: Final = 2_000
MOST_PACKED: Final = 100_000_000
MOST_UNPACKED: Final = 256_000_000
_LARGEST_STRINGS: Final = 64_000_000
"""The shared strings are held in memory."""
_LARGEST_PART: Final = 10_000_000
"""Styles and the like are held in memory, as objects."""
LAST_ROW: Final = 1_048_576
_BLOCK: Final = 1 << 20
_KEPT: Final = 200
_ENTITIES: Final = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_MERGED: Final = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?ref=[\"']([A-Z0-9:]{1,30})")
_ENCODING: Final = re.compile(rb"<\?xml[^>]*?encoding=[\"']([^\"']*)")
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ParseError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What openpyxl and zipfile raise at a file that is damaged, whatever the damage is."""


def read_xlsx(
    path: Path | Content, file: File, check: Check = lambda _header: None
) -> Iterator[Row]:
    """The rows of the first sheet, below its header; blank rows are no rows.

    A date is its ISO day; where the cell shows only a month or a year, that. Invalid, in one line
    with sheet and cell, for a formula, an error, merged cells, and for what is no workbook.
    """
    merged = _weighed(path, file.name)
    with ExitStack() as stack:
        raw = stack.enter_context(opened(path, file.name))
        try:
            book = load_workbook(raw, read_only=True, keep_links=False)
        except _BROKEN:
            words = f"{file.name}: not an XLSX workbook: damaged, or something else"
            raise Invalid(words) from None
        stack.enter_context(closing(book))
        sheet = _first(book, file.name)
        where = f"{file.name}, sheet {sheet.title}"
        if cells := merged.get(str(sheet._worksheet_path)):  # noqa: SLF001 - merges are not told otherwise
            raise Invalid(f"{where}: cells {cells} are merged: which of them is meant?")
        sheet.reset_dimensions()
        header: list[str] | None = None
        try:
            for line, cells_ in _quietly(sheet.iter_rows(), where):
                texts = _texts(cells_, f"{where}, cell")
                if header is None and any(texts):
                    header = checked_header(_trimmed(texts), file)
                    check(header)
                elif header is not None and any(texts):
                    yield _row(header, texts, line, where)
        except Invalid:
            raise
        except _BROKEN as wrong:
            raise Invalid(f"{where}: damaged: {type(wrong).__name__}") from None
        if header is None:
            raise Invalid(f"{where}: empty: expected a header row and rows")


def _weighed(path: Path | Content, name: str) -> dict[str, str]:
    """The first merged cells of each sheet by path, once the archive is found to be harmless."""
    with opened(path, name) as raw:
        head = raw.read(_BLOCK)
        packed = raw.seek(0, 2)
        if not head.startswith(b"PK\x03\x04"):
            what = (what_it_is(head) if head else "empty") or "expected an archive (ZIP)"
            raise Invalid(f"{name}: not an XLSX workbook: {what}")
        if packed > MOST_PACKED:
            raise Invalid(f"{name}: more than {MOST_PACKED} bytes: give it as CSV")
        try:
            with zipfile.ZipFile(raw) as archive:
                return _searched(archive, name)
        except Invalid:
            raise
        except _BROKEN as wrong:
            raise Invalid(f"{name}: not an XLSX workbook: a damaged archive ({wrong})") from None


def _searched(archive: zipfile.ZipFile, name: str) -> dict[str, str]:
    parts = archive.infolist()
    if "[Content_Types].xml" not in {each.filename for each in parts}:
        raise Invalid(f"{name}: not an XLSX workbook: an archive of something else")
    if len(parts) > MOST_PARTS or sum(each.file_size for each in parts) > MOST_UNPACKED:
        raise Invalid(f"{name}: unpacks to more than {MOST_UNPACKED} bytes: not opened")
    merged: dict[str, str] = {}
    for part in parts:
        if not part.filename.lower().endswith((".xml", ".rels")):
            continue
        if part.file_size > _largest(part.filename):
            raise Invalid(
                f"{name}: {part.filename[:60]} unpacks to {part.file_size} bytes: not opened"
            )
        with archive.open(part) as stream:
            kept = b""
            while block := stream.read(_BLOCK):
                if not kept:
                    _refuse_encoding(block, name, part.filename)
                searched = kept + block
                if _ENTITIES.search(searched):
                    raise Invalid(f"{name}: {part.filename[:60]} declares XML entities: not opened")
                if part.filename not in merged and (found := _MERGED.search(searched)):
                    merged[part.filename] = found[1].decode()
                kept = searched[-_KEPT:]
    return merged


def _largest(part: str) -> int:
    if "worksheets/" in part:
        return MOST_UNPACKED
    return _LARGEST_STRINGS if part.endswith("sharedStrings.xml") else _LARGEST_PART


def _refuse_encoding(head: bytes, name: str, part: str) -> None:
    """Only in UTF-8 is a declaration of entities where it is looked for."""
    said = _ENCODING.search(head[:_KEPT])
    other = said is not None and said[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    if other or b"\x00" in head[:_KEPT] or head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Invalid(f"{name}: {part[:60]} is not in UTF-8: not opened")


def _first(book: Workbook, name: str) -> Any:
    shown = [each for each in book.worksheets if each.sheet_state == "visible"]
    if not shown:
        raise Invalid(f"{name}: has no sheet to read")
    return shown[0]


def _quietly(rows: Iterator[tuple[Any, ...]], where: str) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """Rows with their numbers; openpyxl's warnings about parts it leaves out say nothing to us."""
    line = 0
    while True:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            block = list(islice(rows, 200))
        if not block:
            return
        for cells in block:
            line += 1
            if line > LAST_ROW:
                raise Invalid(f"{where}: more than {LAST_ROW} rows: no workbook has so many")
            yield line, cells


def _texts(cells: tuple[Any, ...], where: str) -> list[str]:
    return ["" if cell.value is None else _text(cell, f"{where} {_named(cell)}") for cell in cells]


def _named(cell: Any) -> str:
    return f"{get_column_letter(cell.column)}{cell.row}"


def _text(cell: Any, where: str) -> str:
    value = cell.value
    if cell.data_type == "f":
        shown = value if isinstance(value, str) else "of several cells"
        raise Invalid(f"{where}: a formula, not a value: {shown[:40]}")
    if cell.data_type == "e":
        raise Invalid(f"{where}: an error, not a value: {value}")
    match value:
        case str():
            if len(value) > LONGEST_CELL:
                raise Invalid(f"{where}: more than {LONGEST_CELL} characters")
            return value
        case bool():
            return "true" if value else "false"
        case datetime():
            return _day(value, str(cell.number_format))
        case date() | time():
            return value.isoformat()
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
    return str(value)


def _day(value: datetime, shown_as: str) -> str:
    """The day; the month or year where no more is shown: a spreadsheet makes May 2011 of 1 May."""
    if value.time() != time():
        return value.isoformat()
    parts = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", shown_as.lower())
    if "d" not in parts and "y" in parts and value.day == 1:
        if "m" in parts:
            return f"{value:%Y-%m}"
        if value.month == 1:
            return f"{value:%Y}"
    return value.date().isoformat()


def _trimmed(texts: list[str]) -> list[str]:
    """Without the blank cells at the end."""
    while texts and not texts[-1].strip():
        texts = texts[:-1]
    return texts


def _row(header: list[str], texts: list[str], line: int, where: str) -> Row:
    found = _trimmed(texts)
    if len(found) > len(header):
        raise Invalid(f"{where}, row {line}: expected {len(header)} cells, got {len(found)}")
    cells = found + [""] * (len(header) - len(found))
    return Row(where, line, dict(zip(header, cells, strict=True)))

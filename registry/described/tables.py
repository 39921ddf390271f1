"""Rows as files that other programs read: CSV, JSON lines, a workbook, Parquet."""

import csv
import io
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO, Final

import orjson

from registry.described.cells import cell
from registry.domain.errors import Invalid

Row = Mapping[str, Any]

CHUNK: Final = 500
SHEET_ROWS: Final = 1_048_575
"""A sheet holds no more, beside its header."""
_THEN: Final = (1980, 1, 1, 0, 0, 0)
_STAMP: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")


@dataclass(frozen=True)
class Column:
    """`kind`: text, whole (number), yes_no, day (ISO 8601) or many (texts)."""

    name: str
    kind: str
    doc: str


def as_csv(columns: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """A header, then a line a row; what a spreadsheet would compute begins with an apostrophe."""
    waiting = iter(rows)
    head: list[Sequence[Any]] = [columns]
    while True:
        part = [[cell(row.get(name)) for name in columns] for row in islice(waiting, CHUNK)]
        if not (head or part):
            return
        text = io.StringIO()
        csv.writer(text).writerows([*head, *part])
        yield text.getvalue().encode()
        head = []


def as_json_lines(rows: Iterable[Row]) -> Iterator[bytes]:
    waiting = iter(rows)
    while part := list(islice(waiting, CHUNK)):
        yield b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in part)


@dataclass(frozen=True)
class Sheet:
    title: str
    columns: Sequence[str]
    rows: Iterable[Row]


def as_workbook(sheets: Sequence[Sheet]) -> Iterator[bytes]:
    """An XLSX of these sheets; the same rows make the same bytes, whenever they are written."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load, and rarely wanted

    book = Workbook(write_only=True)
    for each in sheets:
        sheet = book.create_sheet(each.title)
        sheet.append(list(each.columns))
        for number, row in enumerate(each.rows):
            if number >= SHEET_ROWS:
                raise Invalid(
                    f"more than {SHEET_ROWS} rows: a workbook holds no more (take csv or jsonl)",
                    "format",
                )
            sheet.append([_in_sheet(row.get(name)) for name in each.columns])
    with tempfile.TemporaryFile() as written, tempfile.TemporaryFile() as steady:
        book.save(written)
        _copy_without_times(written, steady)
        steady.seek(0)
        while part := steady.read(65_536):
            yield part


_UNSEEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def _in_sheet(value: Any) -> Any:
    """Numbers and truths stay what they are. Characters that no workbook may hold are left out."""
    if value is None or isinstance(value, bool | int):
        return value
    text = cell(value)
    return _UNSEEN.sub("", text)[:32_767] if isinstance(text, str) else text


def _copy_without_times(source: BinaryIO, target: BinaryIO) -> None:
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = zipfile.ZipInfo(name, _THEN)
            part.compress_type = zipfile.ZIP_DEFLATED
            with old.open(name) as reader, new.open(part, "w") as writer:
                if name == "docProps/core.xml":
                    writer.write(_STAMP.sub(rb"\g<1>1980-01-01T00:00:00Z", reader.read()))
                    continue
                while text := reader.read(65_536):
                    writer.write(text)


def write_parquet(
    columns: Sequence[Column], rows: Iterable[Row], said: Mapping[str, str], file: BinaryIO
) -> None:
    """`said` goes into the file's own metadata. Invalid where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - an extra
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise Invalid(
            "Parquet needs an extra: pip install 'agreement-registry[parquet]'", "format"
        ) from None
    kinds: dict[str, Any] = {
        "whole": pa.int64(),
        "yes_no": pa.bool_(),
        "many": pa.list_(pa.string()),
    }
    schema = pa.schema(
        [
            pa.field(each.name, kinds.get(each.kind, pa.string()), metadata={"doc": each.doc})
            for each in columns
        ],
        metadata=dict(said),
    )
    waiting = iter(rows)
    with pq.ParquetWriter(file, schema) as writer:
        while part := list(islice(waiting, 10_000)):
            writer.write_batch(pa.RecordBatch.from_pylist([dict(row) for row in part], schema))

"""What is fuzzed: readers of what strangers write. Each takes bytes and may only refuse them."""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import openpyxl
import orjson

from registry import codec
from registry.domain import dates
from registry.domain.dates import MAX_DAY, MIN_DAY, Edtf
from registry.domain.errors import RegistryError
from registry.domain.words import words_of
from registry.ingest.files import Content
from registry.ingest.generic import generic_profile
from registry.ingest.names import Names
from registry.ingest.profile import Reading

Target = Callable[[bytes], None]


def edtf(data: bytes) -> None:
    """What is read means days within the calendar, and reads the same again."""
    text = data.decode(errors="replace")
    try:
        read = dates.parse(text)
    except RegistryError:
        return
    _is_a_date(read)
    assert read.text == text
    assert dates.parse(read.text) == read


def written_by_people(data: bytes) -> None:
    """A date as people write it: what is understood is EDTF, and can be said in words again."""
    text = data.decode(errors="replace")
    for read in (dates.from_human, dates.parse_messy):
        try:
            understood = read(text)
        except RegistryError:
            continue
        _is_a_date(understood)
        assert dates.parse(understood.text) == understood
        assert dates.human(understood)


def event(data: bytes) -> None:
    """One event of JSON: what is accepted is written and read as the same event."""
    try:
        said = orjson.loads(data)
        read = codec.read(said)
    except (orjson.JSONDecodeError, RegistryError):
        return
    assert codec.read(codec.write(read)) == read


def csv(data: bytes) -> None:
    _import("csv", data)


def jsonl(data: bytes) -> None:
    _import("jsonl", data)


def xlsx(data: bytes) -> None:
    """Either the bytes are a workbook, or they are the first sheet of one."""
    _import("xlsx", data)
    if len(data) < 50_000:
        _import("xlsx", _workbook_around(data))


def words(data: bytes) -> None:
    text = data.decode(errors="replace")
    for word in words_of(text):
        assert words_of(word) == [word]


TARGETS: Final[dict[str, Target]] = {
    each.__name__: each for each in (edtf, written_by_people, event, csv, jsonl, xlsx, words)
}

SEEDS: Final[dict[str, tuple[bytes, ...]]] = {
    "edtf": (b"2012-06-20", b"[2008,2010..2011-03]", b"{1667..}", b"156X-12~/..", b"-0044-03%"),
    "written_by_people": (b"c. June 2012", b"between 2008 and 2011", b"20.6.2012", b"before 44 BC"),
    "event": (b'{"type":"relations.severed","parties":["BOL","USA"],"occurred":"2008~"}',),
    "csv": (
        b'agreement,party,occurred\nvcdr-1961,BOL,"20 June 1961"\n',
        b"a;b\n1;2\n",
        b"\xef\xbb\xbf",
    ),
    "jsonl": (b'{"type":"agreement.signed","agreement":"x","party":"BOL","occurred":"1961"}\n',),
    "xlsx": (b"<row r='1'><c t='inlineStr'><is><t>agreement</t></is></c></row>",),
    "words": ("Yucatán 北京 ½ n\u0303".encode(),),
}


def _is_a_date(read: Edtf) -> None:
    assert MIN_DAY <= read.earliest <= read.latest <= MAX_DAY


def _import(kind: str, data: bytes) -> None:
    content = Content(f"fuzz.{kind}", data)
    try:
        profile = generic_profile(kind, content, None if kind == "jsonl" else "agreement.signed")
        for _said in profile.read(Reading(profile, Path(), Names({}, 0))):
            pass
    except RegistryError as refused:
        words = str(refused)
    else:
        return
    assert "\n" not in words


@cache
def _parts_of_a_workbook() -> dict[str, bytes]:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("events", 0)
    sheet.append(["agreement", "party", "occurred"])
    made = io.BytesIO()
    book.save(made)
    with zipfile.ZipFile(made) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _workbook_around(sheet: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in _parts_of_a_workbook().items():
            before, ending, after = content.partition(b"</sheetData>")
            archive.writestr(name, before + (sheet if ending else b"") + ending + after)
    return made.getvalue()

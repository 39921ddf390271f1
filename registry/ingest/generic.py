"""Tables and files of events that anybody made: CSV, XLSX and JSONL, read by the catalogue.

The columns are those of `registry.described.rows`, or those of a list of events that the register
answered as CSV: what the register itself adds there is let be. Beside them `type` (or one type
said for the whole file) and `id`, the maker's own number of the row. An `id` that is a UUID is
the event's id; another one makes it, with the type; without one the row's content does, and its
ordinal among equal rows. So a file that is given again adds nothing.

Dates may be as people write them (`c. 2011`, `24.10.1648`); what is not EDTF is kept as written
in the note. Parties may be ids, codes (`cow:145`) or names valid on the day of the event.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from registry import codec
from registry.described import columns, from_row
from registry.domain import dates
from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.errors import Invalid, Problems
from registry.domain.events.parties import PartyRecorded
from registry.domain.fields import Kind, told_by
from registry.ingest.files import Check, Content, File, Row, read_csv
from registry.ingest.jsonl import read_jsonl
from registry.ingest.meant import Meant
from registry.ingest.parties import Parties
from registry.ingest.profile import Act, Held, Outcome, Profile, Reading, Refused, Said
from registry.ingest.workbook import read_xlsx
from registry.record.clock import clock

KINDS: Final = ("csv", "xlsx", "jsonl")
ADDED: Final = (
    "position",
    "moment",
    "recorded_at",
    "recorded_by",
    "reviewed_by",
    "stream",
    "stream_version",
    "type_version",
    "standing",
    "standing.state",
    "standing.retracted_by",
    "standing.erased_by",
    "standing.amended_by",
    "standing.confidence_changed_by",
    "reading",
)
"""What the register says of an event in its answers; no importer takes it from a file."""
HINT: Final = "# "
"""A row right below the header whose cells all begin so is a template's hints."""
_OWN: Final = ("type", "id", "event_id")
_JSON: Final = (Kind.NAMES, Kind.CODES, Kind.EXTERNAL_IDS, Kind.SUBJECT, Kind.CONTENT)
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_GUARDED: Final = re.compile(r"'(?=[=+\-@\t\r])")
_MICROSECONDS_A_DAY: Final = 86_400_000_000
_EPOCH: Final = dates.parse_day("1970-01-01")


def generic_profile(
    kind: str, path: Path | Content, type_: str | None, fields: Mapping[str, str] | None = None
) -> Profile:
    """A file of events as a profile; Invalid for a type that is none and a path that is no file.

    `fields`: what each column of a table holds (empty: it is left out), where columns are not
    named so themselves.
    """
    if kind not in KINDS:
        raise Invalid(f"expected one of {', '.join(KINDS)}; got {kind[:40]!r}")
    if type_ is not None:
        if kind == "jsonl":
            raise Invalid("only for csv and xlsx: a line of JSON says its own type", "--type")
        try:
            codec.type_named(type_)
        except Invalid as wrong:
            close = get_close_matches(type_, CATALOGUE, 3)
            hint = f"; close: {', '.join(close)}" if close else ""
            raise Invalid(f"{wrong.message}{hint}", "--type", tuple(close)) from None
    if isinstance(path, Path):
        if path.is_dir():
            raise Invalid(f"{path}: a folder, not a file")
        if not path.is_file():
            raise Invalid(f"{path}: there is no such file")
    return Profile(
        name="events",
        title=f"Events in {path.name}",
        files=(File(path.name, (), optional=isinstance(path, Content)),),
        sources=(),
        read=_lines_reader(path) if kind == "jsonl" else _table_reader(kind, path, type_, fields),
        names_as_of=dates.iso(_EPOCH + clock() // _MICROSECONDS_A_DAY),
    )


def table_rows(
    kind: str, path: Path | Content, file: File, check: Check = lambda _header: None
) -> Iterator[Row]:
    """The rows of a CSV or XLSX file, without the hints of a template below the header."""
    rows = read_csv if kind == "csv" else read_xlsx
    first = True
    for row in rows(path, file, check):
        hints, first = first and _is_hints(row), False
        if not hints:
            yield row


def known_columns(types: Sequence[type[Event]]) -> list[str]:
    """The fields that a column of a table of such events may hold."""
    return list(dict.fromkeys(each for cls in types for each in _known(cls)))


def _table_reader(
    kind: str, path: Path | Content, type_: str | None, fields: Mapping[str, str] | None
) -> Callable[[Reading], Iterator[Said]]:
    def read(reading: Reading) -> Iterator[Said]:
        file = reading.profile.files[0]
        table = _Table(reading, type_, fields=fields)
        for row in table_rows(kind, path, file, table.check):
            yield Said(row, table.outcomes(row))

    return read


def _lines_reader(path: Path | Content) -> Callable[[Reading], Iterator[Said]]:
    def read(reading: Reading) -> Iterator[Said]:
        lines = _Table(reading, None, written_by_people=False)
        for row, said in read_jsonl(path, path.name):
            yield Said(row, lines.told(said, row.cells))

    return read


def _is_hints(row: Row) -> bool:
    said = [each for each in row.cells.values() if each.strip()]
    return bool(said) and all(each.startswith(HINT) for each in said)


@dataclass
class _Table:
    """Rows on their way to acts. `written_by_people`: dates may be in words."""

    reading: Reading
    type_: str | None
    written_by_people: bool = True
    fields: Mapping[str, str] | None = None
    header: Sequence[str] = ()
    _checked: set[str] = field(default_factory=set)
    _equal: Counter[bytes] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        names = self.reading.names
        self.parties = Parties(names.parties, names.day, names)
        self._columns = {field_: column for column, field_ in (self.fields or {}).items()}

    def check(self, header: Sequence[str]) -> None:
        """Refuse the file for a column that is unknown, doubled in meaning or missing."""
        name = self.reading.profile.files[0].name
        header = [held for each in header if (held := self._field(each))]
        if doubled := sorted({each for each in header if header.count(each) > 1}):
            raise Invalid(f"{name}: two columns are said to hold {doubled[0]!r}")
        self.header = header
        if self.type_ is None and "type" not in header:
            raise Invalid(f"{name}: missing column type (or say one for all rows: --type)")
        types = [codec.type_named(self.type_)] if self.type_ else list(CATALOGUE.values())
        known = known_columns(types)
        for each in header:
            if each not in known and each not in _OWN and each not in ADDED:
                close = get_close_matches(each, known, 1)
                meant = f" (did you mean {close[0]}?)" if close else ""
                expected = f"; expected {_columns(types[0])}" if self.type_ else ""
                raise Invalid(f"{name}: unknown column {each[:60]!r}{meant}{expected}")
        if self.type_:
            self._complete(types[0])

    def _complete(self, cls: type[Event]) -> None:
        """Refuse the file where a column that this type needs is missing."""
        if cls.TYPE in self._checked:
            return
        self._checked.add(cls.TYPE)
        missing = [
            each.name
            for each in columns(cls)
            if each.required and each.name not in self.header and each.path[0] not in self.header
        ]
        if missing:
            name = self.reading.profile.files[0].name
            raise Invalid(
                f"{name}: missing column {', '.join(missing)} of {cls.TYPE}: {_columns(cls)}"
            )

    def outcomes(self, row: Row) -> list[Outcome]:
        """What follows from a row of a table; problems name its own columns."""
        cells = {
            held: _GUARDED.sub("", cell.strip(), count=1)
            for name, cell in row.cells.items()
            if cell.strip() and (held := self._field(name))
        }
        return [self._as_named(each) for each in self._outcomes(cells)]

    def _field(self, column: str) -> str:
        """What a column holds; empty where it is left out."""
        return column if self.fields is None else self.fields.get(column, "")

    def _as_named(self, outcome: Outcome) -> Outcome:
        if isinstance(outcome, Act):
            return outcome
        return replace(outcome, column=self._columns.get(outcome.column, outcome.column))

    def _outcomes(self, cells: Mapping[str, str]) -> list[Outcome]:
        type_ = cells.get("type", self.type_)
        if self.type_ is not None and type_ != self.type_:
            return [Refused("type", str(type_), f"all rows are said to be {self.type_}")]
        if type_ is None:
            return [Refused("type", "", "missing: the type of event")]
        if type_ not in CATALOGUE:
            return [Refused("type", type_, "not an event type")]
        cls = CATALOGUE[type_]
        self._complete(cls)
        try:
            said = _wire(cls, cells)
        except _NotJson as wrong:
            return [Refused(wrong.column, cells[wrong.column], wrong.reason)]
        return self.told(said, cells)

    def told(self, said: dict[str, Any], cells: Mapping[str, str]) -> list[Outcome]:
        """What follows from an event in wire form; `cells`: what it was read from."""
        said = {name: value for name, value in said.items() if value is not None}
        own = said.pop("event_id", None) or said.pop("id", None)
        standing = said.get("standing")
        state = standing.get("state") if isinstance(standing, dict) else None
        state = cells.get("standing.state", state)
        if state in ("retracted", "erased"):
            return [Held("standing.state", state, f"{state} in the register it comes from")]
        said = {name: value for name, value in said.items() if name not in (*ADDED, "id")}
        try:
            cls = codec.type_named(said.get("type"))
        except Invalid as wrong:
            return [Refused("type", cells.get("type", ""), wrong.message)]
        key = self._key(cls.TYPE, own, cells)
        found = Meant(cls, cells, self.parties, self.reading.agreements, self.written_by_people)
        said = found.event(said)
        if found.problems:
            return found.problems
        try:
            event = codec.read(said)
        except Problems as wrong:
            return [found.refused(each) for each in wrong.each]
        if isinstance(event, PartyRecorded):
            self.parties.learn(event)
        verbatim = "; ".join(f"{name}={cell}" for name, cell in cells.items())
        is_id = isinstance(own, str) and _UUID.fullmatch(own) is not None
        return [Act(key, said, "", verbatim, event_id=str(own) if is_id else "")]

    def _key(self, type_: str, own: Any, cells: Mapping[str, str]) -> str:
        if own is not None:
            return f"{type_}\x1fid\x1f{own}"
        content = sorted((k, v) for k, v in cells.items() if k not in (*ADDED, "type"))
        digest = hashlib.sha256(json.dumps([type_, content]).encode()).digest()
        self._equal[digest[:12]] += 1
        return f"{type_}\x1f{digest.hex()}\x1f{self._equal[digest[:12]]}"


def _known(cls: type[Event]) -> Iterator[str]:
    """The names that a column may have: its own, or a field whose records stand in it as JSON."""
    yield from (each.name for each in columns(cls))
    yield from (one.wire for one in told_by(cls) if one.kind is Kind.RECORD)


def _columns(cls: type[Event]) -> str:
    every = columns(cls)
    needed = ", ".join(each.name for each in every if each.required)
    others = ", ".join(each.name for each in every if not each.required)
    return f"{needed or 'none is needed'}; may have {others}"


class _NotJson(Exception):
    def __init__(self, column: str, reason: str) -> None:
        super().__init__(column)
        self.column, self.reason = column, reason


def _wire(cls: type[Event], cells: Mapping[str, str]) -> dict[str, Any]:
    """The wire form of cells, some of which may hold JSON."""
    records = {one.wire for one in told_by(cls) if one.kind is Kind.RECORD}
    as_json = {each.name for each in columns(cls) if each.told.kind in _JSON}
    plain: dict[str, str] = {}
    parsed: dict[str, Any] = {}
    for name, cell in cells.items():
        if name in records or (name in as_json and cell[:1] in ("{", "[")):
            try:
                parsed[name] = _bare(json.loads(cell))
            except (ValueError, RecursionError):
                raise _NotJson(
                    name, "not JSON: expected records as the register writes them"
                ) from None
        else:
            plain[name] = cell
    said = from_row(cls, plain)
    if both := next((name for name in parsed if name in said), None):
        raise _NotJson(both, "said here and in columns of its own")
    said |= {name: value for name, value in parsed.items() if value != []}
    return {**said, "type": cls.TYPE}


def _bare(value: Any) -> Any:
    """Without the records of sources that an answer adds to citations."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if isinstance(value, dict) and "source" in value:
        added = ("source_record", "via_record")
        return {k: v for k, v in value.items() if k not in added and v is not None}
    return value

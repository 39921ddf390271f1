"""A backup as lines: the log as it is exported, then every row beside it that no log tells, then a
last line that seals them all.

It is one snapshot, so others may go on recording, and it says the same whichever engine keeps the
register: it can be restored on either. Projections follow from the log and stay behind; so do
visits and failed sign-ins, for nobody is to be signed in by a backup. Webhooks come back paused, for
two registers are not to tell one receiver.
"""

import base64
import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

import orjson
from sqlalchemy import (
    Connection,
    Engine,
    Integer,
    LargeBinary,
    Table,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DataError, IntegrityError, StatementError

from registry.domain.errors import Conflict, Invalid
from registry.ingest.restoring import LONGEST, take_in
from registry.projections.batches import TABLES
from registry.projections.rebuild import build_first
from registry.projections.tables import generation
from registry.projections.write import RULES
from registry.store import log, webhooks
from registry.store.engine import is_sqlite, reading, writing
from registry.store.exporting import canonical, lines
from registry.store.people_tables import attempt, visit
from registry.store.tables import event, event_payload, event_tag, log_head, metadata, tree_node
from registry.store.verify import verify
from registry.store.word_tables import search_text, search_trigram, search_word

FORMAT: Final = 1
"""Version of the lines after the log. A change of any of them raises it."""
LAST: Final = "end_of_backup"

_OF_THE_LOG: Final = (event, event_payload, event_tag, log_head)
_FROM_THE_LOG: Final = (tree_node, search_text, search_word, search_trigram)
"""Written again as the log is taken in."""
_LEFT: Final = {*_OF_THE_LOG, *_FROM_THE_LOG, *TABLES, generation, visit, attempt}
KEPT: Final = tuple(table for table in metadata.sorted_tables if table not in _LEFT)
"""What is held beside the log: a table is in unless it is left out above."""
_BY_NAME: Final = {table.name: table for table in KEPT}
_CHUNK: Final = 500
_LINE: Final = 4 * LONGEST

Progress = Callable[[int, int], None]
Bar = Callable[[str], AbstractContextManager[Progress]]
"""A bar under a label, told how far it got and of how much."""


@dataclass(frozen=True)
class Held:
    """`rows`: beside the log."""

    positions: int
    root: str
    rows: int


def _no_bar(_label: str) -> AbstractContextManager[Progress]:
    return nullcontext(lambda _at, _of: None)


def back_up(engine: Engine, out: BinaryIO, bar: Bar = _no_bar) -> Held:
    """Write the whole register as it stood at one moment.

    Conflict where the log is damaged: what cannot be restored is no backup.
    """
    whole, rows = hashlib.sha256(), 0
    sealed = b""
    with reading(engine) as conn:
        with bar("backing up the log") as progress:
            for line in lines(conn, RULES, progress):
                whole.update(line)
                out.write(line)
                sealed = line
        with bar("backing up what is beside it") as progress:
            many = sum(_count(conn, table) for table in KEPT)
            for line in _beside(conn):
                whole.update(line)
                out.write(line)
                rows += 1
                progress(rows, many)
    end = {"format": FORMAT, "rows": rows, "sha256": whole.hexdigest()}
    out.write(canonical({LAST: end}))
    seal = orjson.loads(sealed)["end_of_log"]
    return Held(seal["count"], seal["root"], rows)


def restore_backup(engine: Engine, file: BinaryIO, size: int = 0, bar: Bar = _no_bar) -> Held:
    """Take a backup into an empty store: log, projections and the rest in one transaction, verified
    before it is kept. Broken off at any moment it leaves the store empty.

    Conflict where anything is there already; Invalid for a file that is not whole, by its line.
    """
    source = _Summed(file)
    with writing(engine) as conn:
        log.hold(conn)
        _refuse_filled(conn)
        with bar("reading the backup") as progress:
            done, number = take_in(conn, source, lambda at: progress(at, max(size, at)))
            rows = _take_rows(conn, source, number)
            webhooks.pause_all(conn, webhooks.RESTORED)
        with bar("building the projections") as progress:
            build_first(conn, progress)
        with bar("verifying the log") as progress:
            found = verify(conn, progress)
        if not found.sound or found.root != done.root:
            raise Conflict(f"what was restored is not sound at {found.first_bad}: {found.problem}")
        _go_on_counting(conn)
    return Held(done.positions, done.root, rows)


class _Summed:
    """A file whose lines are summed up as they are read."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.sum = hashlib.sha256()
        self.before = ""

    def readline(self, limit: int = -1, /) -> bytes:
        line = self._file.readline(limit)
        self.before = self.sum.hexdigest()
        self.sum.update(line)
        return line

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


def _count(conn: Connection, table: Table) -> int:
    return int(conn.execute(select(func.count()).select_from(table)).scalar_one())


def _beside(conn: Connection) -> Iterator[bytes]:
    for table in KEPT:
        ordered = select(table).order_by(*table.primary_key.columns)
        for row in conn.execute(ordered.execution_options(yield_per=_CHUNK)).mappings():
            said = {str(name): _written(value) for name, value in row.items()}
            yield canonical({"table": table.name, "row": said})


def _written(value: Any) -> Any:
    return base64.b64encode(value).decode() if isinstance(value, bytes | memoryview) else value


def _refuse_filled(conn: Connection) -> None:
    for table in (*_OF_THE_LOG[:-1], *KEPT):
        if many := _count(conn, table):
            raise Conflict(
                f"the register is not empty, it holds {many} row(s) of {table.name}: a backup is restored "
                "into a new database (`registry migrate` makes its tables)"
            )


def _take_rows(conn: Connection, source: _Summed, number: int) -> int:
    """The lines after the log, to the last; how many rows there were."""
    rows = 0
    waiting: dict[str, list[dict[str, Any]]] = {}
    while line := source.readline(_LINE + 1):
        number += 1
        said = _read(line, number)
        if (end := said.get(LAST)) is not None:
            if end != {"format": FORMAT, "rows": rows, "sha256": source.before}:
                raise Invalid(f"line {number} does not seal the lines before it: they were changed")
            if source.read(1):
                raise Invalid(f"something follows line {number}, which says that it ends there")
            for name, held in waiting.items():
                _put(conn, name, held, number)
            return rows
        name, row = _row(said, number)
        rows += 1
        waiting.setdefault(name, []).append(row)
        if len(waiting[name]) >= _CHUNK:
            _put(conn, name, waiting.pop(name), number)
    raise Invalid(
        f"it ends after line {number} without its last line: it was cut short, or is a log alone "
        "(`registry import-log` takes that)"
    )


def _read(line: bytes, number: int) -> dict[str, Any]:
    try:
        said = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Invalid(f"line {number} is no JSON: it is cut short or was edited") from None
    if not isinstance(said, dict) or not line.endswith(b"\n"):
        raise Invalid(f"line {number} is not a line that `registry backup` wrote")
    return said


def _row(said: dict[str, Any], number: int) -> tuple[str, dict[str, Any]]:
    name, row = said.get("table"), said.get("row")
    if name not in _BY_NAME or not isinstance(row, dict):
        raise Invalid(f"line {number} is of a table that is not known here: {str(name)[:60]!r}")
    table = _BY_NAME[name]
    if unknown := row.keys() - table.columns.keys():
        raise Invalid(f"line {number} has what {name} does not hold here: {', '.join(unknown)}")
    try:
        for column in table.columns:
            if isinstance(column.type, LargeBinary) and row.get(column.name) is not None:
                row[column.name] = base64.b64decode(row[column.name], validate=True)
    except (TypeError, ValueError):
        raise Invalid(f"line {number} has no good {name}") from None
    return name, row


def _put(conn: Connection, name: str, rows: list[dict[str, Any]], number: int) -> None:
    try:
        conn.execute(insert(_BY_NAME[name]), rows)
    except (IntegrityError, DataError, StatementError):
        raise Invalid(f"up to line {number}, a row does not fit into {name}") from None


def _go_on_counting(conn: Connection) -> None:
    """PostgreSQL numbers new rows from a counter of its own, which knows nothing of these."""
    if is_sqlite(conn):
        return
    for table in KEPT:
        key = next(iter(table.primary_key.columns))
        if not isinstance(key.type, Integer):
            continue
        counter = func.pg_get_serial_sequence(table.name, key.name)
        last = select(func.max(key)).scalar_subquery()
        conn.execute(select(func.setval(counter, last)).where(last.is_not(None)))

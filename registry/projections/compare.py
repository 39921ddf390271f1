"""Compare two generations row for row, streamed in the order of a key: memory stays flat."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count, takewhile
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Select, Table, case, collate, select

from registry.projections.batches import KEYS, TABLES
from registry.projections.tables import MAX_POSITION, entity
from registry.store.among import among, parameter
from registry.store.engine import is_sqlite

SHOWN: Final = 5
"""So many differing rows of each table, and of each of the two generations, are shown."""

_AT_ONCE: Final = 2_000

Row = tuple[Any, ...]
Marks = dict[Table, int]
"""The last row of each table that a generation had."""


@dataclass
class Differences:
    """Rows that only one generation has: how many of each table, and a few of them in words."""

    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    shown: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.counts)

    @property
    def total(self) -> int:
        return self.counts.total()

    @property
    def summary(self) -> str:
        """As in `12 rows of span only live, 3 rows of setting only rebuilt`."""
        return ", ".join(
            f"{count} row{'s' if count > 1 else ''} of {table} only {where}"
            for (table, where), count in self.counts.items()
        )

    def add(self, table: Table, where: str, rows: Iterable[Row]) -> None:
        for row in rows:
            self.counts[table.name, where] += 1
            if self.counts[table.name, where] <= SHOWN:
                named = zip(_names(table), row, strict=True)
                told = ", ".join(f"{name}={value!r}" for name, value in named if value is not None)
                self.shown.append(f"{table.name}, only {where}: {told}")


def compare_all(conn: Connection, live: int, built: int, upto: int, found: Differences) -> Marks:
    """Compare what both knew at the position `upto`; what was recorded later is left out."""
    for table in TABLES:
        then = [
            case((c > upto, MAX_POSITION), else_=c) if c.name == "known_to" else c
            for c in columns_of(table)
        ]
        one, other = (
            _streamed(
                conn,
                select(*then)
                .where(table.c.generation == which, table.c.known_from <= upto)
                .order_by(_ordered(conn, KEYS[table]), table.c.id),
            )
            for which in (live, built)
        )
        _merge(table, one, other, found)
    return {table: _last(conn, table, live) for table in TABLES}


def compare_tail(
    conn: Connection,
    live: int,
    built: int,
    touched: Mapping[Table, Collection[Any]],
    since: Marks,
    found: Differences,
) -> None:
    """Compare only the keys that were touched when the rest was built, or that got live rows."""
    for table in TABLES:
        key = KEYS[table]
        new = select(key).where(table.c.generation == live, table.c.id > since[table])
        keys = list({*touched[table], *conn.execute(new).scalars()})
        for at in range(0, len(keys), _AT_ONCE):
            part = parameter(conn, keys[at : at + _AT_ONCE])
            one, other = (
                _streamed(
                    conn,
                    select(*columns_of(table))
                    .where(table.c.generation == which, among(conn, key), *_kinds(table))
                    .order_by(_ordered(conn, key), table.c.id),
                    {"keys": part},
                )
                for which in (live, built)
            )
            _merge(table, one, other, found)


def _streamed(
    conn: Connection, statement: Select[Any], said: Mapping[str, Any] | None = None
) -> Iterator[list[Row]]:
    """The rows as tuples of the driver, some at a time.

    Making rows of SQLAlchemy from them takes twice as long as reading and comparing them does.
    """
    compiled = statement.compile(dialect=conn.dialect)
    values = compiled.construct_params(dict(said or {}))
    driver: Any = conn.connection.driver_connection
    if is_sqlite(conn):
        cursor = driver.cursor()
        cursor.execute(str(compiled), [values[name] for name in compiled.positiontup or ()])
    else:
        cursor = driver.cursor(name=f"compared_{next(_NUMBER)}")  # kept by the server
        cursor.execute(str(compiled), values)
    with closing(cursor):
        while rows := cursor.fetchmany(_AT_ONCE):
            yield rows


_NUMBER: Final = count(1)


def _kinds(table: Table) -> tuple[ColumnElement[bool], ...]:
    """The index of entities begins with their kind."""
    return (entity.c.kind.in_(("party", "agreement", "source")),) if table is entity else ()


def columns_of(table: Table) -> list[Column[Any]]:
    """What two rows of different generations are compared by."""
    return [c for c in table.c if c.name not in ("id", "generation")]


def _names(table: Table) -> list[str]:
    return [c.name for c in columns_of(table)]


def _ordered(conn: Connection, key: Column[Any]) -> Any:
    """In the order in which Python compares."""
    numbers = key.type.python_type is int
    return key if numbers or is_sqlite(conn) else collate(key, "C")


def _merge(
    table: Table, live: Iterator[list[Row]], built: Iterator[list[Row]], found: Differences
) -> None:
    """Rows that agree are passed over many at once: both come in the order of keys, and for each key
    nearly always in the order in which they were made.
    """
    key = itemgetter(_names(table).index(KEYS[table].name))
    one, other = _Ahead(live, key), _Ahead(built, key)
    while one.more() and other.more():
        many = min(len(one.rows), len(other.rows))
        if one.rows[:many] == other.rows[:many]:
            one.skip(many)
            other.skip(many)
            continue
        same = next(at for at in range(many) if one.rows[at] != other.rows[at])
        one.skip(same)
        other.skip(same)
        first = min(key(one.rows[0]), key(other.rows[0]))
        left, right = Counter(one.take(first)), Counter(other.take(first))
        found.add(table, "live", (left - right).elements())
        found.add(table, "rebuilt", (right - left).elements())
    for rest, where in ((one, "live"), (other, "rebuilt")):
        while rest.more():
            found.add(table, where, rest.rows)
            rest.skip(len(rest.rows))


class _Ahead:
    """The next rows of a stream."""

    def __init__(self, stream: Iterator[list[Row]], key: Callable[[Row], Any]) -> None:
        self.rows: list[Row] = []
        self._stream = stream
        self._key = key

    def more(self) -> bool:
        if not self.rows:
            self.rows = next(self._stream, [])
        return bool(self.rows)

    def skip(self, many: int) -> None:
        self.rows = self.rows[many:]

    def take(self, key: Any) -> list[Row]:
        """All that is left of a key, which is none if the next row has another."""
        taken: list[Row] = []
        while self.more():
            here = sum(1 for _ in takewhile(lambda row: self._key(row) == key, self.rows))
            taken += self.rows[:here]
            self.skip(here)
            if self.rows:
                break
        return taken


def _last(conn: Connection, table: Table, which: int) -> int:
    """The newest row of a generation: it takes its number while the head is locked."""
    last = select(table.c.id).where(table.c.generation == which).order_by(table.c.id.desc())
    return conn.execute(last.limit(1)).scalar() or 0

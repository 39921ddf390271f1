"""Compare two generations row for row, streamed in the order of a key: memory stays flat."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, collate, select

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
        key = _ordered(conn, KEYS[table])
        one, other = (
            conn.execution_options(yield_per=_AT_ONCE).execute(
                select(*_columns(table))
                .where(table.c.generation == which, table.c.known_from <= upto)
                .order_by(key)
            )
            for which in (live, built)
        )
        _merge(table, _by_key(table, one, upto), _by_key(table, other, upto), found)
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
                conn.execute(
                    select(*_columns(table))
                    .where(table.c.generation == which, among(conn, key), *_kinds(table))
                    .order_by(_ordered(conn, key)),
                    {"keys": part},
                )
                for which in (live, built)
            )
            _merge(
                table, _by_key(table, one, MAX_POSITION), _by_key(table, other, MAX_POSITION), found
            )


def _kinds(table: Table) -> tuple[ColumnElement[bool], ...]:
    """The index of entities begins with their kind."""
    return (entity.c.kind.in_(("party", "agreement", "source")),) if table is entity else ()


def _columns(table: Table) -> list[Column[Any]]:
    return [c for c in table.c if c.name not in ("id", "generation")]


def _names(table: Table) -> list[str]:
    return [c.name for c in _columns(table)]


def _ordered(conn: Connection, key: Column[Any]) -> Any:
    """In the order in which Python compares."""
    numbers = key.type.python_type is int
    return key if numbers or is_sqlite(conn) else collate(key, "C")


def _by_key(table: Table, found: Iterable[Any], upto: int) -> Iterator[tuple[Any, list[Row]]]:
    """The rows of one key after the other, as they were known at a position."""
    names = _names(table)
    at, to = names.index(KEYS[table].name), names.index("known_to")
    for key, group in groupby(map(tuple, found), key=itemgetter(at)):
        yield (
            key,
            [
                row if row[to] <= upto else (*row[:to], MAX_POSITION, *row[to + 1 :])
                for row in group
            ],
        )


def _merge(
    table: Table,
    live: Iterator[tuple[Any, list[Row]]],
    built: Iterator[tuple[Any, list[Row]]],
    found: Differences,
) -> None:
    nothing: tuple[Any, list[Row]] = (None, [])
    one, other = next(live, nothing), next(built, nothing)
    while one is not nothing or other is not nothing:
        if other is nothing or (one is not nothing and one[0] < other[0]):
            found.add(table, "live", one[1])
            one = next(live, nothing)
        elif one is nothing or other[0] < one[0]:
            found.add(table, "rebuilt", other[1])
            other = next(built, nothing)
        else:
            if one[1] != other[1]:
                left, right = Counter(one[1]), Counter(other[1])
                found.add(table, "live", (left - right).elements())
                found.add(table, "rebuilt", (right - left).elements())
            one, other = next(live, nothing), next(built, nothing)


def _last(conn: Connection, table: Table, which: int) -> int:
    """The newest row of a generation: it takes its number while the head is locked."""
    last = select(table.c.id).where(table.c.generation == which).order_by(table.c.id.desc())
    return conn.execute(last.limit(1)).scalar() or 0

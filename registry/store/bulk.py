"""Many rows at once, by the driver's own way: nothing is compiled for each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql

from registry.store.direct import driver, translated

COPIED = 40
"""From so many rows on PostgreSQL copies instead of inserting."""

TOGETHER = 200
"""Up to so many rows of several tables go to PostgreSQL in one statement."""

FIRST_LOOK = 1_000
"""Where growth begins to matter."""


@dataclass(frozen=True, slots=True)
class Rows:
    """New rows of a table, values in the order of the columns.

    `unless_there`: a row whose key is taken is left as it is.
    """

    table: Table
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]
    unless_there: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """One column of a table gets one value, in the rows with these ids or in the only row."""

    table: Table
    column: str
    value: Any
    ids: Sequence[int] | None = None


def insert_rows(
    conn: Connection,
    table: Table,
    columns: Sequence[str],
    rows: Sequence[Sequence[Any]],
    *,
    unless_there: bool = False,
) -> None:
    """Insert the rows, values in the order of the columns. IntegrityError as from any insert."""
    if not rows:
        return
    connection = driver(conn)
    with translated(conn):
        if conn.dialect.name == "sqlite":
            connection.executemany(_inserting(table, tuple(columns), "?", unless_there), rows)
        elif len(rows) < COPIED or unless_there:
            with connection.cursor() as cursor:
                cursor.executemany(_inserting(table, tuple(columns), "%s", unless_there), rows)
        else:
            statement = f"COPY {table.name} ({_names(columns)}) FROM STDIN"
            with connection.cursor() as cursor, cursor.copy(statement) as copy:
                for row in rows:
                    copy.write_row(row)


def write_together(conn: Connection, new: Sequence[Rows], changes: Sequence[Change]) -> None:
    """Write new rows and changes of several tables. IntegrityError as from any insert.

    None of the changes may be about one of the new rows.
    """
    new = [each for each in new if each.rows]
    few = sum(len(each.rows) for each in new) + len(changes) <= TOGETHER
    if conn.dialect.name != "sqlite" and few:
        _in_one_statement(conn, new, changes)
        return
    for each in new:
        insert_rows(conn, each.table, each.columns, each.rows, unless_there=each.unless_there)
    connection = driver(conn)
    mark = "?" if conn.dialect.name == "sqlite" else "%s"
    with translated(conn):
        for change in changes:
            update = f"UPDATE {change.table.name} SET {change.column} = {mark}"  # noqa: S608 - ours
            if change.ids is None:
                connection.execute(update, (change.value,))
            elif conn.dialect.name == "sqlite":
                each_id = [(change.value, row_id) for row_id in change.ids]
                connection.executemany(f"{update} WHERE id = ?", each_id)
            else:
                said = (change.value, list(change.ids))
                connection.execute(f"{update} WHERE id = ANY(%s)", said)


def _in_one_statement(conn: Connection, new: Sequence[Rows], changes: Sequence[Change]) -> None:
    """Every round trip counts while the head of the log is locked; rows travel as JSON."""
    said: dict[str, Any] = {}
    for place, each in enumerate(new):
        made = [dict(zip(each.columns, row, strict=True)) for row in each.rows]
        said[f"n{place}"] = orjson.dumps(made, default=_hexadecimal).decode()
    for place, change in enumerate(changes):
        said[f"v{place}"] = change.value
        if change.ids is not None:
            said[f"i{place}"] = list(change.ids)
    statement = _together(
        tuple((each.table, tuple(each.columns), each.unless_there) for each in new),
        tuple((each.table, each.column, each.ids is None) for each in changes),
    )
    connection = driver(conn)
    with translated(conn):
        connection.execute(statement, said, prepare=True)


@cache
def _together(
    new: Sequence[tuple[Table, Sequence[str], bool]], changes: Sequence[tuple[Table, str, bool]]
) -> str:
    parts = []
    for place, (table, columns, unless_there) in enumerate(new):
        typed = ", ".join(
            f'"{name}" {table.c[name].type.compile(dialect=_POSTGRESQL)}' for name in columns
        )
        parts.append(
            f"INSERT INTO {table.name} ({_names(columns)}) SELECT {_names(columns)} "  # noqa: S608 - ours
            f"FROM json_to_recordset(%(n{place})s::json) AS said({typed})"
            f"{_UNLESS_THERE if unless_there else ''}"
        )
    for place, (table, column, only) in enumerate(changes):
        which = "" if only else f" WHERE id = ANY(%(i{place})s)"
        parts.append(f"UPDATE {table.name} SET {column} = %(v{place})s{which}")  # noqa: S608 - ours
    named = [f"w{place} AS ({part})" for place, part in enumerate(parts[:-1])]
    return f"WITH {', '.join(named)} {parts[-1]}" if named else parts[-1]


_POSTGRESQL: Any = postgresql.dialect()  # type: ignore[no-untyped-call]


def _hexadecimal(value: object) -> str:
    """Bytes as PostgreSQL reads them in text."""
    if isinstance(value, bytes | memoryview):
        return f"\\x{value.hex()}"
    raise TypeError(f"no value of a row: {value!r}")


_UNLESS_THERE: Final = " ON CONFLICT DO NOTHING"


@cache
def _inserting(table: Table, columns: Sequence[str], mark: str, unless_there: bool) -> str:
    marks = ", ".join([mark] * len(columns))
    # On SQLite a statement of one row leaves nothing behind when it fails, as it does by default,
    # but only if that is said it does without a journal of its own for the triggers of the log.
    insert = "INSERT OR FAIL" if mark == "?" and not unless_there else "INSERT"
    ending = _UNLESS_THERE if unless_there else ""
    return f"{insert} INTO {table.name} ({_names(columns)}) VALUES ({marks}){ending}"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def note_growth(conn: Connection, tables: Sequence[Table], before: int, after: int) -> None:
    """Let PostgreSQL look at what has doubled: it plans from how much it believes a table holds,
    and a long import would be over before it looks by itself.
    """
    doubled = before.bit_length() < after.bit_length()
    if conn.dialect.name != "sqlite" and doubled and after >= FIRST_LOOK:
        names = ", ".join(table.name for table in tables)
        conn.exec_driver_sql(f"ANALYZE {names}")

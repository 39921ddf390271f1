"""Many rows at once, by the driver's own way: nothing is compiled for each of them."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import IntegrityError

COPIED = 40
"""From so many rows on PostgreSQL copies instead of inserting."""

FIRST_LOOK = 1_000
"""Where growth begins to matter."""


def insert_rows(
    conn: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    """Insert the rows, values in the order of the columns. IntegrityError as from any insert."""
    if not rows:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    if conn.dialect.name == "sqlite":
        marks = ", ".join("?" * len(columns))
        conn.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            [tuple(row) for row in rows],
        )
    elif len(rows) < COPIED:
        marks = ", ".join(["%s"] * len(columns))
        conn.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608 - our own names
            [tuple(row) for row in rows],
        )
    else:
        _copy(conn, f"COPY {table.name} ({names}) FROM STDIN", rows)


def _copy(conn: Connection, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    driver: Any = conn.dialect.dbapi
    connection: Any = conn.connection.driver_connection
    try:
        with connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.IntegrityError as wrong:
        raise IntegrityError(statement, None, wrong) from wrong


def note_growth(conn: Connection, tables: Sequence[Table], before: int, after: int) -> None:
    """Let PostgreSQL look at what has doubled: it plans from how much it believes a table holds,
    and a long import would be over before it looks by itself.
    """
    doubled = before.bit_length() < after.bit_length()
    if conn.dialect.name != "sqlite" and doubled and after >= FIRST_LOOK:
        names = ", ".join(table.name for table in tables)
        conn.exec_driver_sql(f"ANALYZE {names}")

"""Statements of the hot paths, compiled once and said to the driver itself.

What SQLAlchemy does around a statement takes several times as long as the statement; here it keeps
the connection and the transaction, and writes the SQL from the same Core expressions.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final

from sqlalchemy import Connection, Executable
from sqlalchemy.exc import DBAPIError

Said = tuple[Any, Mapping[str, Any]]
"""A Core statement that is kept (its text is kept with it), and the values it is said with."""


@dataclass(frozen=True, slots=True)
class _Text:
    """`order`: the names of the parameters where the driver knows them by place alone."""

    sql: str
    given: Mapping[str, Any]
    order: Sequence[str] | None
    columns: tuple[str, ...]


_TEXTS: dict[tuple[str, Executable], _Text] = {}
_NUMBERS: Final = count(1)


def rows(conn: Connection, statement: Executable, said: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """All rows of the answer, values as the driver gives them."""
    return answers(conn, [(statement, said)])[0]


def answers(conn: Connection, each: Sequence[Said]) -> list[list[tuple[Any, ...]]]:
    """The rows of statements that answer, in order; on PostgreSQL they travel together."""
    connection = driver(conn)
    texts = [_text(conn, statement) for statement, _ in each]
    with translated(conn):
        if conn.dialect.name == "sqlite":
            return [
                connection.execute(text.sql, _values(text, said)).fetchall()
                for text, (_, said) in zip(texts, each, strict=True)
            ]
        if len(each) == 1:
            return [
                connection.execute(
                    texts[0].sql, _values(texts[0], each[0][1]), prepare=True
                ).fetchall()
            ]
        with connection.pipeline():
            cursors = [
                connection.execute(text.sql, _values(text, said), prepare=True)
                for text, (_, said) in zip(texts, each, strict=True)
            ]
            return [cursor.fetchall() for cursor in cursors]


def stream(
    conn: Connection, statement: Executable, said: Mapping[str, Any], size: int
) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of the answer, so many at a time; no more of them are held."""
    text = _text(conn, statement)
    with translated(conn):
        if conn.dialect.name == "sqlite":
            cursor = driver(conn).cursor()
        else:  # kept by the server under a name, and its numbers sent as such
            cursor = driver(conn).cursor(name=f"stream_{next(_NUMBERS)}", binary=True)
        try:
            cursor.execute(text.sql, _values(text, said))
            while chunk := cursor.fetchmany(size):
                yield chunk
                if conn.dialect.name == "sqlite":
                    driver(conn).go_on()  # PostgreSQL counts the time of each piece by itself
        finally:
            cursor.close()


def columns(conn: Connection, statement: Executable) -> tuple[str, ...]:
    """The names of the columns of its answer."""
    return _text(conn, statement).columns


def driver(conn: Connection) -> Any:
    """The driver's connection, inside the transaction that SQLAlchemy has begun."""
    if not conn.in_transaction():
        conn.begin()  # as SQLAlchemy does before the first statement
    return conn.connection.driver_connection


@contextmanager
def translated(conn: Connection) -> Iterator[None]:
    """Errors of the driver as SQLAlchemy raises them; a connection that is lost is given up."""
    wrong: Any = conn.dialect.dbapi
    try:
        yield
    except wrong.Error as error:
        raw: Any = conn.connection.dbapi_connection
        lost = conn.dialect.is_disconnect(error, raw, None)
        raised = DBAPIError.instance(
            None, None, error, wrong.Error, connection_invalidated=lost, dialect=conn.dialect
        )
        if lost:
            conn.invalidate(error)
        raise raised from error


def _values(text: _Text, said: Mapping[str, Any]) -> Any:
    values = {**text.given, **said} if text.given else said
    return values if text.order is None else [values[name] for name in text.order]


def _text(conn: Connection, statement: Executable) -> _Text:
    key = (conn.dialect.name, statement)
    found = _TEXTS.get(key)
    if found is None:
        compiled: Any = statement.compile(dialect=conn.dialect)  # type: ignore[attr-defined]
        given = {name: value for name, value in compiled.params.items() if value is not None}
        selected = getattr(statement, "selected_columns", ())
        found = _TEXTS[key] = _Text(
            str(compiled), given, compiled.positiontup, tuple(c.key for c in selected)
        )
    return found

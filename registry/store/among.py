"""`column in (keys)` with all keys in one parameter: built and prepared once for any number."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, Column, ColumnElement, Connection, Text, any_, bindparam, func, select


def among(conn: Connection, column: Column[Any], name: str = "keys") -> ColumnElement[bool]:
    """True where the column holds one of the keys that the parameter brings."""
    if conn.dialect.name == "sqlite":
        each = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return column.in_(select(each.c.value))
    return column == any_(bindparam(name, type_=ARRAY(column.type)))


def parameter(conn: Connection, keys: Collection[Any]) -> Any:
    """The keys as that one parameter."""
    return json.dumps(list(keys)) if conn.dialect.name == "sqlite" else list(keys)


def each(conn: Connection, name: str = "keys") -> ColumnElement[Any]:
    """The keys that the parameter brings, as rows to select from."""
    if conn.dialect.name == "sqlite":
        return func.json_each(bindparam(name, type_=Text)).table_valued("value").c.value
    return func.unnest(bindparam(name, type_=ARRAY(Text))).column_valued("said")

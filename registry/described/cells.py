"""Cells of tables that spreadsheets open: text that one would compute begins with an apostrophe."""

from collections.abc import Mapping
from typing import Any, Final

import orjson

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: Any) -> Any:
    """The value, or its text so that no spreadsheet takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def cell(value: Any) -> Any:
    """A value of JSON as one cell."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        value = orjson.dumps(value).decode()
    elif isinstance(value, list):
        value = _joined(value)
    return guarded(value)


def _joined(values: list[Any]) -> str:
    r"""As in the tables of events: parted by `; `, a semicolon inside an item is `\;`."""
    if any(isinstance(each, Mapping | list) for each in values):
        return orjson.dumps(values).decode()
    return "; ".join(str(each).replace(";", "\\;") for each in values)

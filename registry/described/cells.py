"""Cells of tables that spreadsheets open: text that one would compute begins with an apostrophe."""

from typing import Any, Final

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def guarded(value: Any) -> Any:
    """The value, or its text so that no spreadsheet takes it for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value

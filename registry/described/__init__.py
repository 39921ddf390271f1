"""What the catalogue says of each event type, dressed for people and programs.

Everything here is derived from the classes in `registry.domain.events`: nothing about one event
type is written a second time. A new type appears in every face at once.
"""

from inspect import cleandoc
from typing import Any

from registry.described.effects import Effect, Outcome, effects
from registry.described.examples import example
from registry.described.forms import form
from registry.described.rows import Column, columns, from_row, to_row
from registry.described.schemas import components, json_schema
from registry.domain.catalogue import Event, family

__all__ = [
    "Column",
    "Effect",
    "Outcome",
    "columns",
    "components",
    "described",
    "effects",
    "example",
    "form",
    "from_row",
    "json_schema",
    "to_row",
]

_DESCRIBED: dict[type[Event], dict[str, Any]] = {}


def described(cls: type[Event]) -> dict[str, Any]:
    """One item of `GET /event-types`. The same object each time: do not change it."""
    if cls not in _DESCRIBED:
        _DESCRIBED[cls] = {
            "type": cls.TYPE,
            "version": cls.VERSION,
            "family": family(cls.TYPE),
            "title": cls.TYPE,
            "description": cleandoc(cls.__doc__ or ""),
            "basis": cls.BASIS or None,
            "cameo": list(cls.CAMEO),
            "sets": [each.as_dict() for each in effects(cls)],
            "schema": json_schema(cls),
            "columns": [each.as_dict() for each in columns(cls)],
            "form": form(cls),
            "example": example(cls),
        }
    return _DESCRIBED[cls]

"""How a form asks for each field of an event type."""

from typing import Any, cast

from registry.domain.catalogue import Event, required
from registry.domain.fields import Kind, Told, told_by
from registry.kinds import KINDS


def form(cls: type[Event]) -> list[dict[str, Any]]:
    """The fields in the order of asking: the type's own first, then those common to all."""
    common = {one.name for one in told_by(Event)}
    return [
        {
            **_asked(one, required(cls, one)),
            "group": "common" if one.name in common else "own",
        }
        for one in told_by(cls)
    ]


def _asked(one: Told, need: bool) -> dict[str, Any]:
    row = KINDS[one.kind]
    asked: dict[str, Any] = {
        "name": one.wire,
        "label": label(one.wire),
        "widget": row.widget,
        "hint": one.doc,
        "format": row.hint,
        "required": need,
        "many": one.many,
        "choices": [
            {"value": each, "label": label(each)}
            for each in one.choices or row.schema.get("enum", ())
        ],
    }
    if one.kind is Kind.RECORD:
        inner = told_by(cast("type", one.record))
        asked["fields"] = [_asked(each, each.required) for each in inner]
    return asked


def label(name: str) -> str:
    """`deposited_with` as a person reads it."""
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]

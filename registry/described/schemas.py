"""JSON Schema 2020-12 of each event type."""

from collections.abc import Iterator
from dataclasses import fields
from inspect import cleandoc
from typing import Any, Final, cast

from registry.described.effects import effects
from registry.described.examples import example
from registry.domain.catalogue import CATALOGUE, Event, required
from registry.domain.fields import Kind, Told, told_by
from registry.kinds import KINDS, MANY_LIMIT

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SPEAKS_FOR_ITSELF: Final = (Kind.CHOICE, Kind.CONFIDENCE, Kind.RECORD, Kind.YES_NO)


def json_schema(cls: type[Event]) -> dict[str, Any]:
    """A schema that stands alone. It allows more than the register: it knows no EDTF."""
    schema = {"$schema": DIALECT, **_event(cls, "#/$defs/")}
    records = {each.__name__: _record(each, "#/$defs/") for each in _records(cls)}
    return {**schema, "$defs": records} if records else schema


def components() -> dict[str, dict[str, Any]]:
    """For OpenAPI: every type under its stored name, what they share, and `Event`, any of them."""
    at = "#/components/schemas/"
    found: dict[str, dict[str, Any]] = {}
    for name, cls in CATALOGUE.items():
        found |= {each.__name__: _record(each, at) for each in _records(cls)}
        found[name] = _event(cls, at)
    found["Event"] = {
        "oneOf": [{"$ref": at + name} for name in CATALOGUE],
        "discriminator": {
            "propertyName": "type",
            "mapping": {name: at + name for name in CATALOGUE},
        },
    }
    return found


def description(cls: type[Event]) -> str:
    """The docstring, the basis in law, the CAMEO codes and what it sets, a paragraph each."""
    parts = [cleandoc(cls.__doc__ or "")]
    if cls.BASIS:
        parts.append(f"Basis: {cls.BASIS}.")
    if cls.CAMEO:
        parts.append(f"CAMEO: {', '.join(cls.CAMEO)}.")
    parts += [f"Sets {each}." for each in effects(cls)] or ["Sets nothing."]
    return "\n\n".join(parts)


def _event(cls: type[Event], at: str) -> dict[str, Any]:
    return {
        "title": cls.TYPE,
        "description": description(cls),
        "type": "object",
        "properties": {
            "type": {"const": cls.TYPE, "description": "The type of event."},
            **{one.wire: _property(cls, one, required(cls, one), at) for one in told_by(cls)},
        },
        "required": ["type", *(one.wire for one in told_by(cls) if required(cls, one))],
        "additionalProperties": False,
        "examples": [example(cls)],
    }


def _record(cls: type, at: str) -> dict[str, Any]:
    return {
        "title": cls.__name__,
        "description": cleandoc(cls.__doc__ or ""),
        "type": "object",
        "properties": {one.wire: _property(cls, one, one.required, at) for one in told_by(cls)},
        "required": [one.wire for one in told_by(cls) if one.required],
        "additionalProperties": False,
    }


def _property(holder: type, one: Told, need: bool, at: str) -> dict[str, Any]:
    schema = _value(one, at)
    if one.many:
        schema = {"type": "array", "items": schema, "maxItems": MANY_LIMIT}
        if need:
            schema["minItems"] = 1
    if not need:
        schema = _or_null(schema)
    schema["description"] = field_description(one)
    default = next(each.default for each in fields(holder) if each.name == one.name)
    if one.kind is not Kind.RECORD and isinstance(default, str | int):
        schema["default"] = KINDS[one.kind].write(default)
    return schema


def field_description(one: Told) -> str:
    """What the field means and, where its kind needs telling, how it is written."""
    if one.kind in _SPEAKS_FOR_ITSELF:
        return one.doc
    return f"{one.doc} ({KINDS[one.kind].hint})"


def _value(one: Told, at: str) -> dict[str, Any]:
    if one.kind is Kind.RECORD:
        return {"$ref": at + cast("type", one.record).__name__}
    if one.kind is Kind.CHOICE:
        return {"type": "string", "enum": list(one.choices)}
    return dict(KINDS[one.kind].schema)


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    """What is not told may be left out or be null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    wider = schema | {"type": [*types, "null"]}
    if "enum" in wider:
        wider["enum"] = [*wider["enum"], None]
    return wider


def _records(cls: type) -> Iterator[type]:
    for one in told_by(cls):
        if one.record is not None:
            yield one.record
            yield from _records(one.record)

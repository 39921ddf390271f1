"""JSON Schema in a few words: what the shapes of answers are put together from."""

from typing import Any

Schema = dict[str, Any]


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def text(doc: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": doc} if doc else {}), **more}


def whole(doc: str = "") -> Schema:
    return {"type": "integer", "minimum": 0, **({"description": doc} if doc else {})}


def maybe(schema: Schema) -> Schema:
    if "type" in schema and "properties" not in schema:
        return {**schema, "type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def many(schema: Schema, doc: str = "") -> Schema:
    return {"type": "array", "items": schema, **({"description": doc} if doc else {})}


def by_name(schema: Schema, doc: str) -> Schema:
    return {"type": "object", "additionalProperties": schema, "description": doc}


def shape(doc: str, told: Schema, may: Schema | None = None, *, more: bool = False) -> Schema:
    """`told` is always there, `may` sometimes; `more`: fields that are not listed here."""
    made: Schema = {
        "type": "object",
        "description": doc,
        "properties": {**told, **(may or {})},
        "required": list(told),
    }
    return made if more else {**made, "additionalProperties": False}

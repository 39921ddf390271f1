"""What the published schema files of FollowTheMoney ask of an entity."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from babel import Locale

_FOLDER: Final = Path(__file__).with_name("ftm_schema")
_TERRITORIES: Final = frozenset(
    code.lower() for code in map(str, Locale("en").territories) if re.fullmatch("[A-Z]{2}", code)
)
_FORMS: Final = {
    "date": re.compile(r"\d{4}(-\d{2}(-\d{2})?)?"),
    "url": re.compile(r"https?://[^\s]+"),
    "identifier": re.compile(r"[\w-]{1,64}"),
}


def broken(entity: dict[str, Any], ids: set[str]) -> Iterator[str]:
    """Each rule that the entity breaks; `ids`: of all entities that it may name."""
    known = _properties(entity["schema"])
    if not known or entity["schema"] in ("Interval", "Analyzable"):
        yield f"no schema that has entities: {entity['schema']}"
        return
    said = entity["properties"]
    for name in _required(entity["schema"]):
        if not said.get(name):
            yield f"missing: {name}"
    for name, values in said.items():
        if name not in known:
            yield f"no property of {entity['schema']}: {name}"
            continue
        yield from (f"{name}: {each!r}" for each in values if not _is(known[name], each, ids))


def _is(kind: str, value: Any, ids: set[str]) -> bool:
    if not isinstance(value, str) or not value.strip():
        return False
    match kind:
        case "entity":
            return value in ids
        case "country":
            return value in _TERRITORIES
        case _:
            form = _FORMS.get(kind)
            return form is None or form.fullmatch(value) is not None


@cache
def _schema(name: str) -> dict[str, Any]:
    path = _FOLDER / f"{name}.yaml"
    found: dict[str, Any] = yaml.safe_load(path.read_text())[name] if path.exists() else {}
    return found


def _properties(name: str) -> dict[str, str]:
    """The kinds of value of its own properties and of those that it inherits."""
    schema = _schema(name)
    found: dict[str, str] = {}
    for other in schema.get("extends", ()):
        found |= _properties(other)
    return found | {n: p.get("type", "string") for n, p in schema.get("properties", {}).items()}


def _required(name: str) -> set[str]:
    schema = _schema(name)
    inherited = {each for other in schema.get("extends", ()) for each in _required(other)}
    return inherited | set(schema.get("required", ()))

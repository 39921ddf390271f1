"""How an event class declares what it tells: each field with the kind of its value."""

from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """The kinds of value a field can hold; `registry.kinds` has one row for each."""

    DATE = "date"
    PARTY = "party"
    ACTOR = "actor"
    AGREEMENT = "agreement"
    SOURCE = "source"
    EVENT = "event"
    NEW_PARTY = "new_party"
    NEW_SLUG = "new_slug"
    LAYER = "layer"
    SUBJECT = "subject"
    CONFIDENCE = "confidence"
    CHOICE = "choice"
    LABEL = "label"
    TEXT = "text"
    PROSE = "prose"
    URL = "url"
    LANGUAGE = "language"
    HASH = "hash"
    NUMBER = "number"
    YES_NO = "yes_no"
    NAMES = "names"
    CODES = "codes"
    EXTERNAL_IDS = "external_ids"
    CONTENT = "content"
    RECORD = "record"


@dataclass(frozen=True)
class Told:
    """One field as declared. `many`: a list of such values. `record`: the class of a RECORD."""

    name: str
    wire: str
    kind: Kind
    doc: str
    required: bool
    many: bool
    choices: tuple[str, ...]
    record: type | None


def told(
    kind: Kind,
    doc: str,
    *,
    required: bool = False,
    many: bool = False,
    choices: tuple[str, ...] = (),
    record: type | None = None,
    default: object = MISSING,
) -> Any:
    """A dataclass field that every face can read: its kind, and words for a librarian."""
    spec = (kind, doc, required, many, choices, record)
    if required:
        return field(metadata={"told": spec})
    if default is MISSING:
        default = () if many else None
    return field(default=default, metadata={"told": spec})


_TOLD: dict[type, tuple[Told, ...]] = {}


def told_by(cls: type) -> tuple[Told, ...]:
    """The fields of a declared class, own ones first, those common to all last."""
    if cls not in _TOLD:
        common = {f.name for f in fields(cls.__mro__[-2])} if len(cls.__mro__) > 2 else set()
        declared = [
            Told(each.name, each.name.rstrip("_"), *each.metadata["told"])
            for each in fields(cls)
            if "told" in each.metadata
        ]
        _TOLD[cls] = tuple(sorted(declared, key=lambda one: one.name in common))
    return _TOLD[cls]

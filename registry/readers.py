"""Events read and restored the quick way, by readers made once for each type from the catalogue.

A reader takes only what `codec` takes when it goes field by field, and gives the same event;
whatever it stumbles over it leaves to `codec`, which names all that is wrong
(`tests/unit/catalogue/test_damaged_events.py` compares the two).
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache, lru_cache, partial
from typing import Any, Final, cast

from registry.domain.errors import Invalid
from registry.domain.fields import Kind, Told, told_by
from registry.kinds import KINDS, MANY_LIMIT

REMEMBERED: Final = frozenset(
    {Kind.DATE, Kind.PARTY, Kind.ACTOR, Kind.AGREEMENT, Kind.SOURCE, Kind.LAYER}
    | {Kind.CONFIDENCE, Kind.CHOICE, Kind.LANGUAGE}
)
"""Kinds of which few values come again and again, each of a text that is all there is to it."""

MEMORY: Final = 4_000
"""So many accepted texts of each field are remembered."""

Read = Callable[[Any], Any]


class _StumbledError(Exception):
    """A field that is missing or unknown, or a list that is none."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """`read`, `restore`: by wire name (attribute, whether it is a list, how one value is read).

    `blank`: all attributes with their defaults, in order; `needed`: those that have none.
    """

    read: Mapping[str, tuple[str, bool, Read]]
    restore: Mapping[str, tuple[str, bool, Read | None]]
    blank: Mapping[str, Any]
    needed: frozenset[str]


def quickly_read(cls: type, said: Mapping[str, Any], *, dated: bool) -> object | None:
    """The event of this type, where nothing is wrong with it; None: ask the one who can tell.

    `said` may hold its `type`. Objections of the whole event are still to be asked for.
    """
    try:
        made = _read(cls, said)
    except (_StumbledError, Invalid, TypeError):  # TypeError: a list where a text is remembered
        return None
    return None if dated and getattr(made, "occurred", None) is None else made


def _read(cls: type, said: Any) -> object:
    reader = _reader(cls)
    known = reader.read
    values: dict[str, Any] = {}
    for wire, value in said.items():
        if value is None and wire in known:
            continue
        if wire not in known:
            if wire == "type":
                continue
            raise _StumbledError
        name, many, read = known[wire]
        if not many:
            found = read(value)
        elif not isinstance(value, list) or len(value) > MANY_LIMIT:
            raise _StumbledError
        else:
            found = tuple([read(each) for each in value])
        if found != ():  # nothing was told
            values[name] = found
    if not values.keys() >= reader.needed:
        raise _StumbledError
    return _made(cls, reader, values)


def restored(cls: type, data: Mapping[str, Any]) -> object:
    """What was stored as `data`: it was accepted once, and is taken as it is."""
    reader = _reader(cls)
    values: dict[str, Any] = {}
    for wire, value in data.items():
        name, many, restore = reader.restore[wire]
        if many:
            values[name] = tuple(value if restore is None else [restore(each) for each in value])
        else:
            values[name] = value if restore is None else restore(value)
    if not values.keys() >= reader.needed:
        return cls(**values)  # which says what is missing
    return _made(cls, reader, values)


def _made(cls: type, reader: _Reader, values: Mapping[str, Any]) -> object:
    """As `cls(**values)`, without asking leave of a frozen class for each of a dozen attributes."""
    made: object = object.__new__(cls)
    attributes = made.__dict__
    attributes.update(reader.blank)
    attributes.update(values)
    return made


@cache
def _reader(cls: type) -> _Reader:
    declared = told_by(cls)
    return _Reader(
        {one.wire: (one.name, one.many, _one(one)) for one in declared},
        {one.wire: (one.name, one.many, _restoring(one)) for one in declared},
        {each.name: None if each.default is MISSING else each.default for each in fields(cls)},
        frozenset(one.name for one in declared if one.required),
    )


def _one(one: Told) -> Read:
    if one.kind is Kind.RECORD:
        return partial(_record, cast("type", one.record))
    read = KINDS[one.kind].read
    if one.kind in REMEMBERED:
        return lru_cache(maxsize=MEMORY)(lambda value: read(value, one))
    return lambda value: read(value, one)


def _record(cls: type, value: Any) -> object:
    if not isinstance(value, Mapping) or "type" in value:
        raise _StumbledError
    return _read(cls, value)


def _restoring(one: Told) -> Read | None:
    """None where the stored value is the value itself."""
    if one.kind is Kind.RECORD:
        return partial(restored, cast("type", one.record))
    kind = KINDS[one.kind]
    if kind.kept_as_is:
        return None
    if one.kind in REMEMBERED:
        return lru_cache(maxsize=MEMORY)(lambda value: kind.restore(value, one))
    return lambda value: kind.restore(value, one)

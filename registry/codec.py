"""Events to and from JSON: one reader for every door, the stored bytes, and old versions."""

from collections.abc import Callable, Mapping
from functools import partial
from operator import setitem
from typing import Any, cast

import orjson

from registry import readers
from registry.domain import events as _all_types  # noqa: F401 - fills the catalogue
from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.errors import Invalid, Problems
from registry.domain.fields import Kind, Told, told_by
from registry.kinds import KINDS, MANY_LIMIT, same
from registry.readers import quickly_read


def type_named(name: object) -> type[Event]:
    """The class stored under this name; Invalid on field `type`."""
    if not isinstance(name, str) or name not in CATALOGUE:
        raise Invalid(f"not an event type: {str(name)[:60]!r} (see /api/v1/event-types)", "type")
    return CATALOGUE[name]


def read(said: object, prefix: str = "") -> Event:
    """One event as said on the wire, or Problems naming every field that is wrong."""
    if not isinstance(said, Mapping):
        raise Problems([Invalid("expected an event: a JSON object with a type", prefix or None)])
    try:
        cls = type_named(said.get("type"))
    except Invalid as wrong:
        raise Problems([Invalid(wrong.message, f"{prefix}type")]) from None
    event = cast("Event | None", quickly_read(cls, said, dated=cls.DATED))
    if event is None:
        event = _read(cls, said, prefix)
    if cls.objections is Event.objections:
        return event
    if problems := [Invalid(message, prefix + field) for field, message in event.objections()]:
        raise Problems(problems)
    return event


def _read(cls: type[Event], said: Mapping[str, Any], prefix: str) -> Event:
    """Field by field, so that all that is wrong is named."""
    problems: list[Invalid] = []
    values = _fields(cls, {k: v for k, v in said.items() if k != "type"}, prefix, problems)
    dated = cls.DATED and "occurred" not in values
    if dated and not any(each.field == f"{prefix}occurred" for each in problems):
        problems.append(Invalid("missing: when it happened", f"{prefix}occurred"))
    if problems:
        raise Problems(problems)
    return cls(**values)


def _fields(
    cls: type, said: Mapping[str, Any], prefix: str, problems: list[Invalid]
) -> dict[str, Any]:
    """The values of a declared class, problems appended; the recursion for records in records."""
    declared = _by_wire(cls)
    if not said.keys() <= declared.keys():
        problems += [
            Invalid(f"unknown field {str(name)[:60]!r}", f"{prefix}{name}"[:200])
            for name in said
            if name not in declared
        ]
    values: dict[str, Any] = {}
    for wire, one in declared.items():
        value = said.get(wire)
        if value is None or (one.many and value == []):
            if one.required:
                problems.append(Invalid(f"missing: {one.doc}", f"{prefix}{wire}"))
            continue
        if not one.many:
            _one(
                one,
                value,
                f"{prefix}{wire}",
                problems,
                partial(setitem, values, one.name),
            )
        elif not isinstance(value, list) or len(value) > MANY_LIMIT:
            problems.append(Invalid(f"expected a list of at most {MANY_LIMIT}", f"{prefix}{wire}"))
        else:
            found: list[Any] = []
            for place, item in enumerate(value):
                _one(one, item, f"{prefix}{wire}[{place}]", problems, found.append)
            values[one.name] = tuple(found)
    return {name: value for name, value in values.items() if value != ()}  # nothing was told


def _one(
    one: Told, value: Any, at: str, problems: list[Invalid], keep: Callable[[Any], object]
) -> None:
    if one.kind is Kind.RECORD:
        if not isinstance(value, Mapping):
            problems.append(Invalid("expected an object", at))
            return
        before = len(problems)
        inner = _fields(cast("type", one.record), value, f"{at}.", problems)
        if len(problems) == before:
            keep(cast("type", one.record)(**inner))
        return
    try:
        keep(KINDS[one.kind].read(value, one))
    except Invalid as wrong:
        problems.append(Invalid(wrong.message, at, wrong.offers))


_BY_WIRE: dict[type, dict[str, Told]] = {}


def _by_wire(cls: type) -> dict[str, Told]:
    found = _BY_WIRE.get(cls)
    if found is None:
        found = _BY_WIRE[cls] = {one.wire: one for one in told_by(cls)}
    return found


def write(event: Event) -> dict[str, Any]:
    """The wire form, without what was not told. `read` gives the same event back."""
    return {"type": event.TYPE, **_written(event)}


def _written(holder: object) -> dict[str, Any]:
    out: dict[str, Any] = {}
    cls = type(holder)
    told = vars(holder)
    for name, wire, many, put in _WRITERS.get(cls) or _writers(cls):
        value = told[name]
        if value is None or value == ():
            continue
        if put is None:
            out[wire] = list(value) if many else value
        else:
            out[wire] = [put(each) for each in value] if many else put(value)
    return out


_Put = Callable[[Any], Any] | None
_WRITERS: dict[type, tuple[tuple[str, str, bool, _Put], ...]] = {}


def _writers(cls: type) -> tuple[tuple[str, str, bool, _Put], ...]:
    """(attribute, wire name, whether it is a list, how it is written) of each field, made once.

    None: as it is.
    """
    _WRITERS[cls] = tuple(
        (
            one.name,
            one.wire,
            one.many,
            _written
            if one.kind is Kind.RECORD
            else None
            if KINDS[one.kind].write is same
            else KINDS[one.kind].write,
        )
        for one in told_by(cls)
    )
    return _WRITERS[cls]


def stored_text(event: Event) -> str:
    """The bytes that are hashed and kept: compact JSON in a fixed order, without type."""
    return orjson.dumps(_written(event)).decode()


def restored(name: str, version: int, text: str) -> Event:
    """The event behind stored bytes, lifted from the version it was written in.

    Trusts the store: what was accepted once is read for ever, whatever `read` refuses today.
    """
    return _lifted(name, version, orjson.loads(text))


def _lifted(name: str, version: int, data: dict[str, Any]) -> Event:
    cls = CATALOGUE[name]
    for lift in cls.UPCASTS[version - 1 :]:
        data = lift(data)
    return cast("Event", readers.restored(cls, data))


def stored_content(event: Event) -> dict[str, Any]:
    """A whole event inside another, as an amendment carries it."""
    return {"type": event.TYPE, "type_version": event.VERSION, **_written(event)}


def content(said: Mapping[str, Any]) -> Event:
    """The event inside an amendment; the inverse of `stored_content`."""
    data = {name: value for name, value in said.items() if name not in ("type", "type_version")}
    return _lifted(said["type"], int(said["type_version"]), data)

r"""Each event type as columns of a table, and the way back from a row to the wire.

A list is one cell, its items parted by `; ` (a semicolon inside an item is written `\;`).
A record becomes one column for each of its fields; of several citations a row holds the first.
Dates are EDTF here: an importer that meets other dates turns them first.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from registry.described.schemas import field_description
from registry.domain.catalogue import Citation, Event, required
from registry.domain.fields import Kind, Told, told_by

_CITED: Final = {"source": "source", "via": "source_via", "locator": "locator", "quote": "quote"}


@dataclass(frozen=True)
class Column:
    """`path` leads to the value on the wire: (field,) or (record, field)."""

    name: str
    description: str
    required: bool
    path: tuple[str, ...]
    told: Told
    listed: bool
    first_only: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "description": self.description,
            "required": self.required,
            "list": self.listed,
            "choices": list(self.told.choices),
        }


_COLUMNS: dict[type[Event], list[Column]] = {}


def columns(cls: type[Event]) -> list[Column]:
    """The columns of a table of such events; `type` is not among them."""
    if cls not in _COLUMNS:
        own = {one.wire for one in told_by(cls)}
        _COLUMNS[cls] = [each for one in told_by(cls) for each in _columns(cls, one, own)]
    return _COLUMNS[cls]


def _columns(cls: type[Event], one: Told, own: set[str]) -> Iterator[Column]:
    need = required(cls, one)
    if one.kind is not Kind.RECORD:
        yield Column(one.wire, field_description(one), need, (one.wire,), one, one.many)
        return
    cited = one.record is Citation
    for inner in told_by(cast("type", one.record)):
        name = f"{one.wire}_{inner.wire}"
        if cited:
            name = _CITED.get(inner.wire, f"source_{inner.wire}")
            name = f"cited_{name}" if name in own else name
        yield Column(
            name,
            f"{one.doc} {field_description(inner)}",
            need and inner.required,
            (one.wire, inner.wire),
            inner,
            one.many and not cited,
            first_only=cited,
        )


def to_row(cls: type[Event], said: Mapping[str, Any]) -> dict[str, str]:
    """An event on the wire as cells by column name; what was not told is an empty cell."""
    return {each.name: _cell(each, _found(each, said)) for each in columns(cls)}


def _found(column: Column, said: Mapping[str, Any]) -> Any:
    found = said.get(column.path[0])
    if len(column.path) == 1 or not found:
        return found
    inner = column.path[1]
    if column.first_only:
        return found[0].get(inner)
    if column.listed:
        several = [each.get(inner) for each in found]
        return several if any(each is not None for each in several) else None
    return found.get(inner)


def _cell(column: Column, value: Any) -> str:
    if value is None:
        return ""
    if column.listed:
        return _joined("" if each is None else _text(column.told, each) for each in value)
    return _text(column.told, value)


def from_row(cls: type[Event], row: Mapping[str, str | None]) -> dict[str, Any]:
    """The wire form of a row, to be read by `codec.read`, which says what is wrong with it.

    A column that the type does not have is passed on when it says something, to be refused there.
    """
    known = {each.name: each for each in columns(cls)}
    said: dict[str, Any] = {"type": cls.TYPE}
    for name, cell in row.items():
        if cell is None or not cell.strip():
            continue
        column = known.get(name)
        if column is None:
            said[name] = cell
        else:
            _put(said, column, cell.strip())
    return said


def _put(said: dict[str, Any], column: Column, cell: str) -> None:
    outer, inner = column.path[0], column.path[-1]
    if len(column.path) == 1:
        said[outer] = _parted(column.told, cell) if column.listed else _value(column.told, cell)
    elif column.listed:
        records = said.setdefault(outer, [])
        for place, value in enumerate(_parted(column.told, cell)):
            if place == len(records):
                records.append({})
            if value != "":
                records[place][inner] = value
    else:
        record = said.setdefault(outer, [{}] if column.first_only else {})
        (record[0] if column.first_only else record)[inner] = _value(column.told, cell)


def _parted(one: Told, cell: str) -> list[Any]:
    return [_value(one, item) for item in _items(cell)]


_SEMICOLON = re.compile(r"(?<!\\);")


def _items(cell: str) -> list[str]:
    return [item.strip().replace("\\;", ";") for item in _SEMICOLON.split(cell)]


def _joined(items: Any) -> str:
    return "; ".join(item.replace(";", "\\;") for item in items)


def _text(one: Told, value: Any) -> str:
    if one.kind in _WRITERS:
        return _WRITERS[one.kind](value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def _value(one: Told, cell: str) -> Any:
    if one.kind in _READERS:
        return _READERS[one.kind](cell)
    return cell


def _number(cell: str) -> int | str:
    return int(cell) if re.fullmatch(r"[0-9]{1,9}", cell) else cell


def _yes_no(cell: str) -> bool | str:
    return {"true": True, "yes": True, "false": False, "no": False}.get(cell.lower(), cell)


def _pairs(cell: str) -> dict[str, str] | str:
    """`es=Bolivia; en=Bolivia`; a cell without `=` stays as it is, to be refused."""
    items = [item.partition("=") for item in _items(cell)]
    if not all(equals for _, equals, _ in items):
        return cell
    return {name.strip(): value.strip() for name, _, value in items}


def _paired(value: Mapping[str, str]) -> str:
    return _joined(f"{name}={each}" for name, each in value.items())


def _subject(cell: str) -> dict[str, Any] | str:
    """`pair=BOL,USA`, `sender=USA; receiver=BOL`."""
    found = _pairs(cell)
    if isinstance(found, str) or "pair" not in found:
        return found
    return {**found, "pair": [each.strip() for each in found["pair"].split(",")]}


def _write_subject(value: Mapping[str, Any]) -> str:
    return _paired(
        {
            name: ",".join(part) if isinstance(part, list) else str(part)
            for name, part in value.items()
        }
    )


def _codes(cell: str) -> list[dict[str, str]] | str:
    """`cow=145; isohist=YUCS@1992/2003`: after the `@`, when it is valid."""
    items = [item.partition("=") for item in _items(cell)]
    if not all(equals for _, equals, _ in items):
        return cell
    found: list[dict[str, str]] = []
    for scheme, _, rest in items:
        code, at, valid = rest.partition("@")
        found.append({"scheme": scheme.strip(), "code": code.strip()})
        if at:
            found[-1]["valid"] = valid.strip()
    return found


def _write_codes(value: list[dict[str, str]]) -> str:
    return _joined(
        f"{each['scheme']}={each['code']}" + (f"@{each['valid']}" if "valid" in each else "")
        for each in value
    )


def _content(cell: str) -> Any:
    try:
        return json.loads(cell)
    except ValueError:
        return cell


def _write_content(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


_READERS: Final[Mapping[Kind, Callable[[str], Any]]] = {
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.NAMES: _pairs,
    Kind.EXTERNAL_IDS: _pairs,
    Kind.SUBJECT: _subject,
    Kind.CODES: _codes,
    Kind.CONTENT: _content,
}
_WRITERS: Final[Mapping[Kind, Callable[[Any], str]]] = {
    Kind.NAMES: _paired,
    Kind.EXTERNAL_IDS: _paired,
    Kind.SUBJECT: _write_subject,
    Kind.CODES: _write_codes,
    Kind.CONTENT: _write_content,
}

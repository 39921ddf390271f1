"""What was typed into the form of an event type, read to the wire form, and the wire form typed back.

The input of a field is called as the wire calls the field, with a dot for each step:
`sources[0].source` is asked for by `sources.0.source`. Empty rows are passed over.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from werkzeug.datastructures import MultiDict

from registry.admin import date_boxes, entering
from registry.described.forms import label
from registry.domain import dates
from registry.domain.catalogue import Event
from registry.domain.errors import Invalid
from registry.domain.fields import Kind, Told, told_by
from registry.domain.layers import LAYERS, OPTIONAL_PARTS
from registry.domain.parties import coded, is_party_id
from registry.web.labels import LABELS, labelled

Typed = MultiDict[str, str]
PICKED: Final = (Kind.PARTY, Kind.ACTOR, Kind.AGREEMENT, Kind.SOURCE, Kind.EVENT)
"""What is chosen among things on record: `Bolivia [BOL]`, or the id alone."""
PAIRS: Final = {
    Kind.NAMES: ("language", "name"),
    Kind.EXTERNAL_IDS: ("scheme", "number"),
    Kind.CODES: ("scheme", "code", "valid"),
}
"""Kinds that are asked for in rows of several boxes."""
_IN_BRACKETS: Final = re.compile(r"\[([^\[\]]+)\]\s*$")
_ROW: Final = re.compile(r"([0-9]{1,4})(?:\.|$)")


def said_of(cls: type[Event], typed: Typed) -> tuple[dict[str, Any], list[Invalid]]:
    """The wire form of what was typed, and what cannot be read; `field` is the id of an input."""
    reading = _read(cls, typed)
    return reading.said, reading.problems


def errors_of(
    cls: type[Event], typed: Typed, problems: Iterable[Invalid], prefix: str = ""
) -> list[tuple[str, str]]:
    """What codec and register say of the wire form, beside the inputs that it belongs to."""
    places = _read(cls, typed).places
    found: list[tuple[str, str]] = []
    for each in problems:
        path = (each.field or "").removeprefix(prefix)
        at = _place(places, path)
        words = (plainly(each.message), named(at))
        error = (at, f"{words[1]}: {words[0]}")
        if error not in found:
            found.append(error)
    return found


def typed_of(cls: type[Event], said: Mapping[str, Any]) -> Typed:
    """What to type for this wire form: the inverse of `said_of`."""
    typed: Typed = MultiDict()
    _type(cls, said, "", typed)
    return typed


def rows_of(typed: Mapping[str, str], at: str) -> list[int]:
    """The numbers of the rows of a list in which something stands."""
    begins = f"{at}."
    found = {
        int(match[1])
        for name, value in typed.items()
        if value.strip()
        and name.startswith(begins)
        and (match := _ROW.match(name[len(begins) :]))
        and not name.endswith((".when", ".pick"))
    }
    return sorted(found)


def picked(kind: Kind, text: str) -> str:
    """The id in `Bolivia [BOL]`; the text itself where it has none."""
    found = _IN_BRACKETS.search(text)
    if found is None:
        return text
    inner = found[1].strip()
    if kind is Kind.ACTOR and not (is_party_id(inner) or coded(inner)):
        return text
    return inner


def named(at: str) -> str:
    """The label of an input by its id: `Source 2, locator`."""
    words: list[str] = []
    for part in at.split("."):
        if part.isdigit():
            words[-1:] = [f"{words[-1]} {int(part) + 1}"] if words else []
        elif part in LABELS or not words:
            words.append(labelled(part))
        elif part not in ("text", "new", "pick", words[-1].lower()):
            words.append(label(part).lower())
    words[:1] = [re.sub(r"^Sources ", "Source ", words[0])] if words else []
    return ", ".join(words)


def plainly(message: str) -> str:
    """A message of the register for somebody who fills in a form."""
    if message.startswith("missing:"):
        return "fill this in"
    if found := re.match(r"no (party|agreement|source|event) is recorded as '?([^':]+)'?", message):
        return f"no {found[1]} is on record as “{found[2]}”"
    return message


@dataclass
class _Reading:
    typed: Typed
    said: dict[str, Any] = field(default_factory=dict)
    problems: list[Invalid] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)
    written: list[str] = field(default_factory=list)

    def text(self, at: str) -> str:
        return self.typed.get(at, "").replace("\r\n", "\n").strip()

    def wrong(self, at: str, message: str, offers: tuple[str, ...] = ()) -> None:
        self.problems.append(Invalid(f"{named(at)}: {message}", at, offers))


def _read(cls: type[Event], typed: Typed) -> _Reading:
    reading = _Reading(typed)
    values = _fields(reading, cls, "", "")
    if reading.written:
        notes = [values["note"]] if values.get("note") else []
        values["note"] = "\n".join([*notes, f"As written: {'; '.join(reading.written)}."])
    reading.said = {"type": cls.TYPE, **values}
    return reading


def _fields(reading: _Reading, cls: type, at: str, path: str) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for one in told_by(cls):
        value = _many if one.many else _one
        found = value(reading, one, f"{at}{one.wire}", f"{path}{one.wire}")
        if found is not None:
            values[one.wire] = found
    return values


def _many(reading: _Reading, one: Told, at: str, path: str) -> list[Any] | None:
    reading.places[path] = f"{at}.0" + (f".{_first(one)}" if one.kind is Kind.RECORD else "")
    found: list[Any] = []
    for row in rows_of(reading.typed, at):
        value = _one(reading, one, f"{at}.{row}", f"{path}[{len(found)}]")
        if value is not None:
            found.append(value)
    return found or None


def _one(reading: _Reading, one: Told, at: str, path: str) -> Any:
    reading.places[path] = at
    if one.kind is Kind.RECORD:
        reading.places[path] = f"{at}.{_first(one)}"
        return _fields(reading, cast("type", one.record), f"{at}.", f"{path}.") or None
    if one.kind is Kind.DATE:
        return _date(reading, at, path)
    if one.kind is Kind.SUBJECT:
        return _subject(reading, at, path)
    if one.kind in PAIRS:
        return _pairs(reading, one, at, path)
    text = reading.text(at)
    if one.kind in (Kind.AGREEMENT, Kind.SOURCE) and entering.is_new(reading.typed, at):
        if text:
            reading.wrong(at, "either choose one on record or enter a new one, not both")
        return entering.slug_of(reading.typed, at)
    if not text:
        return None
    if one.kind in PICKED:
        return picked(one.kind, text)
    return _plain(reading, one, at, text)


def _plain(reading: _Reading, one: Told, at: str, text: str) -> Any:
    if one.kind is Kind.NUMBER:
        return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else text
    if one.kind is Kind.YES_NO:
        return {"yes": True, "no": False}.get(text, text)
    if one.kind is Kind.CONTENT:
        try:
            return json.loads(text)
        except ValueError:
            reading.wrong(at, "this is not a whole event in JSON")
            return None
    return text


def _date(reading: _Reading, at: str, path: str) -> str | None:
    words = bool(reading.text(f"{at}.text"))
    reading.places[path] = f"{at}.text" if words else f"{at}.year"
    try:
        read = date_boxes.read_boxes(at, reading.typed)
    except Invalid as wrong:
        reading.wrong(wrong.field or at, wrong.message, wrong.offers)
        return None
    if read is None:
        return None
    if read.verbatim:
        reading.written.append(f'{at} "{read.verbatim}"')
    return read.edtf


def _subject(reading: _Reading, at: str, path: str) -> dict[str, Any] | None:
    layer = LAYERS.get(reading.text("layer"))
    reading.places[path] = "layer"
    if layer is None:
        return None
    found: dict[str, Any] = {}
    for part in layer.parts:
        if part == "pair":
            pair = [picked(Kind.PARTY, reading.text(f"{at}.pair.{row}")) for row in (0, 1)]
            if any(pair):
                found["pair"] = [each for each in pair if each]
            continue
        kind = Kind.AGREEMENT if part in entering.AGREEMENT_PARTS else Kind.ACTOR
        if text := reading.text(f"{at}.{part}"):
            found[part] = picked(kind, text)
    needed = [each for each in layer.parts if each not in OPTIONAL_PARTS]
    missing = next((each for each in needed if each not in found), needed[0])
    reading.places[path] = f"{at}.pair.0" if missing == "pair" else f"{at}.{missing}"
    return found or None


def _pairs(reading: _Reading, one: Told, at: str, path: str) -> Any:
    first, second, *_ = PAIRS[one.kind]
    reading.places[path] = f"{at}.0.{second}"
    rows: list[dict[str, str]] = []
    for row in rows_of(reading.typed, at):
        said = {part: reading.text(f"{at}.{row}.{part}") for part in PAIRS[one.kind]}
        for part in (first, second):
            if not said[part]:
                reading.wrong(f"{at}.{row}.{part}", "fill this in too, or empty the whole row")
        if valid := said.get("valid"):
            try:
                said["valid"] = dates.from_human(valid).text
            except Invalid as wrong:
                reading.wrong(f"{at}.{row}.valid", date_boxes.refused(wrong, valid))
        rows.append({part: value for part, value in said.items() if value})
    if not rows:
        return None
    if one.kind is Kind.CODES:
        return rows
    found: dict[str, str] = {}
    for row, each in zip(rows_of(reading.typed, at), rows, strict=True):
        key = each.get(first, "")
        if key in found:
            reading.wrong(f"{at}.{row}.{first}", f"“{key}” stands here twice")
        found[key] = each.get(second, "")
    return found


def _first(one: Told) -> str:
    """The first input of a record: the one that is needed, if any is."""
    inner = told_by(cast("type", one.record))
    return next((each.wire for each in inner if each.required), inner[0].wire)


def _place(places: Mapping[str, str], path: str) -> str:
    """The input of a wire path, or of the nearest field around it."""
    while path not in places and ("." in path or "[" in path):
        path = re.sub(r"(\.[^.\[\]]*|\[[0-9]+\])$", "", path)
    return places.get(path, path or "top")


def _type(cls: type, said: Mapping[str, Any], at: str, typed: Typed) -> None:
    for one in told_by(cls):
        value = said.get(one.wire)
        if value is None:
            continue
        name = f"{at}{one.wire}"
        if one.many:
            for row, item in enumerate(value):
                _type_one(one, item, f"{name}.{row}", typed)
        else:
            _type_one(one, value, name, typed)


def _type_one(one: Told, value: Any, at: str, typed: Typed) -> None:
    if one.kind is Kind.RECORD:
        _type(cast("type", one.record), value, f"{at}.", typed)
    elif one.kind is Kind.DATE:
        typed.update(date_boxes.boxes_of(at, value))
    elif one.kind is Kind.SUBJECT:
        for part, each in value.items():
            if part == "pair":
                typed.update({f"{at}.pair.{row}": party for row, party in enumerate(each)})
            else:
                typed[f"{at}.{part}"] = each
    elif one.kind is Kind.CODES:
        for row, code in enumerate(value):
            said = {**code} | (
                {"valid": date_boxes.in_words_or_edtf(code["valid"])} if "valid" in code else {}
            )
            typed.update({f"{at}.{row}.{part}": each for part, each in said.items()})
    elif one.kind in PAIRS:
        first, second, *_ = PAIRS[one.kind]
        for row, (key, each) in enumerate(value.items()):
            typed.update({f"{at}.{row}.{first}": key, f"{at}.{row}.{second}": each})
    elif one.kind is Kind.CONTENT:
        typed[at] = json.dumps(value, ensure_ascii=False, indent=1)
    elif one.kind is Kind.YES_NO:
        typed[at] = "yes" if value else "no"
    else:
        typed[at] = str(value)

"""The query parameters that many routes share, as marshmallow schemas: checked and documented."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, Final

from flask import request
from marshmallow import RAISE, Schema, ValidationError, fields
from marshmallow.validate import Length, OneOf

from registry.api.accepting import Given, acceptor
from registry.domain.confidence import THRESHOLDS
from registry.domain.errors import Invalid, Problems

LIMIT: Final = 50
MOST: Final = 500


def words(doc: str, example: str | None = None, at_most: int = 500, **more: Any) -> fields.String:
    """A parameter that holds text; it may be left out unless `required`, but not be empty."""
    metadata: dict[str, Any] = {"description": doc}
    if example is not None:
        metadata["example"] = example
    missing: dict[str, Any] = {"required": f"missing: {doc}"}
    return fields.String(validate=_Text(at_most), metadata=metadata, error_messages=missing, **more)


def one_of(doc: str, *choices: str) -> fields.String:
    wrong = "expected one of {choices}; got {input!r}"
    return fields.String(validate=OneOf(choices, error=wrong), metadata={"description": doc})


class Whole(fields.Field[int]):
    """A whole number in plain digits: what `int` would take beside them is refused."""

    def __init__(self, doc: str, least: int, most: int, *, required: bool = False) -> None:
        schema = {"type": "integer", "minimum": least, "maximum": most}
        super().__init__(
            required=required,
            metadata={"description": doc, **schema},
            error_messages={"required": f"missing: {doc}"},
        )
        self.least, self.most = least, most

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> int:
        if re.fullmatch(r"[0-9]{1,16}", str(value)) and self.least <= int(value) <= self.most:
            return int(value)
        raise ValidationError(
            f"expected a whole number from {self.least} to {self.most}, got {str(value)[:60]!r}"
        )


class _Text(Length):
    def __init__(self, at_most: int) -> None:
        super().__init__(min=1, max=at_most, error=f"expected 1 to {at_most} characters")

    def __call__(self, value: Any) -> Any:
        if "\x00" in value:
            raise ValidationError("text must not hold a NUL character")
        return super().__call__(value)


class NoParameters(Schema):
    """Takes none, and says so."""

    class Meta:
        unknown = RAISE

    error_messages = {"unknown": "no such parameter here"}  # noqa: RUF012 - as marshmallow has it


class Point(NoParameters):
    """From where one looks."""

    as_of = words(
        "The day or time in the world that is asked about, any EDTF date of the years -9999 to "
        "9999; today when left out.",
        "2009-06-01",
    )
    known_at = words(
        "The point of the register's knowledge: `@position` or an RFC 3339 instant; the latest "
        "when left out. With `as_of` and `@position` both given the answer never changes.",
    )
    confidence = one_of(
        "Events below this confidence are not looked at; `reported` when left out.",
        *(each.word for each in THRESHOLDS),
    )


class Listing(Point):
    """Of a list, which may also be read as a table."""

    format = one_of("By the Accept header when left out.", "json", "csv")


class Paging(Listing):
    """Of a list that comes in pages."""

    limit = Whole(f"How many items a page holds at most; {LIMIT} when left out.", 1, MOST)
    cursor = words(
        "Where to go on: given by the Link header of the page before. It carries as_of, known_at "
        "and confidence of the first page.",
        at_most=4_000,
    )


def asked(schema: type[NoParameters]) -> dict[str, Any]:
    """The parameters of this request; Problems names each that is unknown, wrong or doubled."""
    found = _acceptor(schema)(request.args.lists())
    return _checked(schema) if found is None else found


def _checked(schema: type[NoParameters]) -> dict[str, Any]:
    reader = _reader(schema)
    several = {n for n, each in reader.fields.items() if isinstance(each, fields.List)}
    said: dict[str, Any] = {}
    problems: list[Invalid] = []
    for name, values in request.args.lists():
        said[name] = values if name in several else values[0]
        if len(values) > 1 and name not in several:
            problems.append(Invalid("given more than once", name[:200]))
    try:
        found: dict[str, Any] = reader.load(said)
    except ValidationError as wrong:
        problems += [Invalid(text, at[:200]) for at, text in _flat(wrong.messages, "")]
    else:
        if not problems:
            return found
    raise Problems(problems)


def filters(said: Mapping[str, Any]) -> dict[str, Any]:
    """What is left when the parameters of point, page and form are gone."""
    shared = {*_reader(Paging).fields, "after", "wait"}
    return {name: value for name, value in said.items() if name not in shared}


@cache
def _acceptor(schema: type[NoParameters]) -> Callable[[Given], dict[str, Any] | None]:
    return acceptor(_reader(schema))


@cache
def _reader(schema: type[NoParameters]) -> NoParameters:
    return schema()


def _flat(messages: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(messages, dict):
        for name, inner in messages.items():
            yield from _flat(inner, at or str(name))
    else:
        yield from ((at, str(each)) for each in messages)

"""Marshmallow schemas of events, derived from the catalogue.

The rules of each kind of value are those of `registry.kinds`; what is accepted and what it becomes
is the same as in `registry.codec`, which a test compares on damaged events.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, cast

from marshmallow import RAISE, Schema, ValidationError, fields, post_dump, post_load, pre_load

from registry import codec
from registry.described.schemas import field_description
from registry.domain.catalogue import Event, required
from registry.domain.errors import Invalid, Problems
from registry.domain.fields import Kind, Told, told_by
from registry.kinds import KINDS, MANY_LIMIT

_FIELD_LIMIT = 200  # as in `codec`: an unknown field is named by its beginning
_NOT_AN_OBJECT = "expected an object"


def load(said: object, prefix: str = "") -> Event:
    """The event as its schema reads it; refuses with the same Problems as `codec.read`."""
    if not isinstance(said, Mapping):
        raise Problems([Invalid("expected an event: a JSON object with a type", prefix or None)])
    try:
        cls = codec.type_named(said.get("type"))
    except Invalid as wrong:
        raise Problems([Invalid(wrong.message, f"{prefix}type")]) from None
    try:
        return cast("Event", _ready(schema_for(cls)).load(said))
    except ValidationError as wrong:
        found = [Invalid(text, at) for at, text in _flat(wrong.messages, prefix)]
        raise Problems(found) from None


class ToldField(fields.Field[Any]):
    """A declared field: read and written by the row of its kind."""

    def __init__(self, told: Told, need: bool) -> None:
        super().__init__(
            data_key=told.wire,
            required=need,
            allow_none=not need,
            metadata=_metadata(told),
            error_messages={
                "required": f"missing: {told.doc}",
                "null": f"missing: {told.doc}",
            },
        )
        self.told = told

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if not self.told.many:
            return self._read(value)
        if value == [] and self.required:
            raise self.make_error("required")
        if not isinstance(value, list) or len(value) > MANY_LIMIT:
            raise ValidationError(f"expected a list of at most {MANY_LIMIT}")
        found: list[Any] = []
        wrong: dict[int, Any] = {}
        for place, item in enumerate(value):
            try:
                found.append(self._read(item))
            except ValidationError as error:
                wrong[place] = error.messages
        if wrong:
            raise ValidationError(cast("dict[str, Any]", wrong))
        return tuple(found)

    def _read(self, value: Any) -> Any:
        if self.told.kind is Kind.RECORD:
            if not isinstance(value, Mapping):
                raise ValidationError(_NOT_AN_OBJECT)
            return _ready(_schema_of_record(cast("type", self.told.record))).load(value)
        try:
            return KINDS[self.told.kind].read(value, self.told)
        except Invalid as wrong:
            raise ValidationError(wrong.message) from None

    def _serialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if value is None:
            return None
        if self.told.kind is Kind.RECORD:
            put: Any = _ready(_schema_of_record(cast("type", self.told.record))).dump
        else:
            put = KINDS[self.told.kind].write
        return [put(each) for each in value] if self.told.many else put(value)


class DeclaredSchema(Schema):
    """Loads an object of a declared class. What was not told keeps the class's default."""

    MAKES: ClassVar[type]

    class Meta:
        unknown = RAISE
        register = False

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> Any:
        return self.MAKES(**{n: v for n, v in values.items() if v is not None and v != ()})

    @post_dump
    def without_what_was_not_told(self, said: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: value for name, value in said.items() if value is not None and value != []}


class EventSchema(DeclaredSchema):
    MAKES: ClassVar[type[Event]]

    type = fields.String(required=True, attribute="TYPE")

    @pre_load
    def be_of_this_type(self, said: Any, **_: Any) -> Any:
        if isinstance(said, Mapping) and said.get("type") != self.MAKES.TYPE:
            raise ValidationError(f"expected {self.MAKES.TYPE}", "type")
        return said

    @post_load
    def make(self, values: dict[str, Any], **_: Any) -> Any:
        """The event, unless it objects to how its fields go together."""
        event = super().make({n: v for n, v in values.items() if n != "TYPE"})
        wrong: dict[str, list[str]] = {}
        for field, message in event.objections():
            wrong.setdefault(field, []).append(message)
        if wrong:
            raise ValidationError(cast("dict[str, Any]", wrong))
        return event


_SCHEMAS: dict[type, type[Schema]] = {}
_READY: dict[type, Schema] = {}


def schema_for(cls: type[Event]) -> type[Schema]:
    """The schema whose `load` gives an event of this class and whose `dump` its wire form."""
    if cls not in _SCHEMAS:
        declared = {one.name: ToldField(one, required(cls, one)) for one in told_by(cls)}
        _SCHEMAS[cls] = type(cls.TYPE, (EventSchema,), {"MAKES": cls, **declared})
    return _SCHEMAS[cls]


def _schema_of_record(cls: type) -> type[Schema]:
    if cls not in _SCHEMAS:
        declared = {one.name: ToldField(one, one.required) for one in told_by(cls)}
        _SCHEMAS[cls] = type(cls.__name__, (DeclaredSchema,), {"MAKES": cls, **declared})
    return _SCHEMAS[cls]


def _ready(schema: type[Schema]) -> Schema:
    """Made once: a schema keeps nothing of what it loads."""
    if schema not in _READY:
        _READY[schema] = schema()
    return _READY[schema]


def _metadata(told: Told) -> dict[str, Any]:
    """What OpenAPI shows of the field."""
    if told.kind is Kind.RECORD:
        shown: dict[str, Any] = {"type": "object"}
    elif told.kind is Kind.CHOICE:
        shown = {"type": "string", "enum": list(told.choices)}
    else:
        shown = dict(KINDS[told.kind].schema)
    if told.many:
        shown = {"type": "array", "items": shown, "maxItems": MANY_LIMIT}
    return {"description": field_description(told), **shown}


def _flat(messages: Any, at: str) -> Iterator[tuple[str, str]]:
    """(field, message) as `codec.read` names them: `sources[0].via`."""
    if not isinstance(messages, Mapping):
        yield from ((at[:_FIELD_LIMIT], str(each)) for each in messages)
        return
    for name, inner in messages.items():
        if isinstance(name, int):
            yield from _flat(inner, f"{at}[{name}]")
        else:
            yield from _flat(inner, f"{at}.{name}" if at and at[-1] != "." else f"{at}{name}")

"""Parameters that are right are taken at once; what is wrong with others is for marshmallow to say.

The fields' own validators decide, so there is no second set of rules; what is saved is what a
schema does around them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, missing

Given = Iterable[tuple[str, Sequence[str]]]


def acceptor(schema: Schema) -> Callable[[Given], dict[str, Any] | None]:
    """Gives what `schema.load` would, or None where it may refuse or has more to do."""
    takes = {each.data_key or name: (name, each) for name, each in schema.fields.items()}
    required = {name for name, (_, each) in takes.items() if each.required}
    does_more = any(type(schema).resolve_hooks().values())
    if does_more or not all(_is_plain(each) for _, each in takes.values()):
        return lambda _given: None

    def accept(given: Given) -> dict[str, Any] | None:
        found: dict[str, Any] = {}
        lacking = set(required) if required else required
        try:
            for name, values in given:
                attribute, field = takes[name]
                if type(field) is fields.List:
                    found[attribute] = [_taken(field.inner, each) for each in values]
                elif len(values) == 1:
                    found[attribute] = _taken(field, values[0])
                else:
                    return None
                lacking.discard(name)
        except (KeyError, ValidationError):
            return None
        return None if lacking else found

    return accept


def _is_plain(field: fields.Field[Any]) -> bool:
    """Whether nothing is done with a value but to read it and to ask the validators."""
    if type(field) is fields.List:
        return not field.validators and _is_plain(field.inner)
    return (
        field.load_default is missing
        and field.attribute is None
        and not field.load_only
        and not field.dump_only
        and (type(field) is fields.String or type(field).deserialize is fields.Field.deserialize)
    )


def _taken(field: fields.Field[Any], text: str) -> Any:
    if type(field) is not fields.String:
        return field.deserialize(text)
    for check in field.validators:
        check(text)
    return text

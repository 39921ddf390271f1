"""How a type of event is told: what it is called, and its sentence in variants."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

_NAMED: Final = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True)
class Say:
    """A text that is said when all that it names, and `given`, is known, and the fields are so."""

    text: str
    when: Mapping[str, object] = field(default_factory=dict)
    given: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        return tuple(_NAMED.findall(self.text))

    def holds(self, fields: Mapping[str, object], parts: Mapping[str, object]) -> bool:
        """`fields`: of the event as it is on the wire; `parts`: the same in words."""
        if any(fields.get(name) != value for name, value in self.when.items()):
            return False
        return all(parts.get(name) for name in (*self.named, *self.given))


@dataclass(frozen=True)
class Form:
    """`called`: the type as a noun; `says`: the first that holds; `adds`: each that holds."""

    called: str
    says: tuple[Say, ...]
    adds: tuple[Say, ...] = ()


def says(*variants: str | Say) -> tuple[Say, ...]:
    return tuple(Say(each) if isinstance(each, str) else each for each in variants)


def when(text: str, **fields: object) -> Say:
    """The text where these fields have these values."""
    return Say(text, {name.rstrip("_"): value for name, value in fields.items()})


def given(text: str, *fields: str) -> Say:
    """The text where these fields are known, which it does not name."""
    return Say(text, given=fields)

"""The catalogue in the order in which a reader meets it: families of types, and fields of a type."""

import sys
from inspect import cleandoc
from itertools import groupby
from typing import Final

from registry.domain import events as _families
from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.fields import Told, told_by

RULES: Final = {
    "latest": "the latest setting holds",
    "furthest": "the furthest value reached holds",
    "tiers": "a value of a later stage is never undone by one of an earlier; within a stage the "
    "latest holds",
}
"""Which of several settings of a layer holds, by the name of its rule."""


def families() -> list[tuple[str, list[type[Event]]]]:
    """What each family of types is about, in a line, with its types."""
    order = {f"{_families.__name__}.{name}": at for at, name in enumerate(_ORDER)}
    types = sorted(CATALOGUE.values(), key=lambda cls: order.get(cls.__module__, len(order)))
    return [
        (cleandoc(sys.modules[module].__doc__ or "").splitlines()[0].rstrip("."), list(several))
        for module, several in groupby(types, key=lambda cls: cls.__module__)
    ]


def own_fields(cls: type[Event]) -> list[Told]:
    """The fields that not all types have."""
    common = {one.name for one in told_by(Event)}
    return [one for one in told_by(cls) if one.name not in common]


_ORDER: Final = (
    *("agreements", "participation", "statements", "relations", "recognition", "missions"),
    *("conduct", "parties", "register"),
)

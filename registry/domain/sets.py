"""What an event type does to layers, declared: to which value, from which of its dates."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from registry.domain.layers import LAYERS


class At(StrEnum):
    """Which date of the event: `@e` is `effective` where given, else `occurred`."""

    OCCURRED = "occurred"
    EFFECTIVE = "effective"
    TAKES_EFFECT = "@e"
    OVER = "over"


@dataclass(frozen=True)
class Sets:
    """One setting of one layer.

    `value` and `subjects` may be functions of the event; a value of None sets nothing.
    A value that begins with `@` is resolved when the subject is folded (see `resolve`).
    `assumption`: the rule by which the value is inferred, named in every answer that rests on it.
    """

    layer: str
    value: str | Callable[[Any], str | None]
    at: At = At.TAKES_EFFECT
    subjects: Callable[[Any], Iterable[tuple[str, ...]]] | None = None
    rank: int | None = None
    assumption: str | None = None
    cancellable: bool = False

    def value_of(self, event: object) -> str | None:
        return self.value(event) if callable(self.value) else self.value

    def keys(self, event: object) -> list[str]:
        """The subjects it sets; by default the layer's parts are fields of the same name."""
        layer = LAYERS[self.layer]
        if self.subjects is not None:
            return [layer.key(*parts) for parts in self.subjects(event)]
        if layer.of_pair:
            return [layer.key(*event.parties)]  # type: ignore[attr-defined]
        return [layer.key(*[str(getattr(event, name) or "") for name in _fields(self.layer)])]


@cache
def _fields(layer: str) -> tuple[str, ...]:
    """The attributes of an event that name the parts of the layer's subject."""
    return tuple(f"{name}_" if name == "from" else name for name in LAYERS[layer].parts)

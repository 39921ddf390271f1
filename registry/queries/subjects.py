"""What a subject is called in an answer, made once for each layer: tens of thousands are asked for."""

from collections.abc import Callable
from functools import cache
from typing import Any

from registry.domain.layers import LAYERS, OPTIONAL_PARTS


@cache
def namer(layer: str) -> Callable[[str], dict[str, Any]]:
    """Names a subject by its parts as `Layer.subject` does."""
    of = LAYERS[layer]
    if of.parts == ("pair",):
        return lambda key: {"pair": key.split("|")}
    if of.of_pair or OPTIONAL_PARTS & set(of.parts) or len(of.parts) > len(_BY_LENGTH):
        return of.subject
    return _BY_LENGTH[len(of.parts) - 1](*of.parts)


def _by_one(one: str) -> Callable[[str], dict[str, Any]]:
    def name(key: str) -> dict[str, Any]:
        if "|" in key:
            raise ValueError(f"expected one part: {key!r}")
        return {one: key}

    return name


def _by_two(one: str, other: str) -> Callable[[str], dict[str, Any]]:
    def name(key: str) -> dict[str, Any]:
        first, second = key.split("|")
        return {one: first, other: second}

    return name


_BY_LENGTH: tuple[Callable[..., Callable[[str], dict[str, Any]]], ...] = (_by_one, _by_two)

"""The world on a day: every pair, directed pair or participation of one layer."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import orjson

from registry.domain.dates import Days
from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING, OPTIONAL_PARTS
from registry.queries.existence import parties_of
from registry.queries.states import Span
from registry.queries.view import View
from registry.queries.world import World, bounds


def network(view: View, layer: str) -> Iterator[dict[str, Any]]:
    """Every subject of which the layer says something on the days asked about, by key.

    Left out are those of which nothing is recorded by then, and those that do not apply since a
    party certainly did not exist. Invalid, before anything is read, for what is no layer.
    """
    check_layer(layer)
    return _items(view, layer)


def check_layer(layer: str) -> None:
    if layer not in LAYERS:
        raise Invalid(
            f"not a layer: {layer!r} (expected one of {', '.join(LAYERS)})",
            "layer",
        )


def _items(view: View, layer: str) -> Iterator[dict[str, Any]]:
    world = World(view)
    asked = world.layer(layer)
    absent = world.absent(view.days)
    named = _namer(layer)
    first, last = view.days.lo, view.days.hi
    for key, rows in _by_key(world.rows(layer, view.days)):
        if len(rows) == 1 and not asked.is_covered(key):
            _, value, begun, ended, evidence, since, since_hi, until, until_hi = rows[0]
            if (
                value != NOTHING
                and begun <= first
                and last <= ended
                and not (absent and any(each in absent for each in parties_of(layer, key)))
            ):  # nearly all are such, and of these the row says all
                yield {
                    "subject": named(key),
                    "value": value,
                    "certain": value != "unknown",
                    "possible": [value],
                    "basis": "events",
                    "since": None if since is None else bounds(since, since_hi),
                    "until": None if until is None else bounds(until, until_hi),
                    "evidence": orjson.loads(evidence),
                }
                continue
        spans = [Span._make(row[1:]) for row in rows]
        if not any(each.value != NOTHING and _meets(each, view.days) for each in spans):
            continue
        said = asked.said(key, spans, view.days)
        if said["value"] != NOT_APPLICABLE and said["possible"]:
            yield {"subject": named(key), **said}


def _by_key(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[str, list[tuple[Any, ...]]]]:
    """As groupby does it, in half the time."""
    key, held = "", []
    for row in rows:
        if row[0] == key:
            held.append(row)
            continue
        if held:
            yield key, held
        key, held = row[0], [row]
    if held:
        yield key, held


def _namer(layer: str) -> Callable[[str], dict[str, Any]]:
    """Names a subject by its parts as `Layer.subject` does."""
    of = LAYERS[layer]
    if of.parts == ("pair",):
        return lambda key: {"pair": key.split("|")}
    if len(of.parts) != 2 or of.of_pair or OPTIONAL_PARTS & set(of.parts):
        return of.subject
    one, other = of.parts

    def name(key: str) -> dict[str, Any]:
        first, second = key.split("|")
        return {one: first, other: second}

    return name


def _meets(span: Span, days: Days) -> bool:
    """Whether it holds on one of the days, which may have gaps between them."""
    return any(span.day_from <= hi and lo <= span.day_to for lo, hi in days.intervals)


def parts(layer: str) -> list[str]:
    """The names of the columns that name a subject."""
    return [
        each
        for name in LAYERS[layer].parts
        for each in (("first", "second") if name == "pair" else (name,))
    ]

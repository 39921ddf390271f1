"""The world on a day: every pair, directed pair or participation of one layer."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import orjson

from registry.domain.dates import Days
from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING
from registry.queries.existence import parties_of
from registry.queries.outcomes import bounds
from registry.queries.states import Span
from registry.queries.subjects import namer
from registry.queries.view import View
from registry.queries.world import LayerOfWorld, World

Row = tuple[Any, ...]
"""A span as it is read: its key, then what a Span holds."""


Covered = tuple[LayerOfWorld, Days]
"""By whom, and for which days, such an answer is made in full."""


class Stood(NamedTuple):
    """What one subject answers. `row`: of what a single row says all, and then `covered` where a
    list that is complete has to be named beside it; else `said`.
    """

    key: str
    value: str | None
    certain: bool
    possible: tuple[str, ...]
    row: Row | None
    said: dict[str, Any] | None
    covered: Covered | None = None


def network(view: View, layer: str) -> Iterator[dict[str, Any]]:
    """Every subject of which the layer says something on the days asked about, by key.

    Left out are those of which nothing is recorded by then, and those that do not apply since a
    party certainly did not exist. Invalid, before anything is read, for what is no layer.
    """
    found = stood(view, layer)
    return map(item_of(layer), found)


def stood(view: View, layer: str) -> Iterator[Stood]:
    """The same before it is dressed as an answer: there may be tens of thousands."""
    check_layer(layer)
    return _stood(view, layer)


def check_layer(layer: str) -> None:
    if layer not in LAYERS:
        raise Invalid(
            f"not a layer: {layer!r} (expected one of {', '.join(LAYERS)})",
            "layer",
        )


def _stood(view: View, layer: str) -> Iterator[Stood]:
    world = World(view)
    asked = world.layer(layer)
    absent = world.absent(view.days)
    first, last = view.days.lo, view.days.hi
    alone: dict[str, tuple[str, ...]] = {}
    inside = _inside(view.days)
    for key, rows in _by_key(world.rows(layer, view.days)):
        if len(rows) == 1:
            row = rows[0]
            value = row[1]
            if (
                value != NOTHING
                and row[2] <= first
                and last <= row[3]
                and not (absent and any(each in absent for each in parties_of(layer, key)))
            ):  # nearly all are such, and of these the row says all
                possible = alone.get(value) or alone.setdefault(value, (value,))
                certain = value != "unknown"
                if (over := asked.covered(key)) is None:
                    yield Stood(key, value, certain, possible, row, None)
                else:
                    certain = certain and inside(over)
                    yield Stood(key, value, certain, possible, row, None, (asked, view.days))
                continue
        spans = [Span._make(row[1:]) for row in rows]
        if not any(each.value != NOTHING and _meets(each, view.days) for each in spans):
            continue
        said = asked.said(key, spans, view.days)
        if said["value"] != NOT_APPLICABLE and said["possible"]:
            possible = tuple(said["possible"])
            yield Stood(key, said["value"], said["certain"], possible, None, said)


def _inside(days: Days) -> Callable[[Days], bool]:
    """Whether all the days are covered: asked once of each list, which covers thousands."""

    @cache
    def inside(over: Days) -> bool:
        return (days & over) == days

    return inside


def item_of(layer: str) -> Callable[[Stood], dict[str, Any]]:
    """Dresses what stood as an item of the answer."""
    named = namer(layer)

    def item(each: Stood) -> dict[str, Any]:
        if each.row is None:
            return {"subject": named(each.key), **(each.said or {})}
        if each.covered is not None:
            asked, days = each.covered
            spans = [Span._make(each.row[1:])]
            return {"subject": named(each.key), **asked.said(each.key, spans, days)}
        _, value, _begun, _ended, evidence, since, since_hi, until, until_hi = each.row
        return {
            "subject": named(each.key),
            "value": value,
            "certain": each.certain,
            "possible": [value],
            "basis": "events",
            "since": None if since is None else bounds(since, since_hi),
            "until": None if until is None else bounds(until, until_hi),
            "evidence": orjson.loads(evidence),
        }

    return item


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

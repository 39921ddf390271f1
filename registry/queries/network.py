"""The world on a day: every pair, directed pair or participation of one layer."""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from itertools import chain
from typing import Any, Final, NamedTuple, TypeVar

import orjson

from registry.domain.dates import Days
from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING
from registry.queries.existence import parties_of
from registry.queries.outcomes import bounds
from registry.queries.states import Span
from registry.queries.subjects import namer
from registry.queries.view import View
from registry.queries.world import World, end_of

Row = tuple[Any, ...]
"""A span as it is read: its key, then what a Span holds."""

Item = dict[str, Any]
Made = TypeVar("Made")


class Stood(NamedTuple):
    """What one subject answers. `row`: of what a single row says all, and then `over`, the days
    of a list that is complete, where one has to be named beside it; else `said`.
    """

    key: str
    value: str | None
    certain: bool
    possible: tuple[str, ...]
    row: Row | None
    said: Item | None
    over: Days | None = None


def network(view: View, layer: str) -> Iterator[Item]:
    """Every subject of which the layer says something on the days asked about, by key.

    Left out are those of which nothing is recorded by then, and those that do not apply since a
    party certainly did not exist. Invalid, before anything is read, for what is no layer.
    """
    check_layer(layer)
    return _each(view, layer, _of_row(layer), _of_said(layer))


def stood(view: View, layer: str) -> Iterator[Stood]:
    """The same before it is dressed as an answer: there may be tens of thousands."""
    check_layer(layer)
    return _each(view, layer, _stood_by_row, _stood_by_said)


def item_of(layer: str) -> Callable[[Stood], Item]:
    """Dresses what stood as an item of the answer."""
    of_row, of_said = _of_row(layer), _of_said(layer)

    def item(each: Stood) -> Item:
        if each.row is not None:
            return of_row(each.row, each.certain, each.over)
        return of_said(each.key, each.said or {})

    return item


def check_layer(layer: str) -> None:
    if layer not in LAYERS:
        raise Invalid(
            f"not a layer: {layer!r} (expected one of {', '.join(LAYERS)})",
            "layer",
        )


def _each(
    view: View,
    layer: str,
    of_row: Callable[[Row, bool, Days | None], Made],
    of_said: Callable[[str, Item], Made],
) -> Iterator[Made]:
    """What is made of each subject: of its only row, where that says all, as nearly all do, of
    whether it is certain and of its coverage; else of its answer.
    """
    world = World(view)
    asked = world.layer(layer)
    absent = world.absent(view.days)
    days, first, last = view.days, view.days.lo, view.days.hi
    inside = _inside(days)
    covered = asked.covered if asked.is_listed else None
    several: list[Row] = []
    before = _END
    for row in chain(world.rows(layer, days), (_END,)):
        key = before[0]
        if row[0] == key:
            several.append(before)
        elif several:
            several.append(before)
            if (said := _said(asked.said, key, several, days)) is not None:
                yield of_said(key, said)
            several = []
        elif (
            before[2] <= first
            and last <= before[3]
            and before[1] != NOTHING
            and not (absent and any(each in absent for each in parties_of(layer, key)))
        ):
            over = None if covered is None else covered(key)
            certain = before[1] != "unknown" and (over is None or inside(over))
            yield of_row(before, certain, over)
        elif key and (said := _said(asked.said, key, [before], days)) is not None:
            yield of_said(key, said)
        before = row


_END: Final[Row] = ("", NOTHING, 1, 0)
"""Before the first row and after the last one; no subject has this key."""


def _said(
    say: Callable[[str, list[Span], Days], Item], key: str, rows: Iterable[Row], days: Days
) -> Item | None:
    """The answer of a subject; None where it says nothing, or does not apply."""
    spans = [Span._make(row[1:]) for row in rows]
    if not any(each.value != NOTHING and _meets(each, days) for each in spans):
        return None
    said = say(key, spans, days)
    return said if said["value"] != NOT_APPLICABLE and said["possible"] else None


def _inside(days: Days) -> Callable[[Days], bool]:
    """Whether all the days are covered: asked once of each list, which covers thousands."""

    @cache
    def inside(over: Days) -> bool:
        return (days & over) == days

    return inside


def _stood_by_row(row: Row, certain: bool, over: Days | None) -> Stood:
    return Stood(row[0], row[1], certain, _alone(row[1]), row, None, over)


@cache
def _alone(value: str) -> tuple[str, ...]:
    return (value,)


def _stood_by_said(key: str, said: Item) -> Stood:
    return Stood(key, said["value"], said["certain"], tuple(said["possible"]), None, said)


def _of_row(layer: str) -> Callable[[Row, bool, Days | None], Item]:
    named = namer(layer)
    load = orjson.loads

    def item(row: Row, certain: bool, over: Days | None) -> Item:
        key, value, _begun, _ended, evidence, since, since_hi, until, until_hi = row
        made = {
            "subject": named(key),
            "value": value,
            "certain": certain,
            "possible": [value],
            "basis": "events",
            "since": None if since is None else bounds(since, since_hi),
            "until": None if until is None else bounds(until, until_hi),
            "evidence": load(evidence),
        }
        if over is not None:
            made["covered_until"] = end_of(over)
        return made

    return item


def _of_said(layer: str) -> Callable[[str, Item], Item]:
    named = namer(layer)
    return lambda key, said: {"subject": named(key), **said}


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

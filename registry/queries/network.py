"""The world on a day: every pair, directed pair or participation of one layer."""

from collections.abc import Iterator
from typing import Any

from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING
from registry.queries.view import View
from registry.queries.world import World


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
    subject_of = LAYERS[layer].subject
    plain_pair = LAYERS[layer].parts == ("pair",)
    several = len(view.days.intervals) > 1
    for key, rows in world.subjects(layer, view.days):
        told = [row for row in rows if row[1] != NOTHING]
        if not told or (several and not any(_meets(row, view) for row in told)):
            continue
        said = asked.said(key, rows, view.days)
        if said["value"] != NOT_APPLICABLE and said["possible"]:
            yield {"subject": {"pair": key.split("|")} if plain_pair else subject_of(key), **said}


def _meets(row: Any, view: View) -> bool:
    """Whether it holds on one of the days, which have gaps between them."""
    return any(row.day_from <= hi and lo <= row.day_to for lo, hi in view.days.intervals)


def parts(layer: str) -> list[str]:
    """The names of the columns that name a subject."""
    return [
        each
        for name in LAYERS[layer].parts
        for each in (("first", "second") if name == "pair" else (name,))
    ]

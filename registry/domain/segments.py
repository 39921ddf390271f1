"""Segments: runs of days on which the answer to a layer's question is the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry.domain.dates import Days
from registry.domain.layers import NOTHING
from registry.domain.settings import Setting

Nodes = Mapping[str, tuple[int, ...]]
"""By value the settings, as indexes, that could be its last setter."""


@dataclass(frozen=True, slots=True)
class Segment:
    """`possible`: value -> the events that could be its last setter ("nothing yet" has none).
    `nodes`: the same as indexes of settings, for what is said about runs.
    """

    day_from: int
    day_to: int
    possible: Mapping[str, tuple[str, ...]]
    nodes: Nodes

    @property
    def certain(self) -> bool:
        return len(self.possible) == 1


def named(settings: Sequence[Setting], possible: Nodes) -> dict[str, tuple[str, ...]]:
    """By value the events behind the indexes."""
    return {
        value: (settings[indexes[0]].event_id,)
        if len(indexes) == 1
        else tuple(dict.fromkeys([settings[index].event_id for index in indexes]))
        for value, indexes in possible.items()
    }


def possible_over(
    segments: Sequence[Segment], days: Days
) -> tuple[dict[str, tuple[str, ...]], bool]:
    """What was possible on some of these days, and whether one value was certain on all of them."""
    found: dict[str, dict[str, None]] = {}
    for lo, hi in days.intervals:
        at = lo
        for segment in segments:
            if segment.day_to < lo or segment.day_from > hi:
                continue
            if segment.day_from > at:
                found.setdefault(NOTHING, {})
            for value, events in segment.possible.items():
                found.setdefault(value, {}).update(dict.fromkeys(events))
            at = segment.day_to + 1
        if at <= hi:
            found.setdefault(NOTHING, {})
    return {value: tuple(events) for value, events in found.items()}, len(found) == 1

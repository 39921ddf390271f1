"""The quick ways to fold: where no order, no competing claim and no hole in a window has to be
weighed, what held follows from the bounds of the windows alone.

Each gives what the sweep of `fold` gives (`tests/unit/fold/test_quick_ways.py`), or None where
the history is not so plain.
"""

from bisect import insort
from collections.abc import Mapping, Sequence
from itertools import pairwise

from registry.domain.dates import MAX_DAY
from registry.domain.layers import NOTHING, Layer
from registry.domain.segments import Nodes, Segment, named
from registry.domain.settings import Setting


def quickly(layer: Layer, nodes: Sequence[Setting]) -> tuple[Segment, ...] | None:
    """The segments of these settings, which are in order of recording; None: ask the sweep."""
    if not nodes:
        return ()
    for node in nodes:
        if node.optional or node.act is not None:
            return None
        if len(node.window.intervals) != 1 or len(node.values) != 1:
            return None
        if node.after and len(nodes) > 1:
            return None
    found = _one_after_another(layer, nodes)
    return _overlapping(layer, nodes) if found is None else found


def _one_after_another(layer: Layer, nodes: Sequence[Setting]) -> tuple[Segment, ...] | None:
    """Where no two windows meet."""
    by_day = [0]
    if len(nodes) > 1:
        by_day = sorted(range(len(nodes)), key=lambda index: nodes[index].window.intervals)
        tiers = layer.tiers
        last = nodes[by_day[0]]
        for index in by_day[1:]:
            node = nodes[index]
            if node.window.intervals[0][0] <= last.window.intervals[0][1]:
                return None
            if tiers and layer.tier(node.values[0]) != layer.tier(last.values[0]):
                return None
            last = node
    starts: list[tuple[int, Nodes]] = []
    before, held = -1, NOTHING
    for index in by_day:
        node = nodes[index]
        ((lo, hi),) = node.window.intervals
        (value,) = node.values
        if lo < hi:
            if before < 0:
                starts.append((lo, {NOTHING: (), value: (index,)}))
            elif held == value:
                both = (before, index) if before < index else (index, before)
                starts.append((lo, {value: both}))
            elif held < value:
                starts.append((lo, {held: (before,), value: (index,)}))
            else:
                starts.append((lo, {value: (index,), held: (before,)}))
        if hi < MAX_DAY:
            starts.append((hi, {value: (index,)}))
        before, held = index, value
    return _segments(nodes, starts)


def _overlapping(layer: Layer, nodes: Sequence[Setting]) -> tuple[Segment, ...] | None:
    """Where windows meet, but only the days, then the ranks and the order of recording, tell which
    of two came last.
    """
    if layer.legal_chain or any(one.position == two.position for one, two in pairwise(nodes)):
        return None
    bounds = [node.window.intervals[0] for node in nodes]
    days = {day for bound in bounds for day in bound} | {lo + 1 for lo, _ in bounds if lo < MAX_DAY}
    days.discard(MAX_DAY)
    starting = sorted((lo, index) for index, (lo, _) in enumerate(bounds))
    ending = sorted((hi, index) for index, (_, hi) in enumerate(bounds))
    begun = ended = 0
    alive: list[int] = []
    happened = _Happened(layer, nodes)
    starts: list[tuple[int, Nodes]] = []
    for day in sorted(days):
        while begun < len(starting) and starting[begun][0] <= day:
            insort(alive, starting[begun][1])
            begun += 1
        while ended < len(ending) and ending[ended][0] <= day:
            happened.note(ending[ended][1])
            ended += 1
        possible, alive = happened.possible(alive, day)
        if not starts or starts[-1][1] != possible:
            starts.append((day, possible))
    return _segments(nodes, starts)


class _Happened:
    """What has certainly happened: of each tier the one with the latest beginning. A setting may
    have been the last of its tier as long as its own latest day does not come before that.
    """

    def __init__(self, layer: Layer, nodes: Sequence[Setting]) -> None:
        self.values = [node.values[0] for node in nodes]
        self.tiers = [layer.tier(value) for value in self.values]
        self.marks = [
            (node.window.intervals[0][0], node.rank, index) for index, node in enumerate(nodes)
        ]
        self.ends = [node.window.intervals[0][1] for node in nodes]
        self.latest: dict[int, tuple[int, int, int]] = {}
        self.furthest: int | None = None

    def note(self, index: int) -> None:
        tier, mark = self.tiers[index], self.marks[index]
        if tier not in self.latest or self.latest[tier] < mark:
            self.latest[tier] = mark
        if self.furthest is None or self.furthest < tier:
            self.furthest = tier

    def possible(self, alive: Sequence[int], day: int) -> tuple[Nodes, list[int]]:
        """What may hold on the day, and those of `alive` that may still hold on a later one."""
        found: dict[str, list[int]] = {} if self.latest else {NOTHING: []}
        still: list[int] = []
        for index in alive:
            tier, end = self.tiers[index], self.ends[index]
            if self.furthest is not None and tier < self.furthest:
                continue
            latest = self.latest.get(tier)
            own = (end if end < day else day, self.marks[index][1], index)  # noqa: FURB136 - hot
            if latest is None or latest <= own:
                found.setdefault(self.values[index], []).append(index)
                still.append(index)
            elif day < end:
                still.append(index)
        return {value: tuple(found[value]) for value in sorted(found)}, still


def _segments(
    nodes: Sequence[Setting], starts: Sequence[tuple[int, Mapping[str, tuple[int, ...]]]]
) -> tuple[Segment, ...]:
    """Each possibility from its day to the day before the next one's."""
    made: list[Segment] = []
    end = MAX_DAY
    for first, possible in reversed(starts):
        made.append(Segment(first, end, named(nodes, possible), possible))
        end = first - 1
    made.reverse()
    return tuple(made)

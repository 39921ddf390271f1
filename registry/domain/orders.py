"""Which setting came before which: stated orders, the assumed legal chain, and the tie order.

Orders act among the settings of one layer and subject. They are applied one by one, own parts
first, then stated, then assumed, each in order of recording; one that would empty a window or
close a circle is set aside and named as a doubt. Orders of what may not have happened come after
all of these: they move nothing else, and two such settings have no order between them.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise

from registry.domain.dates import Days
from registry.domain.doubts import Doubt
from registry.domain.layers import CONSENT, EFFECT, SIGNATURE, Layer
from registry.domain.settings import Setting

LEGAL_RULE = "VCLT 11-16, 24: signature before consent before effect"
_CHAIN = frozenset({SIGNATURE, CONSENT, EFFECT})


@dataclass(frozen=True, slots=True)
class Assumed:
    """An inference that an answer rests on: an order of two events, or a value by a rule."""

    rule: str
    before: str | None = None
    after: str | None = None
    event: str | None = None

    def as_json(self) -> dict[str, str]:
        named = {"before": self.before, "after": self.after, "event": self.event}
        return {name: value for name, value in named.items() if value} | {"rule": self.rule}


@dataclass
class Ordered:
    """The settings by index, their tightened windows, and who is before whom."""

    nodes: Sequence[Setting]
    windows: list[Days]
    successors: list[set[int]] = field(default_factory=list)
    """Transitive through what certainly happened, where the days alone do not tell the order; an
    optional node only begins or ends a path."""
    tie: list[int] = field(default_factory=list)
    """Place of each node in the order that settles a shared day."""
    doubts: list[Doubt] = field(default_factory=list)
    assumed: list[Assumed] = field(default_factory=list)


class _Links:
    """The kept orders, both ways."""

    def __init__(self, count: int) -> None:
        self.after: list[set[int]] = [set() for _ in range(count)]
        self.before: list[set[int]] = [set() for _ in range(count)]

    def add(self, first: int, second: int) -> None:
        self.after[first].add(second)
        self.before[second].add(first)

    def discard(self, first: int, second: int) -> None:
        self.after[first].discard(second)
        self.before[second].discard(first)


def order(layer: Layer, nodes: Sequence[Setting]) -> Ordered:
    """Tighten the windows by all orders that can hold, and fix the tie order."""
    made = Ordered(nodes, [node.window for node in nodes])
    links = _Links(len(nodes))
    own, stated = list(_own(nodes)), _stated(nodes)
    _apply(layer, made, links, (own, stated), unsure=0)
    if layer.legal_chain:
        _assume(layer, made, links)
    _apply(layer, made, links, (own, stated), unsure=1)
    for index, node in enumerate(nodes):
        if node.optional:
            made.windows[index] = _held(made, links, index)
    made.successors = _closure(made, links.after)
    made.tie = _tie_order(nodes, links)
    return made


def _apply(
    layer: Layer,
    made: Ordered,
    links: _Links,
    own_and_stated: tuple[list[tuple[int, int]], list[tuple[int, int]]],
    unsure: int,
) -> None:
    """Keep those of which so many may not have happened, or set them aside."""
    nodes = made.nodes
    own, stated = own_and_stated
    for pairs, noted in ((own, False), (stated, True)):
        for first, second in pairs:
            if nodes[first].optional + nodes[second].optional != unsure:
                continue
            if not _keep(made, links, first, second) and noted:
                made.doubts.append(_set_aside(layer, nodes[first], nodes[second]))


def _own(nodes: Sequence[Setting]) -> Iterable[tuple[int, int]]:
    """The settings of one event, in the order of its parts."""
    by_event: dict[int, list[int]] = {}
    for index, node in enumerate(nodes):
        by_event.setdefault(node.position, []).append(index)
    for parts in by_event.values():
        parts.sort(key=lambda index: nodes[index].part)
        yield from pairwise(parts)


def _stated(nodes: Sequence[Setting]) -> list[tuple[int, int]]:
    """In order of recording."""
    by_id: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        by_id.setdefault(node.event_id, []).append(index)
    return [
        (first, second)
        for second in sorted(
            range(len(nodes)), key=lambda index: (nodes[index].position, nodes[index].part)
        )
        for event_id in dict.fromkeys(nodes[second].after)
        for first in by_id.get(event_id, ())
        if nodes[first].position != nodes[second].position
    ]


def _assume(layer: Layer, made: Ordered, links: _Links) -> None:
    nodes = made.nodes
    pairs = sorted(
        _legal_pairs(nodes),
        key=lambda pair: (
            max(nodes[pair[0]].position, nodes[pair[1]].position),
            min(nodes[pair[0]].position, nodes[pair[1]].position),
            nodes[pair[0]].part,
            nodes[pair[1]].part,
            pair,  # two events may each have parts before and after the other's
        ),
    )
    for first, second in pairs:
        if second in _reachable(links.after, first):
            continue
        if _keep(made, links, first, second):
            made.assumed.append(Assumed(LEGAL_RULE, nodes[first].event_id, nodes[second].event_id))
        else:
            made.doubts.append(_set_aside(layer, nodes[first], nodes[second]))


def _legal_pairs(nodes: Sequence[Setting]) -> Iterable[tuple[int, int]]:
    by_start = sorted(
        (index for index, node in enumerate(nodes) if node.rank in _CHAIN and not node.optional),
        key=lambda index: nodes[index].window.lo,
    )
    for place, index in enumerate(by_start):
        for other in islice(by_start, place + 1, None):
            if nodes[other].window.lo > nodes[index].window.hi:
                break
            if _legally_before(nodes[index], nodes[other]):
                yield index, other
            elif _legally_before(nodes[other], nodes[index]):
                yield other, index


def _legally_before(first: Setting, second: Setting) -> bool:
    """Whether the recorded windows leave the order open and the legal chain settles it."""
    return (
        first.rank in _CHAIN
        and second.rank in _CHAIN
        and first.rank < second.rank
        and first.position != second.position
        and not (first.optional or second.optional)
        and first.window.hi >= second.window.lo
        and second.window.hi >= first.window.lo
        and not (first.window.single and second.window.single)
    )


def _keep(made: Ordered, links: _Links, first: int, second: int) -> bool:
    """Add `first` before `second` unless it closes a circle or empties a window."""
    if first in _reachable(links.after, second):
        return False
    links.add(first, second)
    nodes = made.nodes
    if nodes[first].optional or nodes[second].optional:
        kept = bool(_held(made, links, first if nodes[first].optional else second))
    else:
        tightened = _propagated(made.windows, links, first, second)
        kept = tightened is not None
        for index, window in (tightened or {}).items():
            made.windows[index] = window
    if not kept:
        links.discard(first, second)
    return kept


def _held(made: Ordered, links: _Links, one: int) -> Days:
    """The days left to an optional node between what is stated before and after it."""
    window = made.nodes[one].window
    for index in links.before[one]:
        window = window.not_before(made.windows[index].lo)
    for index in links.after[one]:
        window = window.not_after(made.windows[index].hi)
    return window


def _propagated(
    windows: list[Days], links: _Links, first: int, second: int
) -> dict[int, Days] | None:
    """The windows that change on the way to the fixpoint; None where one is emptied."""
    tight: dict[int, Days] = {}
    todo = [first, second]
    while todo:
        index = todo.pop()
        window = tight.get(index, windows[index])
        left = {i: tight.get(i, windows[i]).not_before(window.lo) for i in links.after[index]}
        for i in links.before[index]:
            left[i] = tight.get(i, windows[i]).not_after(window.hi)
        for other, days in left.items():
            if not days:
                return None
            if days != tight.get(other, windows[other]):
                tight[other] = days
                todo.append(other)
    return tight


def _reachable(after: Sequence[set[int]], start: int) -> set[int]:
    seen: set[int] = set()
    todo = [start]
    while todo:
        for following in after[todo.pop()]:
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen


def _closure(made: Ordered, links: Sequence[set[int]]) -> list[set[int]]:
    nodes, windows = made.nodes, made.windows
    after = [
        {other for other in following if windows[other].lo <= windows[index].hi}
        for index, following in enumerate(links)
    ]
    through = [set() if node.optional else after[i] for i, node in enumerate(nodes)]
    reach = [_reachable(through, index) for index in range(len(nodes))]
    for index, node in enumerate(nodes):
        if node.optional:
            reach[index] = after[index].union(*(reach[other] for other in after[index]))
    return reach


def _tie_order(nodes: Sequence[Setting], links: _Links) -> list[int]:
    """Topological by order, then by rank, then by order of recording."""
    waiting = [len(before) for before in links.before]
    ready = [_priority(nodes, index) for index in range(len(nodes)) if waiting[index] == 0]
    heapq.heapify(ready)
    place = [0] * len(nodes)
    for count in range(len(nodes)):
        index = heapq.heappop(ready)[-1]
        place[index] = count
        for after in links.after[index]:
            waiting[after] -= 1
            if waiting[after] == 0:
                heapq.heappush(ready, _priority(nodes, after))
    return place


def _priority(nodes: Sequence[Setting], index: int) -> tuple[int, int, int, int]:
    node = nodes[index]
    return node.rank, node.position, node.part, index


def _set_aside(layer: Layer, first: Setting, second: Setting) -> Doubt:
    return Doubt(
        "order_set_aside",
        f"{layer.name}: the order {first.event_id} before {second.event_id} contradicts the dates "
        "or other orders and is set aside",
        (first.event_id, second.event_id),
    )

"""Which setting came before which: stated orders, the assumed legal chain, and the tie order.

Orders act among the settings of one layer and subject. They are applied one by one, own parts
first, then stated, then assumed, each in order of recording; one that would empty a window or
close a circle is set aside and named as a doubt.
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

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
    """Transitive, among what certainly happened; for an optional node: its own links only."""
    tie: list[int] = field(default_factory=list)
    """Place of each node in the order that settles a shared day."""
    doubts: list[Doubt] = field(default_factory=list)
    assumed: list[Assumed] = field(default_factory=list)


def order(layer: Layer, nodes: Sequence[Setting]) -> Ordered:
    """Tighten the windows by all orders that can hold, and fix the tie order."""
    made = Ordered(nodes, [node.window for node in nodes])
    edges: list[set[int]] = [set() for _ in nodes]
    if len(nodes) > 1:
        for first, second in _own(nodes):
            _keep(made, edges, first, second)
        for first, second in _stated(nodes):
            if not _keep(made, edges, first, second):
                made.doubts.append(_set_aside(layer, nodes[first], nodes[second]))
        if layer.legal_chain:
            _assume(layer, made, edges)
    _tighten_optional(made, edges)
    made.successors = _closure(nodes, edges)
    made.tie = _tie_order(nodes, edges)
    return made


def _own(nodes: Sequence[Setting]) -> Iterable[tuple[int, int]]:
    """The settings of one event, in the order of its parts."""
    by_event: dict[int, list[int]] = {}
    for index, node in enumerate(nodes):
        by_event.setdefault(node.position, []).append(index)
    for parts in by_event.values():
        parts.sort(key=lambda index: nodes[index].part)
        yield from pairwise(parts)


def _stated(nodes: Sequence[Setting]) -> list[tuple[int, int]]:
    """In order of recording; those of what may not have happened last: they move nothing."""
    by_id: dict[str, list[int]] = {}
    for index, node in enumerate(nodes):
        by_id.setdefault(node.event_id, []).append(index)
    pairs = [
        (first, second)
        for second in range(len(nodes))
        for event_id in nodes[second].after
        for first in by_id.get(event_id, ())
        if nodes[first].position != nodes[second].position
    ]
    pairs.sort(
        key=lambda pair: (
            nodes[pair[0]].optional or nodes[pair[1]].optional,
            nodes[pair[1]].position,
            nodes[pair[1]].part,
        )
    )
    return pairs


def _assume(layer: Layer, made: Ordered, edges: list[set[int]]) -> None:
    nodes = made.nodes
    pairs = [
        (first, second)
        for first in range(len(nodes))
        for second in range(len(nodes))
        if _legally_before(nodes[first], nodes[second])
    ]
    pairs.sort(
        key=lambda pair: (
            max(nodes[pair[0]].position, nodes[pair[1]].position),
            min(nodes[pair[0]].position, nodes[pair[1]].position),
            nodes[pair[0]].part,
            nodes[pair[1]].part,
        )
    )
    for first, second in pairs:
        if second in _reachable(edges, first):
            continue
        if _keep(made, edges, first, second):
            made.assumed.append(Assumed(LEGAL_RULE, nodes[first].event_id, nodes[second].event_id))
        else:
            made.doubts.append(_set_aside(layer, nodes[first], nodes[second]))


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


def _keep(made: Ordered, edges: list[set[int]], first: int, second: int) -> bool:
    """Add `first` before `second` unless it closes a circle or empties a window."""
    if first == second or first in _reachable(edges, second):
        return False
    nodes = made.nodes
    if nodes[first].optional or nodes[second].optional:
        return _keep_optional(made, edges, first, second)
    edges[first].add(second)
    tightened = _propagated(made.windows, edges, nodes, {first, second})
    if tightened is None:
        edges[first].discard(second)
        return False
    made.windows = tightened
    return True


def _keep_optional(made: Ordered, edges: list[set[int]], first: int, second: int) -> bool:
    """What may not have happened tightens nothing; it is itself held by what did."""
    nodes = made.nodes
    if nodes[first].optional and nodes[second].optional:
        return True
    one = first if nodes[first].optional else second
    edges[first].add(second)
    if _held(made, edges, one):
        return True
    edges[first].discard(second)
    return False


def _held(made: Ordered, edges: list[set[int]], one: int) -> Days:
    """The days left to an optional node between what is stated before and after it."""
    window = made.nodes[one].window
    for index, after in enumerate(edges):
        if one in after and not made.nodes[index].optional:
            window = window.not_before(made.windows[index].lo)
    for index in edges[one]:
        if not made.nodes[index].optional:
            window = window.not_after(made.windows[index].hi)
    return window


def _tighten_optional(made: Ordered, edges: list[set[int]]) -> None:
    for index, node in enumerate(made.nodes):
        if node.optional:
            left = _held(made, edges, index)
            made.windows[index] = left


def _propagated(
    windows: list[Days], edges: list[set[int]], nodes: Sequence[Setting], changed: set[int]
) -> list[Days] | None:
    """The windows at the fixpoint of all orders; None where one is emptied."""
    tight = list(windows)
    todo = set(changed)
    while todo:
        index = todo.pop()
        if nodes[index].optional:
            continue
        for other in range(len(nodes)):
            if nodes[other].optional:
                continue
            if other in edges[index]:
                left = tight[other].not_before(tight[index].lo)
            elif index in edges[other]:
                left = tight[other].not_after(tight[index].hi)
            else:
                continue
            if not left:
                return None
            if left != tight[other]:
                tight[other] = left
                todo.add(other)
    return tight


def _reachable(edges: list[set[int]], start: int) -> set[int]:
    seen: set[int] = set()
    todo = [start]
    while todo:
        for following in edges[todo.pop()]:
            if following not in seen:
                seen.add(following)
                todo.append(following)
    return seen


def _closure(nodes: Sequence[Setting], edges: list[set[int]]) -> list[set[int]]:
    if not any(edges):
        return edges
    certain = [
        {after for after in edges[i] if not nodes[after].optional}
        if not nodes[i].optional
        else set()
        for i in range(len(nodes))
    ]
    reach = [_reachable(certain, index) for index in range(len(nodes))]
    for index, node in enumerate(nodes):
        if node.optional:
            direct = {after for after in edges[index] if not nodes[after].optional}
            reach[index] = direct.union(*(reach[after] for after in direct)) if direct else set()
    return reach


def _tie_order(nodes: Sequence[Setting], edges: list[set[int]]) -> list[int]:
    """Topological by order, then by rank, then by order of recording."""
    waiting = [0] * len(nodes)
    for following in edges:
        for index in following:
            waiting[index] += 1
    ready = [_priority(nodes, index) for index in range(len(nodes)) if waiting[index] == 0]
    heapq.heapify(ready)
    place = [0] * len(nodes)
    count = 0
    while ready:
        index = heapq.heappop(ready)[-1]
        place[index] = count
        count += 1
        for after in edges[index]:
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

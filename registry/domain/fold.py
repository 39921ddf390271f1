"""The fold: from the settings of one layer and subject to what was possible on every day.

A world picks one day for every setting, one claim for every act, and respects the kept orders.
A value is possible on a day if it holds in some world, certain if in all. The rules and why they
are exact: DESIGN 5 and 9.1-9.3; `tests/unit/fold` compares them with all worlds counted out.
"""

from bisect import bisect_right, insort
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from registry.domain.confidence import Confidence
from registry.domain.dates import MAX_DAY
from registry.domain.doubts import Doubt
from registry.domain.layers import NOTHING, Layer
from registry.domain.orders import Assumed, Ordered, order
from registry.domain.quick import quickly
from registry.domain.segments import Segment, named
from registry.domain.settings import Setting, counted


@dataclass(frozen=True, slots=True)
class Claim:
    """One of several accounts of one act; it may set something here, or elsewhere, or nothing."""

    event_id: str
    position: int
    confidence: Confidence


@dataclass(frozen=True, slots=True)
class Folded:
    """All segments from the first day on which anything may have happened, without gaps."""

    segments: tuple[Segment, ...]
    ordered: Ordered
    doubts: tuple[Doubt, ...]
    assumed: tuple[Assumed, ...]


@dataclass(slots=True)
class _Act:
    """The claims of one act: the settings here of each (none: it sets nothing here)."""

    claims: list[list[int]]
    blockers: list[list[int]] = field(default_factory=list)

    @property
    def can_block(self) -> bool:
        return all(self.blockers)


NO_FOLD: Final = Folded((), Ordered([], []), (), ())
"""Of a subject of which nothing is said."""


def fold(
    layer: Layer,
    settings: Sequence[Setting],
    claims: Mapping[int, Sequence[Claim]],
    threshold: Confidence,
) -> Folded:
    """What held, under a confidence threshold; `claims` by act, of all acts with several."""
    nodes = counted(settings, threshold)
    if len(nodes) > 1:
        nodes.sort(key=lambda each: (each.position, each.part))
    if (segments := quickly(layer, nodes)) is not None:
        return _plainly(nodes, segments)
    ordered = order(layer, nodes)
    acts, act_of = _acts(nodes, claims, threshold)
    segments = tuple(_Sweep(layer, ordered, acts, act_of).segments())
    assumed = (
        *ordered.assumed,
        *(Assumed(n.assumption, event=n.event_id) for n in nodes if n.assumption),
    )
    return Folded(segments, ordered, tuple(ordered.doubts), assumed)


def _plainly(nodes: Sequence[Setting], segments: tuple[Segment, ...]) -> Folded:
    ordered = Ordered(nodes, [node.window for node in nodes])
    assumed = tuple(Assumed(n.assumption, event=n.event_id) for n in nodes if n.assumption)
    return Folded(segments, ordered, (), assumed)


def _acts(
    nodes: Sequence[Setting], claims: Mapping[int, Sequence[Claim]], threshold: Confidence
) -> tuple[list[_Act], list[int]]:
    by_key: dict[int, dict[int, list[int]]] = {}
    for index, node in enumerate(nodes):
        key = node.position if node.act is None else node.act
        by_key.setdefault(key, {}).setdefault(node.position, []).append(index)
    acts: list[_Act] = []
    act_of = [0] * len(nodes)
    for key, by_claim in by_key.items():
        for claim in claims.get(key, ()):
            if claim.confidence.counts_at(threshold):
                by_claim.setdefault(claim.position, [])
        for indexes in by_claim.values():
            for index in indexes:
                act_of[index] = len(acts)
        made = _Act(list(by_claim.values()))
        made.blockers = [[i for i in claim if not nodes[i].optional] for claim in made.claims]
        acts.append(made)
    return acts, act_of


class _Sweep:
    """Goes over the days on which the answer may change, first to last.

    A candidate that another act has certainly overtaken after its last day never comes back, so
    few are alive at any time; acts that have certainly happened are kept by the earliest day on
    which their last claim may have done so, and only those at or after a candidate are looked at.
    """

    def __init__(self, layer: Layer, ordered: Ordered, acts: list[_Act], act_of: list[int]) -> None:
        self.nodes = ordered.nodes
        self.windows = ordered.windows
        self.successors = ordered.successors
        self.tie = ordered.tie
        self.tier_of = layer.tier
        self.surely = [min(layer.tier(v) for v in n.values) for n in ordered.nodes]
        self.acts = acts
        self.act_of = act_of
        self.claim_of = [
            next(claim for claim in acts[act_of[i]].claims if i in claim)
            for i in range(len(ordered.nodes))
        ]
        self.predecessors: list[list[int]] = [[] for _ in ordered.nodes]
        for before, after in enumerate(self.successors):
            for index in after:
                self.predecessors[index].append(before)
        self.floors: list[tuple[int, int]] = []  # (-floor, -act) of what certainly happened
        self.floor_of: dict[int, int] = {}
        self.happened_by_tier: dict[int, list[int]] = {}

    def segments(self) -> Iterator[Segment]:
        starts = sorted((w.lo, i) for i, w in enumerate(self.windows) if w)
        ends = sorted(
            (w.hi, i) for i, w in enumerate(self.windows) if w and not self.nodes[i].optional
        )
        days = self._days()
        alive: list[int] = []
        s = e = 0
        last: tuple[int, dict[str, tuple[int, ...]]] | None = None
        for day in days:
            while s < len(starts) and starts[s][0] <= day:
                alive.append(starts[s][1])
                s += 1
            while e < len(ends) and ends[e][0] <= day:
                self._happened(self.act_of[ends[e][1]], day)
                e += 1
            possible, alive = self._possible(alive, day)
            if last is not None:
                if last[1] == possible:
                    continue
                yield self._segment(last[0], day - 1, last[1])
            last = (day, possible)
        if last is not None:
            yield self._segment(last[0], MAX_DAY, last[1])

    def _days(self) -> list[int]:
        days: set[int] = set()
        for window in self.windows:
            for lo, hi in window.intervals:
                days.update((lo, hi))
                if lo < MAX_DAY:
                    days.add(lo + 1)
        days.discard(MAX_DAY)
        return sorted(days)

    def _happened(self, act: int, day: int) -> None:
        """Note the act once each of its claims has certainly happened by `day`."""
        floor = MAX_DAY
        for claim in self.acts[act].blockers:
            past = [self.windows[i].lo for i in claim if self.windows[i].hi <= day]
            if not past:
                return
            floor = min(floor, max(past))
        old = self.floor_of.get(act)
        if old == floor:
            return
        if old is not None:
            self.floors.remove((-old, -act))
        else:
            for tier in {self.surely[i] for claim in self.acts[act].blockers for i in claim}:
                self.happened_by_tier.setdefault(tier, []).append(act)
        self.floor_of[act] = floor
        insort(self.floors, (-floor, -act))

    def _possible(self, alive: list[int], day: int) -> tuple[dict[str, tuple[int, ...]], list[int]]:
        found: dict[str, list[int]] = {}
        still: list[int] = []
        for index in alive:
            window = self.windows[index]
            latest = window.latest_by(day)
            if latest is None:
                continue
            bothvalues = [
                value
                for value in self.nodes[index].values
                if not self._blocked(index, self.tier_of(value), latest, day)
            ]
            if bothvalues or day < window.hi:
                still.append(index)
            for value in bothvalues:
                found.setdefault(value, []).append(index)
        if not self.floors:
            found[NOTHING] = []
        return {v: tuple(sorted(i)) for v, i in sorted(found.items())}, still

    def _blocked(self, index: int, tier: int, latest: int, day: int) -> bool:
        """Whether the setting, with a value of that tier, was certainly undone by `day`."""
        if self._claim_blocks(self.claim_of[index], index, tier, latest, day):
            return True
        own = self.act_of[index]
        return any(
            act != own and self._act_blocks(act, index, tier, latest, day)
            for act in self._rivals(index, tier, latest)
        )

    def _rivals(self, index: int, tier: int, latest: int) -> Iterator[int]:
        """Every act that might undo the setting; whether it does is asked of each."""
        for linked in (*self.successors[index], *self.predecessors[index]):
            yield self.act_of[linked]
        for place in range(bisect_right(self.floors, (-latest, 0))):
            yield -self.floors[place][1]
        for other, acts in self.happened_by_tier.items():
            if other > tier:
                yield from acts

    def _act_blocks(self, act: int, index: int, tier: int, latest: int, day: int) -> bool:
        return self.acts[act].can_block and all(
            self._claim_blocks(claim, index, tier, latest, day) for claim in self.acts[act].blockers
        )

    def _claim_blocks(
        self, claim: Sequence[int], index: int, tier: int, latest: int, day: int
    ) -> bool:
        return any(
            self._blocks(other, index, tier, latest, day)
            for other in claim
            if other != index and not self.nodes[other].optional
        )

    def _blocks(self, other: int, index: int, tier: int, latest: int, day: int) -> bool:
        """Whether `other` certainly undoes `index`, which came on its day `latest`, by `day`.

        Where it is open which value `other` sets, only its lowest tier is sure.
        """
        window = self.windows[other]
        if self.surely[other] < tier:
            return False
        if self.surely[other] > tier:  # it holds once it came, before or after
            return window.hi <= day or index in self.successors[other]
        if window.hi > day:
            return False
        return (
            other in self.successors[index]
            or window.lo > latest
            or (window.lo == latest and self.tie[other] > self.tie[index])
        )

    def _segment(self, first: int, last: int, nodes: dict[str, tuple[int, ...]]) -> Segment:
        return Segment(first, last, named(self.nodes, nodes), nodes)

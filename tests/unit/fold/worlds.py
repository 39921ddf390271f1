"""All worlds counted out: the rules of DESIGN 5 and 9.1-9.3 as plainly as they can be written.

Nothing here is clever and nothing is shared with the fold but the data it is given.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, product

from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.domain.fold import Claim
from registry.domain.layers import NOTHING, Layer
from registry.domain.settings import Setting

Pair = tuple[int, int]
World = tuple[int | None, ...]
"""The day of every setting; None for one that did not happen."""
Answers = dict[int, dict[str, frozenset[str]]]
"""Day -> possible value -> the events that are its last setter in some world."""


def every_day(days: Days) -> list[int]:
    return [day for lo, hi in days.intervals for day in range(lo, hi + 1)]


class Worlds:
    """The worlds that respect the kept orders, and what they say of each day."""

    def __init__(
        self,
        layer: Layer,
        settings: Sequence[Setting],
        claims: Mapping[int, Sequence[Claim]],
        threshold: Confidence,
    ) -> None:
        self.layer = layer
        self.settings = sorted(
            (each for each in settings if _seen(each.confidence, threshold)),
            key=lambda each: (each.position, each.part),
        )
        self.acts = self._claims_of_acts(claims, threshold)
        self.worlds: list[World] = list(
            product(
                *(
                    [*every_day(each.window), *([None] if _may_fail(each) else [])]
                    for each in self.settings
                )
            )
        )
        self.kept: list[Pair] = []
        self.set_aside: list[Pair] = []
        self.assumed: list[Pair] = []
        self._apply_orders()
        self.place = self._tie_order()

    # --- claims ---------------------------------------------------------------------------------

    def _claims_of_acts(
        self, claims: Mapping[int, Sequence[Claim]], threshold: Confidence
    ) -> list[list[int]]:
        """For each act the positions of its claims, wherever they set something."""
        acts: dict[int, set[int]] = {}
        for each in self.settings:
            acts.setdefault(_act(each), set()).add(each.position)
        for act, positions in acts.items():
            positions |= {
                claim.position
                for claim in claims.get(act, ())
                if _seen(claim.confidence, threshold)
            }
        return [sorted(positions) for positions in acts.values()]

    # --- orders ---------------------------------------------------------------------------------

    def _apply_orders(self) -> None:
        """One by one; what touches a setting that may not have happened comes after the rest."""
        in_turn = [
            *(("own", pair) for pair in self._own()),
            *(("stated", pair) for pair in self._stated()),
            *(("assumed", pair) for pair in self._legal()),
        ]
        optional = [_may_fail(each) for each in self.settings]
        for number in (0, 1):  # two of them have no order between them
            for kind, (first, second) in in_turn:
                if optional[first] + optional[second] == number:
                    self._apply(kind, first, second)

    def _apply(self, kind: str, first: int, second: int) -> None:
        if kind == "assumed" and second in self._after(first):
            return
        if self._keep(first, second):
            if kind == "assumed":
                self.assumed.append((first, second))
        elif kind != "own":
            self.set_aside.append((first, second))

    def _keep(self, first: int, second: int) -> bool:
        if first in self._after(second):
            return False
        left = [world for world in self.worlds if _respects(world, first, second)]
        if not any(world[first] is not None and world[second] is not None for world in left):
            return False
        self.worlds = left
        self.kept.append((first, second))
        return True

    def _after(self, start: int) -> set[int]:
        """All that the kept orders put after a setting, at any number of steps."""
        found: set[int] = set()
        while True:
            more = {b for a, b in self.kept if a == start or a in found} - found
            if not more:
                return found
            found |= more

    def _own(self) -> list[Pair]:
        return [
            (first, second)
            for first, second in pairwise(range(len(self.settings)))
            if self.settings[first].position == self.settings[second].position
        ]

    def _stated(self) -> list[Pair]:
        return [
            (first, second)
            for second, later in enumerate(self.settings)
            for event in later.after
            for first, earlier in enumerate(self.settings)
            if earlier.event_id == event and earlier.position != later.position
        ]

    def _legal(self) -> list[Pair]:
        """Signature before consent before effect, where the recorded windows leave it open."""
        if not self.layer.legal_chain:
            return []
        found: list[tuple[tuple[int, ...], Pair]] = []
        for first, earlier in enumerate(self.settings):
            for second, later in enumerate(self.settings):
                apart = earlier.window.hi < later.window.lo or later.window.hi < earlier.window.lo
                exact = earlier.window.single and later.window.single
                if (
                    1 <= earlier.rank < later.rank <= 3
                    and earlier.position != later.position
                    and not apart
                    and not exact
                    and not _may_fail(earlier)
                    and not _may_fail(later)
                ):
                    older, newer = sorted((earlier.position, later.position))
                    found.append(((newer, older, earlier.part, later.part), (first, second)))
        return [pair for _, pair in sorted(found)]

    def _tie_order(self) -> list[int]:
        """Again and again the smallest of those that nothing unplaced comes before."""
        left = list(range(len(self.settings)))
        placed: list[int] = []
        while left:
            free = [b for b in left if not any((a, b) in self.kept for a in left)]
            chosen = min(
                free,
                key=lambda i: (
                    self.settings[i].rank,
                    self.settings[i].position,
                    self.settings[i].part,
                ),
            )
            left.remove(chosen)
            placed.append(chosen)
        return [placed.index(i) for i in range(len(self.settings))]

    # --- what holds -----------------------------------------------------------------------------

    def answers(self, days: Iterable[int]) -> Answers:
        """What is possible on each day, and by whom."""
        found: dict[int, dict[str, set[str]]] = {day: {} for day in days}
        for scene in self._scenes():
            for day, by_value in found.items():
                value, setter = self._value_on(day, scene)
                by_value.setdefault(value, set()).update(
                    [] if setter is None else [self.settings[setter].event_id]
                )
        return {
            day: {value: frozenset(events) for value, events in by_value.items()}
            for day, by_value in found.items()
        }

    def histories(self, days: Sequence[int]) -> set[tuple[str, ...]]:
        """The values of all these days together, in every world."""
        return {tuple(self._value_on(day, scene)[0] for day in days) for scene in self._scenes()}

    def _scenes(self) -> set[tuple[tuple[int, int, str], ...]]:
        """What counts in each world under each choice of claims: (setting, day, value)."""
        counted: set[tuple[tuple[int, int], ...]] = set()
        for picked in product(*self.acts):
            for world in self.worlds:
                counted.add(
                    tuple(
                        (index, day)
                        for index, day in enumerate(world)
                        if day is not None and self.settings[index].position in picked
                    )
                )
        return {
            tuple((index, day, value) for (index, day), value in zip(each, values, strict=True))
            for each in counted
            for values in product(*(self.settings[index].values for index, _ in each))
        }

    def _value_on(
        self, day: int, scene: tuple[tuple[int, int, str], ...]
    ) -> tuple[str, int | None]:
        """The last setting by `day` among those of the highest tier that happened by then."""
        happened = [each for each in scene if each[1] <= day]
        if not happened:
            return NOTHING, None
        highest = max(self.layer.tier(value) for _, _, value in happened)
        in_tier = [each for each in happened if self.layer.tier(each[2]) == highest]
        setter, _, value = max(in_tier, key=lambda each: (each[1], self.place[each[0]]))
        return value, setter


def _seen(confidence: Confidence, threshold: Confidence) -> bool:
    return threshold is Confidence.ALLEGED or confidence >= threshold


def _may_fail(setting: Setting) -> bool:
    return setting.optional or setting.confidence is Confidence.DISPUTED


def _act(setting: Setting) -> int:
    return setting.position if setting.act is None else setting.act


def _respects(world: World, first: int, second: int) -> bool:
    one, two = world[first], world[second]
    return one is None or two is None or one <= two

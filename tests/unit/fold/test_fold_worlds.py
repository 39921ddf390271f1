"""The fold agrees with all worlds counted out, exactly: values, evidence, orders and doubts."""

from dataclasses import dataclass

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from hypothesis.vendor.pretty import RepresentationPrinter

from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.dates import Days
from registry.domain.fold import Claim, Folded, fold
from registry.domain.layers import LAYERS, NOTHING
from registry.domain.segments import possible_over
from registry.domain.settings import Setting
from registry.domain.spans import spans_of
from tests.unit.fold.worlds import Answers, Worlds, every_day

LATEST = "diplomatic_relations"
LEGAL = "participation"
FURTHEST = "conclusion"
TIERS = ("assistance", "force")

_LAST_DAY = 6
_MOST_WORLDS = 500  # before the choice of claims and values


@dataclass(frozen=True)
class History:
    """What `fold` is given."""

    layer: str
    settings: tuple[Setting, ...]
    claims: dict[int, tuple[Claim, ...]]
    threshold: Confidence

    def _repr_pretty_(self, printer: RepresentationPrinter, _cycle: bool) -> None:
        """One line for each setting: falsified examples are read by people."""
        lines = [
            f"  {s.event_id}.{s.part} {'/'.join(s.values)} {s.window.to_list()} {s.confidence.word}"
            f" rank={s.rank} after={s.after} act={s.act} optional={s.optional}"
            for s in sorted(self.settings, key=lambda s: (s.position, s.part))
        ]
        acts = {act: [claim.event_id for claim in group] for act, group in self.claims.items()}
        printer.text("\n".join([f"{self.layer} at {self.threshold.word}, acts {acts}:", *lines]))

    def folded(self) -> Folded:
        return fold(LAYERS[self.layer], self.settings, self.claims, self.threshold)

    def worlds(self) -> Worlds:
        return Worlds(LAYERS[self.layer], self.settings, self.claims, self.threshold)

    def days(self) -> range:
        """From before the first to after the last."""
        ends = [(each.window.lo, each.window.hi) for each in self.settings]
        return range(min(lo for lo, _ in ends) - 1, max(hi for _, hi in ends) + 2)


_CONFIDENCE = st.sampled_from(
    [Confidence.REPORTED] * 3
    + [Confidence.CONFIRMED, Confidence.ALLEGED, Confidence.DISPUTED, Confidence.DISPUTED]
)
_ACT = st.sampled_from([None, None, None, 0, 0, 1])
_RANKS = {LATEST: [1, 2, 3, 4], LEGAL: [1, 2, 3, 3, 6], FURTHEST: [0, 2, 4]}


@st.composite
def histories(draw: st.DrawFn, layers: tuple[str, ...]) -> History:
    name = draw(st.sampled_from(layers))
    layer = LAYERS[name]
    count = draw(st.integers(1, 5))
    positions = list(range(1, count + 1))
    act_of = {position: draw(_ACT) for position in positions}
    elsewhere = {
        100 + n: act
        for n, act in enumerate(draw(st.lists(st.sampled_from([0, 1]), max_size=2)))
        if act in act_of.values()
    }
    members: dict[int, list[int]] = {}
    for position, act in (act_of | elsewhere).items():
        if act is not None:
            members.setdefault(act, []).append(position)
    keys = {act: min(group) for act, group in members.items() if len(group) > 1}
    confidence = {position: draw(_CONFIDENCE) for position in [*positions, *elsewhere]}

    made: list[Setting] = []
    room = _MOST_WORLDS
    for position in positions:
        others = [f"e{other}" for other in positions if other != position]
        after = draw(st.lists(st.sampled_from(others), max_size=2, unique=True)) if others else []
        act = act_of[position]
        for part in range(draw(st.sampled_from([1, 1, 1, 2]))):
            most = max(1, min(5, room))
            days = draw(st.sets(st.integers(0, _LAST_DAY), min_size=1, max_size=most))
            if most > 1 and draw(st.booleans()):  # an interval, as dates mostly are
                days = set(range(min(days), min(max(days), min(days) + most - 1) + 1))
            optional = draw(st.integers(0, 7)) == 0
            room //= len(days) + (optional or confidence[position] is Confidence.DISPUTED)
            values = draw(
                st.lists(
                    st.sampled_from(layer.values),
                    min_size=1,
                    max_size=draw(st.sampled_from([1, 1, 1, 2])),
                    unique=True,
                )
            )
            rank = layer.rank(values[0])
            if draw(st.integers(0, 2)) == 0:
                rank = draw(st.sampled_from(_RANKS.get(name, [0, 1, 2, 3])))
            made.append(
                Setting(
                    layer=name,
                    subject="s",
                    event_id=f"e{position}",
                    position=position,
                    part=part,
                    values=tuple(values),
                    window=Days.of(*((day, day) for day in days)),
                    confidence=confidence[position],
                    rank=rank,
                    after=tuple(after),
                    act=None if act is None else keys.get(act),
                    optional=optional,
                )
            )
    claims = {
        keys[act]: tuple(Claim(f"e{p}", p, confidence[p]) for p in sorted(group))
        for act, group in members.items()
        if act in keys
    }
    made = draw(st.permutations(made))
    return History(name, tuple(made), claims, draw(st.sampled_from(THRESHOLDS)))


def answers_of(folded: Folded, days: range) -> Answers:
    """The segments read day by day."""
    found: Answers = {}
    for day in days:
        here = [s for s in folded.segments if s.day_from <= day <= s.day_to]
        assert len(here) <= 1, "segments overlap"
        found[day] = (
            {value: frozenset(events) for value, events in here[0].possible.items()}
            if here
            else {NOTHING: frozenset()}
        )
    return found


def assert_agrees(history: History) -> None:
    folded, worlds = history.folded(), history.worlds()
    days = history.days()
    assert answers_of(folded, days) == worlds.answers(days)

    named = [each.event_id for each in worlds.settings]
    pairs = [(one.before, one.after) for one in folded.assumed if one.before]
    assert pairs == [(named[a], named[b]) for a, b in worlds.assumed]
    aside = [doubt.events for doubt in folded.doubts if doubt.code == "order_set_aside"]
    assert aside == [(named[a], named[b]) for a, b in worlds.set_aside]
    event(f"orders kept: {min(len(worlds.kept), 3)}, set aside: {bool(aside)}")


EVERY_RULE = [(LATEST,), (LEGAL,), (FURTHEST,), TIERS]


@pytest.mark.parametrize("layers", EVERY_RULE, ids="-".join)
@settings(max_examples=700)
@given(data=st.data())
def test_a_value_is_possible_exactly_if_it_holds_in_some_world(
    layers: tuple[str, ...], data: st.DataObject
) -> None:
    assert_agrees(data.draw(histories(layers)))


@settings(max_examples=300)
@given(
    history=histories((LATEST, LEGAL, FURTHEST, *TIERS)),
    asked=st.sets(st.integers(-1, _LAST_DAY + 1), min_size=1),
    interval=st.booleans(),
)
def test_over_several_days_a_value_is_certain_if_it_holds_in_all_worlds_on_all_of_them(
    history: History, asked: set[int], interval: bool
) -> None:
    """`interval`: as_of 2008/2012; else one of a set, [2008,2010..2012]."""
    days = Days.of(*((day, day) for day in asked))
    if interval:
        days = Days.of((days.lo, days.hi))
    possible, certain = possible_over(history.folded().segments, days)

    each_day = every_day(days)
    on_all = history.worlds().histories(each_day)
    assert set(possible) == {value for world in on_all for value in world}
    assert certain == any(all(set(world) == {value} for world in on_all) for value in possible)
    by_day = history.worlds().answers(each_day).values()
    assert {value: frozenset(events) for value, events in possible.items()} == {
        value: frozenset().union(*(answer.get(value, frozenset()) for answer in by_day))
        for value in possible
    }


@settings(max_examples=300)
@given(history=histories((LATEST, LEGAL, FURTHEST, *TIERS)))
def test_what_is_certain_began_within_since_and_ends_within_until_in_every_world(
    history: History,
) -> None:
    days = history.days()
    worlds = history.worlds().histories(days)
    for span in spans_of([(history.threshold, history.folded())]):
        assert span.day_from in days
        if not span.certain:
            continue
        here = days.index(span.day_from)
        began, ended = set(), set()
        for world in worlds:
            first = last = here
            while world[first - 1] == span.value:
                first -= 1
            while last < len(world) and world[last] == span.value:
                last += 1
            began.add(days[first])
            if last < len(world):
                ended.add(days[last])
        assert span.since is not None
        assert span.since[0] <= min(began)
        assert span.since[1] == max(began)
        assert (span.until is None) == (not ended)
        if span.until is not None:
            assert span.until[0] == min(ended)
            assert max(ended) <= span.until[1]

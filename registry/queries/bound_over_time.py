"""How many parties were bound by an agreement, from day to day: for certain, and at most."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson

from registry.domain.dates import MAX_DAY, Day, Days
from registry.domain.entry_into_force import Rule
from registry.domain.layers import LAYERS
from registry.queries.bearing import POSSIBLE, Bearing, bearing_on
from registry.queries.bound import BOUND, is_told, joint_values, rule_for, rule_of, subjects_for
from registry.queries.consents import Said, consent_on, consents_said
from registry.queries.coverage import Subject, covered_days
from registry.queries.existence import absence, parties_of
from registry.queries.outcomes import outcome
from registry.queries.states import state_on
from registry.queries.view import View


@dataclass(frozen=True)
class Count:
    """From this day on, until the next count: so many were bound for certain, so many at most."""

    day: Day
    certain: int
    possible: int


def bound_over_time(
    view: View, agreement: Mapping[str, Any], parties: Sequence[str]
) -> list[Count]:
    """The counts at each day on which one changes; on any day what `bound` answers on it."""
    slug = agreement["id"]
    subjects = [rule_for(slug), *subjects_for(slug, parties)]
    bearing = bearing_on(view, subjects, Days.ALWAYS, POSSIBLE)
    said = consents_said(view, [f"{slug}|{each}" for each in parties])
    layers = _Layers(bearing)
    bilateral = agreement.get("form") == "bilateral"
    steps: dict[Day, list[int]] = {}
    for party in parties:
        key = f"{slug}|{party}"
        for lo, hi, certain in _bound(layers, slug, key, said[key], bilateral=bilateral):
            for day, by in ((lo, 1), (hi + 1, -1)):
                step = steps.setdefault(day, [0, 0])
                step[0] += by if certain else 0
                step[1] += by
    return list(_counts(steps))


def _counts(steps: Mapping[Day, Sequence[int]]) -> Iterable[Count]:
    certain = possible = 0
    for day in sorted(steps):
        by, at_most = steps[day]
        certain, possible = certain + by, possible + at_most
        if (by or at_most) and day <= MAX_DAY:
            yield Count(day, certain, possible)


def _bound(
    layers: "_Layers", slug: str, key: str, said: Sequence[Said], *, bilateral: bool
) -> Iterable[tuple[Day, Day, bool]]:
    """The runs of days on which the party may have been bound, and whether it was for certain."""
    subjects = (("participation", key), ("force", slug), ("provisional_application", key))
    rule = rule_of(layers.on(rule_for(slug), Days.ALWAYS.lo))
    days = {each for subject in subjects for each in layers.cuts(subject)} | _own_cuts(said, rule)
    binding = _BINDING if bilateral else _BINDING - {"signatory"}
    cuts = sorted(days)
    for lo, following in zip(cuts, [*cuts[1:], MAX_DAY + 1], strict=True):
        participation = layers.on(subjects[0], lo)
        if not binding & set(participation["possible"]):
            continue
        force, provisional = (layers.on(each, lo) for each in subjects[1:])
        day = Days.on(lo)
        values = joint_values(
            *(participation, force, provisional),
            *(consent_on(said, day), rule, day),
            bilateral=bilateral,
        )
        if BOUND in values:
            told = is_told(participation, force, provisional, bilateral=bilateral)
            yield lo, following - 1, len(values) == 1 and told


_BINDING: Final = frozenset({"party", "contracting", "signatory"})


def _own_cuts(said: Sequence[Said], rule: Rule | None) -> set[Day]:
    """The days from which a consent, or its effect, may say something else."""
    days: set[Day] = set()
    for each in said:
        days |= {each.lo, each.hi, each.hi + 1}
        if each.value == "contracting" and rule is not None and rule.computes_effect:
            window = Days.from_list(orjson.loads(each.window))
            days |= {rule.later(window.lo), rule.later(window.hi)}
    return {day for day in days if day <= MAX_DAY}


class _Layers:
    """What each layer answers on a day, made once for each run of days."""

    def __init__(self, bearing: Bearing) -> None:
        self._bearing = bearing
        self._cuts: dict[Subject, set[Day]] = {}
        self._said: dict[tuple[Subject, Day], dict[str, Any]] = {}
        self._of_silence: dict[str, dict[str, Any]] = {}

    def cuts(self, subject: Subject) -> set[Day]:
        if subject not in self._cuts:
            ends = [(r.day_from, r.day_to) for r in self._bearing.spans.get(subject, ())]
            for party in parties_of(*subject):
                ends += [(r.day_from, r.day_to) for r in self._bearing.existence.get(party, ())]
            covered = covered_days(subject, self._bearing.coverage)
            ends += covered.intervals if covered else ()
            self._cuts[subject] = {lo for lo, _ in ends} | {
                hi + 1 for _, hi in ends if hi < MAX_DAY
            }
        return self._cuts[subject]

    def on(self, subject: Subject, day: Day) -> dict[str, Any]:
        if not self.cuts(subject):
            return self._silent(subject)
        at = max((cut for cut in self.cuts(subject) if cut <= day), default=day)
        if (subject, at) not in self._said:
            self._said[subject, at] = self._answer(subject, Days.on(at))
        return self._said[subject, at]

    def _silent(self, subject: Subject) -> dict[str, Any]:
        """Nothing is said of it, at any time, nor of whether the party existed."""
        layer = subject[0]
        if layer not in self._of_silence:
            self._of_silence[layer] = self._answer(subject, Days.on(0))
        return self._of_silence[layer]

    def _answer(self, subject: Subject, day: Days) -> dict[str, Any]:
        covered = covered_days(subject, self._bearing.coverage)
        mine = [r for r in self._bearing.spans.get(subject, ()) if r.over(day)]
        existence = self._bearing.existence
        said = outcome(
            LAYERS[subject[0]],
            state_on(mine, day),
            covered=None if covered is None else bool(day & covered),
            absent=[absence(existence[p], day) for p in parties_of(*subject) if p in existence],
        )
        answer = {
            "layer": subject[0],
            "value": said.value,
            "possible": list(said.possible),
            "certain": said.certain,
            "basis": said.basis,
            "because": said.because,
        }
        return answer if covered is None else answer | {"covered_until": covered.hi}

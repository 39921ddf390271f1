"""A long history is folded anew only around what changed, between two clean cuts.

A cut is a day that begins with one certain value, set by one event of exactly that day, which was
not possible on the day before: nothing from before bears on it, and no run of days crosses it.
Between the last cut before the change and the first one after it, the spans follow from the
settings that begin there alone. Where no such cuts are found the whole subject is folded.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from registry.domain.confidence import THRESHOLDS
from registry.domain.dates import MAX_DAY, MIN_DAY
from registry.domain.fold import Folded
from registry.projections.known import Known
from registry.projections.rows import Row

LARGE = 200
"""Histories with fewer settings are folded whole."""

FEW: Final = 4
"""How many subjects are looked at one by one."""

NEAR: Final = 24
"""How many spans to either side of the change are looked at for a cut."""

PLAIN: Final = frozenset(
    {"diplomatic_relations", "consular_relations", "recognition_state", "recognition_government"}
    | {"representation", "consular_post", "protecting_power", "membership", "sanctions"}
    | {"obligation", "name", "term", "registration"}
)
"""Layers in which the latest setting rules and nothing else bears on it."""


@dataclass(frozen=True)
class Neighbourhood:
    """The days from `first` up to, but without, `end`; both are cuts, or the ends of time.

    `settings`: those that begin in it or on `end`. `at_end`: by threshold bit the value at the cut.
    """

    first: int
    end: int
    settings: Sequence[Row]
    spans: Sequence[Row]
    at_end: dict[int, str]

    def holds_after(self, folds: Iterable[tuple[int, Folded]]) -> bool:
        """Whether `end` is still a cut after the change, at every threshold (by its bit)."""
        return all(
            self.at_end[bit] not in segment.possible
            for bit, folded in folds
            if bit in self.at_end
            for segment in folded.segments
            if segment.day_from < self.end <= segment.day_to + 1
        )


def long_among(known: Known, subjects: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    """Those of the (layer, key) that may have a long history; where many are asked, just those."""
    plain = {subject for subject in subjects if subject[0] in PLAIN}
    if len(plain) <= FEW and not known.counts_at_once:
        return plain  # `neighbourhood` finds out itself, without counting to the end
    return plain & known.with_more_settings_than(LARGE, {key for _, key in plain})


def neighbourhood(
    known: Known, layer: str, key: str, changed: Sequence[Row]
) -> Neighbourhood | None:
    """Where to fold anew for these rows of settings, gone or new; None: everywhere."""
    if layer not in PLAIN or not changed or any(row["tied"] for row in changed):
        return None
    top = known.top_of_large(layer, key, LARGE)
    if top is None or any(row["confidence"] > top for row in changed):
        return None
    bits = [t.bit for t in THRESHOLDS if t <= top]
    lo, hi = min(row["lo"] for row in changed), max(row["hi"] for row in changed)
    before = known.spans_before(layer, key, lo, NEAR)
    behind = known.spans_from(layer, key, lo, NEAR)
    start = _last_cut(before, bits)
    end, at_end = _first_cut(before, behind, hi, bits)
    if start is None or end is None:
        return None
    first, evidence = start
    if layer == "diplomatic_relations" and not _was_broken(before, first, bits):
        return None  # whether a re-establishment had a break before it is asked of all of them
    rows = known.settings_between(layer, key, first, min(end, MAX_DAY))
    exact = {row["event_id"]: row["lo"] for row in rows if row["lo"] == row["hi"]}
    if any(exact.get(event_id) != day for event_id, day in evidence | _at(behind, end)):
        return None
    inside = known.spans_between(layer, key, first, end)
    return Neighbourhood(first, end, rows, inside, at_end)


def _last_cut(
    before: Sequence[Row], bits: Sequence[int]
) -> tuple[int, set[tuple[str, int]]] | None:
    """The last cut before the change, with the events that make it; time's beginning if near."""
    for day in sorted({row["day_from"] for row in before}, reverse=True):
        found = _cut(before, day, bits)
        if found is not None:
            return day, {(event_id, day) for _, event_id in found.values()}
    return None if len(before) == NEAR else (MIN_DAY, set())


def _first_cut(
    before: Sequence[Row], behind: Sequence[Row], hi: int, bits: Sequence[int]
) -> tuple[int | None, dict[int, str]]:
    """The first cut after the change; time's end if near."""
    every = [*before, *behind]
    for day in sorted({row["day_from"] for row in behind if row["day_from"] > hi}):
        found = _cut(every, day, bits)
        if found is not None:
            return day, {bit: value for bit, (value, _) in found.items()}
    return (None if len(behind) == NEAR else MAX_DAY + 1), {}


def _cut(rows: Sequence[Row], day: int, bits: Sequence[int]) -> dict[int, tuple[str, str]] | None:
    """By threshold bit the value and event with which the day begins anew; None: it is no cut.

    The span must go on beyond the day: whatever else was open would show on the day after.
    """
    made: dict[int, tuple[str, str]] = {}
    for bit in bits:
        here = [r for r in rows if r["mask"] & bit and r["day_from"] <= day <= r["day_to"]]
        evidence = orjson.loads(here[0]["evidence"]) if here else []
        if len(here) != 1 or here[0]["day_from"] != day or here[0]["day_to"] <= day:
            return None
        if not here[0]["certain"] or len(evidence) != 1:
            return None
        earlier = [r for r in rows if r["mask"] & bit and r["day_from"] < day <= r["day_to"] + 1]
        if not earlier or any(r["value"] == here[0]["value"] for r in earlier):
            return None
        made[bit] = (here[0]["value"], evidence[0])
    return made


def _at(behind: Sequence[Row], end: int) -> set[tuple[str, int]]:
    """The events that make the cut at the end."""
    return {
        (event_id, end)
        for row in behind
        if row["day_from"] == end
        for event_id in orjson.loads(row["evidence"])
    }


def _was_broken(before: Sequence[Row], first: int, bits: Sequence[int]) -> bool:
    """Whether relations were certainly broken once by then, at every threshold."""
    return all(
        any(
            row["value"] in ("interrupted", "severed")
            and row["certain"]
            and row["mask"] & bit
            and row["day_from"] <= first
            for row in before
        )
        for bit in bits
    )

"""Timelines: the runs of days on which the answer of a layer is the same."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from registry.domain.dates import MAX_DAY, MIN_DAY, Days, iso
from registry.domain.layers import LAYERS
from registry.queries.bearing import POSSIBLE, bearing_on
from registry.queries.coverage import Subject, covered_days
from registry.queries.existence import absence, parties_of
from registry.queries.outcomes import Outcome, outcome
from registry.queries.states import Span, state_on
from registry.queries.view import View

Rows = Sequence[Span]


def segments(view: View, subjects: Iterable[Subject]) -> list[dict[str, Any]]:
    """The timelines of these subjects as rows: from, to, and what was possible.

    Each is what the layer answers on any of its days, from the first of which anything is
    recorded.
    """
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        return []
    bearing = bearing_on(view, wanted, Days.ALWAYS, POSSIBLE)
    existence = bearing.existence
    return [
        _row(each, run)
        for each in wanted
        for run in _runs(
            each,
            bearing.spans.get(each, []),
            covered_days(each, bearing.coverage),
            [existence[p] for p in parties_of(*each) if p in existence],
        )
    ]


@dataclass
class _Run:
    lo: int
    hi: int
    said: Outcome


def _runs(
    subject: Subject, rows: Rows, covered: Days | None, existence: Sequence[Rows]
) -> list[_Run]:
    runs: list[_Run] = []
    waiting = sorted(rows, key=lambda r: r.day_from, reverse=True)
    mine: list[Span] = []
    for lo, hi in _pieces(rows, covered, existence):
        days = Days(((lo, hi),))
        mine = [r for r in mine if r.day_to >= lo]
        while waiting and waiting[-1].day_from <= lo:
            mine.append(waiting.pop())
        if not mine:
            continue  # silence is no run
        said = outcome(
            LAYERS[subject[0]],
            state_on(mine, days),
            covered=None if covered is None else (days & covered) == days,
            absent=[absence(each, days) for each in existence],
        )
        if runs and runs[-1].said == said and runs[-1].hi == lo - 1:
            runs[-1].hi = hi
        else:
            runs.append(_Run(lo, hi, said))
    return runs


def _pieces(
    rows: Rows, covered: Days | None, existence: Sequence[Rows]
) -> Iterator[tuple[int, int]]:
    """The days cut wherever something about the answer may change."""
    if not rows:
        return
    ends = [(r.day_from, r.day_to) for each in (rows, *existence) for r in each]
    ends += covered.intervals if covered else ()
    first = min(r.day_from for r in rows)
    cuts = sorted({lo for lo, _ in ends} | {hi + 1 for _, hi in ends if hi < MAX_DAY})
    cuts = [day for day in cuts if day >= first]
    for lo, following in zip(cuts, [*cuts[1:], MAX_DAY + 1], strict=True):
        yield lo, following - 1


def _row(subject: Subject, run: _Run) -> dict[str, Any]:
    layer, key = subject
    return {
        "layer": layer,
        "subject": LAYERS[layer].subject(key),
        "from": None if run.lo <= MIN_DAY else iso(run.lo),
        "to": None if run.hi >= MAX_DAY else iso(run.hi),
        "value": run.said.value,
        "certain": run.said.certain,
        "possible": list(run.said.possible),
        "because": run.said.because,
    }

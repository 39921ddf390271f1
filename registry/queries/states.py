"""What the spans say of a subject on some days: the values that were possible, and which events."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import orjson

from registry.domain.dates import Days
from registry.domain.layers import NOTHING

Bounds = tuple[int | None, int | None] | None


class Span(NamedTuple):
    """Days on which a value was possible. `evidence`: a JSON list of event ids."""

    value: str
    day_from: int
    day_to: int
    evidence: str
    since_lo: int | None
    since_hi: int | None
    until_lo: int | None
    until_hi: int | None

    def over(self, days: Days) -> bool:
        """Whether it lasts over all of the days."""
        return self.day_from <= days.intervals[0][0] and days.intervals[-1][1] <= self.day_to


@dataclass(slots=True)
class State:
    """What the spans say of one subject: values with their possible last setters."""

    possible: dict[str, list[str]] = field(default_factory=dict)
    certain: bool = False
    since: Bounds = None
    until: Bounds = None

    @property
    def silent(self) -> bool:
        """Whether nothing else is possible than that nothing was recorded."""
        return len(self.possible) == 1 and NOTHING in self.possible

    def add(self, value: str, events: Iterable[str] = ()) -> None:
        known = self.possible.setdefault(value, [])
        known += [each for each in events if each not in known]


def state_on(rows: Sequence[Span], days: Days) -> State:
    """One state from the spans of a subject; days without one were silent."""
    state = State()
    if len(rows) == 1 and rows[0].over(days):
        state.possible[rows[0].value] = events_of(rows[0])
    else:
        rows = [
            r for r in rows if any(r.day_from <= hi and r.day_to >= lo for lo, hi in days.intervals)
        ]
        rows.sort(key=lambda r: (r.day_from, r.value))
        for row in rows:
            state.add(row.value, events_of(row))
        if not _all_told(rows, days):
            state.add(NOTHING)
    state.certain = len(state.possible) == 1
    if rows:
        first, last = rows[0], rows[-1]
        if first.since_lo is not None:
            state.since = (first.since_lo, first.since_hi)
        if last.until_lo is not None:
            state.until = (last.until_lo, last.until_hi)
    return state


def events_of(row: Span) -> list[str]:
    """Each of them once."""
    events: list[str] = orjson.loads(row.evidence)
    return events if len(events) == 1 else list(dict.fromkeys(events))


def _all_told(rows: Sequence[Span], days: Days) -> bool:
    """Whether the rows, in order, leave none of the days out."""
    for lo, hi in days.intervals:
        at = lo
        for row in rows:
            if row.day_from <= at <= row.day_to:
                at = row.day_to + 1
        if at <= hi:
            return False
    return True

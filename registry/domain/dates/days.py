"""A set of days, kept as sorted intervals: the window in which something happened."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from registry.domain.dates.gregorian import MAX_DAY, MIN_DAY, Day


@dataclass(frozen=True, slots=True)
class Days:
    """Sorted, disjoint, non-adjacent, inclusive intervals of days.

    The constructor trusts its argument (it is on every hot path); `of` puts any intervals in
    order. MIN_DAY and MAX_DAY stand for open ends and are days like any other.
    """

    intervals: tuple[tuple[Day, Day], ...]

    EMPTY: ClassVar["Days"]
    ALWAYS: ClassVar["Days"]

    @classmethod
    def of(cls, *intervals: tuple[Day, Day]) -> "Days":
        """The days of all these intervals; one whose end precedes its start holds no day."""
        return cls(_ordered(intervals))

    @classmethod
    def on(cls, day: Day) -> "Days":
        return cls(((day, day),))

    @property
    def lo(self) -> Day:
        """The first day (IndexError when empty)."""
        return self.intervals[0][0]

    @property
    def hi(self) -> Day:
        """The last day (IndexError when empty)."""
        return self.intervals[-1][1]

    @property
    def single(self) -> bool:
        """Exactly one day."""
        intervals = self.intervals
        return len(intervals) == 1 and intervals[0][0] == intervals[0][1]

    def __bool__(self) -> bool:
        return bool(self.intervals)

    def __contains__(self, day: Day) -> bool:
        intervals = self.intervals
        if len(intervals) == 1:
            lo, hi = intervals[0]
            return lo <= day <= hi
        at = bisect_right(intervals, (day, MAX_DAY))
        return at > 0 and day <= intervals[at - 1][1]

    def __and__(self, other: "Days") -> "Days":
        mine, theirs = self.intervals, other.intervals
        if len(mine) == 1 and len(theirs) == 1:
            (a, b), (c, d) = mine[0], theirs[0]
            lo = a if a > c else c  # noqa: FURB136 - hot path, max() is four times slower
            hi = b if b < d else d  # noqa: FURB136 - as above
            return Days(((lo, hi),)) if lo <= hi else Days.EMPTY
        return Days(tuple(_common(mine, theirs)))

    def __or__(self, other: "Days") -> "Days":
        return Days(_ordered(self.intervals + other.intervals))

    intersection = __and__
    union = __or__

    def not_after(self, day: Day) -> "Days":
        """Only the days up to and including `day`."""
        intervals = self.intervals
        if not intervals or intervals[-1][1] <= day:
            return self
        at = bisect_right(intervals, (day, MAX_DAY))
        if at == 0:
            return Days.EMPTY
        lo, hi = intervals[at - 1]
        return Days((*intervals[: at - 1], (lo, min(hi, day))))

    def not_before(self, day: Day) -> "Days":
        """Only the days from `day` on."""
        intervals = self.intervals
        if not intervals or intervals[0][0] >= day:
            return self
        at = bisect_right(intervals, (day, MAX_DAY)) - 1  # starts on or before `day`
        hi = intervals[at][1]
        return Days(((day, hi), *intervals[at + 1 :])) if hi >= day else Days(intervals[at + 1 :])

    def latest_by(self, day: Day) -> Day | None:
        """The latest day of the set that is not after `day`."""
        intervals = self.intervals
        at = bisect_right(intervals, (day, MAX_DAY))
        if at == 0:
            return None
        hi = intervals[at - 1][1]
        return hi if hi < day else day  # noqa: FURB136 - hot path, as above

    def to_list(self) -> list[list[Day]]:
        """As JSON holds it: [[lo, hi], ...]."""
        return [[lo, hi] for lo, hi in self.intervals]

    @classmethod
    def from_list(cls, pairs: Iterable[Iterable[Day]]) -> "Days":
        """The inverse of `to_list`; trusts its order."""
        return cls(tuple((lo, hi) for lo, hi in pairs))


Days.EMPTY = Days(())
Days.ALWAYS = Days(((MIN_DAY, MAX_DAY),))


def _ordered(intervals: Iterable[tuple[Day, Day]]) -> tuple[tuple[Day, Day], ...]:
    merged: list[tuple[Day, Day]] = []
    for lo, hi in sorted(intervals):
        if lo > hi:
            continue
        if merged and lo <= merged[-1][1] + 1:
            if hi > merged[-1][1]:
                merged[-1] = (merged[-1][0], hi)
        else:
            merged.append((lo, hi))
    return tuple(merged)


def _common(
    mine: tuple[tuple[Day, Day], ...], theirs: tuple[tuple[Day, Day], ...]
) -> Iterable[tuple[Day, Day]]:
    i = j = 0
    while i < len(mine) and j < len(theirs):
        lo = max(mine[i][0], theirs[j][0])
        hi = min(mine[i][1], theirs[j][1])
        if lo <= hi:
            yield lo, hi
        if mine[i][1] < theirs[j][1]:
            i += 1
        else:
            j += 1

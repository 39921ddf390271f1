"""A date as written (EDTF, ISO 8601-2) and the days it may mean.

Policies:
- `?` `~` `%` are kept and shown; they never widen the bounds.
- An open end (`..`) and an unknown one (nothing) bound alike: not at all.
- The end of an interval says of its beginning only that it is not later.
- A date-time is read as the calendar day as written, whatever its zone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from registry.domain.dates.days import Days
from registry.domain.dates.gregorian import MAX_DAY, MIN_DAY, Day, is_leap, month_length
from registry.domain.dates.refusal import NotADate, Refused
from registry.domain.dates.syntax import (
    PLAIN,
    QUALIFIERS,
    End,
    Interval,
    Members,
    Range,
    Stamp,
    read,
)
from registry.domain.dates.windows import days_of

Form = Literal["date", "interval", "one_of", "all_of"]


@dataclass(frozen=True, slots=True)
class Edtf:
    """One date: its text verbatim, and the days it speaks of."""

    text: str
    form: Form
    begins: Days
    """The days on which it may have happened or, if it lasted, may have begun."""
    over: Days
    """Every day it may touch."""
    qualifiers: frozenset[str]
    """Of `uncertain` (?) and `approximate` (~); % is both."""

    @property
    def earliest(self) -> Day:
        return self.over.intervals[0][0]

    @property
    def latest(self) -> Day:
        return self.over.intervals[-1][1]

    @property
    def exact(self) -> bool:
        """One day, and no doubt about it."""
        return not self.qualifiers and self.over.single


@lru_cache(maxsize=20_000)  # the days of one dataset come again and again
def parse(text: str) -> Edtf:
    """The date an EDTF text stands for; NotADate with the reason where it is none."""
    return _common(text) or _any(text)


def parse_day(text: str) -> Day:
    """The number of one complete calendar day, 2012-06-20; NotADate for anything vaguer."""
    found = parse(text)
    if not found.exact or found.form != "date" or len(text.lstrip("-")) != 10 or "X" in text:
        raise NotADate.because(text, "expected one complete day such as 2012-06-20", what="a day")
    return found.earliest


def _common(text: str) -> Edtf | None:
    """The quick way for Y, Y-M and Y-M-D with a final qualifier, in the years 0001 to 9999."""
    qualifiers, plain = PLAIN, text
    if text[-1:] in ("?", "~", "%"):
        qualifiers, plain = QUALIFIERS[text[-1]], text[:-1]
    length = len(plain)
    try:
        if length == 10:
            if not plain[4] == plain[7] == "-":
                return None
            lo = hi = date.fromisoformat(plain).toordinal()
        elif length == 4:
            first = date.fromisoformat(plain + "-01-01")
            lo = first.toordinal()
            hi = lo + (365 if is_leap(first.year) else 364)
        elif length == 7 and plain[4] == "-":
            first = date.fromisoformat(plain + "-01")
            lo = first.toordinal()
            hi = lo + month_length(first.year, first.month) - 1
        else:
            return None
    except ValueError:  # not that simple, or not a date: the long way knows
        return None
    days = Days(((lo, hi),))
    return Edtf(text, "date", days, days, qualifiers)


def _any(text: str) -> Edtf:
    try:
        tree = read(text)
        if isinstance(tree, Stamp):
            days = days_of(tree)
            return Edtf(text, "date", days, days, tree.qualifiers)
        if isinstance(tree, Interval):
            return _interval(text, tree)
        return _all_of(text, tree) if tree.every else _one_of(text, tree)
    except Refused as refused:
        raise NotADate.because(text, refused.reason) from None


def _interval(text: str, tree: Interval) -> Edtf:
    start = None if isinstance(tree.start, End) else days_of(tree.start)
    end = None if isinstance(tree.end, End) else days_of(tree.end)
    if start and end and end.hi < start.lo:
        raise Refused("it ends before it begins")
    last = end.hi if end else MAX_DAY
    over = Days(((start.lo if start else MIN_DAY, last),))
    begins = start.not_after(last) if start else over
    return Edtf(text, "interval", begins, over, _qualifiers((tree.start, tree.end)))


def _one_of(text: str, tree: Members) -> Edtf:
    days = _union(_extent(member) for member in tree.members)
    return Edtf(text, "one_of", days, days, _member_qualifiers(tree))


def _all_of(text: str, tree: Members) -> Edtf:
    over = _union(_extent(member) for member in tree.members)
    starts = [_start(member) for member in tree.members]
    begun = min(start.hi for start in starts)  # by then the earliest has begun
    return Edtf(text, "all_of", _union(starts).not_after(begun), over, _member_qualifiers(tree))


def _extent(member: Stamp | Range) -> Days:
    if isinstance(member, Stamp):
        return days_of(member)
    lo = days_of(member.start).lo if member.start else MIN_DAY
    hi = days_of(member.end).hi if member.end else MAX_DAY
    if hi < lo:
        raise Refused("a range in the set ends before it begins")
    return Days(((lo, hi),))


def _start(member: Stamp | Range) -> Days:
    if isinstance(member, Stamp):
        return days_of(member)
    extent = _extent(member)
    return days_of(member.start).not_after(extent.hi) if member.start else extent


def _union(sets: Iterable[Days]) -> Days:
    return Days.of(*(interval for days in sets for interval in days.intervals))


def _member_qualifiers(tree: Members) -> frozenset[str]:
    return PLAIN.union(
        *(
            member.qualifiers
            if isinstance(member, Stamp)
            else _qualifiers((member.start, member.end))
            for member in tree.members
        )
    )


def _qualifiers(ends: Iterable[Stamp | End | None]) -> frozenset[str]:
    return PLAIN.union(*(end.qualifiers for end in ends if isinstance(end, Stamp)))

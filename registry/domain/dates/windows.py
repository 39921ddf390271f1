"""Which days a written day, month, season or year may mean.

Seasons (ISO 8601-2 gives no dates for them; this is our policy):
21-24 are meteorological seasons of the northern hemisphere, as are 25-28; 29-32 are southern.
A season belongs to the year it begins in, so `2012-24` is December 2012 to February 2013.
33-36 are quarters, 37-39 thirds, 40-41 halves of the year.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from registry.domain.dates.days import Days
from registry.domain.dates.gregorian import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTHS,
    Day,
    day_of,
    is_leap,
    month_length,
)
from registry.domain.dates.refusal import Refused
from registry.domain.dates.syntax import Stamp

# A mask with more holes than this (`XXXX-12-XX`) is widened to all days from first to last.
MOST_INTERVALS = 400

# First month and number of months, by season code.
_NORTHERN = ((3, 3), (6, 3), (9, 3), (12, 3))
_SOUTHERN = ((9, 3), (12, 3), (3, 3), (6, 3))
_QUARTERS = ((1, 3), (4, 3), (7, 3), (10, 3))
_THIRDS = ((1, 4), (5, 4), (9, 4))
_HALVES = ((1, 6), (7, 6))
SEASONS: dict[str, tuple[int, int]] = {
    str(code): span
    for code, span in enumerate(
        (*_NORTHERN, *_NORTHERN, *_SOUTHERN, *_QUARTERS, *_THIRDS, *_HALVES), 21
    )
}


def days_of(stamp: Stamp) -> Days:
    """Every day the stamp may mean; Refused where the calendar has none."""
    years = _years(stamp.year)
    if stamp.month in SEASONS:
        return _seasons(years, stamp)
    ordinary, leap = _within_year(stamp.month, stamp.day)
    if not leap:
        raise Refused(_why_no_day(stamp))
    if len(years) * len(leap) > MOST_INTERVALS:
        return _hull(years, ordinary, leap, stamp)
    spans = (_span(year, part) for year in years for part in (leap if is_leap(year) else ordinary))
    days = Days.of(*spans)
    if not days:
        raise Refused(_why_no_day(stamp))
    return days


def _years(mask: str) -> Sequence[int]:
    """The years a mask fits, in order."""
    if mask[0] == "Y":
        year = int(mask[1:])
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise Refused(f"the calendar ends at the years Y{FIRST_YEAR} and Y{LAST_YEAR}")
        return (year,)
    if "X" not in mask:
        return (int(mask),)
    digits = mask.lstrip("-")
    known = digits.rstrip("X")
    if "X" not in known:
        first = int(digits.replace("X", "0"))
        years: Sequence[int] = range(first, first + 10 ** (4 - len(known)))
    else:
        places = [("0123456789" if digit == "X" else digit) for digit in digits]
        years = [int("".join(choice)) for choice in product(*places)]
    if mask[0] == "-":
        return [-year for year in reversed(years) if year]  # there is no year -0000
    return years


_Offsets = tuple[tuple[int, int], ...]


@lru_cache(maxsize=1024)
def _within_year(month: str, day: str) -> tuple[_Offsets, _Offsets]:
    """The days a month and day mask fits, counted from 1 January: in ordinary and leap years."""
    ordinary, leap = (_offsets(year, month, day) for year in (2001, 2000))
    return ordinary, leap


def _offsets(year: int, month: str, day: str) -> _Offsets:
    start = day_of(year, 1, 1)
    spans: list[tuple[int, int]] = []
    for number in range(1, 13):
        if not _fits(number, month):
            continue
        first = day_of(year, number, 1) - start
        length = month_length(year, number)
        if day in ("", "XX"):
            spans.append((first, first + length - 1))
        else:
            fitting = (first + at - 1 for at in range(1, length + 1) if _fits(at, day))
            spans.extend((offset, offset) for offset in fitting)
    return Days.of(*spans).intervals


def _fits(number: int, mask: str) -> bool:
    return all(place in ("X", digit) for place, digit in zip(mask, f"{number:02d}", strict=False))


def _span(year: int, part: tuple[int, int]) -> tuple[Day, Day]:
    start = day_of(year, 1, 1)
    return start + part[0], start + part[1]


def _hull(years: Sequence[int], ordinary: _Offsets, leap: _Offsets, stamp: Stamp) -> Days:
    fitting = years if ordinary else [year for year in years if is_leap(year)]
    if not fitting:
        raise Refused(_why_no_day(stamp))
    first, last = fitting[0], fitting[-1]
    lo = _span(first, (leap if is_leap(first) else ordinary)[0])[0]
    hi = _span(last, (leap if is_leap(last) else ordinary)[-1])[1]
    return Days(((lo, hi),))


def _seasons(years: Sequence[int], stamp: Stamp) -> Days:
    if stamp.day:
        raise Refused(f"there is no month {stamp.month}, and a season has no numbered days")
    spans = [_season(year, stamp.month) for year in years]
    if len(spans) > MOST_INTERVALS:
        return Days(((spans[0][0], spans[-1][1]),))
    return Days.of(*spans)


def _season(year: int, code: str) -> tuple[Day, Day]:
    first, length = SEASONS[code]
    later, after = divmod(first - 1 + length, 12)
    return day_of(year, first, 1), day_of(year + later, after + 1, 1) - 1


def _why_no_day(stamp: Stamp) -> str:
    year, month, day = stamp.year, stamp.month, stamp.day
    if not _within_year(month, "")[1]:
        return f"there is no month {month}"
    if "X" in year + month + day:
        return "no day fits it"
    if day == "00":
        return "there is no day 00"
    name, length = MONTHS[int(month) - 1], month_length(int(year), int(month))
    return f"{name} {year} has {length} days"

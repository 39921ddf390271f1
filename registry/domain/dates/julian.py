"""The Julian calendar, proleptic: which day of ours a day of the old calendar is."""

from registry.domain.dates.gregorian import Day, day_of

_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FIRST = day_of(1, 1, 1) - 2
"""1 January of the year 1 (Julian) is 30 December of the year before (Gregorian)."""


def julian_day(year: int, month: int, day: int) -> Day:
    """The number of a day of the Julian calendar. ValueError where it has none."""
    if not 1 <= month <= 12 or not 1 <= day <= julian_month_length(year, month):
        raise ValueError(f"no such day in the Julian calendar: {year}-{month}-{day}")
    before = year - 1
    days = before * 365 + before // 4
    days += sum(julian_month_length(year, each) for each in range(1, month))
    return _FIRST + days + day - 1


def julian_month_length(year: int, month: int) -> int:
    return 29 if month == 2 and year % 4 == 0 else _LENGTHS[month]

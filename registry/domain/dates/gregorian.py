"""A day is a number: the proleptic Gregorian calendar, through year 0 into BCE.

Years are astronomical: 0000 is 1 BCE and -0752 is 753 BCE.
"""

from datetime import date

Day = int

# Open ends. Beyond every day of FIRST_YEAR..LAST_YEAR, yet within a signed 32 bit integer.
MIN_DAY: Day = -2_000_000_000
MAX_DAY: Day = 2_000_000_000

FIRST_YEAR = -5_000_000
LAST_YEAR = 5_000_000

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)

_CYCLE_YEARS = 400
_CYCLE_DAYS = 146_097
_LAST_PLAIN_DAY = date.max.toordinal()
_MONTH_LENGTHS = (0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_of(year: int, month: int, day: int) -> Day:
    """The number of a calendar day, 0001-01-01 being 1. ValueError where there is none."""
    if 1 <= year <= 9999:
        return date(year, month, day).toordinal()
    cycles, within = divmod(year, _CYCLE_YEARS)
    like = date(within + _CYCLE_YEARS, month, day)  # the calendar repeats every 400 years
    return like.toordinal() + (cycles - 1) * _CYCLE_DAYS


def calendar_of(day: Day) -> tuple[int, int, int]:
    """Year, month and day of a day number."""
    if 1 <= day <= _LAST_PLAIN_DAY:
        plain = date.fromordinal(day)
        return plain.year, plain.month, plain.day
    cycles, within = divmod(day, _CYCLE_DAYS)
    like = date.fromordinal(within + _CYCLE_DAYS)
    return like.year + (cycles - 1) * _CYCLE_YEARS, like.month, like.day


def iso(day: Day) -> str:
    """The day as ISO 8601: 2012-06-20, -0753-04-21, +17000-01-01; `..` for an open end."""
    if 1 <= day <= _LAST_PLAIN_DAY:
        return date.fromordinal(day).isoformat()
    if day <= MIN_DAY or day >= MAX_DAY:
        return ".."
    year, month, number = calendar_of(day)
    sign = "-" if year < 0 else "+" if year > 9999 else ""
    return f"{sign}{abs(year):04d}-{month:02d}-{number:02d}"


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _MONTH_LENGTHS[month]

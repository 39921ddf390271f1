"""A date in the words of a reader: 20 June 2012, before 2012, about 2011.

What is written here `from_human` reads back to the same days; masks with holes (`1964-0X-16`)
are therefore shown with their EDTF text.
"""

from registry.domain.dates.edtf import Edtf
from registry.domain.dates.gregorian import MONTHS, Day, calendar_of
from registry.domain.dates.syntax import End, Interval, Members, Range, Stamp, read
from registry.domain.dates.windows import SEASONS, days_of

_SEASONS = ("spring", "summer", "autumn", "winter")
SEASON_NAMES: dict[str, str] = {
    str(code): name
    for code, name in enumerate(
        (
            *_SEASONS,
            *(f"northern {name}" for name in _SEASONS),
            *(f"southern {name}" for name in _SEASONS),
            *(f"{place} quarter of" for place in ("first", "second", "third", "fourth")),
            *(f"{place} third of" for place in ("first", "second", "last")),
            *(f"{place} half of" for place in ("first", "second")),
        ),
        21,
    )
}


def human(date: Edtf) -> str:
    """The date in English."""
    tree = read(date.text)
    if isinstance(tree, Stamp):
        return _stamp(tree)
    return _interval(tree) if isinstance(tree, Interval) else _set(tree)


def _interval(tree: Interval) -> str:
    start, end = tree.start, tree.end
    if isinstance(start, Stamp):
        if isinstance(end, Stamp):
            return f"from {_part(start)} to {_part(end)}"
        return f"since {_part(start)}" if end is End.OPEN else f"from {_part(start)}, end unknown"
    if isinstance(end, Stamp):
        return f"until {_part(end)}" if start is End.OPEN else f"to {_part(end)}, start unknown"
    return "no start or end stated"


def _set(tree: Members) -> str:
    words = [_member(member, tree.every) for member in tree.members]
    if len(words) == 1:
        return words[0]
    return f"{', '.join(words[:-1])} {'and' if tree.every else 'or'} {words[-1]}"


def _member(member: Stamp | Range, every: bool) -> str:
    if isinstance(member, Stamp):
        return _part(member)
    start, end = member.start, member.end
    if every:
        return _through(start, end)
    if start and end:
        return _neighbours(start, end) or f"between {_part(start)} and {_part(end)}"
    if end:
        return _up_to(end)
    return _from(start) if start else ""


def _through(start: Stamp | None, end: Stamp | None) -> str:
    """Every day of a range in `{..}`."""
    if start and end:
        return f"{_part(start)} through {_part(end)}"
    if start:
        return f"since {_part(start)}"
    return f"up to {_part(end)}" if end else ""


def _neighbours(start: Stamp, end: Stamp) -> str | None:
    """Two months of one year that follow each other: some day in May or June 2012."""
    months = (start.month, end.month)
    if start.year != end.year or start.day or end.day or start.qualifiers or end.qualifiers:
        return None
    if not all(month.isdigit() and int(month) <= 12 for month in months) or "X" in start.year:
        return None
    first, second = (int(month) for month in months)
    if second != first + 1:
        return None
    return f"some day in {MONTHS[first - 1]} or {_part(end)}"


def _up_to(end: Stamp) -> str:
    """`[..2011-12-31]` is before 2012; a day within a month is `by` that day."""
    days = days_of(end)
    if end.day and days.single:
        year, month, day = calendar_of(days.hi + 1)
        if day == 1:
            return f"before {_whole(year, month if month > 1 else None, end.qualifiers)}"
    return f"by {_part(end)}"


def _from(start: Stamp) -> str:
    """`[2009-01-01..]` is after 2008; a day within a month is `on or after` that day."""
    if not start.day:
        return f"in or after {_part(start)}"
    days = days_of(start)
    if days.single and calendar_of(days.lo)[2] == 1:
        year, month, _ = calendar_of(days.lo - 1)
        return f"after {_whole(year, month if month < 12 else None, start.qualifiers)}"
    return f"on or after {_part(start)}"


def _whole(year: int, month: int | None, qualifiers: frozenset[str]) -> str:
    words = f"{MONTHS[month - 1]} {_year(year)}" if month else _year(year)
    return _qualified(words, qualifiers)


def _part(stamp: Stamp) -> str:
    """A date inside a longer phrase, where a mask is better left as it is written."""
    words = _plain(stamp)
    return _qualified(_text(stamp) if words.startswith("between") else words, stamp.qualifiers)


def _stamp(stamp: Stamp) -> str:
    return _qualified(_plain(stamp), stamp.qualifiers)


def _qualified(words: str, qualifiers: frozenset[str]) -> str:
    if "approximate" in qualifiers and not words.startswith(("between", "some", "the ")):
        words, qualifiers = f"about {words}", qualifiers - {"approximate"}
    return f"{words} ({', '.join(sorted(qualifiers, reverse=True))})" if qualifiers else words


def _plain(stamp: Stamp) -> str:
    year, month, day = stamp.year, stamp.month, stamp.day
    if "X" in year:
        return _masked(stamp)
    named = _year(int(year.lstrip("Y")))
    if month in SEASONS:
        ends = int(year) + 1
        wraps = SEASONS[month][0] == 12 and 1000 <= int(year) < 9999
        return f"{SEASON_NAMES[month]} {named}{f'-{ends % 100:02d}' if wraps else ''}"
    match month, day:
        case "", "":
            return named
        case "XX", "":
            return f"some month of {named}"
        case "XX", "XX":
            return f"some day of {named}"
    if month.isdigit():
        called = f"{MONTHS[int(month) - 1]} {named}"
        if not day:
            return called
        if day.isdigit():
            return f"{int(day)} {called}"
        if day == "XX":
            return f"some day of {called}"
    if month == "XX" and day.isdigit():
        return f"the {_ordinal(int(day))} of some month of {named}"
    return _masked(stamp)


def _masked(stamp: Stamp) -> str:
    year = stamp.year
    # 0990s would not read as a decade, and 1900s could be a century
    if not stamp.month and year[3:] == "X" and year[:3].isdigit() and "0" not in (year[0], year[2]):
        return f"{year[:3]}0s"
    days = days_of(stamp)
    if days.single:
        year_number, month, day = calendar_of(days.lo)
        return f"{day} {MONTHS[month - 1]} {_year(year_number)}"
    words = f"between {_bounds(days.lo, days.hi)}"
    holes = len(days.intervals) > 1 or "X" in year.rstrip("X") or ("X" in year and stamp.month)
    return f"{words}, {_text(stamp)}" if holes else words


def _bounds(lo: Day, hi: Day) -> str:
    """First and last, as years or months where these are whole."""
    (year, month, day), (last, last_month, last_day) = calendar_of(lo), calendar_of(hi)
    if day != 1 or calendar_of(hi + 1)[2] != 1:
        first = f"{day} {MONTHS[month - 1]} {_year(year)}"
        return f"{first} and {last_day} {MONTHS[last_month - 1]} {_year(last)}"
    if (month, last_month) == (1, 12):
        return f"{_year(year)} and {_year(last)}"
    return f"{MONTHS[month - 1]} {_year(year)} and {MONTHS[last_month - 1]} {_year(last)}"


def _text(stamp: Stamp) -> str:
    return "-".join(part for part in (stamp.year, stamp.month, stamp.day) if part)


def _year(year: int) -> str:
    """1 BCE is the year 0; an era marks what would not read as a year."""
    if year <= 0:
        return f"{1 - year} BCE"
    return str(year) if 1000 <= year <= 9999 else f"{year} CE"


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 11 <= number <= 13 else ending}"

"""A vague date as a phrase of a sentence, in the reader's language.

On 20 June 2012; in 2008; some day between 1 January and 31 December 2011; before 2012.
"""

from dataclasses import dataclass, replace
from typing import Final

from registry.domain.dates import MAX_DAY, MIN_DAY, Day, Edtf, parse
from registry.domain.dates.gregorian import calendar_of, day_of
from registry.domain.dates.syntax import PLAIN, End, Interval, Members, Range, Stamp, read
from registry.domain.dates.windows import SEASONS, days_of
from registry.web.days_said import all_of, any_of, day_in_words, month_in_words, year_in_words
from registry.web.languages import gettext as _
from registry.web.languages import text_of


def at(date: Edtf | str) -> str:
    """When it happened: on 20 June 2012; in 2008; before 2012; from May to June 2012."""
    date = parse(date) if isinstance(date, str) else date
    tree = read(date.text)
    if isinstance(tree, Stamp):
        return _at(tree)
    return _interval(tree) if isinstance(tree, Interval) else _members(tree)


def named(date: Edtf) -> str:
    """The date as a thing: 20 June 2012; June 2012; 2012; else as `at` says it."""
    tree = read(date.text)
    if isinstance(tree, Stamp) and (part := _part(tree)).plain:
        return _noted(part)
    return at(date)


def until(date: Edtf | str) -> str:
    """Until 20 June 2017."""
    date = parse(date) if isinstance(date, str) else date
    tree = read(date.text)
    if _bound(date.latest) is None:
        return at(date)
    if not isinstance(tree, Stamp):
        return _until(_day(date.latest))
    part = _part(tree)
    return _until(part if part.plain else _day(date.latest))


def since_window(earliest: Day | None, latest: Day | None) -> str:
    """Since 10 December 1981; since some day in 2011. Empty where no day is known."""
    if (lo := _bound(earliest)) is None:
        if (hi := _bound(latest)) is None:
            return ""
        return _("since %(day)s at the latest", day=day_in_words(hi))
    if (hi := _bound(latest)) is None:
        return _("since %(day)s at the earliest", day=day_in_words(lo))
    if lo == hi:
        return _("since %(day)s", day=day_in_words(lo))
    return _("since %(some_day)s", some_day=some_day(lo, hi))


def some_day(lo: Day, hi: Day) -> str:
    """Some day in 2011; some day in May 2011; some day between 3 May and 7 June 2011."""
    (year, month, day), (last, last_month, _last_day) = calendar_of(lo), calendar_of(hi)
    if day == 1 and calendar_of(hi + 1)[2] == 1 and year == last:
        if (month, last_month) == (1, 12):
            return _("some day in %(date)s", date=year_in_words(year))
        if month == last_month:
            return _("some day in %(date)s", date=month_in_words(year, month))
    first = day_in_words(lo, year=year != last)
    return _("some day between %(day)s and %(last_day)s", day=first, last_day=day_in_words(hi))


def _bound(day: Day | None) -> Day | None:
    return None if day is None or day <= MIN_DAY or day >= MAX_DAY else day


@dataclass(frozen=True)
class _Part:
    """A date in words. `day`: whether it is one day; not `plain`: a phrase of its own."""

    words: str
    day: bool = False
    plain: bool = True
    qualifiers: frozenset[str] = PLAIN


def _at(stamp: Stamp) -> str:
    part = _part(stamp)
    about = "approximate" in part.qualifiers
    if not part.plain:
        said = part.words
        if about:
            said = _("%(when)s (approximate)", when=said)
    elif part.day:
        said = _("about %(day)s", day=part.words) if about else _("on %(day)s", day=part.words)
    else:
        said = _("about %(date)s", date=part.words) if about else _("in %(date)s", date=part.words)
    return _("perhaps %(when)s", when=said) if "uncertain" in part.qualifiers else said


def _interval(tree: Interval) -> str:
    start, end = tree.start, tree.end
    if isinstance(start, Stamp):
        said = _from(_edge(start, first=True))
        if isinstance(end, Stamp):
            return f"{said} {_to(_edge(end, first=False))}"
        if end is End.OPEN:
            return _("%(from_then)s on", from_then=said)
        return _("%(from_then)s, to a day that is not known", from_then=said)
    if isinstance(end, Stamp):
        said = _until(_edge(end, first=False))
        return (
            said
            if start is End.OPEN
            else _("%(until_then)s, from a day that is not known", until_then=said)
        )
    return _("at a time that is not stated")


def _members(tree: Members) -> str:
    words = [
        _at(each) if isinstance(each, Stamp) else _range(each, tree.every) for each in tree.members
    ]
    if len(words) == 1:
        return words[0]
    return all_of(words) if tree.every else any_of(words)


def _range(member: Range, every: bool) -> str:
    start, end = member.start, member.end
    if every:
        return _interval(Interval(start or End.OPEN, end or End.OPEN))
    if start and end:
        return _between(start, end)
    if end:
        return _by(end)
    return _after(start) if start else _("at a time that is not stated")


def _between(start: Stamp, end: Stamp) -> str:
    first, last = _edge(start, first=True), _edge(end, first=False)
    if first.day or last.day or not (first.plain and last.plain):
        said = some_day(days_of(start).lo, days_of(end).hi)
        return _marked(said, start.qualifiers | end.qualifiers)
    return _(
        "some time between %(date)s and %(last_date)s", date=_noted(first), last_date=_noted(last)
    )


def _by(end: Stamp) -> str:
    """`[..2011-12-31]` is before 2012; a day within a month is `by` that day."""
    days = days_of(end)
    if not end.day:
        return _marked(
            _("by the end of %(date)s", date=_edge(end, first=False).words), end.qualifiers
        )
    if days.single:
        year, month, day = calendar_of(days.hi + 1)
        if day == 1:
            whole = month_in_words(year, month) if month > 1 else year_in_words(year)
            return _marked(_("before %(date)s", date=whole), end.qualifiers)
    return _marked(_("by %(day)s", day=day_in_words(days.hi)), end.qualifiers)


def _after(start: Stamp) -> str:
    """`[2009-01-01..]` is after 2008; a day within a month is `on or after` that day."""
    days = days_of(start)
    if not start.day:
        return _marked(
            _("in or after %(date)s", date=_edge(start, first=True).words), start.qualifiers
        )
    if days.single and calendar_of(days.lo)[2] == 1:
        year, month, _day_before = calendar_of(days.lo - 1)
        whole = month_in_words(year, month) if month < 12 else year_in_words(year)
        return _marked(_("after %(date)s", date=whole), start.qualifiers)
    return _marked(_("on or after %(day)s", day=day_in_words(days.lo)), start.qualifiers)


def _from(part: _Part) -> str:
    said = _noted(part)
    return _("from %(day)s", day=said) if part.day else _("from %(date)s", date=said)


def _to(part: _Part) -> str:
    said = _noted(part)
    return _("to %(day)s", day=said) if part.day else _("to %(date)s", date=said)


def _until(part: _Part) -> str:
    said = _noted(part)
    return _("until %(day)s", day=said) if part.day else _("until %(date)s", date=said)


def _noted(part: _Part) -> str:
    return _marked(part.words, part.qualifiers)


def _marked(words: str, qualifiers: frozenset[str]) -> str:
    """Inside a longer phrase the marks are in brackets."""
    if {"approximate", "uncertain"} <= qualifiers:
        return _("%(when)s (approximate and uncertain)", when=words)
    if "approximate" in qualifiers:
        return _("%(when)s (approximate)", when=words)
    return _("%(when)s (uncertain)", when=words) if "uncertain" in qualifiers else words


def _edge(stamp: Stamp, *, first: bool) -> _Part:
    """An end of a longer time; of a mask its first or last day."""
    part = _part(stamp)
    if part.plain:
        return part
    days = days_of(stamp)
    return replace(_day(days.lo if first else days.hi), qualifiers=part.qualifiers)


def _day(day: Day) -> _Part:
    return _Part(day_in_words(day), day=True)


def _part(stamp: Stamp) -> _Part:
    return replace(_worded(stamp), qualifiers=stamp.qualifiers)


def _worded(stamp: Stamp) -> _Part:
    year, month, day = stamp.year, stamp.month, stamp.day
    if "X" in year:
        return _masked(stamp)
    number = int(year.lstrip("Y"))
    if month in SEASONS:
        return _Part(_(SEASON_TEXTS[month], year=_season_year(number, month)))
    match month, day:
        case "", "":
            return _Part(year_in_words(number))
        case "XX", "":
            return _Part(_("in some month of %(date)s", date=year_in_words(number)), plain=False)
        case "XX", "XX":
            return _Part(_("on some day of %(date)s", date=year_in_words(number)), plain=False)
    if month.isdigit():
        if not day:
            return _Part(month_in_words(number, int(month)))
        if day.isdigit():
            return _day(day_of(number, int(month), int(day)))
        if day == "XX":
            whole = month_in_words(number, int(month))
            return _Part(_("on some day of %(date)s", date=whole), plain=False)
    return _masked(stamp)


def _season_year(number: int, month: str) -> str:
    """Winter begins in one year and ends in the next: 2012/13."""
    wraps = SEASONS[month][0] == 12 and 1000 <= number < 9999
    return year_in_words(number) + (f"/{(number + 1) % 100:02d}" if wraps else "")


def _masked(stamp: Stamp) -> _Part:
    """X in any place: the decade where it is one, else the days, and the text as written."""
    year = stamp.year
    # 0990s would not read as a decade, and 1900s could be a century
    if not stamp.month and year[3:] == "X" and year[:3].isdigit() and "0" not in (year[0], year[2]):
        return _Part(_("the %(decade)ss", decade=f"{year[:3]}0"))
    days = days_of(stamp)
    if days.single:
        return _day(days.lo)
    said = some_day(days.lo, days.hi)
    if len(days.intervals) > 1 or "X" in year.rstrip("X") or ("X" in year and stamp.month):
        written = "-".join(part for part in (year, stamp.month, stamp.day) if part)
        said = _("%(when)s, written as %(edtf)s", when=said, edtf=written)
    return _Part(said, plain=False)


SEASON_TEXTS: Final = {
    "21": text_of("spring %(year)s"),
    "22": text_of("summer %(year)s"),
    "23": text_of("autumn %(year)s"),
    "24": text_of("winter %(year)s"),
    "25": text_of("the northern spring of %(year)s"),
    "26": text_of("the northern summer of %(year)s"),
    "27": text_of("the northern autumn of %(year)s"),
    "28": text_of("the northern winter of %(year)s"),
    "29": text_of("the southern spring of %(year)s"),
    "30": text_of("the southern summer of %(year)s"),
    "31": text_of("the southern autumn of %(year)s"),
    "32": text_of("the southern winter of %(year)s"),
    "33": text_of("the first quarter of %(year)s"),
    "34": text_of("the second quarter of %(year)s"),
    "35": text_of("the third quarter of %(year)s"),
    "36": text_of("the fourth quarter of %(year)s"),
    "37": text_of("the first third of %(year)s"),
    "38": text_of("the second third of %(year)s"),
    "39": text_of("the last third of %(year)s"),
    "40": text_of("the first half of %(year)s"),
    "41": text_of("the second half of %(year)s"),
}

"""A timeline drawn by the server: what held, from left to right, with the same facts as a table.

All places across are percentages, so the picture fills whatever width there is and its type stays
as large as the page's.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from registry.domain.dates import MAX_DAY, MIN_DAY, Day, day_of
from registry.domain.layers import NOT_APPLICABLE
from registry.web.axis import Scale, Tick, named_days, percent_of, tick_at
from registry.web.days_said import day_in_words
from registry.web.languages import gettext as _
from registry.web.wording import OVER

Say = Callable[[str, Sequence[str], bool], str]
"""How an answer is said: its layer, the possible values, whether it is certain."""


@dataclass(frozen=True)
class Bar:
    """A run of days of one answer.

    `kind`: certain, possible, over (it ended, or there is none), unknown, absent (a party did not
    exist).
    """

    lo: Day
    hi: Day
    words: str
    kind: str


@dataclass(frozen=True)
class Claim:
    """One of several accounts of an act: between which days it puts it. `words`: what, by whom."""

    lo: Day
    hi: Day
    words: str


@dataclass(frozen=True)
class Line:
    """One subject, the runs of its answers in order, and the claims that differ about its acts."""

    words: str
    bars: tuple[Bar, ...]
    claims: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Box:
    """A bar as drawn, in hundredths of the width. `fits`: from which width its label does."""

    x: str
    width: str
    kind: str
    label: str
    title: str
    fits: str
    opens: bool
    ends: bool


@dataclass(frozen=True)
class Mark:
    """A claim as drawn, under the bar."""

    x: str
    width: str
    y: int
    title: str


@dataclass(frozen=True)
class Row:
    """`words`: as much of `full` as there is room for; `more`: where there is more room."""

    words: str
    more: str
    full: str
    y: int
    boxes: tuple[Box, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Fact:
    """A row of the table; `first`: of its line, which has `count` of them.

    `sure`: certain, possible, claim, or nothing.
    """

    line: str
    since: str
    until: str
    words: str
    sure: str
    first: bool
    count: int


@dataclass(frozen=True)
class Picture:
    """`now`: the day it is looked at from, if it is in the picture."""

    name: str
    words: str
    top: int
    height: int
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    now: Tick | None
    facts: tuple[Fact, ...]

    @property
    def has_claims(self) -> bool:
        return any(row.marks for row in self.rows)


def line(
    words: str,
    segments: Iterable[Mapping[str, Any]],
    say: Say,
    claims: Iterable[Claim] = (),
) -> Line:
    """One subject's line from its segments as `registry.queries.segments` gives them."""
    bars: list[Bar] = []
    for each in segments:
        bar = _bar(each, say)
        if bars and _goes_on(bars[-1], bar):
            bar = replace(bar, lo=bars.pop().lo)
        bars.append(bar)
    return Line(words, tuple(bars), tuple(sorted(claims, key=lambda c: (c.lo, c.hi))))


def drawn(
    lines: Sequence[Line], today: Day, name: str, words: str, looked_at: str | None = None
) -> Picture:
    """`name` is the picture's own on its page; `words` say what it shows.

    `today`: the day that is marked. `looked_at`: what is written over it; else it is today.
    """
    lo, hi = _range(lines, today, within=looked_at is not None)
    scale = Scale(lo, hi)
    y = 0
    rows: list[Row] = []
    for each in lines:
        lanes, marks = _marks(each.claims, scale, y + ROW - 5)
        named = (_cut(each.words, _LONGEST), _cut(each.words, _WIDEST), each.words)
        rows.append(Row(*named, y, tuple(_boxes(each, scale)), marks))
        y += ROW + lanes * LANE
    marked = lo <= today <= hi
    return Picture(
        name,
        words,
        0 if looked_at is None else HEAD,
        y + AXIS,
        tuple(rows),
        tuple(tick_at(day, said, scale) for day, said in named_days(lo, hi)),
        tick_at(today, looked_at or _("today"), scale, 25) if marked else None,
        tuple(fact for each in lines for fact in _facts(each)),
    )


HEAD: Final = 20
ROW: Final = 54
LANE: Final = 8
AXIS: Final = 26
_LONGEST: Final = 42
_WIDEST: Final = 100
YEAR: Final = 365


def _bar(segment: Mapping[str, Any], say: Say) -> Bar:
    possible, certain = segment["possible"], bool(segment["certain"])
    kind = "certain" if certain else "possible"
    if list(possible) == ["unknown"]:
        kind = "unknown"
    elif list(possible) == [NOT_APPLICABLE]:
        kind = "absent"
    elif certain and possible[0] in OVER:
        kind = "over"
    return Bar(
        MIN_DAY if segment["from"] is None else _day(segment["from"]),
        MAX_DAY if segment["to"] is None else _day(segment["to"]),
        say(segment["layer"], possible, certain),
        kind,
    )


def _day(text: str) -> Day:
    """The inverse of `iso`: years of more than four digits, too, which are no EDTF without a Y."""
    year, month, day = text.rsplit("-", 2)
    return day_of(int(year), int(month), int(day))


def _goes_on(bar: Bar, following: Bar) -> bool:
    """Whether only the evidence is another."""
    same = (bar.words, bar.kind) == (following.words, following.kind)
    return same and bar.hi + 1 == following.lo


def _range(lines: Sequence[Line], today: Day, *, within: bool) -> tuple[Day, Day]:
    """The first and the last day of the picture.

    What has no end runs out of it: to today if that is not much further than all that is told.
    `within`: so is a day looked at that is near.
    """
    bars = [bar for each in lines for bar in each.bars]
    bars = [bar for bar in bars if bar.kind != "absent"] or bars
    ends = [bar.lo for bar in bars if bar.lo > MIN_DAY]
    ends += [bar.hi + 1 for bar in bars if bar.hi < MAX_DAY]
    lo, hi = (min(ends), max(ends)) if ends else (today - YEAR, today)
    told = hi - lo
    if any(bar.hi >= MAX_DAY for bar in bars) and today > hi:
        hi = min(today, hi + max(told * 3 // 4, 2 * YEAR)) if told > 1 else today
    if within and lo - max(told // 4, YEAR) <= today <= hi + max(told // 4, YEAR):
        lo, hi = min(lo, today), max(hi, today)
    room = max((hi - lo) // 20, 1)
    return lo - room, hi + room


def _boxes(each: Line, scale: Scale) -> Iterator[Box]:
    """The bars, and between them the days of which nothing is on record."""
    at = scale.lo
    for bar in each.bars:
        if bar.hi < scale.lo:
            continue  # before a party existed: told in the table
        if bar.lo > at:
            yield _box(_nothing(at, bar.lo - 1), scale)
        yield _box(bar, scale)
        at = max(at, min(bar.hi, scale.hi) + 1)
    if at <= scale.hi:
        yield _box(_nothing(at, scale.hi), scale)


def _nothing(lo: Day, hi: Day) -> Bar:
    return Bar(lo, hi, _("nothing on record"), "nothing")


def _box(bar: Bar, scale: Scale) -> Box:
    x = scale.at(bar.lo)
    width = max(scale.at(min(bar.hi, MAX_DAY - 1) + 1) - x, _THINNEST)
    x = min(x, 100 - width)
    title = bar.words if bar.kind == "nothing" else f"{bar.words}: {_from_to(bar.lo, bar.hi)}"
    return Box(
        percent_of(x),
        percent_of(width),
        bar.kind,
        bar.words,
        title,
        _fits(bar.words, width),
        opens=bar.lo <= MIN_DAY,
        ends=bar.hi < MAX_DAY,
    )


_THINNEST: Final = 0.4
_LETTER: Final = 7.0
_WIDTHS: Final = (("always", 300), ("medium", 560), ("wide", 820))


def _fits(words: str, width: float) -> str:
    """The narrowest picture in which the label fits into its bar; `never` where none is."""
    needed = len(words) * _LETTER + 14
    for word, pixels in _WIDTHS:
        if pixels * width / 100 >= needed:
            return word
    return "never"


def _marks(claims: Sequence[Claim], scale: Scale, under: int) -> tuple[int, tuple[Mark, ...]]:
    """How many lanes they take, and each in the first lane in which it covers no other."""
    ends: list[float] = []
    made: list[Mark] = []
    for each in claims:
        x = scale.at(each.lo)
        width = max(scale.at(min(each.hi, MAX_DAY - 1) + 1) - x, _THINNEST)
        x = min(x, 100 - width)
        lane = next((n for n, end in enumerate(ends) if end < x), len(ends))
        ends[lane : lane + 1] = [x + width + _THINNEST]
        title = f"{each.words}: {_from_to(each.lo, each.hi)}"
        made.append(Mark(percent_of(x), percent_of(width), under + lane * LANE, title))
    return len(ends), tuple(made)


def _cut(words: str, longest: int) -> str:
    return words if len(words) <= longest else words[: longest - 1].rstrip() + "…"


def _facts(each: Line) -> Iterator[Fact]:
    count = len(each.bars) + len(each.claims)
    if not count:
        yield Fact(each.words, "", "", _("nothing on record"), "", first=True, count=1)
    for place, bar in enumerate(each.bars):
        sure = {"possible": "possible", "unknown": ""}.get(bar.kind, "certain")
        since, until = _ends(bar.lo, bar.hi)
        yield Fact(each.words, since, until, bar.words, sure, place == 0, count)
    for place, claim in enumerate(each.claims, start=len(each.bars)):
        since, until = _ends(claim.lo, claim.hi)
        yield Fact(each.words, since, until, claim.words, "claim", place == 0, count)


def _ends(lo: Day, hi: Day) -> tuple[str, str]:
    return (
        _("no beginning recorded") if lo <= MIN_DAY else day_in_words(lo),
        _("no end recorded") if hi >= MAX_DAY else day_in_words(hi),
    )


def _from_to(lo: Day, hi: Day) -> str:
    since, until = _ends(lo, hi)
    if lo == hi:
        return since
    if lo <= MIN_DAY and hi >= MAX_DAY:
        return _("always")
    if lo <= MIN_DAY:
        return _("to %(until)s", until=until)
    if hi >= MAX_DAY:
        return _("from %(since)s, no end recorded", since=since)
    return _("from %(since)s to %(until)s", since=since, until=until)

"""The number of parties from day to day: a step line, its band where it is open, and a table.

Inside the picture one unit across is one day and one unit down is one party, so that what is
drawn is what the table says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from registry.domain.dates import MAX_DAY, MIN_DAY, Day, day_of
from registry.domain.dates.gregorian import calendar_of
from registry.queries.bound_over_time import Count
from registry.web.days_said import day_in_words, year_in_words
from registry.web.languages import gettext as _


@dataclass(frozen=True)
class Tick:
    """`at`: in hundredths of the width, or of the height."""

    at: str
    words: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Fact:
    since: str
    certain: int
    possible: int


@dataclass(frozen=True)
class Plot:
    """`line`: the path of those bound for certain; `band`: from there to those bound at most.

    `first`: the day that stands at the left edge.
    """

    first: Day
    days: int
    most: int
    line: str
    band: str
    years: tuple[Tick, ...]
    heights: tuple[Tick, ...]
    now: Tick | None
    facts: tuple[Fact, ...]

    @property
    def open(self) -> bool:
        return any(each.possible > each.certain for each in self.facts)


def plotted(counts: Sequence[Count], looked_at: Day) -> Plot | None:
    """`looked_at`: the day that is marked. None where nobody was ever bound."""
    if not counts:
        return None
    dated = [each.day for each in counts if MIN_DAY < each.day < MAX_DAY] or [looked_at]
    told = max(dated[-1] - dated[0], _YEAR)
    lo, hi = dated[0], dated[-1]
    if lo - told <= looked_at <= hi + max(told, 30 * _YEAR):
        lo, hi = min(lo, looked_at), max(hi, looked_at)
    room = max((hi - lo) // 25, 30)
    lo, hi = lo - room, hi + room
    most = max(each.possible for each in counts)
    line, band = _paths(counts, lo, hi, most)
    return Plot(
        lo,
        hi - lo,
        most,
        line,
        band,
        tuple(_years(lo, hi)),
        tuple(Tick(_hundredths(most - n, most), str(n)) for n in _heights(most)),
        _tick(looked_at, lo, hi, day_in_words(looked_at)) if lo <= looked_at <= hi else None,
        tuple(Fact(_since(each.day), each.certain, each.possible) for each in counts),
    )


_YEAR: Final = 365
_STEPS: Final = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)


def _paths(counts: Sequence[Count], lo: Day, hi: Day, most: int) -> tuple[str, str]:
    line = [f"M0 {most}"]
    over, under = [f"M0 {most}"], []
    before = (0, 0)
    for each in counts:
        x = min(max(each.day, lo), hi) - lo
        if each.certain != before[0]:
            line.append(f"H{x}V{most - each.certain}")
        over.append(f"H{x}V{most - each.possible}")
        under.append((x, before[0], each.certain))
        before = (each.certain, each.possible)
    line.append(f"H{hi - lo}")
    back = [f"H{hi - lo}V{most - before[0]}"]
    back += [f"H{x}V{most - was}" for x, was, _now in reversed(under)]
    return "".join(line), "".join([*over, *back, "Z"])


def _since(day: Day) -> str:
    return _("the beginning of the record") if day <= MIN_DAY else day_in_words(day)


def _years(lo: Day, hi: Day) -> Iterator[Tick]:
    first, last = calendar_of(lo)[0] + 1, calendar_of(hi)[0]
    step = next((each for each in _STEPS if (last - first) / each <= 6), 1000)
    for year in range(-(-first // step) * step, last + 1, step):
        yield _tick(day_of(year, 1, 1), lo, hi, year_in_words(year))


def _tick(day: Day, lo: Day, hi: Day, words: str) -> Tick:
    share = (day - lo) / (hi - lo)
    anchor = "start" if share < 0.08 else "end" if share > 0.92 else "middle"
    return Tick(_hundredths(day - lo, hi - lo), words, anchor)


def _hundredths(part: int, whole: int) -> str:
    return f"{100 * part / whole:.2f}".rstrip("0").rstrip(".") + "%"


def _heights(most: int) -> list[int]:
    step = next((each for each in _STEPS if most / each <= 4), 1000)
    return list(range(0, most + 1, step))

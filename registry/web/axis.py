"""The axis of days under a picture: where a day is, and which days are named."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from registry.domain.dates import Day, day_of
from registry.domain.dates.gregorian import calendar_of
from registry.web.days_said import short_day, short_month, year_in_words


@dataclass(frozen=True)
class Tick:
    x: str
    words: str
    anchor: str


@dataclass(frozen=True)
class Scale:
    lo: Day
    hi: Day

    def at(self, day: Day) -> float:
        """In hundredths of the width; what lies outside is at the edge."""
        return 100 * (min(max(day, self.lo), self.hi + 1) - self.lo) / (self.hi + 1 - self.lo)

    def percent(self, day: Day) -> str:
        return percent_of(self.at(day))


def percent_of(hundredths: float) -> str:
    return f"{hundredths:.3f}".rstrip("0").rstrip(".") + "%"


def tick_at(day: Day, words: str, scale: Scale, room: int = 6) -> Tick:
    """`room`: the hundredths of the width that half of the words may take."""
    at = scale.at(day)
    anchor = "start" if at < room else "end" if at > 100 - room else "middle"
    return Tick(percent_of(at), words, anchor)


def named_days(lo: Day, hi: Day) -> list[tuple[Day, str]]:
    """The finest even steps of days, months or years of which few enough fall into the picture."""
    length = hi - lo
    for step in _DAYS:
        if length / step <= _MOST_DAYS:
            first = lo + (step - lo % step) % step
            return [(day, short_day(day)) for day in range(first, hi + 1, step)]
    first_year, last_year = calendar_of(lo)[0], calendar_of(hi)[0]
    for step in _MONTHS:
        if length / (step * 30.4) <= _MOST_MONTHS:
            months = [(y, m) for y in range(first_year, last_year + 1) for m in range(1, 13, step)]
            found = [(day_of(y, m, 1), short_month(y, m)) for y, m in months]
            return [each for each in found if lo <= each[0] <= hi]
    step = next(each for each in _years() if length / (each * 365.25) <= _MOST_YEARS)
    counted = range(-(-first_year // step) - 1, last_year // step + 2)
    years = [_even_year(each * step) for each in counted]
    found = [(day_of(year, 1, 1), year_in_words(year)) for year in years]
    return [each for each in found if lo <= each[0] <= hi]


_DAYS: Final = (1, 2, 7, 14)
_MONTHS: Final = (1, 2, 3, 6)
_MOST_DAYS, _MOST_MONTHS, _MOST_YEARS = 4, 5, 6


def _years() -> Iterator[int]:
    scale = 1
    while True:
        yield from (scale, 2 * scale, 5 * scale)
        scale *= 10


def _even_year(counted: int) -> int:
    """There was no year 0: before the year 1 the even ones are those of the count backwards."""
    return counted if counted > 0 else counted + 1

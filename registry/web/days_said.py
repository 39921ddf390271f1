"""A day, a month, a year in the reader's language: 20 June 2012, 20 de junio de 2012, 753 BCE."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from typing import Final

from babel.dates import format_date
from babel.lists import format_list

from registry.domain.dates import Day
from registry.domain.dates.gregorian import calendar_of
from registry.web import languages
from registry.web.languages import gettext as _

_LOCALES: Final = {"en": "en_GB", "es": "es"}


def day_in_words(day: Day, *, year: bool = True) -> str:
    """20 June 2012; without its year, 20 June."""
    number, month, of_month = calendar_of(day)
    said = _of_year(of_month, month, _locale())
    if not year:
        return said
    return _("%(day)s %(year)s", day=said, year=year_in_words(number))


def month_in_words(year: int, month: int) -> str:
    """June 2012."""
    said = format_date(_any(month), "LLLL", locale=_locale())
    return _("%(month)s %(year)s", month=said, year=year_in_words(year))


def short_day(day: Day) -> str:
    """20 Jun 2012, where there is little room."""
    year, month, number = calendar_of(day)
    return _("%(day)s %(year)s", day=f"{number} {_short(month)}", year=year_in_words(year))


def short_month(year: int, month: int) -> str:
    """Jun 2012, where there is little room."""
    return _("%(month)s %(year)s", month=_short(month), year=year_in_words(year))


def year_in_words(year: int) -> str:
    """2012; the year 0 is 1 BCE; an era marks what would not read as a year."""
    if year <= 0:
        return _("%(year)s BCE", year=1 - year)
    return str(year) if 1000 <= year <= 9999 else _("%(year)s CE", year=year)


def all_of(words: Iterable[str]) -> str:
    """a, b and c."""
    return format_list(list(words), "standard", _locale())


def any_of(words: Iterable[str]) -> str:
    """a, b or c."""
    return format_list(list(words), "or", _locale())


def _locale() -> str:
    return _LOCALES[languages.language()]


def _short(month: int) -> str:
    return format_date(_any(month), "LLL", locale=languages.language())


def _any(month: int, day: int = 1) -> date:
    """That day in a leap year."""
    return date(2000, month, day)


@lru_cache(maxsize=1_000)
def _of_year(day: int, month: int, locale: str) -> str:
    pattern = "d MMMM" if locale.startswith("en") else "d 'de' MMMM"
    return format_date(_any(month, day), pattern, locale=locale)

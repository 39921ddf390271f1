"""Dates in digits only, 24.10.1648: which number is the day is settled or left to the asker."""

import re
from collections.abc import Callable
from datetime import date

from registry.domain.dates.refusal import Refused

_DAY_MONTH_YEAR = re.compile(
    r"(?<![0-9./-])([0-9]{1,2}) ?([./-]) ?([0-9]{1,2}) ?\2 ?([0-9]{4})(?![0-9]|[./-][0-9])"
)
_YEAR_FIRST = re.compile(
    r"(?<![0-9./-])([0-9]{4}) ?([./-]) ?([0-9]{1,2}) ?\2 ?([0-9]{1,2})(?![0-9]|[./-][0-9])"
)
_MONTH_YEAR = re.compile(r"(?<![0-9./-])([0-9]{1,2})[./]([0-9]{4})(?![0-9]|[./-][0-9])")
_TWO_DIGIT_YEAR = re.compile(r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2}")
_RUN_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_SLASH_MONTH = re.compile(r"([0-9]{4})[/.](0[1-9]|1[0-2])")
_TWO_YEARS = re.compile(r"([0-9]{4}) ?- ?([0-9]{4})")


def readings(text: str) -> tuple[str, ...]:
    """The text with its numeric dates as 1648-10-24: one reading, or day first and month first."""
    _refuse_unclear(text)
    text = _YEAR_FIRST.sub(lambda found: _hyphens(found[1], found[3], found[4]), text)
    text = _MONTH_YEAR.sub(lambda found: _hyphens(found[2], found[1]), text)
    if not _DAY_MONTH_YEAR.search(text):
        return (text,)
    orders: tuple[Callable[[re.Match[str]], str], ...] = (
        lambda found: _iso(found[4], found[3], found[1]),
        lambda found: _iso(found[4], found[1], found[3]),
    )
    possible: list[str] = []
    for order in orders:
        try:
            reading = _DAY_MONTH_YEAR.sub(order, text)
        except ValueError:
            continue
        if reading not in possible:
            possible.append(reading)
    if not possible:
        raise Refused("the calendar has no such day, read day first or month first")
    return tuple(possible)


def _hyphens(year: str, *parts: str) -> str:
    return "-".join((year, *(f"{int(part):02d}" for part in parts)))


def _iso(year: str, month: str, day: str) -> str:
    return date(int(year), int(month), int(day)).isoformat()


def _refuse_unclear(text: str) -> None:
    if _TWO_DIGIT_YEAR.fullmatch(text):
        raise Refused("write the year with four digits")
    if run := _RUN_TOGETHER.fullmatch(text) or _YEAR_SLASH_MONTH.fullmatch(text):
        raise Refused("write it with hyphens", ("-".join(run.groups()),))
    if years := _TWO_YEARS.fullmatch(text):
        first, last = years.groups()
        raise Refused(
            "it lasted from the first to the last, or one day somewhere between?",
            (f"{first}/{last}", f"[{first}..{last}]"),
        )

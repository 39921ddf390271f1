"""How the stories of the catalogue are told: an event on the wire, and what it then sets."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from registry import codec
from registry.domain.dates import MIN_DAY, Days, iso, parse_day
from registry.domain.errors import Problems
from registry.domain.settings import settings_of

Test = TypeVar("Test", bound=Callable[..., None])
Set = tuple[str, str, str, str]

TOLD: Final[set[str]] = set()
"""The types that some story tells of."""

ITSELF: Final = "0190aaaa-0000-7000-8000-00000000aaaa"
"""The id of the event told of."""

EARLIER: Final = "0190bbbb-0000-7000-8000-00000000bbbb"
"""The id of an event recorded before."""

RECORDED: Final = "2026-11-24"


def tells(*types: str) -> Callable[[Test], Test]:
    """Marks a test as the story of these event types."""

    def mark(test: Test) -> Test:
        TOLD.update(types)
        return test

    return mark


def set_by(type_: str, **told: Any) -> set[Set]:
    """(layer, subject, value, window) of all that this event sets; `from_` stands for `from`."""
    said = {name.rstrip("_"): value for name, value in told.items()}
    event = codec.read({"type": type_, **said})
    made = settings_of(event, ITSELF, 1, parse_day(RECORDED))
    return {
        (each.layer, each.subject, value, _words(each.window))
        for each in made
        for value in each.values
    }


def refused(type_: str, **told: Any) -> dict[str, str]:
    """The fields for which this event is refused, with the reason."""
    said = {name.rstrip("_"): value for name, value in told.items()}
    try:
        codec.read({"type": type_, **said})
    except Problems as problems:
        return {each.field or "": each.message for each in problems.each}
    return {}


def _words(window: Days) -> str:
    """2012-06-20, or 2008-01-01..2008-12-31; what is open has no day there."""
    if window == Days.on(MIN_DAY):
        return "always"
    parts = []
    for lo, hi in window.intervals:
        first, last = _day(lo), _day(hi)
        parts.append(first if lo == hi and first else f"{first}..{last}")
    return " or ".join(parts)


def _day(day: int) -> str:
    return "" if day in Days.ALWAYS.intervals[0] else iso(day)

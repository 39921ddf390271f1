"""The parts of an EDTF text, named but not yet turned into days (ISO 8601-2:2019).

Read here: levels 0 and 1; of level 2 the sets, X in any place, qualified components and the
seasons 25-41. Not read: exponents (`Y17E8`), significant digits (`1950S2`), times in intervals.
"""

import re
from dataclasses import dataclass
from enum import Enum

from registry.domain.dates.refusal import Refused

LONGEST = 200
MOST_MEMBERS = 100

PLAIN: frozenset[str] = frozenset()
QUALIFIERS: dict[str, frozenset[str]] = {
    "": PLAIN,
    "?": frozenset({"uncertain"}),
    "~": frozenset({"approximate"}),
    "%": frozenset({"uncertain", "approximate"}),
}
EXPECTED = "expected e.g. 1648-10-24, 1648-10, 1648"


class End(Enum):
    """An end of an interval for which no date is given."""

    OPEN = ".."
    UNKNOWN = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A day, month, season or year as written; X stands for any digit."""

    year: str  # 2012, -0752, 201X, Y17000
    month: str = ""  # 06, 1X, or a season 21-41
    day: str = ""
    qualifiers: frozenset[str] = PLAIN


@dataclass(frozen=True, slots=True)
class Interval:
    """It lasted from the start to the end."""

    start: Stamp | End
    end: Stamp | End


@dataclass(frozen=True, slots=True)
class Range:
    """A member of a set: every day between two dates; None is an open side."""

    start: Stamp | None
    end: Stamp | None


@dataclass(frozen=True, slots=True)
class Members:
    """`[..]`, one of them, or with `every` `{..}`, all of them."""

    members: tuple[Stamp | Range, ...]
    every: bool


def read(text: str) -> Stamp | Interval | Members:
    """The structure of an EDTF text, or Refused with what is wrong with its form."""
    _refuse_foreign(text)
    if text[0] in "[{":
        return _members(text)
    if "/" in text:
        return _interval(text)
    return _stamp(text, timed=True)


def _refuse_foreign(text: str) -> None:
    if not text:
        raise Refused("it is empty")
    if len(text) > LONGEST:
        raise Refused(f"it is longer than {LONGEST} characters")
    for char in text:
        if char.isspace():
            raise Refused("it holds white space")
        if not char.isprintable():
            raise Refused(f"it holds the control character U+{ord(char):04X}")
        if not char.isascii():
            what = "a digit other than 0-9" if char.isdigit() else "a character outside ASCII"
            raise Refused(f"it holds {what}: {char!r}")


def _interval(text: str) -> Interval:
    parts = text.split("/")
    if len(parts) != 2:
        raise Refused("an interval has one '/', between its start and its end")
    if parts == ["", ""]:
        raise Refused("an interval states at least one end")
    start, end = (End(part) if part in ("", "..") else _stamp(part) for part in parts)
    return Interval(start, end)


def _members(text: str) -> Members:
    every = text[0] == "{"
    if text[-1] != ("}" if every else "]"):
        raise Refused(f"a set that opens with '{text[0]}' closes with '{'}' if every else ']'}'")
    parts = text[1:-1].split(",")
    if len(parts) > MOST_MEMBERS:
        raise Refused(f"a set has at most {MOST_MEMBERS} members")
    if parts in ([""], [".."]):
        raise Refused("a set names at least one date")
    if "" in parts:
        raise Refused("a member of the set is missing")
    if any(part.startswith("..") for part in parts[1:]):
        raise Refused("an open start stands first in a set")
    if any(part.endswith("..") for part in parts[:-1]):
        raise Refused("an open end stands last in a set")
    return Members(tuple(_member(part) for part in parts), every)


def _member(part: str) -> Stamp | Range:
    if ".." not in part:
        return _stamp(part)
    start, _, end = part.partition("..")
    return Range(_stamp(start) if start else None, _stamp(end) if end else None)


_STAMP = re.compile(
    r"([?~%]?) (-?[0-9X]{4} | Y-?[1-9][0-9]{4,}) ([?~%]?)"
    r"(?: - ([?~%]?) ([0-9X]{2}) ([?~%]?)"
    r"(?: - ([?~%]?) ([0-9X]{2}) ([?~%]?) )? )?"
    r"(T.*)?",
    re.VERBOSE,
)
_TIME = re.compile(
    r"T(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]|24:00:00)"
    r"(?:Z|[+-](?:0[0-9]|1[0-4])(?::[0-5][0-9])?)?"
)
_LONG_YEAR = re.compile(r"[+-]?[0-9]{5,}(-.*)?")


def _stamp(text: str, timed: bool = False) -> Stamp:
    found = _STAMP.fullmatch(text)
    if found is None:
        raise Refused(_why_no_stamp(text))
    a, year, b, c, month, d, e, day, f, time = (part or "" for part in found.groups())
    if (a and b) or (c and d) or (e and f):
        raise Refused("one part has two qualifiers; '%' says uncertain and approximate")
    if year == "-0000":
        raise Refused("year zero is written 0000")
    if year[0] == "Y" and month:
        raise Refused("a year of more than four digits stands alone")
    marks = a + b + c + d + e + f
    if time:
        _refuse_time(time, timed, year + month + day, marks)
    qualifiers = PLAIN.union(*(QUALIFIERS[mark] for mark in marks))
    return Stamp(year, month, day, qualifiers)


def _refuse_time(time: str, timed: bool, date: str, marks: str) -> None:
    if not timed:
        raise Refused("a time of day stands in neither an interval nor a set")  # EDTF level 0
    if len(date.lstrip("-")) != 8 or "X" in date or marks:
        raise Refused("a time of day needs a full and unqualified date")
    if _TIME.fullmatch(time) is None:
        raise Refused(f"there is no time {time[1:]!r}; expected e.g. 10:00:00Z")


def _why_no_stamp(text: str) -> str:
    if _LONG_YEAR.fullmatch(text):
        return "a year of more than four digits is written Y17000 and stands alone"
    if text.endswith("-"):
        return "it ends in a loose '-'"
    if ".." in text:
        return "'..' stands in a set such as [1648..1650] or at one end of an interval"
    return EXPECTED

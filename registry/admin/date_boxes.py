"""A date as a form asks for it: boxes, ticks or one line of words, read to EDTF and back."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from registry.domain import dates
from registry.domain.dates.gregorian import MONTHS, month_length
from registry.domain.dates.julian import julian_day, julian_month_length
from registry.domain.errors import Invalid

PARTS: Final = (
    *("when", "year", "month", "day", "year2", "month2", "day2"),
    *("approximate", "uncertain", "julian", "text", "pick"),
)
"""The inputs of one date, each named `<field>.<part>`."""
WHEN: Final = (
    ("on", "on, or some time in"),
    ("before", "before"),
    ("after", "after"),
    ("between", "between ... and ..."),
    ("lasting", "from ... to ... (it lasted)"),
)
_STAMP: Final = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?([?~%]?)")
_MARKS: Final = {"": (False, False), "~": (True, False), "?": (False, True), "%": (True, True)}
_NUMBERS: Final = {name.lower(): number for number, name in enumerate(MONTHS, 1)} | {
    name[:3].lower(): number for number, name in enumerate(MONTHS, 1)
}


@dataclass(frozen=True)
class Read:
    """`edtf`: what the boxes say; `verbatim`: the words to keep, where they are in another calendar."""

    edtf: str
    verbatim: str = ""


@dataclass(frozen=True)
class _Stamp:
    year: int
    month: int | None
    day: int | None

    @property
    def edtf(self) -> str:
        parts = (each for each in (self.month, self.day) if each is not None)
        return "-".join((f"{self.year:04d}", *(f"{each:02d}" for each in parts)))

    @property
    def words(self) -> str:
        parts = [str(self.year)]
        if self.month is not None:
            parts.insert(0, MONTHS[self.month - 1])
        if self.day is not None:
            parts.insert(0, str(self.day))
        return " ".join(parts)


def read_boxes(at: str, typed: Mapping[str, str]) -> Read | None:
    """What was typed into the inputs of the date `at`; None where nothing was.

    Invalid, its field the id of the input, its `offers` in EDTF where several may be meant.
    """
    said = {part: typed.get(f"{at}.{part}", "").strip() for part in PARTS}
    words = said["pick"] or said["text"]
    boxed = next((part for part in PARTS[1:7] if said[part]), None)
    if words and boxed:
        raise Invalid(
            "use either the boxes or the line of words, and leave the other empty", f"{at}.text"
        )
    if words:
        if said["julian"]:
            raise Invalid(
                "write a date of the Julian calendar into the boxes for day, month and year",
                f"{at}.text",
            )
        return Read(_of_words(words, f"{at}.text"))
    if not boxed:
        return None
    first = _stamp(at, said, "", julian=bool(said["julian"]))
    when = said["when"] or "on"
    last = None
    if when in ("between", "lasting"):
        last = _stamp(at, said, "2", julian=bool(said["julian"]))
    elif second := next((part for part in PARTS[4:7] if said[part]), None):
        raise Invalid("choose “between” to give a second date", f"{at}.{second}")
    mark = _mark(said)
    if said["julian"]:
        return _julian(at, when, first, last, mark)
    return Read(_composed(at, when, first.edtf, last.edtf if last else "", mark))


def boxes_of(at: str, edtf: str) -> dict[str, str]:
    """The inputs that say this date: boxes where it is a plain one, else words, else EDTF."""
    found = _STAMP.fullmatch(edtf)
    if found and found[1] != "0000":
        approximate, uncertain = _MARKS[found[4]]
        said = {"year": found[1], "month": found[2], "day": found[3], "when": "on"}
        said |= {"approximate": "yes" if approximate else ""}
        said |= {"uncertain": "yes" if uncertain else ""}
    else:
        said = {"text": in_words_or_edtf(edtf)}
    return {f"{at}.{part}": value for part, value in said.items() if value}


def in_words_or_edtf(edtf: str) -> str:
    """In English where that reads back to the very same text."""
    try:
        words = dates.human(dates.parse(edtf))
        return words if dates.from_human(words).text == edtf else edtf
    except Invalid:
        return edtf


def echo(date: dates.Edtf) -> str:
    """What the register understands: some day between 1 January and 31 December 2011."""
    if "/" in date.text or "{" in date.text:
        return dates.human(date)
    days = date.begins
    marks = [
        word
        for sign, word in (("~", "approximate"), ("?", "uncertain"))
        if sign in date.text or "%" in date.text
    ]
    tail = f" ({', '.join(marks)})" if marks else ""
    if len(days.intervals) > 1:
        return dates.human(date)
    if days.single:
        return f"{_day(days.lo)}{tail}"
    if days.lo <= dates.MIN_DAY:
        return f"some day up to {_day(days.hi)}{tail}"
    if days.hi >= dates.MAX_DAY:
        return f"{_day(days.lo)}, or some day after it{tail}"
    return f"some day between {_span(days.lo, days.hi)}{tail}"


def parsed(words: str) -> dates.Edtf:
    """A date in words or EDTF."""
    return dates.from_human(words)


def refused(wrong: Invalid, text: str) -> str:
    """Why a text is no date, in words for whoever typed it."""
    reason = getattr(wrong, "reason", "") or wrong.message
    if wrong.offers:
        return f"“{text}” can be read in several ways: choose below which is meant"
    if reason.startswith("expected"):
        reason = "write it as 20 June 2012, June 2012, about 2012, before 2012"
    return f"“{text}” is not understood: {reason}"


def _of_words(words: str, at: str) -> str:
    try:
        return dates.from_human(words).text
    except Invalid as wrong:
        raise Invalid(refused(wrong, words), at, wrong.offers) from None


def _stamp(at: str, said: Mapping[str, str], which: str, *, julian: bool) -> _Stamp:
    year = _number(said[f"year{which}"], f"{at}.year{which}", "year", 1, 9999)
    if year is None:
        raise Invalid("give at least the year", f"{at}.year{which}")
    month_text = said[f"month{which}"]
    named = _NUMBERS.get(month_text.lower().rstrip("."))
    month = named or _number(month_text, f"{at}.month{which}", "month", 1, 12)
    day = _number(said[f"day{which}"], f"{at}.day{which}", "day", 1, 31)
    if day is not None and month is None:
        raise Invalid("give the month too, or leave the day empty", f"{at}.month{which}")
    if day is not None and month is not None:
        longest = (julian_month_length if julian else month_length)(year, month)
        if day > longest:
            raise Invalid(f"{MONTHS[month - 1]} {year} had only {longest} days", f"{at}.day{which}")
    return _Stamp(year, month, day)


def _number(text: str, at: str, what: str, lowest: int, highest: int) -> int | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,4}", text) or not lowest <= int(text) <= highest:
        more = "; for a year before our era use the line of words" if what == "year" else ""
        raise Invalid(
            f"the {what} has to be a number from {lowest} to {highest}, not “{text[:30]}”{more}", at
        )
    return int(text)


def _mark(said: Mapping[str, str]) -> str:
    return {(False, False): "", (True, False): "~", (False, True): "?", (True, True): "%"}[
        (bool(said["approximate"]), bool(said["uncertain"]))
    ]


def _composed(at: str, when: str, first: str, last: str, mark: str) -> str:
    words = {
        "on": f"{first}{mark}",
        "before": f"before {first}{mark}",
        "after": f"after {first}{mark}",
        "between": f"between {first}{mark} and {last}{mark}",
        "lasting": f"{first}{mark}/{last}{mark}",
    }.get(when)
    if words is None:
        raise Invalid("choose one of the list", f"{at}.when")
    try:
        return dates.from_human(words).text
    except Invalid as wrong:
        reason = getattr(wrong, "reason", wrong.message)
        raise Invalid(f"this is no date: {reason}", f"{at}.year", wrong.offers) from None


def _julian(at: str, when: str, first: _Stamp, last: _Stamp | None, mark: str) -> Read:
    """The days of ours that are meant, and the date as it stands in the source."""
    words = f"{first.words} and {last.words}" if when == "between" and last else first.words
    words = f"{first.words} to {last.words}" if when == "lasting" and last else words
    lo, hi = _julian_days(first)
    until = _julian_days(last)[1] if last else hi
    if until < lo:
        raise Invalid("the second date is before the first", f"{at}.year2")
    if when == "before":
        edtf = f"[..{dates.iso(lo - 1)}{mark}]"
    elif when == "after":
        edtf = f"[{dates.iso(hi + 1)}{mark}..]"
    elif when == "lasting":
        if lo != hi or (last and _julian_days(last)[0] != until):
            raise Invalid("give the days of both dates of the Julian calendar", f"{at}.day")
        edtf = f"{dates.iso(lo)}{mark}/{dates.iso(until)}{mark}"
    elif lo == until:
        edtf = f"{dates.iso(lo)}{mark}"
    else:
        edtf = f"[{dates.iso(lo)}{mark}..{dates.iso(until)}{mark}]"
    prefix = f"{when} " if when in ("before", "after", "between") else ""
    about = "about " if "~" in mark or "%" in mark else ""
    return Read(dates.parse(edtf).text, f"{prefix}{about}{words}, Julian calendar")


def _julian_days(stamp: _Stamp) -> tuple[dates.Day, dates.Day]:
    first_month, last_month = stamp.month or 1, stamp.month or 12
    last_day = stamp.day or julian_month_length(stamp.year, last_month)
    return (
        julian_day(stamp.year, first_month, stamp.day or 1),
        julian_day(stamp.year, last_month, last_day),
    )


def _day(day: dates.Day) -> str:
    return dates.human(dates.parse(dates.iso(day)))


def _span(lo: dates.Day, hi: dates.Day) -> str:
    """Both days, without repeating the month and the year that they share."""
    first, last = _day(lo).split(" "), _day(hi).split(" ")
    if first[2:] == last[2:]:
        first = first[:1] if first[1] == last[1] else first[:2]
    return f"{' '.join(first)} and {' '.join(last)}"

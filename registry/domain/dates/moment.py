"""One day, month, season, year or decade in English words, turned into EDTF."""

import re

from registry.domain.dates.edtf import parse
from registry.domain.dates.gregorian import MONTHS
from registry.domain.dates.human import SEASON_NAMES
from registry.domain.dates.refusal import NotADate, Refused

EXPECTED = "expected e.g. 20 June 2012, June 2012, about 2012, before 2012, or EDTF 2012-06-20"

_MONTH_NUMBERS = {
    **{name.lower(): number for number, name in enumerate(MONTHS, 1)},
    **{name[:3].lower(): number for number, name in enumerate(MONTHS, 1)},
    "sept": 9,
}
_SEASON_CODES = {
    **{name.removesuffix(" of"): code for code, name in SEASON_NAMES.items()},
    "fall": "23",
    "q1": "33",
    "q2": "34",
    "q3": "35",
    "q4": "36",
}
_WRAPPING = {"24", "28", "30"}  # December to February

_YEAR = r"(?P<year>[0-9]{4}|[0-9]{1,7} ?(?:bce|bc|ce|ad)|ad [0-9]{1,4})"
_DAY = r"(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[a-z]+)"
_DAY_FIRST = re.compile(f"{_DAY}(?: of)? {_MONTH} {_YEAR}")
_MONTH_FIRST = re.compile(f"{_MONTH} {_DAY} {_YEAR}")
_NAMED = re.compile(
    rf"(?:the )?(?P<name>[a-z][a-z0-9 ]*?)(?: of)? {_YEAR}(?:[-/](?P<next>[0-9]{{2}}))?"
)
_JUST_YEAR = re.compile(f"(?:the )?(?:year )?{_YEAR}")
_TAIL = re.compile(rf"(?:(?P<month>[a-z]+) )?{_YEAR}(?: ?[(?~%].*)?$")
_HAS_YEAR = re.compile(r"[0-9]{3}|\b(?:bce|bc|ce|ad)\b")
_DECADE = re.compile(r"(?:the )?([0-9]{3})0'?s")
_SOME = re.compile(r"(?:some|a|one) (day|month) (?:of|in) (.+)")
_SOME_MONTH = re.compile(rf"{_DAY} of some month (?:of|in) (.+)")

_PART_OF_YEAR = re.compile(
    r"(?:the )?(?P<part>early|beginning|start|mid|middle|late|end)(?: of|-| in)? ?(?P<year>[0-9]{4})"
)
_PARTS = {
    **dict.fromkeys(("early", "beginning", "start"), ("40", "37", "33")),
    **dict.fromkeys(("mid", "middle"), ("38", "34", "35")),
    **dict.fromkeys(("late", "end"), ("41", "39", "36")),
}

_ABOUT = re.compile(r"(?:(?:about|around|circa|approximately|approx|ca|c)(?: |(?=[0-9]))|~)(.+)")
_PERHAPS = re.compile(r"(?:possibly|perhaps|probably|maybe) (.+)")
_NOTED = re.compile(r"(.+?) ?(?:\((uncertain|approximate|uncertain, approximate|\?)\)|([?~%]))")


def normal(text: str) -> str:
    """Lower case, plain hyphens, no dots after letters, no comma inside a date."""
    text = re.sub("[\N{EN DASH}\N{EM DASH}\N{MINUS SIGN}]", "-", text.lower())
    text = re.sub(r"(?<=[a-z])\.", "", text)
    return re.sub(r"([a-z]+(?: [0-9]{1,2}(?:st|nd|rd|th)?)?), ?(?=[0-9]{4}\b)", r"\1 ", text)


def moment(words: str) -> str:
    """The EDTF for one moment in (normal) words; Refused where they name none."""
    marks = ""
    while True:
        if found := _ABOUT.fullmatch(words):
            words, marks = found[1], marks + "~"
        elif found := _PERHAPS.fullmatch(words):
            words, marks = found[1], marks + "?"
        elif found := _NOTED.fullmatch(words):
            words, marks = found[1], marks + _noted(found[2] or found[3])
        else:
            return _bare(words) + _mark(marks)


def with_year_of(later: str, words: str) -> str:
    """`may` beside `june 2012` is `may 2012`; `20` beside `22 june 2012` is `20 june 2012`."""
    tail = _TAIL.search(later)
    if tail is None or _HAS_YEAR.search(words):
        return words
    year = tail["year"]
    if re.fullmatch(_DAY, words) and tail["month"] in _MONTH_NUMBERS:
        return f"{words} {tail['month']} {year}"
    name = re.sub(r"[0-9]{1,2}(st|nd|rd|th)?|\b(of|the|about|circa|ca|c)\b", "", words).strip()
    return f"{words} {year}" if name in _MONTH_NUMBERS or name in _SEASON_CODES else words


def _noted(note: str) -> str:
    marks = {"uncertain": "?", "approximate": "~", "uncertain, approximate": "%"}
    return marks.get(note, note)


def _mark(marks: str) -> str:
    if "%" in marks or ("?" in marks and "~" in marks):
        return "%"
    return marks[:1]


def _bare(words: str) -> str:
    words = re.sub("^(?:on|in) ", "", words)
    if found := _DAY_FIRST.fullmatch(words) or _MONTH_FIRST.fullmatch(words):
        month = _MONTH_NUMBERS.get(found["month"])
        if month is not None:
            return f"{_year(found['year'])}-{month:02d}-{int(found['day']):02d}"
    if found := _JUST_YEAR.fullmatch(words):
        return _year(found["year"])
    if found := _DECADE.fullmatch(words):
        return _decade(found[1])
    if found := _SOME.fullmatch(words):
        return _some(found[1], _bare(found[2]))
    if found := _SOME_MONTH.fullmatch(words):
        return f"{_bare(found[2])}-XX-{int(found['day']):02d}"
    if (found := _NAMED.fullmatch(words)) and (text := _named(found)):
        return text
    if found := _PART_OF_YEAR.fullmatch(words):
        offers = tuple(f"{found['year']}-{code}" for code in _PARTS[found["part"]])
        raise Refused(f"which part of the year? {_worded(offers)}", offers)
    return _already(words)


def _worded(offers: tuple[str, ...]) -> str:
    """Each offer with what it stands for: 2011-40 (first half of 2011)."""
    return " or ".join(f"{each} ({SEASON_NAMES[each[-2:]]} {each[:4]})" for each in offers)


def _named(found: re.Match[str]) -> str | None:
    """A month or a season with its year."""
    name, year, following = found["name"], _year(found["year"]), found["next"]
    if name in _MONTH_NUMBERS and following is None:
        return f"{year}-{_MONTH_NUMBERS[name]:02d}"
    code = _SEASON_CODES.get(name)
    if code is None:
        return None
    if following and (code not in _WRAPPING or int(following) != (int(year) + 1) % 100):
        return None
    return f"{year}-{code}"


def _year(words: str) -> str:
    number = int("".join(char for char in words if char.isdigit()))
    if number == 0 and not words.isdigit():
        raise Refused("there is no year 0 before or after Christ")
    year = 1 - number if "b" in words else number
    if -9999 <= year <= 9999:
        return f"-{-year:04d}" if year < 0 else f"{year:04d}"
    return f"Y{year}"


def _decade(first_three: str) -> str:
    if first_three.endswith("0"):
        raise Refused("the decade or the century?", (f"{first_three}X", f"{first_three[:2]}XX"))
    return f"{first_three}X"


def _some(unit: str, within: str) -> str:
    if re.fullmatch("-?[0-9]{4}", within):
        return f"{within}-XX" if unit == "month" else f"{within}-XX-XX"
    if unit == "day" and re.fullmatch("-?[0-9]{4}-[0-9]{2}", within):
        return f"{within}-XX"
    raise Refused(EXPECTED)


def _already(words: str) -> str:
    """Within a phrase EDTF may stand too: before 2012-06."""
    try:
        date = parse(words.upper())
    except NotADate as refusal:
        if re.fullmatch("[0-9X-]+", words.upper()) and not words.isdigit():
            raise Refused(refusal.reason) from None
        raise Refused(EXPECTED) from None
    if date.form != "date":
        raise Refused(EXPECTED)
    return date.text

"""Dates as people type them: valid EDTF first, else the English for it.

- before 2012 = `[..2011-12-31]`; by 22 June 2012 = `[..2012-06-22]`; after 2008 = `[2009-01-01..]`.
- between 2008 and 2011 = `[2008..2011]`, one day somewhere in it; 2008 or 2010 = `[2008,2010]`.
- from May to June 2012 = `2012-05/2012-06`, it lasted that long; since (or from) 2008 = `2008/..`.
- 9/11/2008 is refused, with both its readings as `offers`; 24.10.1648 has only one.
"""

import re
from collections.abc import Callable

from registry.domain.dates.edtf import Edtf, parse
from registry.domain.dates.gregorian import iso
from registry.domain.dates.moment import EXPECTED, moment, normal, with_year_of
from registry.domain.dates.numeric import readings
from registry.domain.dates.refusal import NotADate, Refused
from registry.domain.dates.syntax import LONGEST


def from_human(text: str) -> Edtf:
    """The date a person meant, its text in EDTF; NotADate, with `offers` where it is ambiguous."""
    if len(text) > LONGEST:
        return parse(text)  # which refuses it
    trimmed = " ".join(text.split())
    try:
        return parse(trimmed.replace(" ", "") if trimmed[:1] in ("[", "{") else trimmed)
    except NotADate as refusal:
        as_edtf = refusal
    try:
        return _read(trimmed)
    except (Refused, NotADate) as refused:
        if _EDTF_ONLY.fullmatch(trimmed) and refused.reason == EXPECTED:
            refused.reason = as_edtf.reason
        raise NotADate.because(text, refused.reason, refused.offers, "a date") from None


_EDTF_ONLY = re.compile(r"[0-9XYTZE?~%,/.:+\[\]{} -]*")


def _read(text: str) -> Edtf:
    dates = [parse(_edtf(reading)) for reading in readings(normal(text))]
    if len(dates) > 1:
        offers = tuple(date.text for date in dates)
        raise Refused(f"which number is the day? {' or '.join(offers)}", offers)
    return dates[0]


def _edtf(words: str) -> str:
    for phrase, written in _PHRASES:
        if found := phrase.fullmatch(words):
            return written(*found.groups())
    if len(parts := _OR.split(words)) > 1:
        return f"[{','.join(_members(parts))}]"
    if len(parts := _AND.split(words)) > 1:
        return f"{{{','.join(_members(parts))}}}"
    return moment(words)


_OR = re.compile(r",? or (?!after |before )|, ")
_AND = re.compile(r",? and |, ")


def _members(parts: list[str]) -> list[str]:
    texts = [_edtf(with_year_of(parts[-1], part)) for part in parts]
    if any("/" in text or "{" in text for text in texts):
        raise Refused("a list names days, months and years, not stretches of time")
    return [text.strip("[]") for text in texts]


def _pair(first: str, last: str) -> tuple[str, str]:
    return moment(with_year_of(last, first)), moment(last)


def _before(words: str) -> str:
    return f"[..{_beside(words, -1)}]"


def _after(words: str) -> str:
    return f"[{_beside(words, +1)}..]"


def _beside(words: str, step: int) -> str:
    """The day before the first, or after the last, of what the words name; marks are kept."""
    text = moment(words)
    date = parse(text)
    day = date.earliest - 1 if step < 0 else date.latest + 1
    return iso(day) + (text[-1] if text[-1] in "?~%" else "")


def _between(first: str, last: str) -> str:
    return f"[{'..'.join(_pair(first, last))}]"


def _lasting(first: str, last: str) -> str:
    return "/".join(_pair(first, last))


def _either(first: str, last: str) -> str:
    """Some day in May or June: one range where they touch, else a set with a hole."""
    pair = _pair(first, last)
    choice, stretch = f"[{','.join(pair)}]", f"[{'..'.join(pair)}]"
    touching = parse(pair[0]).latest + 1 == parse(pair[1]).earliest
    return stretch if touching else choice


_PHRASES: tuple[tuple[re.Pattern[str], Callable[..., str]], ...] = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        (r"between .+ and .+?, ([0-9x-]*x.*)", moment),
        (r"(?:some day |sometime |some time )?before (.+)", _before),
        (r"(?:some day |sometime |some time )?after (.+)", _after),
        (
            r"(?:by|no later than|not later than|(?:on|in) or before) ((?:(?! or ).)+)",
            lambda words: f"[..{moment(words)}]",
        ),
        (
            r"(?:no earlier than|not before|(?:on|in) or after) ((?:(?! or ).)+)",
            lambda words: f"[{moment(words)}..]",
        ),
        (
            r"(?:some day |sometime |some time )?between ((?:(?! or ).)+?) and ((?:(?! or ).)+)",
            _between,
        ),
        (r"some day in (.+) or (.+)", _either),
        (r"from (.+), end unknown", lambda words: f"{moment(words)}/"),
        (r"to (.+), start unknown", lambda words: f"/{moment(words)}"),
        (r"(?:until|till|up to) (.+)", lambda words: f"../{moment(words)}"),
        (r"(?:from )?(.+?) (?:to|until|till|through) (.+)", _lasting),
        (r"(?:since|from) (.+?)(?: on| onwards?)?", lambda words: f"{moment(words)}/.."),
        (r"no start or end stated", lambda: "../.."),
    )
)

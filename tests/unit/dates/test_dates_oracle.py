"""PyPI `edtf` and we agree wherever it is right."""

from datetime import date
from typing import Any

import edtf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.dates import NotADate, day_of, parse

_DATES = st.dates(date(1000, 1, 1), date(2999, 12, 31))
_MARKS = st.sampled_from(["", "?", "~", "%"])


def _plain(day: date, length: int) -> str:
    return day.isoformat()[:length]


_LEVEL_0 = st.builds(_plain, _DATES, st.sampled_from([4, 7, 10]))
_LEVEL_1 = st.builds(
    lambda day, cut, mark: (
        {
            "decade": f"{day:%Y}"[:3] + "X",
            "century": f"{day:%Y}"[:2] + "XX",
            "month": f"{day:%Y}-XX",
            "day": f"{day:%Y-%m}-XX",
            "both": f"{day:%Y}-XX-XX",
        }[cut]
        + mark
    ),
    _DATES,
    st.sampled_from(["decade", "century", "month", "day", "both"]),
    _MARKS,
)
_QUALIFIED = st.builds(lambda text, mark: text + mark, _LEVEL_0, _MARKS)
_BCE = st.builds(
    lambda year, month: f"-{year:04d}" + (f"-{month:02d}" if month else ""),
    st.integers(1, 9999),
    st.integers(0, 12),
)
_LONG = st.integers(10_000, 90_000).map("Y{}".format)
_SEASONS = st.builds("{}-{}".format, st.integers(1000, 2999), st.integers(21, 23))
_PAIRS = st.builds(
    lambda a, b, length, written: written.format(*(_plain(day, length) for day in sorted((a, b)))),
    _DATES,
    _DATES,
    st.sampled_from([4, 7, 10]),
    st.sampled_from(["{}/{}", "[{}..{}]", "[{},{}]", "{{{},{}}}"]),
)


def _day(moment: Any) -> int:
    return day_of(*moment[:3])


@settings(deadline=None)
@given(st.one_of(_QUALIFIED, _LEVEL_1, _BCE, _LONG, _SEASONS, _PAIRS))
def test_the_edtf_library_gives_the_same_bounds(text: str) -> None:
    theirs, ours = edtf.parse_edtf(text), parse(text)
    assert (ours.earliest, ours.latest) == (
        _day(theirs.lower_strict()),
        _day(theirs.upper_strict()),
    )


@pytest.mark.parametrize("text", ["1900-02-29", "2008/2005"])
def test_we_refuse_the_impossible_that_the_edtf_library_accepts(text: str) -> None:
    assert edtf.is_valid_edtf(text)
    with pytest.raises(NotADate):
        parse(text)


def test_an_unknown_end_is_not_ten_years_later_as_in_the_edtf_library() -> None:
    assert _day(edtf.parse_edtf("2006-01/").upper_strict()) == day_of(2016, 1, 1)
    assert parse("2006-01/").over == parse("2006-01/..").over


def test_a_masked_month_has_bounds_unlike_in_the_edtf_library() -> None:
    assert parse("2012-1X").over == parse("[2012-10..2012-12]").over

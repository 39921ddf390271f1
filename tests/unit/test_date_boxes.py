"""Dates as the boxes of a form ask for them, in our calendar and in the old one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.admin.date_boxes import boxes_of, echo, read_boxes
from registry.domain import dates
from registry.domain.dates.gregorian import day_of, iso
from registry.domain.dates.julian import julian_day
from registry.domain.errors import Invalid


@pytest.mark.parametrize(
    ("old", "ours"),
    [
        ((1582, 10, 5), "1582-10-15"),  # the day after the last of the old calendar in Rome
        ((1752, 9, 3), "1752-09-14"),  # in Britain
        ((1917, 10, 25), "1917-11-07"),  # the October revolution
        ((1700, 2, 29), "1700-03-11"),
    ],
)
def test_a_day_of_the_old_calendar_is_a_day_of_ours(old: tuple[int, int, int], ours: str) -> None:
    assert iso(julian_day(*old)) == ours


@given(st.integers(1, 9998), st.integers(1, 12))
def test_the_months_of_the_old_calendar_follow_each_other(year: int, month: int) -> None:
    following = (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)
    first, next_first = julian_day(year, month, 1), julian_day(*following)
    assert 28 <= next_first - first <= 31
    assert abs(first - day_of(year, month, 1)) <= 74


@pytest.mark.parametrize(
    "edtf",
    [
        *("2011", "2012-06", "2012-06-20", "2011~", "2012-06-20?", "2011%", "-0043", "0000"),
        *("[..2011-12-31]", "[2009-01-01..]", "[2008..2011]", "[2008,2010]", "2008/2012"),
        *("2008/..", "2011-23", "1964-0X-16", "201X", "{2008,2010}"),
    ],
)
def test_any_date_on_record_fills_the_boxes_with_itself(edtf: str) -> None:
    read = read_boxes("occurred", boxes_of("occurred", edtf))
    assert read is not None
    assert read.edtf == edtf


@pytest.mark.parametrize(
    ("typed", "edtf"),
    [
        ({"year": "2011"}, "2011"),
        ({"year": "2012", "month": "June", "day": "20"}, "2012-06-20"),
        ({"year": "2012", "month": "6", "approximate": "yes"}, "2012-06~"),
        ({"year": "2012", "when": "before"}, "[..2011-12-31]"),
        ({"year": "2008", "when": "after", "uncertain": "yes"}, "[2009-01-01?..]"),
        ({"year": "2008", "when": "between", "year2": "2011"}, "[2008..2011]"),
        ({"year": "2008", "when": "lasting", "year2": "2011", "month2": "3"}, "2008/2011-03"),
        ({"text": "c. 2011"}, "2011~"),
        ({"year": "1648", "month": "10", "day": "14", "julian": "yes"}, "1648-10-24"),
        ({"year": "1648", "month": "10", "julian": "yes"}, "[1648-10-11..1648-11-10]"),
        (
            {"year": "1700", "month": "3", "day": "1", "when": "before", "julian": "yes"},
            "[..1700-03-11]",
        ),
    ],
)
def test_the_boxes_say(typed: dict[str, str], edtf: str) -> None:
    read = read_boxes("at", {f"at.{part}": value for part, value in typed.items()})
    assert read is not None
    assert read.edtf == edtf


@pytest.mark.parametrize(
    ("typed", "at", "words"),
    [
        ({"month": "3"}, "year", "at least the year"),
        ({"year": "2012", "day": "3"}, "month", "give the month"),
        ({"year": "2011", "month": "2", "day": "29"}, "day", "only 28 days"),
        ({"year": "2011", "text": "2012"}, "text", "either the boxes or the line"),
        ({"year": "2011", "year2": "2012"}, "year2", "choose “between”"),
        ({"year": "2012", "when": "between", "year2": "2010"}, "year", "no date"),
        ({"text": "9/11/2008"}, "text", "which is meant"),
        ({"text": "1648", "julian": "yes"}, "text", "into the boxes"),
    ],
)
def test_what_is_no_date_is_refused_beside_its_box(
    typed: dict[str, str], at: str, words: str
) -> None:
    with pytest.raises(Invalid, match=words) as refused:
        read_boxes("at", {f"at.{part}": value for part, value in typed.items()})
    assert refused.value.field == f"at.{at}"


@pytest.mark.parametrize(
    ("edtf", "words"),
    [
        ("2011", "some day between 1 January and 31 December 2011"),
        ("2012-06", "some day between 1 and 30 June 2012"),
        ("2012-06-20~", "20 June 2012 (approximate)"),
        ("[..2011-12-31]", "some day up to 31 December 2011"),
        ("[2009-01-01..]", "1 January 2009, or some day after it"),
        ("2008/2012", "from 2008 to 2012"),
    ],
)
def test_the_reading_is_said_in_full(edtf: str, words: str) -> None:
    assert echo(dates.parse(edtf)) == words

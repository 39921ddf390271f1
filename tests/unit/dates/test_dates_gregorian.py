"""Day numbers are those of the proleptic Gregorian calendar, before the year 1 too."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.dates import MAX_DAY, MIN_DAY, NotADate, day_of, iso, parse_day
from registry.domain.dates.gregorian import calendar_of


@given(st.dates())
def test_a_day_number_is_the_ordinal_of_the_standard_library(day: date) -> None:
    assert day_of(day.year, day.month, day.day) == day.toordinal() == parse_day(day.isoformat())
    assert iso(day.toordinal()) == day.isoformat()


@given(st.integers(-1_800_000_000, 1_800_000_000))
def test_every_day_number_has_one_calendar_day(number: int) -> None:
    assert day_of(*calendar_of(number)) == number


@given(st.integers(-3_651_000, 3_652_000))
def test_written_days_of_four_digit_years_are_read_back(number: int) -> None:
    assert parse_day(iso(number)) == number


def test_the_day_before_the_year_1_is_the_last_of_the_year_0() -> None:
    assert day_of(1, 1, 1) == date.min.toordinal() == 1
    assert iso(0) == "0000-12-31"
    assert iso(-366) == "-0001-12-31"  # the year 0 is a leap year
    assert iso(parse_day("-0753-04-21")) == "-0753-04-21"


def test_days_beyond_four_digit_years_carry_a_sign() -> None:
    assert iso(day_of(17000, 1, 1)) == "+17000-01-01"
    assert iso(day_of(-17000, 1, 1)) == "-17000-01-01"


def test_open_ends_are_written_as_two_dots() -> None:
    assert iso(MIN_DAY) == iso(MAX_DAY) == ".."


@pytest.mark.parametrize(
    "text",
    [
        *("2012", "2012-06", "2012-06-20?", "2012-06-3X", "2012-06-20/..", "[2012-06-20]", ""),
        *("2012-06-20T10:00:00Z", "2012-06-31", "99999-01-01"),
    ],
)
def test_only_a_complete_calendar_day_is_a_day(text: str) -> None:
    with pytest.raises(NotADate):
        parse_day(text)

"""Dates of the messydates kind, as importers meet them."""

import pytest

from registry.domain.dates import NotADate, parse, parse_messy


@pytest.mark.parametrize(
    ("messy", "edtf"),
    [
        ("1981-09..1981-10", "[1981-09..1981-10]"),
        ("2012-01-01:2012-03-01", "[2012-01-01..2012-03-01]"),
        ("..2012-01-01", "[..2012-01-01]"),
        ("2012-01-01..", "[2012-01-01..]"),
        ("2011-01-01~", "2011-01-01~"),
        ("1897-05-15?", "1897-05-15?"),
        ("1964-XX-16", "1964-XX-16"),
        ("{2012-01-01,2012-01-12}", "{2012-01-01,2012-01-12}"),
        ("9999-12-31", "9999-12-31"),
    ],
)
def test_a_messy_range_is_one_day_somewhere_in_it(messy: str, edtf: str) -> None:
    assert parse_messy(messy) == parse(edtf)


@pytest.mark.parametrize(
    ("messy", "reason"),
    [
        ("2010-XX-XX-", "loose '-'"),
        ("2020-99-99", "there is no month 99"),
        ("1981..1980", "ends before it begins"),
        ("1981-09..1981-99", "there is no month 99"),
        ("NA", "expected e.g."),
        ("..", "names at least one date"),
    ],
)
def test_a_broken_messy_date_is_refused_under_its_own_text(messy: str, reason: str) -> None:
    with pytest.raises(NotADate) as refusal:
        parse_messy(messy)
    assert repr(messy) in refusal.value.message
    assert reason in refusal.value.message


def test_messy_ranges_are_not_edtf() -> None:
    with pytest.raises(NotADate):
        parse("1981-09..1981-10")

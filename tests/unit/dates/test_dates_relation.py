"""Whether a date lies before a day, or before another date."""

import csv
from pathlib import Path

import pytest

from registry.domain.dates import compare, happened_by, iso, parse, parse_day, parse_messy

_PROBES = Path(__file__).parents[4] / "shared/data/manytreaties/asof_probes_messy.csv"


def test_every_probe_of_the_messy_dates_is_answered() -> None:
    if not _PROBES.exists():
        pytest.skip("the sample data are not beside this checkout (../shared/data)")
    with _PROBES.open(encoding="utf-8", newline="") as file:
        probes = list(csv.DictReader(file))
    assert len(probes) == 150
    for probe in probes:
        date = parse_messy(probe["date_verbatim"])
        assert (iso(date.earliest), iso(date.latest)) == (probe["earliest"], probe["latest"])
        assert date.qualifiers == ({"uncertain"} if probe["qualifiers"] == "?" else set())
        answer = happened_by(date, parse_day(probe["as_of"]))
        assert answer == probe["expected_happened_on_or_before"], probe


@pytest.mark.parametrize(
    ("text", "day", "answer"),
    [
        ("2012", "2011-12-31", "impossible"),
        ("2012", "2012-01-01", "possible"),
        ("2012", "2012-12-31", "certain"),
        ("2012-05/2020", "2012-05-31", "certain"),
        ("2012/..", "2012-12-31", "certain"),
        ("../2012", "1500-01-01", "possible"),
        ("[2008,2010]", "2009-06-01", "possible"),
        ("[..2011-12-31]", "2011-12-31", "certain"),
        ("[2008..]", "9999-12-31", "possible"),
    ],
)
def test_what_lasts_has_happened_once_it_has_begun(text: str, day: str, answer: str) -> None:
    assert happened_by(parse(text), parse_day(day)) == answer


@pytest.mark.parametrize(
    ("a", "b", "answer"),
    [
        ("2008", "2009", "before"),
        ("2009", "2008-12-31", "after"),
        ("2008", "2008-06", "overlaps"),
        ("[2008,2010]", "2009", "overlaps"),
        ("../2008", "2009/..", "before"),
        ("-0753", "0000", "before"),
    ],
)
def test_a_date_is_before_another_when_all_of_it_is(a: str, b: str, answer: str) -> None:
    assert compare(parse(a), parse(b)) == answer

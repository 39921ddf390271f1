"""A timeline says of each of its days what the layer answers on that day."""

from typing import Any

import pytest

from tests.api.desk import Desk
from tests.regressions.asking import SLUG, agreement, asked, happened


def _participation(desk: Desk, party: str) -> list[tuple[Any, ...]]:
    return [
        (each["from"], each["to"], each["value"], each["certain"])
        for each in asked(desk, f"agreements/{SLUG}/timeline")["items"]
        if each["layer"] == "participation" and each["subject"]["party"] == party
    ]


def test_past_a_coverage_nothing_on_a_timeline_is_certain(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.signed", agreement=slug, party="BOL", occurred="1990-01-01")
    happened(
        embedded,
        "coverage.stated",
        layer="participation",
        subject={"agreement": slug},
        over="1980/2010",
    )
    assert _participation(embedded, "BOL") == [
        ("1990-01-01", "2010-12-31", "signatory", True),
        ("2011-01-01", None, "signatory", False),
    ]


def test_nothing_applies_on_a_timeline_once_the_party_is_gone(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(
        embedded,
        "agreement.acceded",
        agreement=slug,
        party="CSK",
        occurred="1990-01-01",
        effective="1990-02-01",
    )
    runs = _participation(embedded, "CSK")
    assert runs[:2] == [
        ("1990-01-01", "1990-01-31", "contracting", True),
        ("1990-02-01", "1992-12-31", "party", True),
    ]
    assert runs[-1] == ("1993-01-01", None, "not_applicable", True)


@pytest.mark.parametrize("path", ["relations/BOL/USA", "relations/BOL/IRN"])
@pytest.mark.parametrize("as_of", ["1848-06-01", "1944-11-16", "2008-10-01", "2012-06-19"])
def test_it_agrees_with_the_answers_of_the_day(library: Desk, path: str, as_of: str) -> None:
    answers = {
        (each["layer"], str(each["subject"])): (each["value"], each["possible"], each["certain"])
        for each in asked(library, f"{path}?as_of={as_of}")["layers"]
    }
    runs = [
        each
        for each in asked(library, f"{path}/timeline")["items"]
        if (each["from"] or "") <= as_of <= (each["to"] or "9999")
    ]
    for each in runs:
        assert (each["value"], each["possible"], each["certain"]) == (
            answers[each["layer"], str(each["subject"])]
        )

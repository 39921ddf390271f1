"""Bound only where the record says so: silence about a part is never certain."""

import pytest

from tests.api.desk import Desk
from tests.regressions.asking import agreement, asked, happened, held, participant


def test_not_bound_is_not_certain_where_nothing_is_said_of_force(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.ratified", agreement=slug, party="BOL", occurred="2000-01-01")
    assert held(participant(embedded, "BOL", "2005-01-01")["bound"]) == (["not_bound"], False)


def test_nor_for_a_signatory_of_a_bilateral_agreement(embedded: Desk) -> None:
    slug = agreement(embedded, form="bilateral")
    happened(embedded, "agreement.signed", agreement=slug, party="BOL", occurred="2000-01-01")
    assert held(participant(embedded, "BOL", "2005-01-01")["bound"]) == (["not_bound"], False)


def test_a_mere_signatory_of_a_convention_is_certainly_not_bound(embedded: Desk) -> None:
    slug = agreement(embedded, form="multilateral")
    happened(embedded, "agreement.signed", agreement=slug, party="BOL", occurred="2000-01-01")
    assert held(participant(embedded, "BOL", "2005-01-01")["bound"]) == (["not_bound"], True)


def test_while_it_is_open_whether_anything_happened_yet_nothing_is_certain(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1990-01-01")
    happened(embedded, "agreement.signed", agreement=slug, party="BOL", occurred="2000")
    row = participant(embedded, "BOL", "2000-06-01")
    assert held(row["participation"]) == (["none", "signatory"], False)
    assert held(row["bound"]) == (["not_bound"], False)


@pytest.mark.parametrize("as_of", ["1990-01-01", "2011-12-31"])
def test_the_effect_of_a_second_accession_says_nothing_of_the_first(
    embedded: Desk, as_of: str
) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1960-01-01")
    happened(embedded, "agreement.acceded", agreement=slug, party="BOL", occurred="1976-01-01")
    happened(embedded, "agreement.withdrew", agreement=slug, party="BOL", occurred="2012-01-01")
    happened(
        embedded,
        "agreement.acceded",
        agreement=slug,
        party="BOL",
        occurred="2013-01-11",
        effective="2013-02-10",
    )
    assert held(participant(embedded, "BOL", as_of)["bound"]) == (["bound", "not_bound"], False)
    assert held(participant(embedded, "BOL", "2013-01-20")["bound"]) == (["not_bound"], True)


def test_nor_does_an_entry_into_force_for_it_after_it_had_left(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1960-01-01")
    happened(embedded, "agreement.acceded", agreement=slug, party="BOL", occurred="1976-01-01")
    happened(embedded, "agreement.withdrew", agreement=slug, party="BOL", occurred="2012-01-01")
    happened(
        embedded,
        "agreement.entered_into_force_for",
        agreement=slug,
        party="BOL",
        occurred="2013-02-10",
    )
    assert held(participant(embedded, "BOL", "1990-01-01")["bound"])[0] == ["bound", "not_bound"]


def test_a_denied_effect_leaves_open_whether_it_bound_before(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1960-01-01")
    happened(embedded, "agreement.acceded", agreement=slug, party="BOL", occurred="1976-01-01")
    happened(
        embedded,
        "agreement.entered_into_force_for",
        agreement=slug,
        party="BOL",
        occurred="2010-01-01",
        confidence="disputed",
    )
    row = participant(embedded, "BOL", "1990-01-01", confidence="alleged")
    assert held(row["bound"]) == (["bound", "not_bound"], False)


def test_past_the_coverage_of_force_bound_is_not_certain(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1990-01-01")
    happened(
        embedded,
        "agreement.ratified",
        agreement=slug,
        party="BOL",
        occurred="1990-06-01",
        effective="1991-01-01",
    )
    happened(
        embedded,
        "coverage.stated",
        layer="force",
        subject={"agreement": slug},
        over="1980/2000",
    )
    assert held(participant(embedded, "BOL", "1995-01-01")["bound"]) == (["bound"], True)
    assert held(participant(embedded, "BOL", "2005-01-01")["bound"]) == (["bound"], False)


@pytest.mark.parametrize(
    ("when", "bound"),
    [("2000-01-01", (["not_bound"], True)), ("2001", (["bound", "not_bound"], False))],
)
def test_what_is_suspended_between_two_does_not_bind_them_towards_each_other(
    embedded: Desk, when: str, bound: tuple[list[str], bool]
) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1990-01-01")
    for party in ("BOL", "BRA", "NPL"):
        happened(
            embedded,
            "agreement.acceded",
            agreement=slug,
            party=party,
            occurred="1991-01-01",
            effective="1991-02-01",
        )
    happened(embedded, "agreement.suspended", agreement=slug, between=["BOL", "BRA"], occurred=when)

    def towards(pair: str) -> list[tuple[list[str], bool]]:
        items = asked(embedded, f"relations/{pair}/agreements?as_of=2001-06-01")["items"]
        (found,) = [each for each in items if each["id"] == slug]
        return [held(each) for each in found["bound"].values()]

    assert towards("BOL/BRA") == [bound, bound]
    assert towards("BOL/NPL") == [(["bound"], True)] * 2
    assert held(participant(embedded, "BOL", "2001-06-01")["bound"]) == (["bound"], True)

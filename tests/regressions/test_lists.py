"""Lists hold what their filters say."""

from tests.api.desk import Desk
from tests.regressions.asking import SLUG, agreement, asked, force, happened, held


def _found(desk: Desk, query: str) -> bool:
    return SLUG in [each["id"] for each in asked(desk, f"agreements?limit=500&{query}")["items"]]


def test_an_alleged_signature_is_not_found_among_the_confirmed(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(
        embedded,
        "agreement.signed",
        agreement=slug,
        party="BOL",
        occurred="1990-01-01",
        confidence="alleged",
    )
    assert not _found(embedded, "signed_from=1990&signed_to=1990&confidence=confirmed")
    assert not _found(embedded, "signed_from=1990&signed_to=1990")
    assert _found(embedded, "signed_from=1990&signed_to=1990&confidence=alleged")


def test_a_topic_is_not_a_party(embedded: Desk) -> None:
    agreement(embedded, topics=["BOL"], parties=["BRA"])
    assert not _found(embedded, "party=BOL")
    assert _found(embedded, "party=BRA")
    assert _found(embedded, "topic=BOL")


def test_certainly_in_force_is_in_force_on_all_the_days(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1990-01-01")
    happened(embedded, "agreement.terminated", agreement=slug, occurred="2000-01-01")
    assert _found(embedded, "status=in_force&certainty=certain&as_of=1991/1999")
    assert not _found(embedded, "status=in_force&certainty=certain&as_of=1985/2005")
    assert _found(embedded, "status=in_force&as_of=1985/2005")
    assert not _found(embedded, "status=in_force&as_of={1980,2005}")


def test_past_the_coverage_it_is_not_certainly_in_force(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1990-01-01")
    happened(
        embedded,
        "coverage.stated",
        layer="force",
        subject={"agreement": slug},
        over="1980/2000",
    )
    assert _found(embedded, "status=in_force&certainty=certain&as_of=1995-01-01")
    assert not _found(embedded, "status=in_force&certainty=certain&as_of=2005-01-01")


def test_unknown_is_never_certain_not_even_inside_a_coverage(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(
        embedded, "coverage.stated", layer="force", subject={"agreement": slug}, over="1980/.."
    )
    answer = force(embedded, "1990-01-01")
    assert held(answer) == (["unknown"], False)
    assert (answer["basis"], answer["covered_until"]) == ("coverage", None)


def test_of_names_that_begin_alike_the_one_that_is_nearly_said_comes_first(library: Desk) -> None:
    found = asked(library, "parties?q=united states")["items"]
    assert found[0]["id"] == "USA"
    assert asked(library, "parties?q=BOL")["items"][0]["id"] == "BOL"

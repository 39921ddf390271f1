"""Entry into force by rule beside what else is said of force, and successions to the treaty."""

from tests.api.desk import Desk
from tests.regressions.asking import agreement, force, happened, held, participant


def _ruled(desk: Desk) -> str:
    """In force from 2 March 2000 by its rule."""
    slug = agreement(desk)
    happened(
        desk,
        "agreement.entry_into_force_rule_set",
        agreement=slug,
        rule="on_nth_consent",
        n=2,
        delay={"days": 30},
    )
    happened(desk, "agreement.ratified", agreement=slug, party="BOL", occurred="2000-01-01")
    happened(desk, "agreement.ratified", agreement=slug, party="BRA", occurred="2000-02-01")
    return slug


def test_the_end_of_a_suspension_is_no_entry_into_force(embedded: Desk) -> None:
    slug = _ruled(embedded)
    happened(embedded, "agreement.suspended", agreement=slug, occurred="2005-01-01")
    ended = embedded.told(
        {"type": "agreement.suspension_ended", "agreement": slug, "occurred": "2006-01-01"}
    )
    assert ended["doubts"] == []
    days = ("2001-01-01", "2005-06-01", "2006-06-01")
    assert [force(embedded, day)["value"] for day in days] == ["in_force", "suspended", "in_force"]


def test_an_agreement_suspended_and_resumed_on_one_day_is_in_force(embedded: Desk) -> None:
    slug = _ruled(embedded)
    happened(embedded, "agreement.suspended", agreement=slug, occurred="2005-01-01")
    happened(embedded, "agreement.suspension_ended", agreement=slug, occurred="2005-01-01")
    assert held(force(embedded, "2005-01-01")) == (["in_force"], True)


def test_an_observation_leaves_the_computed_entry_as_it_is(embedded: Desk) -> None:
    slug = _ruled(embedded)
    observed = embedded.told(
        {
            "type": "status.observed",
            "layer": "force",
            "subject": {"agreement": slug},
            "value": "in_force",
            "over": "2010-01-01/2011",
        }
    )
    assert observed["doubts"] == []
    assert held(force(embedded, "2005-01-01")) == (["in_force"], True)


def test_a_denied_entry_does_not_replace_the_computed_one(embedded: Desk) -> None:
    slug = _ruled(embedded)
    happened(
        embedded,
        "agreement.entered_into_force",
        agreement=slug,
        occurred="1995-01-01",
        confidence="disputed",
    )
    assert held(force(embedded, "2005-01-01", confidence="alleged")) == (["in_force"], True)
    assert force(embedded, "1996-01-01", confidence="alleged")["possible"] == [
        "in_force",
        "unknown",
    ]


def test_a_successor_between_two_accounts_of_the_entry_is_perhaps_not_a_party(
    embedded: Desk,
) -> None:
    slug = agreement(embedded)
    one = happened(embedded, "agreement.entered_into_force", agreement=slug, occurred="1990-01-01")
    happened(
        embedded,
        "agreement.entered_into_force",
        agreement=slug,
        occurred="2000-01-01",
        same_act_as=one,
    )
    happened(embedded, "agreement.succeeded_to", agreement=slug, party="CZE", occurred="1995-01-01")
    before = participant(embedded, "CZE", "1996-01-01")["participation"]
    assert held(before) == (["contracting", "party"], False)
    after = participant(embedded, "CZE", "2001-01-01")["participation"]
    assert held(after) == (["party"], True)

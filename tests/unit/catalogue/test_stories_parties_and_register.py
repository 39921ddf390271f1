"""Parties, and what the register says about itself, in the words of librarians."""

import pytest

from tests.unit.catalogue.stories import EARLIER, refused, set_by, tells


@tells("party.recorded")
def test_a_party_has_a_name_always_and_exists_from_the_day_it_began() -> None:
    slovakia = {"party": "SVK", "kind": "state", "name": "Slovakia"}
    assert set_by("party.recorded", **slovakia, occurred="1993-01-01") == {
        ("name", "SVK", "Slovakia", "1993-01-01"),
        ("existence", "SVK", "exists", "1993-01-01"),
    }
    assert set_by("party.recorded", **slovakia) == {("name", "SVK", "Slovakia", "always")}


@tells("party.renamed")
def test_cape_verde_became_cabo_verde_in_2013() -> None:
    found = set_by("party.renamed", party="CPV", name="Cabo Verde", occurred="2013-10-25")
    assert found == {("name", "CPV", "Cabo Verde", "2013-10-25")}


@tells("party.succeeded_by")
def test_czechoslovakia_ended_with_its_successors_but_the_union_went_on_as_russia() -> None:
    czechoslovakia = {"party": "CSK", "successor": "CZE", "mode": "separation"}
    assert set_by("party.succeeded_by", **czechoslovakia, occurred="1992-12-31") == {
        ("existence", "CSK", "ended", "1992-12-31")
    }
    union = {"party": "RUS", "successor": "RUS-FED", "mode": "continuity"}
    assert set_by("party.succeeded_by", **union, occurred="1991-12-26") == set()
    itself = czechoslovakia | {"successor": "CSK", "occurred": "1992"}
    assert set(refused("party.succeeded_by", **itself)) == {"successor"}


@tells("party.ended")
def test_the_german_democratic_republic_ceased_to_exist_on_3_october_1990() -> None:
    found = set_by("party.ended", party="DDR", occurred="1990-10-02", effective="1990-10-03")
    assert found == {("existence", "DDR", "ended", "1990-10-03")}


@tells("party.membership_joined", "party.membership_left")
def test_a_state_joins_an_organisation_and_may_leave_it() -> None:
    bolivia = {"party": "BOL", "organisation": "UN"}
    assert set_by("party.membership_joined", **bolivia, occurred="1945-11-14") == {
        ("membership", "BOL|UN", "member", "1945-11-14")
    }
    indonesia = {"party": "IDN", "organisation": "UN"}
    assert set_by("party.membership_left", **indonesia, occurred="1965-01-20") == {
        ("membership", "IDN|UN", "none", "1965-01-20")
    }


@tells("source.recorded")
def test_a_source_can_be_cited_and_changes_nothing_in_the_world() -> None:
    found = set_by(
        "source.recorded",
        source="insight-crime-2012-06",
        kind="press",
        title="Iran, Bolivia Sign Counternarcotics Agreement",
        publisher="InSight Crime",
        published="2012-06-22",
    )
    assert found == set()


@tells("status.observed")
def test_a_list_that_shows_an_embassy_in_2005_sets_it_from_the_first_observed_day() -> None:
    told = {
        "layer": "representation",
        "subject": {"sender": "USA", "receiver": "BOL"},
        "over": "2005/2010",
    }
    assert set_by("status.observed", **told, value="embassy") == {
        ("representation", "USA|BOL", "embassy", "2005-01-01..2005-12-31")
    }
    assert set(refused("status.observed", **told, value="consulate")) == {"value"}
    part_missing = told | {"subject": {"sender": "USA"}}
    assert set(refused("status.observed", **part_missing, value="embassy")) == {"subject"}


@tells("coverage.stated")
def test_a_complete_list_of_parties_covers_the_whole_agreement_and_sets_nothing_itself() -> None:
    told = {"subject": {"agreement": "single-convention-1961"}, "over": "1961/2026"}
    assert set_by("coverage.stated", **told, layer="participation") == set()
    assert set(refused("coverage.stated", **told, layer="diplomatic_relations")) == {"subject"}


@tells("gap.stated")
def test_having_searched_in_vain_is_worth_recording_and_sets_nothing() -> None:
    found = set_by(
        "gap.stated",
        layer="assistance",
        subject={"provider": "IRN", "recipient": "BOL", "kind": "training"},
        over="2012-06/..",
        searched="when and where the training takes place: not yet clear",
    )
    assert found == set()


@tells("event.amended", "event.retracted", "event.confidence_changed", "event.erased")
def test_a_correction_sets_nothing_of_its_own_and_needs_its_target_and_reason() -> None:
    about = {"target": EARLIER, "reason": "the gazette gives another day"}
    content = {"type": "party.ended", "party": "DDR", "occurred": "1990-10-03"}
    assert set_by("event.amended", **about, event=content) == set()
    assert set_by("event.retracted", **about) == set()
    assert set_by("event.confidence_changed", **about, to="confirmed") == set()
    assert set_by("event.erased", **about) == set()


@pytest.mark.parametrize("type_", ["event.retracted", "event.erased"])
@tells("event.retracted", "event.erased")
def test_a_correction_without_target_or_reason_is_refused(type_: str) -> None:
    assert set(refused(type_)) == {"target", "reason"}


@tells("log.key_rotated")
def test_a_new_key_of_the_log_says_nothing_about_the_world() -> None:
    found = set_by("log.key_rotated", key="registry+c2f1a9d0+ASmEFmLoGQ", reason="yearly")
    assert found == set()

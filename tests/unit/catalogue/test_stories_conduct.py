"""What states did, and what was said of it, in the words of diplomats."""

from tests.unit.catalogue.stories import EARLIER, set_by, tells

DEA = {"sender": "USA", "host": "BOL", "agency": "US-DEA"}


@tells("conduct.agency_expelled")
def test_the_dea_is_ordered_to_leave_when_told_and_expelled_when_gone() -> None:
    subject = "USA|BOL|US-DEA"
    told = {**DEA, "occurred": "2008-11-01", "effective": "[..2009-01-30]"}
    assert set_by("conduct.agency_expelled", **told, deadline="three months") == {
        ("agency_presence", subject, "ordered_to_leave", "2008-11-01"),
        ("agency_presence", subject, "expelled", "..2009-01-30"),
    }
    assert set_by("conduct.agency_expelled", **DEA, occurred="2008") == {
        ("agency_presence", subject, "expelled", "2008-01-01..2008-12-31")
    }


@tells("conduct.agency_established", "conduct.agency_withdrawn")
def test_an_agency_comes_and_may_be_withdrawn_by_its_own_state() -> None:
    assert set_by("conduct.agency_established", **DEA, occurred="[..2008]") == {
        ("agency_presence", "USA|BOL|US-DEA", "present", "..2008-12-31")
    }
    peace_corps = {"sender": "USA", "host": "BOL", "agency": "US-PEACE-CORPS"}
    assert set_by("conduct.agency_withdrawn", **peace_corps, occurred="2008-09-15") == {
        ("agency_presence", "USA|BOL|US-PEACE-CORPS", "withdrawn", "2008-09-15")
    }


@tells("conduct.visited")
def test_the_president_of_iran_came_to_la_paz_and_no_status_changed() -> None:
    found = set_by(
        "conduct.visited",
        visitor={"person": "Mahmoud Ahmadinejad", "office": "President", "party": "IRN"},
        host="BOL",
        occurred="2012-06-19",
        until="2012-06-20",
    )
    assert found == set()


@tells("conduct.assistance_provided")
def test_brazil_provided_bolivia_with_drones_by_the_day_of_the_article() -> None:
    found = set_by(
        "conduct.assistance_provided",
        provider="BRA",
        recipient="BOL",
        kind="equipment",
        what="reconnaissance drones to find cocaine laboratories",
        occurred="[..2012-06-22]",
    )
    assert found == {("assistance", "BRA|BOL|equipment|", "provided", "..2012-06-22")}


@tells("conduct.assistance_suspended", "conduct.assistance_ended")
def test_assistance_under_an_agreement_is_suspended_and_ended_apart_from_all_other() -> None:
    told = {
        "provider": "USA",
        "recipient": "BOL",
        "kind": "funding",
        "under": "bol-usa-1987-narcotics",
    }
    subject = "USA|BOL|funding|bol-usa-1987-narcotics"
    assert set_by("conduct.assistance_suspended", **told, occurred="2008-09") == {
        ("assistance", subject, "suspended", "2008-09-01..2008-09-30")
    }
    assert set_by("conduct.assistance_ended", **told, occurred="2013-12-31") == {
        ("assistance", subject, "ended", "2013-12-31")
    }


@tells("conduct.sanction_imposed", "conduct.sanction_lifted")
def test_sanctions_are_imposed_and_lifted_by_programme() -> None:
    of = {"by": "USA", "on": "IRN", "programme": "Executive Order 12959", "what": "trade"}
    subject = "USA|IRN|Executive Order 12959"
    assert set_by("conduct.sanction_imposed", **of, occurred="1995-05-06") == {
        ("sanctions", subject, "imposed", "1995-05-06")
    }
    assert set_by("conduct.sanction_lifted", **of, occurred="2016-01-16") == {
        ("sanctions", subject, "none", "2016-01-16")
    }
    assert set_by("conduct.sanction_imposed", by="USA", on="CUB", occurred="1962-02-07") == {
        ("sanctions", "USA|CUB|", "imposed", "1962-02-07")
    }


@tells("conduct.accusation_made")
def test_an_accusation_moves_nothing_whoever_makes_it_and_however_sure_the_source_is() -> None:
    found = set_by(
        "conduct.accusation_made",
        by="not named",
        against="IRN",
        content="that it will use the ties to let Hezbollah in",
        concerning=["BOL", "VEN"],
        confidence="confirmed",
        occurred="[..2012-06-22]",
    )
    assert found == set()


@tells("conduct.statement_made")
def test_the_article_s_word_that_relations_were_re_established_is_only_its_word() -> None:
    found = set_by(
        "conduct.statement_made",
        by="InSight Crime",
        content="relations were re-established only in 2011",
        about=EARLIER,
        concerning=["BOL", "USA"],
        occurred="2012-06-22",
    )
    assert found == set()

"""The questions that the register was built for, asked over HTTP of the seeded register."""

from typing import Any

import pytest

from registry.ingest.seeds import seed_id
from tests.api.desk import Desk

SINGLE_CONVENTION = "un-single-convention-1961-as-amended"
THRESHOLDS = ("confirmed", "reported", "alleged")


def _relations(library: Desk, a: str, b: str, **asked: str) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return _asked(library, f"/api/v1/relations/{a}/{b}?{query}")


def _asked(library: Desk, url: str) -> dict[str, Any]:
    response = library.get(url)
    assert response.status_code == 200, response.text
    assert response.json is not None
    return dict(response.json)


def _layer(answer: dict[str, Any], layer: str, **subject: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        each
        for each in answer["layers"]
        if each["layer"] == layer and subject.items() <= each["subject"].items()
    ]
    assert len(found) == 1, [each["subject"] for each in found]
    return found[0]


# 1. Bolivia and the United States on 1 June 2009


def test_relations_were_never_broken_though_the_ambassador_and_the_dea_had_gone(
    library: Desk,
) -> None:
    answer = _relations(library, "BOL", "USA", as_of="2009-06-01")
    relations = _layer(answer, "diplomatic_relations")
    assert (relations["value"], relations["certain"]) == ("established", True)
    assert relations["since"] == {"earliest": "1981-12-10", "latest": "1981-12-10"}
    head = _layer(answer, "head_of_mission", sender="USA", receiver="BOL")
    assert (head["value"], head["certain"]) == ("charge_ad_interim", True)
    assert any("VCDR 19" in each["rule"] for each in head["assumed"])
    dea = _layer(answer, "agency_presence", agency="US-DEA")
    assert (dea["value"], dea["certain"]) == ("expelled", True)


def test_the_press_account_is_a_claim_with_its_source_and_the_source_behind_it(
    library: Desk,
) -> None:
    answer = _relations(library, "BOL", "USA", as_of="2009-06-01")
    claim = next(
        each
        for each in answer["claims"]
        if each["event_id"] == seed_id("press-relations-only-2011")
    )
    assert claim["confidence"] == "reported"
    assert claim["reading"].startswith("InSight Crime says that: ")
    cited = {(each["source"], each["via"]) for each in claim["sources"]}
    assert ("insight-crime-2012-06", None) in cited
    assert ("insight-crime-2011-11-08", "insight-crime-2012-06") in cited
    behind = next(each for each in claim["sources"] if each["via"])
    assert behind["source_record"]["published"] == "2011-11-08"
    assert claim["about"] in answer["evidence"]


# 2. The same on 1 October 2008


def test_on_1_october_2008_the_dea_may_have_been_expelled_or_not(library: Desk) -> None:
    answer = _relations(library, "BOL", "USA", as_of="2008-10-01")
    dea = _layer(answer, "agency_presence", agency="US-DEA")
    assert dea["value"] is None
    assert dea["certain"] is False
    assert set(dea["possible"]) == {"present", "expelled"}
    article, november = seed_id("dea-expelled"), seed_id("dea-expelled-november")
    assert dea["undetermined"] == [article]
    assert dea["competing_claims"] == [[article, november]]
    assert dea["because"]["expelled"] == [article]
    assert {article, november} <= answer["evidence"].keys()
    assert answer["evidence"][article]["occurred"] == "2008"


# 3. Who was bound by the Single Convention as amended


@pytest.mark.parametrize(
    ("day", "participation", "bound"),
    [
        ("2005-06-01", "party", "bound"),
        ("2012-06-01", "withdrawn", "not_bound"),
        ("2013-01-20", "contracting", "not_bound"),
        ("2013-06-01", "party", "bound"),
    ],
)
def test_bolivia_left_the_single_convention_and_came_back(
    library: Desk, day: str, participation: str, bound: str
) -> None:
    answer = _asked(library, f"/api/v1/agreements/{SINGLE_CONVENTION}/parties?as_of={day}")
    bolivia = next(each for each in answer["items"] if each["party"]["id"] == "BOL")
    assert (bolivia["participation"]["value"], bolivia["participation"]["certain"]) == (
        participation,
        True,
    )
    assert (bolivia["bound"]["value"], bolivia["bound"]["certain"]) == (bound, True)


def test_the_coca_reservation_and_the_fifteen_objections_are_listed(library: Desk) -> None:
    answer = _asked(library, f"/api/v1/agreements/{SINGLE_CONVENTION}/parties?as_of=2013-06-01")
    said = [(i["party"]["id"], s) for i in answer["items"] for s in i["statements"]]
    reservations = [(p, s) for p, s in said if s["type"] == "agreement.reservation_made"]
    objections = [(p, s) for p, s in said if s["type"] == "agreement.objection_made"]
    assert [party for party, _ in reservations] == ["BOL"]
    assert len({party for party, _ in objections}) == 15
    assert {s["to"] for _, s in objections} == {reservations[0][1]["event_id"]}
    assert all(s["answer"]["value"] == "made" for _, s in objections)


def test_czechoslovakia_in_2005_is_not_asked_about_its_treaties(library: Desk) -> None:
    answer = _asked(library, f"/api/v1/agreements/{SINGLE_CONVENTION}/parties?as_of=2005-06-01")
    gone = next(each for each in answer["items"] if each["party"]["id"] == "CSK")
    for layer in ("participation", "bound"):
        assert gone[layer]["value"] == "not_applicable"
        assert gone[layer]["certain"] is True


def test_an_agreement_that_nobody_spoke_of_is_unknown_and_never_certain(desk: Desk) -> None:
    desk.told(
        {
            "type": "agreement.recorded",
            "agreement": "nobody-spoke-of-it",
            "title": "An agreement",
            "parties": ["BOL", "PRY"],
        }
    )
    for threshold in THRESHOLDS:
        answer = _asked(desk, f"/api/v1/agreements/nobody-spoke-of-it?confidence={threshold}")
        for layer in ("conclusion", "force"):
            found = _layer(answer, layer)
            assert (found["value"], found["basis"], found["certain"]) == (
                "unknown",
                "default",
                False,
            )


# 4. Bolivia and Iran


def test_two_accounts_of_the_establishment_of_relations_stand_side_by_side(library: Desk) -> None:
    accounts = [seed_id("bol-irn-established"), seed_id("bol-irn-established-2007")]
    answer = _relations(library, "BOL", "IRN", as_of="2006-12-31")
    relations = _layer(answer, "diplomatic_relations")
    assert (relations["value"], relations["certain"]) == (None, False)
    assert "established" in relations["possible"]
    assert relations["competing_claims"] == [accounts]
    assert set(accounts) <= answer["evidence"].keys()
    later = _layer(_relations(library, "BOL", "IRN", as_of="2008-01-01"), "diplomatic_relations")
    assert (later["value"], later["certain"]) == ("established", True)
    assert later["since"] == {"earliest": "2006-01-01", "latest": "2007-09-30"}


# 5. Drones, the accusation, and the memorandum of June 2012


@pytest.mark.parametrize(
    ("provider", "recipient", "newspaper"),
    [
        ("BRA", "BOL", "miami-herald-2012-06"),
        ("IRN", "VEN", "el-nuevo-herald-2012-06-18"),
    ],
)
def test_drones_are_reported_with_the_chain_of_sources(
    library: Desk, provider: str, recipient: str, newspaper: str
) -> None:
    answer = _relations(library, provider, recipient, as_of="2013-01-01")
    drones = _layer(answer, "assistance", provider=provider, recipient=recipient, kind="equipment")
    assert drones["value"] == "provided"
    event = answer["evidence"][drones["evidence"][0]]
    assert event["confidence"] == "reported"
    assert "drone" in event["what"].lower()
    chain = {(each["source"], each["via"]) for each in event["sources"]}
    assert (newspaper, "insight-crime-2012-06") in chain


def test_the_hezbollah_fear_is_what_somebody_says_and_moves_no_layer(library: Desk) -> None:
    accusation = seed_id("hezbollah-fear")
    for threshold in THRESHOLDS:
        for a, b in (("IRN", "VEN"), ("IRN", "HEZBOLLAH"), ("BOL", "IRN"), ("VEN", "HEZBOLLAH")):
            answer = _relations(library, a, b, as_of="2013-01-01", confidence=threshold)
            for layer in answer["layers"]:
                assert accusation not in layer["evidence"]
                assert accusation not in layer["undetermined"]
    event = _asked(library, f"/api/v1/events/{accusation}")
    assert event["type"] == "conduct.accusation_made"
    assert event["reading"].startswith("It is said (by whom is not named) that: ")
    assert "so far with little evidence" in event["content"]
    claims = _relations(library, "IRN", "VEN", as_of="2013-01-01")["claims"]
    assert accusation in [each["event_id"] for each in claims]


def test_the_memorandum_was_signed_possibly_on_19_june_and_certainly_by_the_20th(
    library: Desk,
) -> None:
    url = "/api/v1/agreements/bol-irn-2012-counternarcotics"
    first = _layer(_asked(library, f"{url}?as_of=2012-06-19"), "conclusion")
    assert (first["value"], first["certain"]) == (None, False)
    assert "signed" in first["possible"]
    second = _layer(_asked(library, f"{url}?as_of=2012-06-20"), "conclusion")
    assert (second["value"], second["certain"]) == ("signed", True)


# any EDTF date


def test_a_year_is_certain_only_where_every_day_of_it_is(library: Desk) -> None:
    asked = {"layer": "agency_presence"}
    over_2007 = _relations(library, "BOL", "USA", as_of="2007-12-31", **asked)
    assert _layer(over_2007, "agency_presence")["value"] == "present"
    over_2008 = _layer(_relations(library, "BOL", "USA", as_of="2008", **asked), "agency_presence")
    assert set(over_2008["possible"]) == {"present", "ordered_to_leave", "expelled"}
    over_2010 = _layer(_relations(library, "BOL", "USA", as_of="2010", **asked), "agency_presence")
    assert (over_2010["value"], over_2010["certain"]) == ("expelled", True)


# 6. What the register said before and after a correction


def test_a_retracted_expulsion_is_gone_today_but_was_there_before(desk: Desk) -> None:
    before = desk.position()
    for name in ("dea-expelled", "dea-expelled-november"):
        event_id = seed_id(name)
        response = desk.post(f"/api/v1/events/{event_id}/retraction", {"reason": "a test"})
        assert response.status_code == 201, response.text
    asked = {"as_of": "2009-06-01", "layer": "agency_presence"}
    now = _layer(_relations(desk, "BOL", "USA", **asked), "agency_presence")
    assert now["value"] == "present"
    then = _relations(desk, "BOL", "USA", known_at=f"@{before}", **asked)
    assert _layer(then, "agency_presence")["value"] == "expelled"
    assert then["known_at"]["position"] == before

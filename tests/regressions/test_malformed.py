"""What no history can be is refused with its field named, and nothing is recorded."""

from typing import Any

import pytest

from tests.api.desk import LIST, Desk, assert_problem
from tests.regressions.asking import SLUG, agreement


def _observed(layer: str, value: str, **subject: str) -> dict[str, Any]:
    return {
        "type": "status.observed",
        "layer": layer,
        "subject": subject,
        "value": value,
        "over": "2005",
    }


@pytest.mark.parametrize("value", ["{", "{}", "null", "5", "in thirty days", '{"rule": "on_date"}'])
def test_a_rule_is_not_observed(embedded: Desk, value: str) -> None:
    agreement(embedded)
    before = embedded.position()
    said = _observed("entry_into_force_rule", value, agreement=SLUG)
    assert_problem(embedded.post(LIST, said), 422, "layer")
    assert embedded.position() == before


@pytest.mark.parametrize("value", ["nobody at all", "@in_charge", "not_applicable", "ZZZ"])
def test_a_protecting_power_is_none_or_a_recorded_party(embedded: Desk, value: str) -> None:
    said = _observed("protecting_power", value, sender="USA", receiver="IRN")
    assert_problem(embedded.post(LIST, said), 422, "value")


def test_the_code_of_an_observed_protecting_power_becomes_its_id(embedded: Desk) -> None:
    embedded.told(_observed("protecting_power", "iso2:CH", sender="USA", receiver="IRN"))
    answer = embedded.get("/api/v1/relations/USA/IRN?layer=protecting_power&as_of=2006-01-01").json
    values = {each["subject"]["sender"]: each["value"] for each in answer["layers"]}
    assert values["USA"] == "CHE"


def test_the_reserved_words_of_answers_are_no_values(embedded: Desk) -> None:
    assert_problem(
        embedded.post(LIST, _observed("name", "not_applicable", party="BOL")), 422, "value"
    )


@pytest.mark.parametrize("more", [{"agreement": "un-vclt-1969"}, {"theme": "war"}])
def test_a_subject_has_no_parts_beside_those_of_its_layer(
    embedded: Desk, more: dict[str, str]
) -> None:
    said = {
        "type": "gap.stated",
        "layer": "diplomatic_relations",
        "subject": {"pair": ["BOL", "USA"], **more},
        "over": "1800",
    }
    assert_problem(embedded.post(LIST, said), 422, "subject")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"type": "conduct.sanction_imposed", "by": "BOL", "on": "BOL"}, "on"),
        ({"type": "conduct.sanction_imposed", "by": "BOL", "on": "cow:145"}, "on"),
        (
            {
                "type": "conduct.agency_expelled",
                "sender": "BOL",
                "host": "BOL",
                "agency": "US-DEA",
            },
            "host",
        ),
        (
            {
                "type": "conduct.assistance_provided",
                "provider": "BOL",
                "recipient": "BOL",
                "kind": "training",
            },
            "recipient",
        ),
        (
            {
                "type": "agreement.commitment_made",
                "agreement": "un-vclt-1969",
                "provider": "BOL",
                "recipient": "BOL",
                "kind": "training",
            },
            "recipient",
        ),
        (
            {"type": "party.membership_joined", "party": "BOL", "organisation": "BOL"},
            "organisation",
        ),
    ],
)
def test_nobody_acts_towards_itself(embedded: Desk, said: dict[str, str], field: str) -> None:
    before = embedded.position()
    assert_problem(embedded.post(LIST, said | {"occurred": "1990"}), 422, field)
    assert embedded.position() == before

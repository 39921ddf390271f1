"""JSON-LD on pages: what is certain, in the words of schema.org, and nothing else."""

import re
from typing import Any

import orjson

from tests.api.desk import Desk

SINGLE = "/agreements/un-single-convention-1961-as-amended"


def data(desk: Desk, page: str) -> dict[str, Any]:
    answer = desk.get(page)
    (found,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', answer.text)
    said: dict[str, Any] = orjson.loads(found)
    return said


def test_a_state_is_a_country_with_names_and_codes(library: Desk) -> None:
    said = data(library, "/parties/BOL?as_of=2012-06-01")
    assert said["@type"] == "Country"
    assert said["@id"] == "http://localhost/parties/BOL"
    assert "Bolivia" in said["name"]
    assert {"@type": "PropertyValue", "propertyID": "iso3", "value": "BOL"} in said["identifier"]


def test_an_agreement_says_what_is_certain_of_its_force(library: Desk) -> None:
    said = data(library, f"{SINGLE}?as_of=2012-06-01")
    answer = library.get(f"/api/v1{SINGLE}?as_of=2012-06-01").json
    (force,) = [each for each in answer["layers"] if each["layer"] == "force"]
    assert said["@type"] == "Legislation"
    assert force["certain"]
    assert said["legislationLegalForce"] == "https://schema.org/InForce"
    before = data(library, f"{SINGLE}?as_of=1950-01-01")
    assert "legislationLegalForce" not in before
    assert "legislationDate" not in before


def test_nothing_that_is_only_alleged_is_in_it(desk: Desk) -> None:
    desk.told(
        {
            "type": "party.renamed",
            "party": "BOL",
            "name": "Republic <of> Whispers",
            "occurred": "2011-01-01",
            "confidence": "alleged",
        }
    )
    page = desk.get("/parties/BOL?as_of=2012-06-01&confidence=alleged")
    assert "Whispers" not in str(data(desk, "/parties/BOL?as_of=2012-06-01&confidence=alleged"))
    assert page.status_code == 200


def test_no_name_can_end_the_block(desk: Desk) -> None:
    name = "</script><script>alert(1)</script>"
    desk.told({"type": "party.renamed", "party": "BOL", "name": name, "occurred": "2011-01-01"})
    assert data(desk, "/parties/BOL?as_of=2012-06-01")["name"] == name
    assert "<script>alert" not in desk.get("/parties/BOL?as_of=2012-06-01").text

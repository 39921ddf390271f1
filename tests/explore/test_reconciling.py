"""Names of a table are matched to parties as OpenRefine asks for it."""

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from tests.api.desk import Desk


def ask(desk: Desk, **queries: Any) -> dict[str, Any]:
    body = urlencode({"queries": orjson.dumps(queries).decode()})
    answer = desk.client.post(
        "/reconcile", data=body, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    said: dict[str, Any] = answer.get_json()
    by_get = desk.client.get(f"/reconcile?{body}").get_json()
    assert by_get == said
    return {name: each["result"] for name, each in said.items()}


def on(day: str, name: str) -> dict[str, Any]:
    return {"query": name, "properties": [{"pid": "as_of", "v": day}]}


def test_the_manifest_is_one_of_version_0_2(library: Desk) -> None:
    said = library.get("/reconcile").json
    assert said["versions"] == ["0.2"]
    for name in ("name", "identifierSpace", "schemaSpace", "view", "preview", "suggest", "extend"):
        assert said[name]
    types = library.get("/reconcile/suggest/type?prefix=").json["result"]
    assert types == said["defaultTypes"]
    assert {each["id"] for each in types} >= {"state", "organisation"}


def test_a_name_is_matched_as_it_was_on_the_day(library: Desk) -> None:
    found = ask(
        library,
        then=on("1980-06-01", "Zaire"),
        later=on("2010-06-01", "Zaire"),
        old=on("1980-06-01", "Eswatini"),
        new=on("2020-06-01", "Eswatini"),
    )
    assert [(each["id"], each["match"]) for each in found["then"][:1]] == [("COD", True)]
    assert not any(each["match"] for each in found["later"])
    assert not any(each["match"] for each in found["old"])
    assert [(each["id"], each["match"]) for each in found["new"][:1]] == [("SWZ", True)]


def test_what_may_mean_two_is_no_match(library: Desk) -> None:
    (found,) = ask(library, q=on("1980-01-01", "Germany")).values()
    assert len([each for each in found if each["score"] > 60]) >= 2
    assert not any(each["match"] for each in found)
    (congo,) = ask(library, q="Congo").values()
    assert sum(each["match"] for each in congo) <= 1


def test_codes_and_names_in_other_languages_are_matched(library: Desk) -> None:
    found = ask(library, code="BOL", name={"query": "bolivia", "type": "state", "limit": 1})
    assert found["code"][0]["id"] == "BOL"
    assert found["code"][0]["match"]
    assert len(found["name"]) == 1
    assert found["name"][0]["type"][0]["id"] == "state"


def test_only_parties_of_the_kind_that_is_asked_for_are_found(library: Desk) -> None:
    for query in (
        {"query": "Bolivia", "type": "organisation"},
        {"query": "Bolivia", "properties": [{"pid": "kind", "v": "organisation"}]},
    ):
        (found,) = ask(library, q=query).values()
        assert "BOL" not in [each["id"] for each in found]


def test_a_name_that_is_only_alleged_matches_nobody(desk: Desk) -> None:
    desk.told(
        {
            "type": "party.renamed",
            "party": "BOL",
            "name": "Whisperia",
            "occurred": "2011-01-01",
            "confidence": "alleged",
        }
    )
    (found,) = ask(desk, q="Whisperia").values()
    assert "BOL" not in [each["id"] for each in found]


def test_a_query_that_cannot_be_read_leaves_the_others_alone(library: Desk) -> None:
    found = ask(library, wrong={"query": ""}, day=on("31 February", "Peru"), right="Peru")
    assert found["wrong"] == found["day"] == []
    assert found["right"][0]["id"] == "PER"


@pytest.mark.parametrize(
    "asked",
    ["queries=[1]", "queries={", "extend=[]", 'extend={"ids":[],"properties":[{"id":"x"}]}'],
)
def test_what_is_no_batch_is_refused_in_json(library: Desk, asked: str) -> None:
    answer = library.get(f"/reconcile?{asked}")
    assert answer.status_code == 422
    assert answer.json["status"] == "error"


def test_a_batch_has_bounds(library: Desk) -> None:
    many = {f"q{n}": {"query": "Peru"} for n in range(51)}
    answer = library.client.post("/reconcile", data={"queries": orjson.dumps(many).decode()})
    assert answer.status_code == 422
    assert "50" in answer.get_json()["message"]


def test_matched_parties_are_extended_by_names_codes_and_dates(library: Desk) -> None:
    proposed = library.get("/reconcile/extend/propose?type=state").json["properties"]
    assert {"name", "names", "iso3", "cow"} <= {each["id"] for each in proposed}
    asked = {"ids": ["BOL", "NOBODY"], "properties": [{"id": "iso3"}, {"id": "name"}]}
    answer = library.client.post("/reconcile", data={"extend": orjson.dumps(asked).decode()})
    said = answer.get_json()
    assert said["rows"]["BOL"]["iso3"] == [{"str": "BOL"}]
    assert said["rows"]["NOBODY"]["name"] == []
    assert [each["id"] for each in said["meta"]] == ["iso3", "name"]


def test_a_name_is_suggested_while_it_is_typed(library: Desk) -> None:
    found = library.get("/reconcile/suggest/entity?prefix=boliv").json["result"]
    assert found[0]["id"] == "BOL"


def test_a_preview_may_be_framed_and_no_other_page(library: Desk) -> None:
    shown = library.get("/reconcile/preview?id=BOL")
    assert shown.status_code == 200
    assert "X-Frame-Options" not in shown.headers
    assert "frame-ancestors *" in shown.headers["Content-Security-Policy"]
    assert library.get("/parties/BOL").headers["X-Frame-Options"] == "DENY"
    assert len(shown.data) < 4_000


def test_only_this_service_may_be_read_from_other_origins(library: Desk) -> None:
    for page in ("/parties/BOL", "/api/v1/parties/BOL", "/parties/BOL/feed.json"):
        assert "Access-Control-Allow-Origin" not in library.get(page).headers

"""The export for FollowTheMoney is valid by its own library, and accuses nobody."""

import importlib
import re
from typing import Any, cast

import orjson
import pytest

from tests.api.desk import SEVERED, Desk
from tests.explore import ftm_rules

EXPORTS = ("/parties/BOL/ftm", "/relations/BOL/USA/ftm", "/relations/BOL/IRN/ftm")


def lines(desk: Desk, address: str) -> list[dict[str, Any]]:
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/x-ndjson"
    return [orjson.loads(each) for each in answer.data.splitlines()]


def its_library() -> Any:
    """Where it is installed by hand: what it stands on, pyicu, is there as source only."""
    return pytest.importorskip(
        "followthemoney", reason="pip install followthemoney, which needs libicu-dev and a compiler"
    )


def check(said: dict[str, Any]) -> None:
    """By the library: the schema knows each property, and each value is clean as it is."""
    model = its_library().model
    schema = model.get(said["schema"])
    assert schema is not None
    schema.validate(cast("Any", said))
    proxy = model.get_proxy(said, cleaned=False)
    assert proxy.to_dict()["properties"].keys() == said["properties"].keys()
    for name, values in said["properties"].items():
        found = schema.get(name)
        assert found is not None
        assert not found.stub
        for each in values:
            assert found.type.clean(each) is not None, (name, each)
        if found.type.name in ("date", "country", "identifier", "entity"):
            assert sorted(proxy.get(name)) == sorted(values)


@pytest.mark.parametrize("export", EXPORTS)
def test_every_entity_is_valid_by_the_library(library: Desk, export: str) -> None:
    for each in lines(library, export):
        check(each)


@pytest.mark.parametrize("export", EXPORTS)
def test_every_entity_is_as_the_published_schema_says(library: Desk, export: str) -> None:
    found = lines(library, export)
    ids = {each["id"] for each in found}
    for each in found:
        assert list(ftm_rules.broken(each, ids)) == []


@pytest.mark.parametrize(
    "wrong",
    [
        {"schema": "Sanction"},
        {"schema": "Interval"},
        {"properties": {"date": ["2012"]}},
        {"properties": {"name": ["A visit"], "date": ["next spring"]}},
        {"properties": {"name": ["A visit"], "colour": ["red"]}},
        {"properties": {"name": ["A visit"], "involved": ["nobody"]}},
        {"properties": {"name": ["A visit"], "sourceUrl": ["a book"]}},
        {"properties": {"name": ["A visit"], "country": ["BOL"]}},
    ],
)
def test_what_the_published_schema_does_not_have_is_found(wrong: dict[str, Any]) -> None:
    right = {"id": "registry-1", "schema": "Event", "properties": {"name": ["A visit"]}}
    assert list(ftm_rules.broken(right, {"registry-1"})) == []
    assert list(ftm_rules.broken({**right, **wrong}, {"registry-1"}))


@pytest.mark.parametrize("export", EXPORTS)
def test_entities_are_of_three_kinds_and_acts_name_who_was_involved(
    library: Desk, export: str
) -> None:
    found = lines(library, export)
    ids = [each["id"] for each in found]
    assert len(set(ids)) == len(ids)
    for each in found:
        for other in each["properties"].get("involved", ()):
            assert other in ids
    assert {each["schema"] for each in found} <= {"PublicBody", "Organization", "Event"}
    assert [each for each in found if each["schema"] == "Event"]


def test_the_check_itself_refuses_what_is_wrong() -> None:
    wrong = {"id": "registry-1", "schema": "Event", "properties": {"date": ["next spring"]}}
    its_library()
    invalid = importlib.import_module("followthemoney.exc").InvalidData
    with pytest.raises((invalid, AssertionError)):
        check(wrong)


def test_an_act_names_how_sure_it_is_and_its_source(library: Desk) -> None:
    found = lines(library, "/relations/BOL/USA/ftm")
    for each in found:
        if each["schema"] == "Event":
            (summary,) = each["properties"]["summary"]
            assert re.search(r"Confidence: (confirmed|reported)\.", summary)
            assert "According to: " in summary or "No source is named." in summary
            assert len(each["properties"]["involved"]) >= 2


def test_a_vague_date_is_only_in_words(desk: Desk) -> None:
    told = desk.told({**SEVERED, "occurred": "[2008-01..2009-03]"})["event_id"]
    again = {"type": "relations.reestablished", "parties": ["BOL", "ISR"], "occurred": "2019-11"}
    exact = desk.told(again)
    found = {
        e["properties"].get("recordId", [""])[0]: e for e in lines(desk, "/relations/BOL/ISR/ftm")
    }
    vague = found[told]["properties"]
    assert not {"date", "startDate", "endDate"} & vague.keys()
    assert "[2008-01..2009-03]" in vague["summary"][0]
    assert found[exact["event_id"]]["properties"]["date"] == ["2019-11"]


def test_nothing_that_is_alleged_and_no_accusation_is_exported(desk: Desk) -> None:
    alleged = {
        "type": "conduct.sanction_imposed",
        "by": "BOL",
        "on": "ISR",
        "what": "a secret list",
        "occurred": "2011",
        "confidence": "alleged",
        "claimed_by": "A former clerk",
    }
    desk.told(alleged)
    desk.told(
        {
            "type": "conduct.accusation_made",
            "by": "BOL",
            "against": "ISR",
            "content": "a secret list was kept",
            "occurred": "2011",
            "confidence": "confirmed",
        }
    )
    for confidence in ("confirmed", "reported", "alleged"):
        answer = desk.get(f"/relations/BOL/ISR/ftm?confidence={confidence}")
        assert "secret list" not in answer.text
    desk.told({**alleged, "confidence": "reported"})
    found = lines(desk, "/relations/BOL/ISR/ftm")
    assert [each["schema"] for each in found if "secret list" in str(each)] == ["Event"]


def test_what_was_taken_back_is_exported_no_more(desk: Desk) -> None:
    told = desk.told(SEVERED)["event_id"]
    assert told in desk.get("/relations/BOL/ISR/ftm").text
    desk.post(f"/api/v1/events/{told}/retraction", {"reason": "It was another party."})
    assert told not in desk.get("/relations/BOL/ISR/ftm").text


def test_a_pinned_export_stays_and_an_id_is_the_same_in_each(desk: Desk) -> None:
    pinned = f"/relations/BOL/ISR/ftm?as_of=2012-01-01&known_at=@{desk.position()}"
    before = desk.get(pinned)
    desk.told(SEVERED)
    assert desk.get(pinned).data == before.data
    assert "immutable" in before.headers["Cache-Control"]
    one, other = lines(desk, "/relations/BOL/ISR/ftm"), lines(desk, "/relations/BOL/USA/ftm")
    ids = [
        {e["id"] for e in each if "Bolivia" in str(e["properties"]["name"])}
        for each in (one, other)
    ]
    assert ids[0] & ids[1]


def test_a_long_export_goes_on(library: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from registry.explore import follow_the_money  # noqa: PLC0415  # its bound is made small here

    whole = {each["id"] for each in lines(library, "/relations/BOL/USA/ftm")}
    monkeypatch.setattr(follow_the_money, "AT_ONCE", 7)
    seen: set[str] = set()
    address: str | None = "/relations/BOL/USA/ftm"
    while address:
        seen |= {each["id"] for each in lines(library, address)}
        following = re.search(
            r'<([^>]+)>; rel="next"', library.get(address).headers.get("Link", "")
        )
        address = following[1] if following else None
    assert seen == whole

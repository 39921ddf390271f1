"""Recording over HTTP: receipts, lists, corrections, versions."""

import pytest

from registry.described import example
from registry.domain.catalogue import CATALOGUE
from tests.api.desk import LIST, SEVERED, Desk, assert_problem

ESTABLISHED = {"type": "relations.established", "parties": ["ISR", "BOL"], "occurred": "1950-05-04"}
STREAM = "pair:BOL:ISR"


def test_a_receipt_says_where_the_event_stands(desk: Desk) -> None:
    before = desk.position()
    response = desk.post(LIST, SEVERED)
    assert response.status_code == 201
    receipt = response.json
    assert receipt["position"] == before + 1
    assert (receipt["stream"], receipt["stream_version"]) == (STREAM, 1)
    assert receipt["doubts"] == []
    read = desk.get(response.headers["Location"]).json
    for name in ("event_id", "position", "recorded_at", "stream", "stream_version"):
        assert read[name] == receipt[name]
    assert read["recorded_by"] == "the recorder"
    assert read["occurred"] == SEVERED["occurred"]


def test_what_was_recorded_holds_at_once(desk: Desk) -> None:
    desk.told([ESTABLISHED, SEVERED])
    for day, value in (("1960", "established"), ("2010", "severed")):
        url = f"/api/v1/relations/BOL/ISR?as_of={day}&layer=diplomatic_relations"
        assert [each["value"] for each in desk.get(url).json["layers"]] == [value]


def test_odd_history_is_recorded_with_its_doubts(embedded: Desk) -> None:
    receipt = embedded.told({**SEVERED, "occurred": "1820"})
    assert receipt["doubts"]
    assert {"code", "message", "events"} == receipt["doubts"][0].keys()


def test_a_list_is_recorded_in_one_moment(desk: Desk) -> None:
    before = desk.position()
    items = desk.told([ESTABLISHED, SEVERED])["items"]
    assert [each["position"] for each in items] == [before + 1, before + 2]
    assert [each["stream_version"] for each in items] == [1, 2]
    moments = {desk.get(f"{LIST}/{each['event_id']}").json["moment"] for each in items}
    assert moments == {before + 2}


def test_of_a_list_all_is_recorded_or_nothing(desk: Desk) -> None:
    before = desk.position()
    wrong = {**SEVERED, "parties": ["BOL", "XQZ"]}
    assert_problem(desk.post(LIST, [ESTABLISHED, SEVERED, wrong]), 422, "events[2].parties[1]")
    conflicting = {**SEVERED, "expected_version": 5}
    assert_problem(desk.post(LIST, [ESTABLISHED, conflicting]), 409)
    assert desk.position() == before
    assert desk.get(f"{LIST}?after={before}").json["items"] == []


def test_an_event_may_name_the_version_it_expects(desk: Desk) -> None:
    assert desk.told([{**ESTABLISHED, "expected_version": 0}, {**SEVERED, "expected_version": 1}])
    assert_problem(desk.post(LIST, {**SEVERED, "expected_version": 1}), 409)


def test_only_at_the_version_that_was_seen(desk: Desk) -> None:
    assert desk.post(LIST, ESTABLISHED, If_Match=f'"{STREAM}@0"').status_code == 201
    before = desk.position()
    for stale in (f'"{STREAM}@0"', f'"{STREAM}@2"', '"pair:BOL:USA@1"'):
        assert_problem(desk.post(LIST, SEVERED, If_Match=stale), 412)
    assert desk.position() == before
    assert desk.post(LIST, SEVERED, If_Match=f"{STREAM}@1").status_code == 201


def test_a_correction_is_guarded_by_the_stream_of_its_target(desk: Desk) -> None:
    receipt = desk.told(ESTABLISHED)
    url = f"{LIST}/{receipt['event_id']}/retraction"
    assert_problem(desk.post(url, {"reason": "an error"}, If_Match=f'"{STREAM}@0"'), 412)
    done = desk.post(url, {"reason": "an error"}, If_Match=f'"{STREAM}@1"')
    assert done.status_code == 201
    assert (done.json["stream"], done.json["stream_version"]) == (STREAM, 2)


def test_what_no_version_is_matches_none(library: Desk) -> None:
    before = library.position()
    etag = library.get("/api/v1/relations/BOL/ISR").headers["ETag"]
    for garbage in (etag, f"W/{etag}", "*", '""', "x", f'"{STREAM}@-1"', f'"{STREAM}@0", "x@1"'):
        assert_problem(library.post(LIST, ESTABLISHED, If_Match=garbage), 412)
    assert_problem(library.post(LIST, [ESTABLISHED], If_Match=f'"{STREAM}@0"'), 412)
    assert library.position() == before


@pytest.mark.parametrize("word", ["event", "content"])
def test_an_amended_event_is_another_one_from_then_on(embedded: Desk, word: str) -> None:
    receipt = embedded.told(SEVERED)
    before = embedded.position()
    url = f"{LIST}/{receipt['event_id']}"
    amended = {**SEVERED, "occurred": "2009-01-15"}
    done = embedded.post(f"{url}/amendment", {word: amended, "reason": "a misprint"})
    assert done.status_code == 201, done.text
    read = embedded.get(url).json
    assert read["occurred"] == "2009-01-15"
    assert read["standing"]["amended_by"] == done.json["event_id"]
    assert [each["reason"] for each in read["corrections"]] == ["a misprint"]
    assert embedded.get(f"{url}?known_at=@{before}").json["occurred"] == "2009-01-14"


def test_a_retracted_event_never_happened_from_then_on(embedded: Desk) -> None:
    receipt = embedded.told(SEVERED)
    before = embedded.position()
    url = f"{LIST}/{receipt['event_id']}"
    done = embedded.post(f"{url}/retraction", {"reason": "it was Venezuela", "note": "see there"})
    assert done.status_code == 201, done.text
    assert embedded.get(url).json["standing"]["state"] == "retracted"
    relations = "/api/v1/relations/BOL/ISR?as_of=2010&layer=diplomatic_relations"
    assert embedded.get(relations).json["layers"][0]["value"] != "severed"
    then = embedded.get(f"{relations}&known_at=@{before}").json
    assert then["layers"][0]["value"] == "severed"


def test_what_is_wrong_in_a_correction_is_named(library: Desk) -> None:
    event_id = library.first("type=relations.established")["event_id"]
    before = library.position()
    url = f"{LIST}/{event_id}"
    for route, said, field in (
        ("retraction", {}, "reason"),
        ("retraction", {"reason": "x", "target": event_id}, "target"),
        ("retraction", {"reason": "x", "type": "event.retracted"}, "type"),
        ("retraction", {"reason": "x", "mood": "sorry"}, "mood"),
        ("retraction", [], "body"),
        ("amendment", {"reason": "x"}, "event"),
        ("amendment", {"event": SEVERED}, "reason"),
        ("amendment", {"event": {**SEVERED, "occurred": "x"}, "reason": "x"}, "event.occurred"),
        ("amendment", {"event": {**SEVERED, "type": "x"}, "reason": "x"}, "event.type"),
        (
            "amendment",
            {"event": {**SEVERED, "parties": ["BOL", "XQZ"]}, "reason": "x"},
            "event.parties[1]",
        ),
        ("amendment", {"event": "severed", "reason": "x"}, "event"),
    ):
        assert_problem(library.post(f"{url}/{route}", said), 422, field)
    assert library.position() == before


def test_what_is_recorded_already_conflicts(library: Desk) -> None:
    again = {"type": "party.recorded", "party": "BOL", "name": "Bolivia", "kind": "state"}
    assert_problem(library.post(LIST, again), 409)


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_the_example_of_every_type_is_recorded_or_refused_by_name(library: Desk, name: str) -> None:
    """Examples name parties and sources that are not all there: but nothing falls over."""
    said = example(CATALOGUE[name], whole=True)
    wrong = {**said, "no_such_field": True}
    response = library.post(LIST, wrong)
    assert_problem(response, 422, "no_such_field")

"""GET /search: every kind of thing by its words, as known at a moment, as sure as is asked."""

import pytest

from tests.api.desk import SEVERED, Desk, Reply, assert_problem

AT = "/api/v1/search"


def asked(desk: Desk, q: str, **more: str) -> Reply:
    pairs = "".join(f"&{name}={value}" for name, value in more.items())
    reply = desk.get(f"{AT}?q={q}{pairs}")
    assert reply.status_code == 200, reply.text
    return reply


def ids(reply: Reply, kind: str) -> list[str]:
    return [each["id"] for each in reply.json["items"] if each["kind"] == kind]


def test_each_kind_is_found(library: Desk) -> None:
    assert ids(asked(library, "bolivia"), "party")[0] == "BOL"
    assert "un-vclt-1969" in ids(asked(library, "law+of+treaties"), "agreement")
    assert ids(asked(library, "goldberg"), "person") == ["Philip S. Goldberg"]
    assert "coca monitoring" in ids(asked(library, "coca+monitoring"), "topic")
    assert "insight-crime-2012-06" in ids(asked(library, "insight+crime"), "source")
    ambassador = asked(library, "goldberg+persona+grata")
    named = [ambassador.json["evidence"][each] for each in ids(ambassador, "event")]
    assert "conduct.declared_persona_non_grata" in {each["type"] for each in named}


def test_the_name_of_a_party_means_the_events_that_name_it(library: Desk) -> None:
    found = asked(library, "drug+enforcement+administration+expelled", kind="event")
    types = {found.json["evidence"][each]["type"] for each in ids(found, "event")}
    assert types == {"conduct.agency_expelled"}


@pytest.mark.parametrize(
    ("words", "party"),
    [("Boliva", "BOL"), ("Bolivya", "BOL"), ("Untied+States", "USA"), ("Irann", "IRN")],
)
def test_a_slip_in_the_name_of_a_party_finds_it_first(
    library: Desk, words: str, party: str
) -> None:
    assert ids(asked(library, words), "party")[0] == party


def test_slips_are_mended_where_nothing_is_found_and_said_so(library: Desk) -> None:
    found = asked(library, "narcotcs+convension").json
    assert found["instead_of"] == "narcotcs convension"
    assert found["q"] == "narcotics convention"
    assert found["items"]
    assert asked(library, "narcotics").json["instead_of"] is None
    assert asked(library, "qqqqqqq+zzzzzz").json["items"] == []


def test_accents_do_not_matter_and_marks_show_where_it_stands(desk: Desk) -> None:
    desk.told(SEVERED | {"note": "Said in Cancún, Yucatán, that day."})
    (item,) = asked(desk, "yucatan").json["items"]
    ((begun, end),) = item["marks"]
    assert item["snippet"][begun:end] == "Yucatán"


def test_it_is_known_from_its_moment_on_and_gone_when_retracted(desk: Desk) -> None:
    before = desk.position()
    receipt = desk.told(SEVERED | {"note": "Quetzalcoatlus"})
    event = receipt["event_id"]
    assert ids(asked(desk, "quetzalcoatlus"), "event") == [event]
    assert ids(asked(desk, "quetzalcoatlus", known_at=f"@{before}"), "event") == []
    at = desk.position()
    url = f"/api/v1/events/{event}/retraction"
    assert desk.post(url, {"reason": "an error"}).status_code == 201
    assert ids(asked(desk, "quetzalcoatlus"), "event") == []
    assert ids(asked(desk, "quetzalcoatlus", known_at=f"@{at}"), "event") == [event]


def test_an_amended_event_is_found_by_what_it_says_now(desk: Desk) -> None:
    event = desk.told(SEVERED | {"note": "Quetzalcoatlus"})["event_id"]
    new = {"reason": "misread", "event": SEVERED | {"note": "Archaeopteryx"}}
    assert desk.post(f"/api/v1/events/{event}/amendment", new).status_code == 201
    assert ids(asked(desk, "archaeopteryx"), "event") == [event]
    assert ids(asked(desk, "quetzalcoatlus"), "event") == []


def test_what_is_only_alleged_is_found_by_who_asks_for_it(desk: Desk) -> None:
    alleged = SEVERED | {"note": "Quetzalcoatlus", "confidence": "alleged", "claimed_by": "X"}
    event = desk.told(alleged)["event_id"]
    assert ids(asked(desk, "quetzalcoatlus"), "event") == []
    assert ids(asked(desk, "quetzalcoatlus", confidence="alleged"), "event") == [event]


@pytest.mark.parametrize(
    "words",
    [
        '"',
        "%22%22",
        "%2A",
        "AND",
        "a+NOT+b",
        "NEAR(a,b)",
        "%27+OR+1=1--",
        "(((((",
        ":*",
        "%EE%80%81x",
    ],
)
def test_whatever_is_typed_is_words(library: Desk, words: str) -> None:
    asked(library, words)


def test_wrong_questions_are_refused(library: Desk) -> None:
    assert_problem(library.get(AT), 422, field="q")
    assert_problem(library.get(f"{AT}?q="), 422, field="q")
    assert_problem(library.get(f"{AT}?q=a%00b"), 422, field="q")
    assert_problem(library.get(f"{AT}?q={'a' * 301}"), 422, field="q")
    assert_problem(library.get(f"{AT}?q=a&kind=ship"), 422, field="kind")
    assert_problem(library.get(f"{AT}?q=a&limit=51"), 422, field="limit")


def test_it_is_a_table_too(library: Desk) -> None:
    head, *rows = library.get(f"{AT}?q=goldberg&format=csv").text.splitlines()
    assert head.split(",")[:3] == ["kind", "id", "title"]
    assert rows[0].startswith("person,Philip S. Goldberg")

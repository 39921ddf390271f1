"""Feeds: what is recorded of a subject, newest first, readable by any feed reader."""

import html
import re
from xml.etree import ElementTree as ET

import pytest

from tests.api.desk import SEVERED, Desk

A = "{http://www.w3.org/2005/Atom}"
FEEDS = (
    "/parties/BOL",
    "/relations/BOL/USA",
    "/agreements/un-single-convention-1961-as-amended",
    "/search",
)
QUERY = {"/search": "?q=bolivia"}
ALLEGED = {
    "type": "conduct.assistance_provided",
    "provider": "ISR",
    "recipient": "BOL",
    "kind": "training",
    "what": "training of a secret guard",
    "occurred": "2011",
    "confidence": "alleged",
    "claimed_by": "A former guard",
    "sources": [{"source": "insight-crime-2012-06", "quote": "a secret guard"}],
}


def atom(desk: Desk, address: str) -> ET.Element:
    answer = desk.get(address)
    assert answer.status_code == 200, answer.text
    assert answer.mimetype == "application/atom+xml"
    return ET.fromstring(answer.data)  # noqa: S314  # ours


@pytest.mark.parametrize("of", FEEDS)
def test_a_feed_has_what_rfc_4287_asks_for(library: Desk, of: str) -> None:
    feed = atom(library, f"{of}/feed.atom{QUERY.get(of, '')}")
    assert feed.tag == f"{A}feed"
    for one in (feed, *feed.findall(f"{A}entry")):
        for name in ("id", "title", "updated"):
            (found,) = one.findall(f"{A}{name}")
            assert found.text
            assert (found.text or "")[-1] == "Z" or name != "updated"
    assert feed.find(f"{A}author/{A}name") is not None
    assert {each.get("rel") for each in feed.findall(f"{A}link")} == {"self", "alternate"}
    entries = feed.findall(f"{A}entry")
    assert 1 <= len(entries) <= 50
    ids = [each.findtext(f"{A}id", "") for each in entries]
    assert len(set(ids)) == len(ids)
    assert all(each.startswith("urn:uuid:") for each in ids)
    days = [each.findtext(f"{A}updated", "") for each in entries]
    assert days == sorted(days, reverse=True)
    assert feed.findtext(f"{A}updated") == days[0]


@pytest.mark.parametrize("of", FEEDS)
def test_the_json_feed_says_the_same(library: Desk, of: str) -> None:
    query = QUERY.get(of, "")
    entries = atom(library, f"{of}/feed.atom{query}").findall(f"{A}entry")
    answer = library.get(f"{of}/feed.json{query}")
    said = answer.json
    assert answer.mimetype == "application/feed+json"
    assert said["version"] == "https://jsonfeed.org/version/1.1"
    assert [each["id"] for each in said["items"]] == [e.findtext(f"{A}id") for e in entries]
    assert [e["content_html"] for e in said["items"]] == [
        e.findtext(f"{A}content") for e in entries
    ]


def test_an_unchanged_feed_is_not_sent_again(library: Desk) -> None:
    first = library.get("/parties/BOL/feed.atom")
    assert first.headers["Cache-Control"] == "no-cache"
    again = library.get("/parties/BOL/feed.atom", If_None_Match=first.headers["ETag"])
    assert again.status_code == 304


def test_a_correction_is_an_entry_of_its_own(desk: Desk) -> None:
    severed = desk.told(SEVERED)["event_id"]
    taken_back = desk.post(
        f"/api/v1/events/{severed}/retraction", {"reason": "It was another party."}
    ).json["event_id"]
    items = desk.get("/relations/BOL/ISR/feed.json").json["items"]
    assert [each["id"] for each in items[:2]] == [f"urn:uuid:{taken_back}", f"urn:uuid:{severed}"]
    assert "taken back" in items[1]["content_text"]


def test_what_is_alleged_is_only_in_the_feed_of_who_asks_for_it(desk: Desk) -> None:
    alleged = desk.told(ALLEGED)["event_id"]
    for of in ("/parties/BOL", "/relations/BOL/ISR", "/search"):
        for form in ("atom", "json"):
            plain = desk.get(f"{of}/feed.{form}?q=bolivia").text
            assert alleged not in plain
            assert "secret guard" not in plain
    chosen = desk.get("/relations/BOL/ISR/feed.json?confidence=alleged")
    (item,) = [e for e in chosen.json["items"] if e["id"] == f"urn:uuid:{alleged}"]
    assert "secret guard" not in item["title"]
    for words in ("It is alleged (by A former guard", "2012", "No denial is on record."):
        assert words in item["content_text"]
    assert chosen.headers["X-Robots-Tag"] == "noindex"


def test_a_record_that_became_an_allegation_is_told_without_its_words(desk: Desk) -> None:
    told = desk.told({**ALLEGED, "confidence": "reported"})["event_id"]
    lowered = {
        "type": "event.confidence_changed",
        "target": told,
        "to": "alleged",
        "reason": "The secret guard is doubted.",
    }
    changed = desk.told(lowered)["event_id"]
    items = desk.get("/relations/BOL/ISR/feed.json").json["items"]
    assert items[0]["id"] == f"urn:uuid:{changed}"
    assert told not in [each["id"].removeprefix("urn:uuid:") for each in items]
    assert "secret guard" not in str(items)


def test_an_allegation_that_was_confirmed_since_is_told_by_its_correction(desk: Desk) -> None:
    alleged = desk.told(ALLEGED)["event_id"]
    raised = {"type": "event.confidence_changed", "target": alleged, "to": "confirmed"}
    changed = desk.told({**raised, "reason": "The record of the court was seen."})["event_id"]
    items = desk.get("/relations/BOL/ISR/feed.json").json["items"]
    assert [each["id"] for each in items[:2]] == [f"urn:uuid:{changed}", f"urn:uuid:{alleged}"]


def test_a_pinned_feed_stays_as_it_was(desk: Desk) -> None:
    pinned = f"/parties/BOL/feed.atom?as_of=2012-06-20&known_at=@{desk.position()}"
    before = desk.get(pinned)
    desk.told(SEVERED)
    assert desk.get(pinned).data == before.data
    assert "immutable" in before.headers["Cache-Control"]


@pytest.mark.parametrize("of", FEEDS)
def test_a_page_leads_to_its_feeds(library: Desk, of: str) -> None:
    point = "confidence=confirmed&as_of=2012-01-01"
    page = library.get(f"{of}{QUERY.get(of, '?')}&{point}".replace("?&", "?")).text
    for form, feed in ((r"atom\+xml", "atom"), (r"feed\+json", "json")):
        (found,) = re.findall(rf'type="application/{form}"[^>]* href="([^"]+)"', page)
        address = html.unescape(found)
        assert address.startswith(f"{of}/feed.{feed}?confidence=confirmed")
        assert library.get(address).status_code == 200


def test_a_feed_of_nobody_is_not_found(library: Desk) -> None:
    assert library.get("/parties/NOBODY-HERE/feed.atom").status_code == 404
    assert library.get("/agreements/no-such-thing/feed.json").status_code == 404

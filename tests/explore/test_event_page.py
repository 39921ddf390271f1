"""An event and the log: what is recorded, and nothing of what is only alleged unasked."""

import html
import re

import pytest

from tests.api.desk import LIST, Desk
from tests.explore.test_frame import permalink, read
from tests.explore.test_pair import words

ALLEGED = {
    "type": "conduct.assistance_provided",
    "provider": "IRN",
    "recipient": "BOL",
    "kind": "equipment",
    "what": "forty zeppelins",
    "occurred": "2011-03",
    "confidence": "alleged",
    "claimed_by": "a weekly paper",
    "sources": [{"source": "unodc-2013-bolivia", "quote": "forty zeppelins, it is whispered"}],
}
SIGNED = {
    "type": "agreement.signed",
    "agreement": "un-vclt-1969",
    "party": "BOL",
    "occurred": "1970-01-02",
    "note": "<b>bold</b> & co",
    "sources": [
        {
            "source": "unodc-2013-bolivia",
            "quote": "</blockquote><script>x</script>",
            "locator": "p. 4",
        }
    ],
}


def every_event(desk: Desk) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    after = 0
    while True:
        found = desk.get(f"{LIST}?after={after}&limit=500").json["items"]
        if not found:
            return items
        items += found
        after = found[-1]["position"]


def test_an_event_of_each_type_has_a_page_with_its_position_and_sources(library: Desk) -> None:
    of_type = {each["type"]: each for each in every_event(library)}
    assert len(of_type) > 20
    for event in of_type.values():
        said = words(read(library, f"/events/{event['event_id']}").text)
        if event["confidence"] == "alleged":
            continue
        assert f"Position of the register {event['position']}" in said
        assert str(event["recorded_by"]) in said
        for cited in event["sources"]:  # type: ignore[attr-defined]  # as the API has it
            assert not cited.get("quote") or " ".join(cited["quote"].split()) in said


def test_an_event_is_shown_with_its_proof_and_what_that_is_good_for(library: Desk) -> None:
    event = next(each for each in every_event(library) if each["confidence"] == "reported")
    words_of = {
        "en": "anybody can check that this record stands at its position",
        "es": "cualquiera puede comprobar que este registro está en su posición",
    }
    for language, said in words_of.items():
        page = read(library, f"/events/{event['event_id']}?lang={language}")
        assert said in words(page.text)
        (address,) = re.findall(r'href="(/api/v1/log/events/[^"]*)"', page.text)
        proof = library.get(address).json
        assert proof["envelope"]["event_id"] == event["event_id"]
        assert 'href="/api/v1/log/verify_proof.py"' in page.text


def test_the_proof_of_what_is_only_alleged_is_linked_from_no_page_unasked(library: Desk) -> None:
    event = next(each for each in every_event(library) if each["confidence"] == "alleged")
    address = f"/events/{event['event_id']}"
    assert "/log/events/" not in read(library, address).text
    assert "/log/events/" in read(library, f"{address}?confidence=alleged").text


def test_what_is_alleged_is_on_no_page_at_the_default_threshold(library: Desk) -> None:
    alleged = [e for e in every_event(library) if e["confidence"] in ("alleged", "disputed")]
    assert alleged
    for event in alleged:
        page = read(library, f"/events/{event['event_id']}")
        assert "This event is only alleged" in page.text
        asked = read(library, f"/events/{event['event_id']}?confidence=alleged")
        assert "It is alleged" in words(asked.text)
        assert asked.headers["X-Robots-Tag"] == "noindex"
        secret = str(event.get("what") or event.get("content") or event.get("claimed_by"))
        about = [event.get(n) for n in ("provider", "recipient", "sender", "receiver", "party")]
        pages = [f"/parties/{each}" for each in about if each]
        pages += [f"/events?party={each}" for each in about if each]
        for address in (*pages, f"/events/{event['event_id']}"):
            assert secret not in words(read(library, address).text), address
            assert str(event["event_id"]) not in read(library, address).text.replace(
                f"/events/{event['event_id']}", ""
            )


def test_corrections_and_neighbours_of_an_allegation_do_not_tell_it(desk: Desk) -> None:
    claim = desk.told(ALLEGED)["event_id"]
    amended = desk.post(
        f"{LIST}/{claim}/amendment",
        {"event": {**ALLEGED, "occurred": "2011-04"}, "reason": "the zeppelins came in April"},
    ).json["event_id"]
    after = desk.told({**SIGNED, "occurred": "2011-06-01", "follows": [claim]})["event_id"]
    for address in (
        f"/events/{claim}",
        f"/events/{amended}",
        f"/events/{after}",
        "/events",
        "/parties/BOL",
        "/parties/IRN",
    ):
        page = read(desk, address)
        assert "zeppelin" not in page.text, address
        assert "weekly paper" not in page.text, address
    asked = read(desk, f"/events/{claim}?confidence=alleged").text
    assert "forty zeppelins" in asked
    assert "by a weekly paper" in words(asked)
    assert "zeppelins came in April" in read(desk, f"/events/{amended}?confidence=alleged").text


def test_once_confirmed_an_event_is_shown_and_not_what_it_said_while_alleged(desk: Desk) -> None:
    claim = desk.told(ALLEGED)["event_id"]
    sure = {**ALLEGED, "confidence": "reported", "what": "two lorries"}
    sure["sources"] = [{"source": "unodc-2013-bolivia"}]
    desk.post(f"{LIST}/{claim}/amendment", {"event": sure, "reason": "the waybill was found"})
    page = read(desk, f"/events/{claim}").text
    assert "two lorries" in page
    assert "waybill" in page
    assert "zeppelin" not in page
    assert "zeppelin" in read(desk, f"/events/{claim}?confidence=alleged").text


def test_a_chain_of_corrections_tells_who_when_why_and_the_difference(desk: Desk) -> None:
    signed = desk.told(SIGNED)["event_id"]
    desk.post(
        f"{LIST}/{signed}/amendment",
        {"event": {**SIGNED, "occurred": "1970-01-03"}, "reason": "the day after"},
    )
    page = read(desk, f"/events/{signed}").text
    chain = page[page.index('<ol class="chain">') :].split("</ol>")[0]
    assert "the day after" in chain
    assert "2 January 1970" in re.findall(r"<del>(.*?)</del>", chain, re.DOTALL)[0]
    assert "3 January 1970" in re.findall(r"<ins>(.*?)</ins>", chain, re.DOTALL)[0]
    desk.post(f"{LIST}/{signed}/retraction", {"reason": "never happened"})
    top = words(read(desk, f"/events/{signed}").text).split("The record")[0]
    assert "This record was taken back" in top
    assert "never happened" in top


def test_what_it_changed_is_told_with_the_answer_of_the_day_after(desk: Desk) -> None:
    signed = desk.told(SIGNED)["event_id"]
    page = read(desk, f"/events/{signed}").text
    changed = page[page.index("What it changed") :]
    assert 'href="/agreements/un-vclt-1969?as_of=1970-01-02"' in changed
    assert 'href="/agreements/un-vclt-1969?as_of=1970-01-03"' in changed
    said = words(changed)
    answers = desk.get("/api/v1/agreements/un-vclt-1969/parties?as_of=1970-01-03").json
    mine = next(i for i in answers["items"] if i["party"]["id"] == "BOL")
    assert mine["participation"]["value"] == "signatory"
    assert "On 3 January 1970" in said
    assert "certain" in said


def test_words_of_others_are_only_text(desk: Desk) -> None:
    signed = desk.told(SIGNED)["event_id"]
    for address in (f"/events/{signed}", "/events"):
        page = read(desk, address).text
        assert "<script>x" not in page
        assert "<b>bold" not in page
        assert "&lt;b&gt;bold" in page


def test_the_log_is_the_log_of_the_api_backwards(library: Desk) -> None:
    address, shown = "/events?party=BOL&occurred_from=2008&occurred_to=2009", list[str]()
    while address:
        page = read(library, address).text
        shown += re.findall(r'/events/([0-9a-f-]{36})">the record', page)
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = html.unescape(following[1]) if following else ""
    said = library.get(
        f"{LIST}?party=BOL&occurred_from=2008&occurred_to=2009&limit=500&confidence=alleged"
    ).json["items"]
    open_ = [e["event_id"] for e in said if e["confidence"] in ("confirmed", "reported")]
    assert shown == open_[::-1]


@pytest.mark.parametrize("query", ["before=x", "occurred_from=09/11/2008", "subject=nobody"])
def test_what_is_not_understood_is_said(library: Desk, query: str) -> None:
    read(library, f"/events?{query}", 422)


def test_an_event_that_is_none_is_not_found(library: Desk) -> None:
    read(library, "/events/no-such-event", 404)


def test_a_pinned_event_stays_as_it_was(desk: Desk) -> None:
    signed = desk.told(SIGNED)["event_id"]
    pinned = permalink(read(desk, f"/events/{signed}?as_of=2012-06-01"))
    before = read(desk, pinned).data
    desk.post(
        f"{LIST}/{signed}/amendment",
        {"event": {**SIGNED, "occurred": "1971"}, "reason": "a year later"},
    )
    desk.told({**SIGNED, "type": "agreement.ratified", "occurred": "1970-01-03"})
    desk.post(f"{LIST}/{signed}/retraction", {"reason": "never happened"})
    assert read(desk, pinned).data == before
    assert b"never happened" in read(desk, f"/events/{signed}?as_of=2012-06-01").data

"""Sources: each with the events that cite it, in sentences, with quotes; what was taken back is marked."""

import re

from tests.api.desk import Desk
from tests.explore.test_frame import permalink, read

UNODC = "/sources/unodc-2013-bolivia"


def test_a_source_is_shown_with_what_it_supports_and_its_words(library: Desk) -> None:
    page = read(library, UNODC).text
    said = read(library, "/api/v1/events?subject=source:unodc-2013-bolivia&limit=500").get_json()
    citing = [e["event_id"] for e in said["items"] if e["type"] != "source.recorded"]
    assert sorted(re.findall(r'<li id="e-([^"]+)"', page)) == sorted(citing)
    assert "con efectos a partir del 1 de enero de 2012" in page


def test_the_list_finds_a_source_by_words_of_its_title(library: Desk) -> None:
    page = read(library, "/sources?q=coca").text
    found = re.findall(r'href="/sources/([a-z0-9-]+)"', page)
    assert found
    assert len(found) < 50
    assert "No source is recorded" in read(library, "/sources?q=zzzzqqq").text


def test_a_long_list_goes_on_where_it_stopped(library: Desk) -> None:
    address, seen = "/sources/un-mtdsg-6-15", set[str]()
    while address:
        page = read(library, address).text
        ids = set(re.findall(r'<li id="e-([^"]+)"', page))
        assert not ids & seen
        seen |= ids
        following = re.search(r'href="([^"]+)" rel="next"', page)
        address = following[1].replace("&amp;", "&") if following else ""
    said = read(library, "/api/v1/events?subject=source:un-mtdsg-6-15&limit=500").get_json()
    assert seen == {e["event_id"] for e in said["items"] if e["type"] != "source.recorded"}
    assert len(seen) > 40


def test_what_was_taken_back_is_marked(desk: Desk) -> None:
    told = desk.told(
        {
            "type": "agreement.signed",
            "agreement": "un-vclt-1969",
            "party": "BOL",
            "occurred": "1970-01-01",
            "sources": [{"source": "unodc-2013-bolivia", "quote": "signed on New Year's Day"}],
        }
    )
    pinned = permalink(read(desk, UNODC))
    before = read(desk, pinned)
    assert "taken back" not in before.text
    retraction = {"reason": "a slip"}
    response = desk.post(f"/api/v1/events/{told['event_id']}/retraction", retraction)
    assert response.status_code == 201, response.text
    now = read(desk, UNODC).text
    row = now[now.index(f'id="e-{told["event_id"]}"') :].split("</li>")[0]
    assert "taken back" in row
    assert read(desk, pinned).data == before.data


def test_what_is_only_alleged_is_left_out_unless_asked_for(desk: Desk) -> None:
    desk.told(
        {
            "type": "agreement.withdrew",
            "agreement": "un-vclt-1969",
            "party": "PER",
            "occurred": "2011-05-05",
            "confidence": "alleged",
            "claimed_by": "a weekly paper",
            "sources": [{"source": "unodc-2013-bolivia"}],
        }
    )
    assert "weekly paper" not in read(desk, UNODC).text
    asked = read(desk, f"{UNODC}?confidence=alleged")
    assert "It is alleged" in asked.text
    assert "noindex" in asked.headers["X-Robots-Tag"]


def test_a_source_that_is_none_is_not_found(library: Desk) -> None:
    read(library, "/sources/nowhere-1900", 404)

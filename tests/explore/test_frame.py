"""What all public pages have in common: the time bar, the permalink, the citation, the language."""

import html
import re

import pytest
from werkzeug.test import TestResponse

from tests.api.desk import Desk


def read(
    desk: Desk, address: str, status: int = 200, headers: dict[str, str] | None = None
) -> TestResponse:
    response = desk.client.get(address, headers=headers)
    assert response.status_code == status, response.text
    return response


def permalink(page: TestResponse) -> str:
    found = re.search(r'href="([^"]+)" rel="bookmark"', page.text)
    assert found
    return html.unescape(found[1])


def test_every_link_of_a_page_keeps_the_day_and_the_knowledge(library: Desk) -> None:
    page = read(library, "/about?as_of=2009-06-01&known_at=@1000&lang=es")
    top = page.text[: page.text.index("</nav>")]
    links = [html.unescape(each) for each in re.findall(r'<a [^>]*href="(/[^"]*)"', top)]
    assert len(links) >= 7
    for each in links:
        assert each.endswith("?as_of=2009-06-01&known_at=@1000&lang=es")


def test_a_form_with_empty_fields_leads_to_a_plain_address(library: Desk) -> None:
    answer = read(library, "/about?as_of=1+June+2009&known_at=&confidence=reported", 303)
    assert answer.headers["Location"] == "/about?as_of=2009-06-01&confidence=reported"


def test_knowledge_of_today_is_the_latest(library: Desk) -> None:
    today = read(library, "/api/v1/parties/BOL").get_json()["as_of"]
    assert read(library, f"/about?known_at={today}", 303).headers["Location"] == "/about"


def test_a_day_that_is_none_is_refused_in_words(library: Desk) -> None:
    assert "09/11/2008" in read(library, "/about?as_of=09/11/2008", 422).text


def test_a_permalink_is_for_ever_and_says_of_when_it_is(library: Desk) -> None:
    pinned = read(library, permalink(read(library, "/")))
    assert "immutable" in pinned.headers["Cache-Control"]
    assert "The register as of position" in pinned.text
    assert "It may have been corrected since:" in pinned.text
    assert "Set-Cookie" not in pinned.headers
    assert "Cookie" not in pinned.headers["Vary"]
    again = read(library, permalink(pinned))
    assert again.data == pinned.data
    told = read(library, permalink(pinned), 304, {"If-None-Match": pinned.headers["ETag"]})
    assert told.data == b""


@pytest.mark.parametrize("form", ["text", "bibtex", "csl"])
def test_a_citation_names_position_root_hash_and_address(library: Desk, form: str) -> None:
    cited = read(library, f"/about?as_of=2009-06-01&cite={form}")
    head = int(cited_position(library))
    assert f"{head}" in cited.text
    assert "known_at=@" in cited.text
    assert re.search(r"[0-9a-f]{64}", cited.text)
    assert "no-store" in cited.headers["Cache-Control"]


def cited_position(desk: Desk) -> str:
    return read(desk, "/about").headers["Registry-Position"]


def test_the_root_of_an_earlier_position_is_that_of_its_leaves(library: Desk) -> None:
    head = cited_position(library)
    now = read(library, "/about?cite=csl").get_json(force=True)[0]["note"]
    same = read(library, f"/about?cite=csl&as_of=2009-06-01&known_at=@{head}").get_json(force=True)
    assert now.rsplit(" ", 1)[1] == same[0]["note"].rsplit(" ", 1)[1]
    earlier = read(library, "/about?cite=csl&known_at=@10").get_json(force=True)[0]["note"]
    assert earlier.rsplit(" ", 1)[1] != now.rsplit(" ", 1)[1]


def test_a_pinned_page_has_one_language_and_others_have_the_readers(library: Desk) -> None:
    spanish = {"Accept-Language": "es-BO, es;q=0.9"}
    asked = read(library, "/about", headers=spanish)
    assert asked.headers["Content-Language"] == "es"
    assert "Accept-Language" in asked.headers["Vary"]
    pinned = read(library, "/about?as_of=2009-06-01&known_at=@1000", headers=spanish)
    assert pinned.headers["Content-Language"] == "en"
    assert "Accept-Language" not in pinned.headers["Vary"]


def test_an_address_of_nothing_is_told_to_a_person_as_a_page(library: Desk) -> None:
    browser = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    assert "<h1>Not found</h1>" in read(library, "/no-such-page", 404, browser).text
    assert read(library, "/no-such-page", 404).mimetype == "application/problem+json"
    assert read(library, "/api/v1/nothing", 404, browser).mimetype == "application/problem+json"


def test_the_way_in_tells_neither_an_allegation_nor_what_corrects_one(desk: Desk) -> None:
    said = {
        "type": "relations.severed",
        "parties": ["BOL", "ISR"],
        "occurred": "2011-05-04",
        "confidence": "alleged",
        "note": "whispered in a corridor",
    }
    alleged = desk.told(said)["event_id"]
    desk.told({**said, "confidence": "reported", "occurred": "2012-05-04", "note": "in print"})
    amended = {"event": {**said, "note": "whispered twice"}, "reason": "a better hearing"}
    answer = desk.post(f"/api/v1/events/{alleged}/amendment", amended)
    assert answer.status_code == 201
    page = read(desk, "/?lang=en").text
    assert "4 May 2012" in page
    assert "2011" not in page[page.index("Recorded lately") :]
    assert "whispered" not in page
    assert alleged not in page
    assert answer.get_json()["event_id"] not in page


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/parties/NOPE", 404, "El registro no tiene nada con este nombre"),
        ("/about?as_of=09/11/2008", 422, "Algo en la dirección o en el formulario"),
    ],
)
def test_a_refusal_in_spanish_is_said_in_spanish_before_its_english_detail(
    desk: Desk, path: str, status: int, words: str
) -> None:
    page = desk.client.get(f"{path}{'&' if '?' in path else '?'}lang=es")
    assert page.status_code == status
    assert page.text.index(words) < page.text.index('<p class="quiet" lang="en">')
    assert 'lang="en"' not in desk.client.get(path).text.split("<main")[1]

"""The search page: names with slips, links that keep the point, hostile words."""

import re

import pytest

from tests.api.desk import SEVERED, Desk


def test_a_name_with_a_slip_finds_the_party(library: Desk) -> None:
    page = library.client.get("/search?q=Boliva&as_of=2009-06-01")
    assert page.status_code == 200
    assert 'href="/parties/BOL?as_of=2009-06-01"' in page.text


def test_agreements_and_sources_are_found_by_their_words(library: Desk) -> None:
    assert "/agreements/un-single-convention-1961" in library.client.get("/search?q=single").text
    assert "/sources/insight-crime-2012-06" in library.client.get("/search?q=insight").text


@pytest.mark.parametrize(
    "words", ['"', "%25_*", "<script>x</script>", "a" * 1_500, "🕊 \u202ex", "'--"]
)
def test_whatever_is_searched_is_answered(library: Desk, words: str) -> None:
    page = library.client.get("/search", query_string={"q": words})
    assert page.status_code == 200
    assert "<script>x" not in page.text


def test_persons_topics_and_events_are_found_by_their_words(library: Desk) -> None:
    page = library.client.get("/search?q=goldberg&as_of=2009-06-01").text
    assert "<h2>Persons</h2>" in page
    assert "declared Philip S. Goldberg" in page
    assert "<mark>" not in page  # the sentences say it already
    assert "<mark>coca</mark>" in library.client.get("/search?q=coca+leaf").text
    page = library.client.get("/search?q=coca+monitoring&as_of=2009-06-01").text
    assert re.search(r'href="/agreements\?[^"]*topic=coca[^"]*"', page)


def test_slips_are_mended_and_the_page_says_so(library: Desk) -> None:
    page = library.client.get("/search?q=narcotcs").text
    assert "Nothing is recorded under “narcotcs”. This is what is under “narcotics”." in page


def test_what_is_only_alleged_is_told_as_that_or_not_at_all(desk: Desk) -> None:
    desk.told(
        SEVERED
        | {
            "note": "Quetzalcoatlus",
            "confidence": "alleged",
            "claimed_by": "a minister",
            "sources": [{"source": "insight-crime-2012-06"}],
        }
    )
    assert "Nothing is recorded" in desk.client.get("/search?q=quetzalcoatlus").text
    page = desk.client.get("/search?q=quetzalcoatlus&confidence=alleged").text
    assert "It is alleged (by a minister" in page
    assert "<mark>" not in page
    assert "noindex" in page

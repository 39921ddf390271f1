"""The search page: names with slips, links that keep the point, hostile words."""

import pytest

from tests.api.desk import Desk


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

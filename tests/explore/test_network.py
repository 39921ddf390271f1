"""The network page: the picture, its table and the API name the same pairs."""

import re

import pytest

from registry.explore.circle import MOST_PAIRS, Tie, drawn
from tests.api.desk import Desk

AT = "as_of=2009-06-01"


@pytest.mark.parametrize("layer", ["diplomatic_relations", "representation", "membership"])
def test_the_picture_and_the_table_hold_what_the_api_lists(library: Desk, layer: str) -> None:
    found = library.get(f"/api/v1/network?layer={layer}&{AT}").get_json()["items"]
    page = library.client.get(f"/network?layer={layer}&{AT}")
    assert page.status_code == 200
    counted = re.search(r"On 1 June 2009: (\d+) pair", page.text)
    assert counted
    assert int(counted[1]) == len(found)
    assert len(re.findall(r'<path class="(?:certain|possible|over)"', page.text)) == len(found)
    rows = page.text[page.text.index("<tbody>") :]
    assert rows.count("<tr>") == min(len(found), 200)
    assert rows.count('class="tag certain"') == sum(each["certain"] for each in found[:200]) + 1


def test_only_the_pairs_of_one_party_are_drawn_when_asked(library: Desk) -> None:
    page = library.client.get(f"/network?among=BOL&{AT}").text
    rows = page[page.index("<tbody>") : page.index("</tbody>")]
    assert rows.count("<tr>") == rows.count('href="/parties/BOL?') > 0


def test_what_is_no_layer_is_refused_in_words(library: Desk) -> None:
    assert library.client.get("/network?layer=friendship").status_code == 422
    assert library.client.get("/network?from_pair=-1").status_code == 422


def test_more_pairs_than_can_be_drawn_leave_the_best_connected() -> None:
    keys = [f"P{number:03}" for number in range(200)]
    ties = [Tie(a, b, "established", "certain") for a in keys for b in keys if a < b]
    picture = drawn(ties, {key: key for key in keys})
    assert 0 < len(picture.curves) <= MOST_PAIRS
    assert picture.left_out == len(ties) - len(picture.curves)
    assert {each.key for each in picture.places} <= set(keys)

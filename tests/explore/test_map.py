"""The map of a party: each outline is somebody's or listed, and its numbers are the table's."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from registry.explore import outlines
from tests.api.desk import Desk
from tests.explore.test_frame import permalink, read

MAP = "/parties/BOL/map?as_of=2009-06-01"


def square(west: int, south: int) -> list[list[int]]:
    """An arc round a square of ten degrees, as steps."""
    return [[west + 180, south + 90], [10, 0], [0, 10], [-10, 0], [0, -10]]


def land(number: int, name: str, code: str | None) -> dict[str, Any]:
    coded = {"id": code} if code else {}
    return {"type": "Polygon", "arcs": [[number]], "properties": {"name": name}, **coded}


SMALL = {
    "transform": {"scale": [1, 1], "translate": [-180, -90]},
    "arcs": [
        *(square(-70, -20), square(-100, 35), square(50, 30), square(20, 42)),
        *(square(0, 0), square(0, -90)),
        [[178 + 180, 60 + 90], [-356, 0], [0, 5], [356, 0], [0, -5]],  # across the 180th degree
    ],
    "objects": {
        "countries": {
            "geometries": [
                *(land(0, "Bolivia", "068"), land(1, "United States of America", "840")),
                *(land(2, "Iran", "364"), land(3, "Kosovo", None), land(4, "N. Cyprus", None)),
                *(land(5, "Antarctica", "010"), land(6, "Fiji", "242")),
            ]
        }
    },
}


@pytest.fixture
def brought(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where the outlines of a small world are, which need no network to be there."""
    file = tmp_path / outlines.FILE
    file.parent.mkdir()
    file.write_text(json.dumps(SMALL))
    monkeypatch.setattr(outlines, "STATIC", tmp_path)
    outlines.outlines.cache_clear()
    yield file
    outlines.outlines.cache_clear()


def test_every_outline_has_a_code_or_none_and_antarctica_is_left_out() -> None:
    made = outlines.traced(SMALL)
    assert [each.code for each in made] == [
        *("iso2:BO", "iso2:US", "iso2:IR", "wikidata:Q1246", "wikidata:Q23681", "iso2:FJ")
    ]
    assert all(re.fullmatch(r"M\d+ \d+l[-\d ]+z", each.path) for each in made)


def test_a_land_across_the_end_of_the_map_is_no_stripe_over_it() -> None:
    fiji = outlines.traced(SMALL)[-1]
    steps = fiji.path.split("l")[1].strip("z")
    across = [int(each) for each in re.findall(r"-?\d+", steps)][::2]
    assert max(map(abs, across)) < 30


def test_the_numbers_under_the_map_are_those_of_its_table(library: Desk, brought: Path) -> None:
    page = read(library, MAP).text
    keys = {look: int(n) for look, n in re.findall(r'data-look="(\w+)">(\d+)</b>', page)}
    figure = page[page.index('<figure class="world">') : page.index("<figcaption>")]
    drawn = Counter(re.findall(r'<path class="(\w+)" d="M', figure))
    assert drawn == keys
    rows = re.findall(r'<tr data-look="(\w+)">.*?<td>(drawn|not drawn)</td></tr>', page)
    told = Counter(look for look, place in rows if place == "drawn")
    assert told
    assert {look: keys[look] for look in keys if look not in ("self", "unknown")} == told
    assert "Iran: established" in figure
    assert "Present-day outlines" in page


def test_the_table_says_what_the_api_answers(library: Desk, brought: Path) -> None:
    page = read(library, MAP).text
    said = read(library, "/api/v1/parties/BOL/relations?as_of=2009-06-01").get_json()
    expected = {
        item["party"]["id"]
        for item in said["items"]
        for answer in item["layers"]
        if answer["layer"] == "diplomatic_relations" and answer["possible"] != ["unknown"]
    }
    assert expected
    table = page[page.index('<table class="world-table">') :]
    shown = set(re.findall(r'<th scope="row"><a href="/relations/BOL/([^"?]+)', table))
    assert shown == expected


def test_each_outline_is_a_party_s_or_listed_as_nobody_s(library: Desk, brought: Path) -> None:
    page = read(library, MAP).text
    listed = re.search(r"no party on record</summary><p>([^<]*)</p>", page)
    assert listed is not None
    assert listed[1] == "N. Cyprus"


def test_without_outlines_there_is_a_sentence_and_the_table(library: Desk, brought: Path) -> None:
    brought.unlink()
    outlines.outlines.cache_clear()
    page = read(library, MAP).text
    assert "<figure" not in page
    assert "there is no map; the table has the same facts" in page
    assert ">Iran</a>" in page


def test_before_and_after_lead_to_the_next_changes(library: Desk, brought: Path) -> None:
    page = read(library, "/parties/BOL/map?as_of=1945-12-31").text
    found = re.findall(r'<a href="([^"]+)" rel="(prev|next)">', page)
    ways = {rel: address for address, rel in found}
    assert "as_of=1944-11-16" in ways["prev"]
    assert "as_of=1980-07-17" in ways["next"]


def test_a_pinned_map_stays_as_it_was(desk: Desk, brought: Path) -> None:
    pinned = permalink(read(desk, MAP))
    before = read(desk, pinned)
    severed = {"type": "relations.severed", "parties": ["BOL", "IRN"], "occurred": "2009-01-02"}
    desk.told({**severed, "sources": [{"source": "unodc-2013-bolivia"}]})
    assert read(desk, pinned).data == before.data
    assert 'class="over"' not in before.text
    assert 'class="over"' in read(desk, MAP).text

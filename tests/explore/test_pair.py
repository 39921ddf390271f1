"""Two parties: what their page says is what the API says at the same point."""

import html
import re
from typing import Any

import pytest

from registry.explore.pair_picture import ORDER
from registry.queries.relations import DIRECTED, MANY_PART, PAIR
from tests.api.desk import Desk
from tests.explore.test_frame import permalink, read

PAIR_PAGE = "/relations/BOL/USA"
TAGS = {"certain": "certain", "possible": "possible", "nothing recorded": "unknown"}


def words(page: str) -> str:
    """What a reader sees, on one line."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def part(page: str, title: str) -> str:
    """The section under a heading of the page."""
    found = re.search(rf'<section aria-labelledby="{title}-title">(.*?)</section>', page, re.DOTALL)
    assert found, title
    return found[1]


def sentences(page: str) -> list[tuple[str, str]]:
    """What is said of the day: each sentence with its tag."""
    return [
        (words(each[1]), each[2])
        for each in re.finditer(r'<li>(.*?) <span class="tag (\w+)">', part(page, "day"), re.DOTALL)
    ]


def table(section: str) -> list[list[str]]:
    """The rows of a table as words; the heading of a group of rows is repeated."""
    rows: list[list[str]] = []
    heading = ""
    for row in re.findall(r"<tr>(.*?)</tr>", section, re.DOTALL)[1:]:
        if found := re.search(r"<th scope=\"row(?:group)?\"[^>]*>(.*?)</th>", row, re.DOTALL):
            heading = words(found[1])
        rows.append([heading, *(words(c) for c in re.findall(r"<td>(.*?)</td>", row, re.DOTALL))])
    return rows


def test_every_layer_between_two_parties_has_its_place_on_the_page() -> None:
    assert sorted(ORDER) == sorted({*PAIR, *DIRECTED, *MANY_PART})


def test_in_2009_relations_stood_and_only_a_charge_was_at_the_head_of_the_mission(
    library: Desk,
) -> None:
    said = sentences(read(library, f"{PAIR_PAGE}?as_of=2009-06-01").text)
    joined = "\n".join(f"{text} [{tag}]" for text, tag in said)
    assert re.search(
        r"On 1 June 2009 .*Bolivia and .*America had diplomatic relations, "
        r"since 10 December 1981\. \[certain\]",
        joined,
    )
    assert re.search(
        r"a chargé d’affaires ad interim stood at the head .* since 14 September 2008\. \[certain\]",
        joined,
    )
    assert re.search(r"Drug Enforcement Administration .* expelled .*\[certain\]", joined)
    assert "ambassador" not in joined


def test_what_is_open_in_december_2008_is_called_possible_and_what_would_settle_it_is_named(
    library: Desk,
) -> None:
    page = read(library, f"{PAIR_PAGE}?as_of=2008-12-15").text
    (agency,) = [tag for text, tag in sentences(page) if "Drug Enforcement" in text]
    assert agency == "possible"
    settling = words(part(page, "open"))
    assert "Which of these claims about one act is right:" in settling
    assert "In 2008:" in settling
    assert "1 November 2008" in settling


def test_on_a_certain_day_nothing_is_said_to_be_open(library: Desk) -> None:
    assert "Nothing is open" in words(
        part(read(library, f"{PAIR_PAGE}?as_of=2010-06-01").text, "open")
    )


@pytest.mark.parametrize("pair", ["BOL/USA", "USA/BOL", "BOL/IRN", "BOL/BRA", "IRN/VEN", "RUS/USA"])
@pytest.mark.parametrize("point", ["as_of=2009-06-01", "as_of=2008-12-15", "as_of=1942-05-01"])
def test_each_sentence_is_tagged_as_the_api_answers(library: Desk, pair: str, point: str) -> None:
    layers = library.get(f"/api/v1/relations/{pair}?{point}").json["layers"]
    told = [each for each in layers if each["basis"] != "default"]
    told = [each for each in told if each["possible"] != ["unknown"]]
    page = read(library, f"/relations/{pair}?{point}").text
    tags = sorted(tag for _text, tag in sentences(page))
    assert tags == sorted("certain" if each["certain"] else "possible" for each in told)


def test_every_event_that_the_api_names_is_in_the_evidence_or_among_the_claims(
    library: Desk,
) -> None:
    page = read(library, f"{PAIR_PAGE}?as_of=2009-06-01").text
    anchors = re.findall(r'<li id="e-([^"]+)"', page)
    named = library.get(f"/api/v1{PAIR_PAGE}?as_of=2009-06-01").json["evidence"]
    assert sorted(anchors) == sorted(named)
    for each in re.findall(r'href="#e-([^"]+)"', page):
        assert each in anchors


def runs_of(items: list[dict[str, Any]]) -> list[tuple[str | None, str | None, bool]]:
    """As a picture draws them: runs that differ only in their evidence are one."""
    made: list[dict[str, Any]] = []
    for each in items:
        last = made[-1] if made else None
        alike = last and all(
            last[name] == each[name] for name in ("layer", "subject", "possible", "certain")
        )
        if last and alike:
            last["to"] = each["to"]
        else:
            made.append(dict(each))
    telling = {
        str((each["layer"], each["subject"]))
        for each in made
        if set(each["possible"]) - {"unknown", "not_applicable"}
    }
    return [
        (each["from"], each["to"], each["certain"])
        for each in made
        if str((each["layer"], each["subject"])) in telling
    ]


@pytest.mark.parametrize("pair", ["BOL/USA", "BOL/IRN", "BOL/BRA"])
def test_the_picture_its_table_and_the_timeline_of_the_api_are_the_same(
    library: Desk, pair: str
) -> None:
    point = "as_of=2012-06-30"
    page = read(library, f"/relations/{pair}?{point}").text
    layers = part(page, "layers")
    facts = [each for each in table(layers) if not each[0].startswith("In force between")]
    runs = [each for each in facts if each[4] != "a claim"]
    told = runs_of(library.get(f"/api/v1/relations/{pair}/timeline?{point}").json["items"])
    assert len(runs) == len(told)
    assert sorted(each[4] == "certain" for each in runs) == sorted(sure for *_, sure in told)
    years = sorted(each[2][-4:] for each in runs if each[2] != "no beginning recorded")
    assert years == sorted(since[:4] for since, *_ in told if since)
    drawn = re.findall(r'<rect class="(certain|possible|over|absent|unknown)"', layers)
    all_runs = [each for each in table(layers) if each[4] != "a claim"]
    assert len(drawn) == len(all_runs) - _before_the_picture(all_runs)
    assert layers.count('<rect class="claim"') == len(table(layers)) - len(all_runs)


def _before_the_picture(facts: list[list[str]]) -> int:
    """Runs before a party existed are told in the table alone."""
    return sum(each[1] == "not in existence" for each in facts) - len(
        {each[0] for each in facts if each[1] == "not in existence"}
    )


def test_claims_that_differ_are_drawn_with_who_says_which_day(library: Desk) -> None:
    layers = part(read(library, f"{PAIR_PAGE}?as_of=2009-06-01").text, "layers")
    marks = re.findall(r'<rect class="claim"[^>]*><title>([^<]*)</title>', layers)
    said = [html.unescape(each) for each in marks]
    assert any("InSight Crime: from 1 January 2008 to 31 December 2008" in each for each in said)
    assert any("ordered to leave" in each and "1 November 2008" in each for each in said)


def test_what_nothing_is_recorded_of_is_named_in_one_line(library: Desk) -> None:
    said = words(part(read(library, f"{PAIR_PAGE}?as_of=2009-06-01").text, "layers"))
    silent = said[said.index("Nothing is recorded of:") :]
    assert "consular relations" in silent
    assert "sanctions" in silent
    assert "diplomatic relations" not in silent


@pytest.mark.parametrize("day", ["2009-06-01", "2012-06-01", "2013-06-01", "1970-01-01"])
def test_agreements_stand_as_the_api_has_them_and_as_their_lines_are_drawn(
    library: Desk, day: str
) -> None:
    page = read(library, f"{PAIR_PAGE}?as_of={day}").text
    items = library.get(f"/api/v1{PAIR_PAGE}/agreements?as_of={day}").json["items"]
    shown = {each[0]: each[1:] for each in table(part(page, "agreements"))}
    assert shown.keys() == {each["title"] for each in items}
    layers = part(page, "layers")
    for each in items:
        bound = [each["bound"][party] for party in ("BOL", "USA")]
        both = all(one["value"] == "bound" and one["certain"] for one in bound)
        cells = shown[each["title"]][1:]
        assert both == all(cell.startswith("bound ") and "certain" in cell for cell in cells)
        drawn = f"In force between the two: {each['title']}" in html.unescape(layers)
        assert drawn or not both


def test_claims_are_somebodys_words_and_the_page_says_so(library: Desk) -> None:
    page = read(library, f"{PAIR_PAGE}?as_of=2009-06-01")
    assert page.headers["X-Robots-Tag"] == "noindex"
    claimed = words(part(page.text, "claims"))
    assert re.search(r"It is alleged \(by .*Bolivia , in 2008, in “", claimed)
    assert "DEA and USAID do no political work in Bolivia." in claimed
    for _text, _tag in sentences(page.text):
        assert "opposition" not in _text


def test_what_is_only_alleged_is_shown_to_who_asks_and_never_in_a_sentence_of_the_day(
    library: Desk,
) -> None:
    liaison = "liaison office"
    plain = read(library, f"{PAIR_PAGE}?as_of=1980-07-10").text
    assert liaison not in plain
    assert "What is alleged" not in plain
    asked = read(library, f"{PAIR_PAGE}?as_of=1980-07-10&confidence=alleged").text
    assert liaison in words(part(asked, "alleged"))
    assert re.search(r"It is alleged \(by", words(part(asked, "alleged")))
    assert liaison not in part(asked, "day")
    assert liaison not in part(asked, "layers")


def test_codes_lead_to_the_ids_and_keep_the_point(library: Desk) -> None:
    moved = read(library, "/relations/cow:145/cow:2?as_of=2009-06-01&lang=es", 302)
    assert moved.headers["Location"] == "/relations/BOL/USA?as_of=2009-06-01&lang=es"


def test_a_party_that_nobody_knows_is_not_found_and_one_alone_is_no_pair(library: Desk) -> None:
    assert "no party is recorded" in read(library, "/relations/BOL/XQZ", 404).text
    read(library, "/relations/BOL/BOL", 422)
    read(library, f"{PAIR_PAGE}?agreements_from=x", 422)


def test_two_parties_of_which_nothing_is_told_have_a_page(library: Desk) -> None:
    page = read(library, "/relations/KIR/LIE?as_of=2009-06-01").text
    assert "<svg" not in part(page, "layers")
    assert "No event is recorded between the two." in page


def test_the_page_speaks_spanish_days(library: Desk) -> None:
    page = read(library, f"{PAIR_PAGE}?as_of=2009-06-01&lang=es").text
    assert "1 de junio de 2009" in page


def test_a_pinned_page_stays_as_it_was_whatever_is_recorded_later(desk: Desk) -> None:
    address = permalink(read(desk, f"{PAIR_PAGE}?as_of=2008-12-15"))
    before = read(desk, address)
    expelled = desk.first("type=conduct.agency_expelled")
    source = {"sources": [{"source": "insight-crime-2012-06"}]}
    desk.told(
        [
            {
                "type": "relations.severed",
                "parties": ["BOL", "USA"],
                "occurred": "2008-12-01",
                **source,
            },
            {
                "type": "party.renamed",
                "party": "USA",
                "name": "Union",
                "occurred": "2001",
                **source,
            },
            {
                "type": "conduct.agency_expelled",
                "sender": "USA",
                "host": "BOL",
                "agency": "US-DEA",
                "occurred": "2008-12-10",
                "same_act_as": expelled["event_id"],
                **source,
            },
        ]
    )
    reviewer = desk.make_token("reviewer")
    retraction = {"reason": "Entered twice."}
    told = desk.post(f"/api/v1/events/{expelled['event_id']}/retraction", retraction, reviewer)
    assert told.status_code == 201, told.text
    assert read(desk, address).data == before.data
    now = read(desk, f"{PAIR_PAGE}?as_of=2008-12-15").text
    assert "Union" in now
    assert "broken off" in words(part(now, "day"))

"""A party: what its page says is what the API says at the same point."""

import html
import re

import pytest

from registry.explore.on_the_day import tag_of
from registry.queries.commitments import GROUPS, group_of
from tests.api.desk import Desk
from tests.explore.test_frame import permalink, read
from tests.explore.test_pair import words

POINTS = (
    "as_of=2009-06-01",
    "as_of=2012-06-01",
    "as_of=2008-12",
    "as_of=2013-01-20&confidence=confirmed",
    "as_of=1941-01-01",
)
GOLDBERG = {
    "type": "conduct.declared_persona_non_grata",
    "by": "BOL",
    "from": "USA",
    "person": "<script>alert(1)</script> & Sons",
    "occurred": "2008-09-10",
}


def rows(page: str) -> dict[str, str]:
    """The table of relations: the address of the other party's page, and the row's cells."""
    found = re.search(r'<table class="party-relations[^>]*>(.*?)</table>', page, re.DOTALL)
    if not found:
        return {}
    made = {}
    for row in re.findall(r"<tr>(.*?)</tr>", found[1], re.DOTALL)[1:]:
        address = re.search(r'href="/relations/\w[\w-]*/([\w-]+)', row)
        assert address
        made[address[1]] = row
    return made


def entries(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/agreements/([^"?]+)', page)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("party", ["BOL", "USA"])
def test_every_row_of_relations_is_marked_as_the_api_answers(
    library: Desk, party: str, point: str
) -> None:
    shown = rows(read(library, f"/parties/{party}?{point}&only=all").text)
    items = library.get(f"/api/v1/parties/{party}/relations?{point}").json["items"]
    assert shown.keys() == {each["party"]["id"] for each in items}
    for each in items:
        cells = re.findall(r"<td[^>]*>(.*?)</td>", shown[each["party"]["id"]], re.DOTALL)
        answer = next((a for a in each["layers"] if a["layer"] == "diplomatic_relations"), None)
        if answer is None:
            assert "–" in cells[0]
        else:
            assert f'class="tag {tag_of(answer)}"' in cells[0]
        for place, sender in ((1, party), (2, each["party"]["id"])):
            sent = [
                a
                for a in each["layers"]
                if a["layer"] == "representation" and a["subject"]["sender"] == sender
            ]
            marks = re.findall(r'class="tag (\w+)"', cells[place])
            assert marks == [tag_of(a) for a in sent]


@pytest.mark.parametrize(("only", "mark"), [("certain", "certain"), ("open", "possible")])
def test_a_filter_leaves_those_that_meet_it(library: Desk, only: str, mark: str) -> None:
    point = "as_of=2008-12"
    shown = rows(read(library, f"/parties/BOL?{point}&only={only}").text)
    items = library.get(f"/api/v1/parties/BOL/relations?{point}").json["items"]
    met = {i["party"]["id"] for i in items if any(tag_of(a) == mark for a in i["layers"])}
    assert shown.keys() == met
    assert shown


def test_a_filter_that_is_none_is_refused(library: Desk) -> None:
    read(library, "/parties/BOL?only=friends", 422)
    read(library, "/parties/BOL?line=gossip", 422)
    read(library, "/parties/BOL?events=0", 422)
    read(library, "/parties/BOL/agreements?group=liked", 422)


@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("party", ["BOL", "USA", "IRN"])
def test_agreements_are_grouped_as_the_api_answers(library: Desk, party: str, point: str) -> None:
    items = library.get(f"/api/v1/parties/{party}/agreements?{point}").json["items"]
    by_group: dict[str, list[str]] = {each: [] for each in GROUPS}
    for each in items:
        if group := group_of(each["participation"], each["bound"], each["force"]):
            by_group[group].append(each["agreement"]["id"])
    for group, slugs in by_group.items():
        page = read(library, f"/parties/{party}/agreements?{point}&group={group}").text
        assert entries(page) == sorted(slugs)
        assert re.search(rf'group={group}"[^>]*>[^<(]+\({len(slugs)}\)', page)


def test_bolivia_was_no_longer_bound_by_the_single_convention_in_2012(library: Desk) -> None:
    slug = "un-single-convention-1961-as-amended"
    for day, group in (
        ("2005-06-01", "bound"),
        ("2012-06-01", "formerly_bound"),
        ("2013-01-20", "signatory"),
        ("2013-06-01", "bound"),
    ):
        page = read(library, f"/parties/BOL/agreements?as_of={day}&group={group}").text
        assert slug in entries(page), day


def test_the_line_tells_what_may_have_happened_by_the_day_and_nothing_later(library: Desk) -> None:
    page = read(library, "/parties/BOL?as_of=2008-10-01").text
    line = page[page.index('id="line"') :]
    shown = re.findall(r'<li id="e-([^"]+)"', line)
    assert shown
    for each in shown:
        event = library.get(f"/api/v1/events/{each}").json
        assert event["occurred"] < "2008-10-02" or "2008" in event["occurred"]
    assert "Goldberg" in words(line)


def test_the_line_goes_on_without_a_gap(library: Desk) -> None:
    address, seen = "/parties/BOL?as_of=2025-01-01", list[str]()
    while address:
        page = read(library, address).text
        line = page[page.index('id="line"') :]
        seen += re.findall(r'<li id="e-([^"]+)"', line)
        following = re.search(r'href="([^"]+)#line" rel="next"', line)
        address = html.unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) > 40
    said = library.get("/api/v1/events?party=BOL&limit=500").json["items"]
    acts = [
        e["event_id"]
        for e in said
        if e.get("occurred")
        and e["type"].split(".")[0] not in ("coverage", "gap", "event", "source")
        and e["confidence"] in ("confirmed", "reported")
    ]
    assert set(seen) == set(acts)


def test_a_code_leads_to_the_id_and_keeps_the_point(library: Desk) -> None:
    answer = read(library, "/parties/iso2:BO?as_of=2009-06-01&only=open", 302)
    assert answer.headers["Location"] == "/parties/BOL?as_of=2009-06-01&only=open"
    answer = read(library, "/parties/iso2:BO/agreements?as_of=2009-06-01&group=signatory", 302)
    assert "/parties/BOL/agreements?as_of=2009-06-01&group=signatory" in answer.headers["Location"]
    read(library, "/parties/NOBODY", 404)


def test_parties_are_listed_as_the_api_lists_them(library: Desk) -> None:
    page = read(library, "/parties?q=bolivia&kind=state").text
    said = library.get("/api/v1/parties?q=bolivia&kind=state&limit=100").json["items"]
    assert re.findall(r'<th scope="row"><a href="/parties/([\w-]+)', page) == [
        each["id"] for each in said
    ]
    early = read(library, "/parties?kind=state&as_of=1900-01-01").text
    assert "did not exist" in early


def test_what_is_only_alleged_is_shown_to_who_asks_with_claimant_and_source(desk: Desk) -> None:
    claim = {
        "type": "mission.opened",
        "sender": "BOL",
        "receiver": "VEN",
        "level": "embassy",
        "occurred": "1999-04-05",
        "confidence": "alleged",
        "claimed_by": "a retired envoy",
        "sources": [{"source": "unodc-2013-bolivia"}],
    }
    before = words(read(desk, "/parties/BOL?as_of=2000-01-01&only=all").text)
    desk.told(claim)
    after = words(read(desk, "/parties/BOL?as_of=2000-01-01&only=all").text)
    assert "retired envoy" not in after
    assert _relations(after) == _relations(before)
    asked = read(desk, "/parties/BOL?as_of=2000-01-01&confidence=alleged")
    assert "It is alleged (by a retired envoy" in words(asked.text)
    assert asked.headers["X-Robots-Tag"] == "noindex"


def _relations(said: str) -> str:
    return said.split("Relations on")[1].split("What it did", maxsplit=1)[0]


def test_hostile_names_are_only_text(desk: Desk) -> None:
    desk.told(GOLDBERG)
    desk.told(
        {
            "type": "party.renamed",
            "party": "BOL",
            "name": '"><img src=x onerror=alert(1)>',
            "occurred": "2009-02-07",
        }
    )
    for address in ("/parties/BOL?as_of=2010-01-01", "/parties?as_of=2010-01-01"):
        page = read(desk, address).text
        assert "<img src=x" not in page
        assert "<script>alert" not in page
        assert "&lt;img src=x" in page


def test_a_pinned_page_stays_as_it_was_whatever_is_recorded_later(desk: Desk) -> None:
    pinned = [
        permalink(read(desk, f"/parties/BOL{rest}as_of=2012-06-01"))
        for rest in ("?", "?only=all&line=conduct&", "/agreements?group=bound&")
    ]
    before = [read(desk, each).data for each in pinned]
    first = desk.first("party=BOL&type=agreement.ratified")
    desk.told([{**GOLDBERG, "occurred": f"2008-09-{day:02}"} for day in range(1, 29)])
    desk.told(
        {"type": "party.renamed", "party": "BOL", "name": "Charcas", "occurred": "1826-01-01"}
    )
    retraction = desk.post(f"/api/v1/events/{first['event_id']}/retraction", {"reason": "a slip"})
    assert retraction.status_code == 201
    assert [read(desk, each).data for each in pinned] == before
    assert read(desk, "/parties/BOL?as_of=2012-06-01").data != before[0]
    assert "Charcas" in read(desk, "/parties/BOL?as_of=2012-06-01").text


def test_the_page_speaks_spanish(library: Desk) -> None:
    page = read(library, "/parties/BOL?as_of=2009-06-01&lang=es").text
    assert '<html lang="es">' in page
    assert "1 de junio de 2009" in page

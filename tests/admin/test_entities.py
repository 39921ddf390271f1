"""Parties, agreements and sources are found, shown as they were over time, and changed by events."""

import html
import re
from typing import Any

import pytest

from tests.admin.office import Office
from tests.admin.test_merging import CITED, CLIPPING

_INPUT = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)"')


def form_to(page: str, action: str) -> dict[str, str]:
    """What the form that goes to this address carries along."""
    found = re.search(
        rf'<form method="post" action="{re.escape(action)}">(.*?)</form>', page, re.DOTALL
    )
    assert found is not None, action
    return {name: html.unescape(value) for name, value in _INPUT.findall(found[1])}


def hidden(page: str) -> dict[str, str]:
    return {n: html.unescape(v) for n, v in _INPUT.findall(page) if n.startswith("form.")}


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("q=bolivia", "/admin/parties/BOL", "/admin/parties/PER"),
        ("q=cow:145", "/admin/parties/BOL", "/admin/parties/PER"),
        ("q=145", "/admin/parties/BOL", "/admin/parties/PER"),
        ("q=Zaire", "/admin/parties/COD", "/admin/parties/BOL"),
        ("kind=source&q=narcotic+VI-15", "Nothing on record", "/admin/sources/un-mtdsg-6-15"),
        ("kind=source&q=treaties+vi-15", "/admin/sources/un-mtdsg-6-15", "un-mtdsg-6-17"),
        ("kind=agreement&q=single+convention+1961", "un-single-convention-1961", "vienna"),
        ("q=%3Cscript%3E", "&lt;script&gt;", "<script>alert"),
    ],
)
def test_entities_are_found_by_name_title_or_code(
    office: Office, query: str, found: str, missing: str
) -> None:
    page = office.client("reader").get(f"/admin/entities?{query}")
    assert page.status_code == 200
    assert found in page.text
    assert missing not in page.text


@pytest.mark.parametrize("kind", ["party", "source"])
def test_the_pages_of_a_list_hold_everything_once(office: Office, kind: str) -> None:
    rosa, url = office.client("reader"), f"/admin/entities?kind={kind}"
    seen: list[str] = []
    while url:
        page = rosa.get(url).text
        seen += re.findall(r'<th scope="row"><a href="([^"]*)"', page)
        following = re.search(r'<a href="([^"]*)">Next page</a>', page)
        url = html.unescape(following[1]) if following else ""
    assert len(seen) == len(set(seen)) > 100


def test_a_partys_page_tells_its_names_codes_and_uses(office: Office) -> None:
    page = office.client("reader").get("/admin/parties/BOL").text
    for words in (
        "Plurinational State of Bolivia",
        "7 February 2009, 18 March 2009 or 9 April 2009",
        "Correlates of War",
        "6 August 1825",
        "exists today",
        "events speak",
        "/admin/events?type=agreement.signed&amp;party=BOL",
    ):
        assert words in page, words
    assert "It took another name" not in page


def test_a_new_name_is_recorded_through_the_form_that_the_short_one_fills_in(
    office: Office,
) -> None:
    ana = office.client("recorder")
    page = ana.get("/admin/parties/BOL").text
    assert "It took another name" in page
    filled = ana.get(
        "/admin/record/party.renamed?party=Plurinational+State+of+Bolivia+[BOL]"
        "&name=Republic+of+Bolivia&occurred.text=about+2031"
    )
    assert filled.status_code == 200
    assert 'value="Republic of Bolivia"' in filled.text
    assert "Plurinational State of Bolivia [BOL]" in filled.text
    assert "about 2031" in filled.text


def test_a_code_is_added_by_an_amendment_with_its_preview(office: Office) -> None:
    ana = office.client("recorder")
    page = ana.get("/admin/parties/BOL").text
    found = re.search(r'action="(/admin/events/[^/"]*/amend)"', page)
    assert found is not None
    row = re.search(r'name="(codes\.[0-9]+)\.scheme"', page)
    assert row is not None
    said = form_to(page, found[1]) | {
        f"{row[1]}.scheme": "isohist",
        f"{row[1]}.code": "BOXX",
        f"{row[1]}.valid": "from 1825 to 2009",
        "form.reason": "The code of the former name.",
    }
    seen = ana.post(found[1], said | {"action": "preview"})
    assert seen.status_code == 200, seen.text
    assert "isohist: BOXX" in seen.text
    answer = ana.post(found[1], said | hidden(seen.text) | {"action": "save"})
    assert answer.status_code == 303, answer.text
    page = ana.get("/admin/parties/BOL").text
    assert "BOXX" in page
    assert "from 1825 to 2009" in page
    for kept in ("145", "Q750", "Estado Plurinacional de Bolivia"):
        assert kept in page


def test_a_source_tells_how_often_it_is_cited_and_takes_an_archived_copy(office: Office) -> None:
    office.told({"type": "source.recorded", "source": "el-pais-2008-11", **CLIPPING})
    ana = office.client("recorder")
    assert "No event cites it." in ana.get("/admin/sources/el-pais-2008-11").text
    said = {"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009-01-14"}
    office.told(said | {"sources": [CITED]})
    page = ana.get("/admin/sources/el-pais-2008-11").text
    assert "1 event cites it." in page
    assert "Relations: severed" in page
    found = re.search(r'action="(/admin/events/[^/"]*/amend)"', page)
    assert found is not None
    archived = "https://archive.example.org/el-pais-2008-11"
    typed = form_to(page, found[1]) | {"archived_url": archived, "form.reason": "Archived."}
    answer = ana.post(found[1], typed | {"action": "save"})
    assert answer.status_code == 303, answer.text
    page = ana.get("/admin/sources/el-pais-2008-11").text
    assert f'href="{archived}"' in page
    assert "El País" in page


@pytest.mark.parametrize("path", ["parties/XYZ", "sources/no-such-thing", "parties/bol"])
def test_what_is_not_on_record_is_said_to_be_so(office: Office, path: str) -> None:
    page = office.client("reader").get(f"/admin/{path}")
    assert page.status_code == 404
    assert "on record" in page.text


def duplicates(office: Office, kind: str) -> list[Any]:
    page = office.client("reviewer").get(f"/admin/entities?kind={kind}&duplicates=1")
    assert page.status_code == 200
    return re.findall(r'href="/admin/merge/[a-z]+/([^?"]+)\?stays=[^"]*%5B([^"]+)%5D"', page.text)


def test_likely_duplicates_share_a_code_or_have_close_names(office: Office) -> None:
    assert duplicates(office, "party") == []
    for party, name, codes in (
        ("ZAIRE", "Zaire", {"cow": "490"}),
        ("BOLIVIA-PS", "Plurinational State of Bolívia", {}),
        ("ATLANTIS", "Atlantis", {}),
    ):
        said = {"type": "party.recorded", "party": party, "kind": "state", "name": name}
        office.told(said | ({"codes": codes} if codes else {}))
    assert sorted(duplicates(office, "party")) == [("BOLIVIA-PS", "BOL"), ("ZAIRE", "COD")]


def test_states_that_follow_each_other_are_no_duplicates(office: Office) -> None:
    for party in ("NORTH-ATLANTIS", "NORTH-ATLANTIS2"):
        said = {"type": "party.recorded", "party": party, "kind": "state"}
        office.told(said | {"name": "Republic of Atlantis"})
    assert duplicates(office, "party") == [("NORTH-ATLANTIS2", "NORTH-ATLANTIS")]
    office.told(
        {
            "type": "party.succeeded_by",
            "party": "NORTH-ATLANTIS",
            "successor": "NORTH-ATLANTIS2",
            "mode": "succession",
            "occurred": "1950",
        }
    )
    assert duplicates(office, "party") == []


def test_volumes_and_editions_are_no_duplicates(office: Office) -> None:
    """Chapters of one series differ in their numbers; only the clipping is on record twice."""
    for slug in ("el-pais-2008-11", "pais-2008"):
        office.told({"type": "source.recorded", "source": slug, **CLIPPING})
    found = duplicates(office, "source")
    assert ("el-pais-2008-11", "pais-2008") in found
    assert not any(each[0].startswith("un-mtdsg") for each in found)

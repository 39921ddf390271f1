"""Comparing: what differs between two days, or between what the register knew at two points."""

import html
import re
from urllib.parse import quote

import pytest

from tests.api.desk import Desk
from tests.explore.test_frame import permalink, read
from tests.explore.test_pair import part, table, words

BOLIVIA = "/compare?of=party:BOL&from=2008-01-01&to=2012-06-30"
SINGLE = "un-single-convention-1961-as-amended"


def differences(page: str) -> dict[str, tuple[str, str]]:
    """By what it is about, the two cells of the table."""
    return {row[0]: (row[1], row[2]) for row in table(part(page, "table"))}


def test_what_changed_for_bolivia_between_2008_and_the_middle_of_2012(library: Desk) -> None:
    page = read(library, BOLIVIA).text
    said = words(part(page, "difference"))
    assert "an ambassador stood at the head of the mission of the United States" in said
    assert "a chargé d’affaires ad interim stood at the head of the mission" in said
    assert re.search(r"Drug Enforcement Administration .*had been expelled", said)
    assert "Framework Agreement for Mutually Respectful" in said
    assert re.search(r"had withdrawn from the Single Convention", said)
    assert re.search(r"Iran had undertaken to provide", said)
    assert "was called “Plurinational State of Bolivia”" in said
    assert "had no diplomatic relations" not in said


def test_what_happened_between_is_told_with_its_sources(library: Desk) -> None:
    page = read(library, BOLIVIA).text
    told = words(part(page, "evidence"))
    assert "persona non grata" in told
    assert "InSight Crime" in told
    for each in re.findall(r'href="#e-([^"]+)"', page):
        assert f'id="e-{each}"' in page


def test_the_return_to_the_single_convention_shows_once_it_is_between_the_days(
    library: Desk,
) -> None:
    page = read(library, f"/compare?of=agreement:{SINGLE}&from=2012-06-01&to=2013-06-01").text
    bolivia = {k: v for k, v in differences(page).items() if "Bolivia" in k}
    (bound,) = [v for k, v in bolivia.items() if k.startswith("Bound")]
    assert bound == ("not bound certain", "bound certain")
    assert "a statement of" in words(part(page, "difference"))


@pytest.mark.parametrize(
    ("pair", "from_", "to"),
    [
        ("BOL:USA", "2008-01-01", "2009-06-01"),
        ("BOL:USA", "1940", "1982-01-01"),
        ("BOL:IRN", "2006-01-01", "2012-06-30"),
        ("BOL:BRA", "2011-01-01", "2012-06-30"),
    ],
)
def test_a_pair_differs_as_the_api_says(library: Desk, pair: str, from_: str, to: str) -> None:
    page = read(library, f"/compare?of=pair:{pair}&from={from_}&to={to}").text
    a, b = pair.split(":")
    items = library.get(f"/api/v1/relations/{a}/{b}/changes?from={from_}&to={to}").json["items"]
    rows = table(part(page, "table")) if items else []
    said = [(row[1], row[2]) for row in rows]
    for each in items:
        ends = [_tag(each["before"]), _tag(each["after"])]
        assert any([cell.split()[-1] for cell in cells] == ends for cells in said), each["layer"]
    own = words(part(page, "difference")).count(" Between the two ")
    assert own == bool(items)
    link = re.search(r'<a href="([^"]+)">JSON</a>', page)
    assert link
    answer = library.get(html.unescape(link[1]))
    assert answer.status_code == 200
    assert answer.json["items"] == items


def _tag(answer: dict[str, object]) -> str:
    if answer["basis"] == "default" or answer["possible"] == ["unknown"]:
        return "recorded"
    return "certain" if answer["certain"] else "possible"


def test_what_is_not_different_is_not_said_to_be(library: Desk) -> None:
    page = read(library, "/compare?of=pair:BOL:USA&from=2010-01-01&to=2010-02-01").text
    assert "Nothing that is recorded is different." in page


def test_without_anything_asked_there_is_a_form_and_examples_that_work(library: Desk) -> None:
    page = read(library, "/compare").text
    examples = re.findall(r'<li><a href="(/compare\?of=[^"]+)"', page)
    assert len(examples) == 3
    for each in examples:
        assert "What is different" in read(library, html.unescape(each)).text


def test_a_subject_alone_stands_in_the_form(library: Desk) -> None:
    page = read(library, "/compare?of=pair:BOL:USA").text
    assert 'name="a" value="BOL"' in page
    assert 'name="b" value="USA"' in page


def test_codes_and_human_days_lead_to_the_plain_address(library: Desk) -> None:
    asked = "/compare?a=cow:145&b=cow:2&from=1+January+2008&to=June+2012&lang=es"
    moved = read(library, asked, 303).headers["Location"]
    assert moved == "/compare?lang=es&from=2008-01-01&to=2012-06&of=pair:BOL:USA"
    assert read(library, moved).headers["Content-Language"] == "es"


@pytest.mark.parametrize(
    ("asked", "box", "said"),
    [
        ("a=XQZ&from=2008", "a", "no party is recorded"),
        ("a=145&from=2008", "a", "several codes"),
        ("a=BOL&b=BOL&from=2008", "b", "two different parties"),
        ("agreement=no-such&from=2008", "agreement", "no agreement is recorded"),
        ("a=BOL&agreement=x&from=2008", "agreement", "not both"),
        ("a=BOL&from=09/11/2008", "from", "09/11/2008"),
        ("a=BOL&from=2008-02-30", "from", "2008-02-30"),
        ("a=BOL&to=2008", "from", "first day"),
        ("of=party:BOL&from=2012&to=2008", "to", "ends before it begins"),
        ("of=party:BOL&known_from=@999999", "known_from", "no position 999999"),
        ("of=party:BOL&known_from=2012-06", "known_from", "Expected a day"),
        ("of=party:BOL&known_from=@1000&known_to=@1", "known_to", "ends before it begins"),
        ("of=party:BOL&known_to=@20", "known_from", "first point"),
        ("of=party:BOL&from=2008&known_from=@20", "known_from", "not both"),
        ("from=2008", "a", "which party or agreement"),
        ("of=nonsense&from=2008", "a", "which party or agreement"),
    ],
)
def test_what_is_not_understood_is_told_beside_its_box_and_stays_in_it(
    library: Desk, asked: str, box: str, said: str
) -> None:
    page = read(library, f"/compare?{asked}", 422).text
    wrong = re.search(rf'id="compare-{box}-error">([^<]*)<', page)
    assert wrong
    assert said in html.unescape(wrong[1])
    assert f'<a href="#compare-{box}">' in page
    for name, value in (each.split("=") for each in asked.split("&")):
        if name != "of":
            assert f'name="{name}" value="{value}"' in page


def test_what_was_learnt_between_two_points_is_told_with_what_became_different(desk: Desk) -> None:
    before = desk.position()
    source = {"sources": [{"source": "insight-crime-2012-06"}]}
    desk.told(
        {"type": "relations.severed", "parties": ["BOL", "USA"], "occurred": "2013-05-01", **source}
    )
    severed = desk.position()
    reviewer = desk.make_token("reviewer")
    made = desk.first("type=relations.severed&party=BOL")
    desk.told(
        {"type": "party.renamed", "party": "USA", "name": "Union", "occurred": "2001", **source}
    )
    point = "as_of=2014-01-01"
    page = read(desk, f"/compare?of=pair:BOL:USA&known_from=@{before}&{point}").text
    assert differences(page)["Diplomatic relations"] == (
        "established certain",
        "broken off certain",
    )
    told = words(part(page, "recorded"))
    assert "broke off" in told or "severed" in told or "broken off" in told
    assert "“United States of America” is called “Union”." in words(part(page, "difference"))
    body = {"reason": "It never happened."}
    assert (
        desk.post(f"/api/v1/events/{made['event_id']}/retraction", body, reviewer).status_code
        == 201
    )
    page = read(desk, f"/compare?of=pair:BOL:USA&known_from=@{severed}&{point}").text
    assert differences(page)["Diplomatic relations"] == (
        "broken off certain",
        "established certain",
    )
    assert "It never happened." in words(part(page, "recorded"))
    page = read(
        desk, f"/compare?of=pair:BOL:USA&known_from=@{before}&known_to=@{before}&{point}"
    ).text
    assert "Nothing that is recorded is different." in page


def test_what_is_only_alleged_is_not_among_what_was_recorded_unless_asked_for(desk: Desk) -> None:
    before = desk.position()
    desk.told(
        {
            "type": "conduct.assistance_provided",
            "provider": "IRN",
            "recipient": "BOL",
            "kind": "equipment",
            "what": "Secret radios",
            "occurred": "2012-05",
            "confidence": "alleged",
            "claimed_by": "A rumour",
            "sources": [{"source": "insight-crime-2012-06"}],
        }
    )
    address = f"/compare?of=pair:BOL:IRN&known_from=@{before}&as_of=2012-06-30"
    plain = read(desk, address)
    assert "Secret radios" not in plain.text
    assert "Nothing that is recorded is different." in plain.text
    asked = read(desk, f"{address}&confidence=alleged")
    assert "Nothing that is recorded is different." in asked.text
    assert re.search(
        r"It is alleged \(by A rumour, .*Secret radios", words(part(asked.text, "recorded"))
    )
    assert asked.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "asked",
    [
        "of=pair:BOL:USA&from=2008-01-01&to=2012-06-30",
        "of=party:BOL&from=2008-01-01",
        "of=pair:BOL:USA&known_from=@1000",
        f"of=agreement:{SINGLE}&known_from=@900",
    ],
)
def test_a_pinned_comparison_stays_as_it_was(desk: Desk, asked: str) -> None:
    address = permalink(read(desk, f"/compare?{asked}&as_of=2012-06-30"))
    before = read(desk, address)
    assert "immutable" in before.headers["Cache-Control"]
    source = {"sources": [{"source": "insight-crime-2012-06"}]}
    desk.told(
        [
            {
                "type": "relations.severed",
                "parties": ["BOL", "USA"],
                "occurred": "2010-05-01",
                **source,
            },
            {
                "type": "party.renamed",
                "party": "BOL",
                "name": "Elsewhere",
                "occurred": "2001",
                **source,
            },
            {
                "type": "agreement.withdrew",
                "agreement": SINGLE,
                "party": "USA",
                "occurred": "2010",
                **source,
            },
        ]
    )
    expelled = desk.first("type=conduct.agency_expelled")
    body = {"reason": "Entered twice."}
    reviewer = desk.make_token("reviewer")
    assert (
        desk.post(f"/api/v1/events/{expelled['event_id']}/retraction", body, reviewer).status_code
        == 201
    )
    assert read(desk, address).data == before.data
    if "known_from" not in asked:
        assert "Elsewhere" in read(desk, f"/compare?{asked}&as_of=2012-06-30").text


def test_the_link_to_what_changed_of_a_pinned_page_compares_with_what_is_known_now(
    library: Desk,
) -> None:
    page = read(library, "/relations/BOL/USA?as_of=2009-06-01&known_at=@1000").text
    link = re.search(r'<a href="(/compare[^"]+)">what changed</a>', page)
    assert link
    address = html.unescape(link[1])
    assert quote("pair:BOL:USA", safe=":") in address
    position = re.search(r"The register as of position (\d+)", page)
    assert position
    told = words(read(library, address).text)
    assert f"as the register knew it at position {position[1]} and at position" in told

"""Pinned answers keep their bytes whatever is recorded later; the latest is its own pinned one."""

import re
from collections.abc import Mapping
from typing import Final

import pytest

from tests.api.desk import LIST, Desk

AT = "/api/v1"
SINGLE = "un-single-convention-1961-as-amended"
ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "/agreements": (
        "",
        "?q=drug",
        "?party=BOL",
        "?bound=BOL&status=in_force",
        "?topic=narcotic drugs",
    ),
    "/agreements/<agreement>": (f"/{SINGLE}", "/bol-irn-2012-counternarcotics"),
    "/agreements/<agreement>/parties": (f"/{SINGLE}/parties",),
    "/agreements/<agreement>/timeline": (f"/{SINGLE}/timeline",),
    "/agreements/<agreement>/events": ("/bol-irn-2012-counternarcotics/events",),
    "/parties": ("", "?q=bolivia", "?kind=organisation"),
    "/parties/<party>": ("/BOL", "/cow:145", "/US-DEA"),
    "/parties/<party>/agreements": ("/BOL/agreements",),
    "/parties/<party>/relations": ("/BOL/relations",),
    "/parties/<party>/timeline": ("/BOL/timeline",),
    "/relations/<a>/<b>": ("/BOL/USA", "/BOL/IRN", "/IRN/VEN", "/BOL/USA?layer=agency_presence"),
    "/relations/<a>/<b>/timeline": ("/BOL/USA/timeline",),
    "/relations/<a>/<b>/agreements": ("/BOL/IRN/agreements",),
    "/relations/<a>/<b>/changes": ("/BOL/USA/changes?from=2007-01-01&to=2009-06-01",),
    "/events": ("?limit=500", "?party=BOL", "?type=conduct.agency_expelled", "?subject=party:BOL"),
    "/network": tuple(
        f"?layer={layer}"
        for layer in ("diplomatic_relations", "representation", "participation", "force")
    ),
    "/search": (
        "?q=bolivia",
        "?q=coca+monitoring&limit=50",
        "?q=goldberg",
        "?q=narcotcs",
        "?q=DEA&kind=event",
    ),
    "/exports/<table>": (
        "/party-day",
        "/participation",
        "/dyad-year",
        "/dyad-year?layer=representation&layer=agency_presence&rule=any_certain",
    ),
    "/exports/<table>/codebook": ("/dyad-year/codebook", "/participation/codebook"),
    "/events/<event_id>": (),  # made from the events that get corrected
}
"""What is asked of each route that reads: continuations of the route's own path."""

UNCHANGING = {"", "/event-types", "/event-types/<name>"}
PROOFS = {
    "/log/checkpoint",
    "/log/keys",
    "/log/verify_proof.py",
    "/log/events/<position>/proof",
    "/log/consistency",
    "/log/tile/<level>/<path:number>",
    "/log/tile/entries/<path:number>",
}
"""Of the tree over the log, not of what held: see test_proofs."""


def _urls() -> list[str]:
    urls = []
    for rule, asked in ASKED.items():
        base = AT + rule.split("/<", maxsplit=1)[0]
        urls += [base + each for each in asked]
    return urls


def test_every_route_that_reads_is_asked_here(library: Desk) -> None:
    rules = {
        rule.rule.removeprefix(AT)
        for rule in library.app.url_map.iter_rules()
        if rule.rule.startswith(AT) and "GET" in (rule.methods or ())
    }
    assert rules == ASKED.keys() | UNCHANGING | PROOFS


def _with(url: str, point: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}{point}"


def _corrected(desk: Desk) -> dict[str, str]:
    """The events that the changes below are about."""
    return {
        "retracted": desk.first("type=conduct.agency_expelled&party=US-DEA")["event_id"],
        "source": desk.first("type=source.recorded&subject=source:insight-crime-2012-06")[
            "event_id"
        ],
        "claimed": desk.first(
            "type=agreement.signed&subject=agreement:bol-irn-2012-counternarcotics"
        )["event_id"],
        "party": desk.first("type=party.recorded&party=BOL")["event_id"],
    }


def _change_everything(desk: Desk, about: dict[str, str]) -> None:
    retraction = desk.post(f"{LIST}/{about['retracted']}/retraction", {"reason": "a test of time"})
    assert retraction.status_code == 201, retraction.text
    source = desk.get(f"{LIST}/{about['source']}").json
    names = (
        "type",
        "source",
        "kind",
        "title",
        "publisher",
        "author",
        "url",
        "published",
        "language",
    )
    amended = {name: source[name] for name in names if name in source} | {"title": "Another title"}
    amendment = desk.post(
        f"{LIST}/{about['source']}/amendment", {"event": amended, "reason": "a misprint"}
    )
    assert amendment.status_code == 201, amendment.text
    claimed = desk.get(f"{LIST}/{about['claimed']}").json
    desk.told(
        [
            {
                "type": "party.renamed",
                "party": "BOL",
                "name": "Another Bolivia",
                "occurred": "2001",
            },
            {
                **{name: claimed[name] for name in ("type", "agreement", "party")},
                "occurred": "2012-06-21",
                "same_act_as": about["claimed"],
                "sources": [{"source": "insight-crime-2012-06"}],
            },
            {
                "type": "agreement.recorded",
                "agreement": "bol-usa-1900-drug-of-tests",
                "title": "A drug agreement that was not there before",
                "kind": "agreement",
                "parties": ["BOL", "USA", "IRN", "VEN"],
                "topics": ["narcotic drugs"],
            },
            {
                "type": "relations.severed",
                "parties": ["BOL", "USA"],
                "occurred": "2009-05-01",
                "note": "Never happened; to be seen in no older answer.",
            },
        ]
    )


def test_what_is_pinned_never_changes(desk: Desk) -> None:
    about = _corrected(desk)
    urls = [*_urls(), *(f"{LIST}/{each}" for each in about.values())]
    point = f"as_of=2009-06-01&known_at=@{desk.position()}"
    forms = [f"{point}", f"{point}&confidence=alleged"]
    pinned = [_with(url, form) for url in urls for form in forms]
    pinned += [
        f"{each}&format=csv" for each in pinned if desk.get(f"{each}&format=csv").status_code == 200
    ]
    before = {url: desk.get(url) for url in pinned}
    for url, response in before.items():
        assert response.status_code == 200, (url, response.text)
        assert response.headers["Cache-Control"] == "public, max-age=86400, immutable"
        assert "Content-Location" not in response.headers
    _change_everything(desk, about)
    for url, response in before.items():
        after = desk.get(url)
        assert after.data == response.data, url
        assert after.headers["ETag"] == response.headers["ETag"]
        assert after.headers.get("Link") == response.headers.get("Link")
    changed = [
        url
        for url in urls
        if desk.get(_with(url, "as_of=2009-06-01")).data != before[_with(url, point)].data
    ]
    assert len(changed) == len(urls), "the changes are seen on every route where none is pinned"


def test_the_latest_answer_is_the_one_under_its_content_location(library: Desk) -> None:
    events = [f"{LIST}/{each}" for each in _corrected(library).values()]
    for url in [*_urls(), *events]:
        for asked in (url, _with(url, "as_of=2008-10~"), _with(url, "confidence=alleged")):
            latest = library.get(asked)
            assert latest.status_code == 200, (asked, latest.text)
            assert latest.headers["Cache-Control"] == "no-cache"
            there = library.get(latest.headers["Content-Location"])
            assert there.data == latest.data, asked
            assert there.headers["ETag"] == latest.headers["ETag"]
            assert "immutable" in there.headers["Cache-Control"]


def test_every_answer_says_from_where_it_looks(library: Desk) -> None:
    head = library.position()
    for url in _urls():
        said = library.get(_with(url, f"as_of=2009&known_at=@{head}&confidence=alleged")).json
        assert said["as_of"] == "2009"
        assert said["known_at"]["position"] == head
        assert re.fullmatch(
            r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", said["known_at"]["recorded_at"]
        )
        assert said["confidence"] == "alleged"
        assert said["rules"] >= 1


@pytest.mark.parametrize(
    "url", [f"{AT}{each}" for each in sorted(UNCHANGING - {"/event-types/<name>"})]
)
def test_what_is_the_same_for_ever_says_by_which_rules(library: Desk, url: str) -> None:
    assert library.get(url).json["rules"] >= 1


def test_before_anything_was_known_nothing_was(library: Desk) -> None:
    said = library.get(f"{AT}/agreements?as_of=2009&known_at=@0").json
    assert said["items"] == []
    assert said["known_at"]["position"] == 0

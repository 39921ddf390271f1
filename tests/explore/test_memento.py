"""A page is found as it was: TimeGate, TimeMap and the links between them, RFC 7089."""

import re

import pytest

from tests.api.desk import SEVERED, Desk, Reply

PAIR = "/relations/BOL/ISR"


def links(answer: Reply, text: str | None = None) -> list[tuple[str, dict[str, str]]]:
    found = re.findall(r"<([^>]*)>((?:\s*;\s*\w+=\"[^\"]*\")*)", text or answer.headers["Link"])
    return [(at, dict(re.findall(r'(\w+)="([^"]*)"', said))) for at, said in found]


def link(answer: Reply, rel: str) -> str:
    (found,) = [at for at, said in links(answer) if rel in said["rel"].split()]
    return found.removeprefix("http://localhost")


@pytest.mark.parametrize("page", ["/", "/parties/BOL", f"{PAIR}?as_of=2009-06-01", "/about"])
def test_every_page_leads_to_its_other_states(library: Desk, page: str) -> None:
    shown = library.get(page)
    assert link(shown, "original") == page
    assert link(shown, "timegate") == f"/timegate{page}"
    assert link(shown, "timemap") == f"/timemap{page}"
    memento = library.get(link(shown, "memento"))
    assert memento.status_code == 200
    assert "immutable" in memento.headers["Cache-Control"]
    said = next(said for _, said in links(shown) if said["rel"] == "memento")
    assert memento.headers["Memento-Datetime"] == said["datetime"]


def test_a_timegate_leads_to_the_page_as_it_was(desk: Desk) -> None:
    desk.told(SEVERED)
    shown = desk.get(f"/timemap{PAIR}")
    (one,) = [(at, s) for at, s in links(shown, shown.text) if "memento" in s["rel"].split()]
    assert one[1]["rel"] == "first last memento"
    gate = desk.get(f"/timegate{PAIR}", Accept_Datetime=one[1]["datetime"])
    assert gate.status_code == 302
    assert "Accept-Datetime" in gate.headers["Vary"]
    assert "Memento-Datetime" not in gate.headers
    was = desk.get(gate.headers["Location"])
    assert was.status_code == 200
    assert was.headers["Memento-Datetime"]
    assert "immutable" in was.headers["Cache-Control"]
    assert link(was, "original") == f"{PAIR}?as_of={re.findall('as_of=([^&]+)', one[0])[0]}"


def test_before_the_first_memento_comes_the_first(library: Desk) -> None:
    early = {"Accept_Datetime": "Thu, 31 May 2007 20:35:00 GMT"}
    gate = library.get("/timegate/parties/BOL", **early)
    assert gate.status_code == 302
    assert not gate.headers["Location"].endswith("@0")
    assert library.get(gate.headers["Location"]).status_code in (200, 404)


def test_a_timemap_lists_each_moment_that_touched_the_subject(desk: Desk) -> None:
    before = desk.get("/timemap/parties/ISR")
    desk.told(SEVERED)
    after = desk.get("/timemap/parties/ISR")
    assert after.mimetype == "application/link-format"
    old, new = (
        {at for at, said in links(each, each.text) if "memento" in said["rel"].split()}
        for each in (before, after)
    )
    assert len(new) == len(old) + 1
    (added,) = new - old
    assert added.endswith(f"known_at=@{desk.position()}")
    assert desk.get(added.removeprefix("http://localhost")).status_code == 200
    rels = [said["rel"] for _, said in links(after, after.text)]
    assert rels[:3] == ["original", "timegate", "self"]


def test_a_long_timemap_goes_on(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from registry.explore import memento  # noqa: PLC0415  # its bound is made small here

    for day in range(1, 6):
        desk.told({**SEVERED, "occurred": f"2009-01-{day:02}"})
    whole = desk.get(f"/timemap{PAIR}")
    monkeypatch.setattr(memento, "AT_ONCE", 2)
    seen: list[str] = []
    address = f"/timemap{PAIR}"
    while address:
        page = desk.get(address)
        found = links(page, page.text)
        seen += [at for at, said in found if "memento" in said["rel"].split()]
        following = [at for at, said in found if said["rel"] == "timemap"]
        address = following[0].removeprefix("http://localhost") if following else ""
    assert seen == [a for a, s in links(whole, whole.text) if "memento" in s["rel"].split()]
    assert len(seen) == 5


@pytest.mark.parametrize(
    "away", ["//example.org", "/example.org", "admin/", "api/v1/parties", "timegate/about"]
)
def test_a_timegate_leads_nowhere_but_to_pages(library: Desk, away: str) -> None:
    for gate in ("timegate", "timemap"):
        answer = library.get(f"/{gate}/{away}")
        assert answer.status_code in (404, 308)
        if answer.status_code == 308:
            assert answer.headers["Location"].startswith(f"http://localhost/{gate}/")


def test_a_time_that_is_none_is_refused(library: Desk) -> None:
    assert library.get("/timegate/about", Accept_Datetime="yesterday").status_code == 400

"""Pages are walked by the Link header, and every page sees what the first one saw."""

import re

import pytest

from tests.api.desk import LIST, Desk, Reply, assert_problem


def _next(response: Reply) -> str | None:
    found = re.search(r'<([^>]*)>; rel="next"', response.headers.get("Link", ""))
    return found[1] if found else None


def _walked(desk: Desk, url: str) -> list[dict[str, object]]:
    items: list[dict[str, object]] = []
    following: str | None = url
    while following:
        response = desk.get(following)
        assert response.status_code == 200, response.text
        items += response.json["items"]
        following = _next(response)
    return items


WALKED = [
    "agreements?limit=2",
    "agreements?q=drug&limit=1",
    "agreements?bound=BOL&as_of=2013-06-01&limit=1",
    "parties?limit=100",
    "parties?q=united&limit=3",
    "events?limit=300",
    "events?type=relations.established&limit=3",
    "agreements/un-single-convention-1961-as-amended/events?limit=30",
]


@pytest.mark.parametrize("path", WALKED)
def test_walking_the_links_gives_every_item_once_in_order(library: Desk, path: str) -> None:
    at_once = library.get(f"/api/v1/{re.sub('limit=[0-9]+', 'limit=500', path)}")
    walked = _walked(library, f"/api/v1/{path}")
    if _next(at_once) is None:
        assert walked == at_once.json["items"]
    keys = [each.get("id") or each["event_id"] for each in walked]
    assert len(set(keys)) == len(keys) > 1


def test_the_whole_log_is_walked(library: Desk) -> None:
    walked = _walked(library, f"{LIST}?limit=400")
    assert [each["position"] for each in walked] == list(range(1, library.position() + 1))


def test_later_pages_see_what_the_first_one_saw(embedded: Desk) -> None:
    first = embedded.get("/api/v1/agreements?limit=2&as_of=2009-06-01&confidence=alleged")
    embedded.told(
        {
            "type": "agreement.recorded",
            "agreement": "zzz-recorded-meanwhile",
            "title": "Recorded while somebody was turning pages",
            "kind": "agreement",
        }
    )
    url = _next(first)
    seen = []
    while url:
        page = embedded.get(url)
        for name in ("as_of", "known_at", "confidence"):
            assert page.json[name] == first.json[name]
        assert "immutable" in page.headers["Cache-Control"]
        seen += [each["id"] for each in page.json["items"]]
        url = _next(page)
    assert "zzz-recorded-meanwhile" not in seen
    assert seen


def test_a_follower_of_the_log_asks_after_a_position(embedded: Desk) -> None:
    head = embedded.position()
    assert embedded.get(f"{LIST}?after={head}").json["items"] == []
    receipt = embedded.told(
        {"type": "relations.established", "parties": ["BOL", "ISR"], "occurred": "1950"}
    )
    found = embedded.get(f"{LIST}?after={head}").json["items"]
    assert [each["event_id"] for each in found] == [receipt["event_id"]]


def test_a_cursor_belongs_to_its_list_and_its_view(library: Desk) -> None:
    url = _next(library.get("/api/v1/agreements?limit=2&as_of=2009-06-01")) or ""
    cursor = url.split("cursor=")[1]
    for other in (
        f"parties?cursor={cursor}",
        f"agreements?q=drug&cursor={cursor}",
        f"agreements?cursor={cursor[:-2]}",
        f"agreements?cursor={cursor[::-1]}",
    ):
        assert_problem(library.get(f"/api/v1/{other}"), 422, "cursor")
    assert_problem(library.get(f"{url}&as_of=2010"), 422, "as_of")
    assert_problem(library.get(f"{url}&known_at=@1"), 422, "known_at")
    assert library.get(f"{url}&as_of=2009-06-01").status_code == 200
    assert library.get(url.replace("limit=2", "limit=5")).status_code == 200
    log = _next(library.get(f"{LIST}?limit=2")) or ""
    assert_problem(library.get(f"{log}&after=3"), 422, "after")

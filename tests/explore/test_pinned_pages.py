"""A pinned page stays as it was, whatever is recorded, corrected or renamed later."""

from datetime import date, timedelta

import pytest

from registry.app import create_app
from registry.settings import Settings
from tests.api.desk import Desk

PAGES = (
    "/",
    "/relations/BOL/USA",
    "/parties/BOL",
    "/parties",
    "/agreements/un-single-convention-1961-as-amended",
    "/agreements",
    "/compare?of=pair:BOL:USA&from=2008-01-01&to=2012-06-30",
    "/network?layer=diplomatic_relations",
    "/events?party=BOL",
    "/sources/insight-crime-2012-06",
    "/search?q=Bolivia",
    "/about",
    "/reference",
)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_a_pinned_page_is_the_same_after_a_thousand_later_events(desk: Desk, lang: str) -> None:
    head = desk.get("/api/v1/parties/BOL").headers["Registry-Position"]
    point = f"as_of=2012-06-22&known_at=@{head}&lang={lang}"
    addresses = [f"{page}{'&' if '?' in page else '?'}{point}" for page in PAGES]
    before = {each: desk.client.get(each) for each in addresses}
    assert {each.status_code for each in before.values()} == {200}
    assert all("immutable" in each.headers["Cache-Control"] for each in before.values())
    first = date(2001, 1, 1)
    for half in range(2):
        answer = desk.post(
            "/api/v1/events",
            [
                {
                    "type": "relations.severed" if number % 2 else "relations.reestablished",
                    "parties": ["BOL", "USA"],
                    "occurred": (first + timedelta(days=4 * number + half)).isoformat(),
                }
                for number in range(500)
            ],
        )
        assert answer.status_code == 201
    renamed = {"type": "party.renamed", "party": "BOL", "name": "Kollasuyu", "occurred": "2010"}
    assert desk.post("/api/v1/events", renamed).status_code == 201
    anew = create_app(Settings(desk.engine.url.render_as_string(hide_password=False)))
    for address, was in before.items():
        now = anew.test_client().get(address)
        assert now.data == was.data, address
        assert now.headers["ETag"] == was.headers["ETag"]
    latest = anew.test_client().get("/relations/BOL/USA?as_of=2012-06-22&lang=en").text
    assert "Kollasuyu" in latest
    anew.extensions["registry"].dispose()

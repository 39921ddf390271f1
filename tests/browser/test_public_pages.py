"""Every public page: accessible, light and dark, narrow and wide, with script and without."""

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site
from tests.browser.looking_at import barriers_at, too_wide_at

AGREEMENT: Final = "/agreements/un-single-convention-1961-as-amended"
EVENT: Final = "/api/v1/events?type=conduct.declared_persona_non_grata&limit=1"
FILES: Final = ("csv", "feed", "ftm", "reconcile", "timegate", "timemap", "suggest", "preview")
"""In the rules of what is no page."""


def pages_of(site: Site, page: Page) -> list[str]:
    """An address for every public page of the map; a new one must be given its place here."""
    event = page.request.get(f"{site.url}{EVENT}").json()["items"][0]["event_id"]
    named = {
        "/agreements/<agreement>": [
            f"{AGREEMENT}?as_of=2012-06-01&party=BOL",
            f"{AGREEMENT}?as_of=2012-06-01&known_at=@1110",
        ],
        "/relations/<a>/<b>": [
            "/relations/BOL/USA?as_of=2009-06-01",
            "/relations/BOL/IRN?as_of=2012-06-22&confidence=alleged",
        ],
        "/parties/<party>": ["/parties/BOL?as_of=2009-06-01", "/parties/IRN?confidence=alleged"],
        "/parties/<party>/agreements": ["/parties/BOL/agreements?as_of=2012-06-01"],
        "/parties/<party>/map": ["/parties/BOL/map?as_of=2009-06-01"],
        "/events/<event_id>": [f"/events/{event}"],
        "/sources/<source>": ["/sources/insight-crime-2012-06"],
        "/compare": ["/compare", "/compare?of=party:BOL&from=2008-01-01&to=2012-06-30"],
        "/search": ["/search", "/search?q=Boliva"],
        "/network": ["/network", "/network?layer=representation&among=BOL"],
        "/": ["/", "/?lang=es", "/?cite=page"],
    }
    found = ["/no-such-page", "/about?as_of=09/11/2008"]
    for rule in site.app.url_map.iter_rules():
        if not rule.endpoint.startswith("explore.") or "GET" not in (rule.methods or ()):
            continue
        if any(word in rule.rule for word in FILES):
            continue
        assert rule.rule in named or not rule.arguments, rule.rule
        found += named.get(rule.rule, [rule.rule])
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_keeps_anybody_from_a_public_page(one_site: Site, dark: bool) -> None:
    with one_site.context(dark=dark) as context:
        page = context.new_page()
        assert barriers_at(page, pages_of(one_site, page)) == []


@pytest.mark.parametrize("width", [360, 1600])
def test_no_public_page_is_wider_than_the_window(one_site: Site, width: int) -> None:
    with one_site.visit(width=width) as page:
        assert too_wide_at(page, pages_of(one_site, page), width, (200, 404, 422)) == []


def test_a_public_page_loads_nothing_from_elsewhere_and_says_nothing_is_wrong(
    one_site: Site,
) -> None:
    with one_site.visit() as page:
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda told: complaints.append(f"{told.location['url']}: {told.text}"))
        for address in pages_of(one_site, page)[2:]:
            page.goto(address)
        assert [url for url in asked if not url.startswith(one_site.url)] == []
        assert complaints == []

"""Every page that a person may open: accessible, light and dark, narrow and wide."""

from typing import Final

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Site, sign_in
from tests.browser.looking_at import barriers_at, too_wide_at

EVENT: Final = "/api/v1/events?type=agreement.signed&limit=1"
NO_PAGES: Final = {
    *("admin.audit_table", "admin.import_refusals"),  # files
    *("admin.read_date", "admin.pick"),  # what script asks for
    *("admin.to_provider", "admin.from_provider"),  # steps on the way to another site and back
    "admin.nowhere",
}
ELSEWHERE: Final = {
    *("admin.draft", "admin.drafts_of_import", "admin.draft_edit", "admin.waiting"),
    *("admin.import_check", "admin.import_columns", "admin.import_names", "admin.import_run"),
    "admin.welcome",
}
"""Pages about what a test has to make first: `test_review`, `test_import`, `test_signing_in`."""


def pages_of(site: Site, page: Page) -> list[str]:
    """An address for every page of the map of addresses; a new one must be given its place here."""
    event = page.request.get(f"{site.url}{EVENT}").json()["items"][0]["event_id"]
    page.goto("/admin/people")
    person = page.locator("a[href^='/admin/people/']").first.get_attribute("href") or ""
    named = {
        "admin.event": [f"/admin/events/{event}"],
        "admin.amend": [f"/admin/events/{event}/amend"],
        "admin.refine": [f"/admin/events/{event}/date"],
        "admin.confidence": [f"/admin/events/{event}/confidence"],
        "admin.claim": [f"/admin/events/{event}/claim"],
        "admin.retract": [f"/admin/events/{event}/retract"],
        "admin.record": ["/admin/record", "/admin/record?q=expelled"],
        "admin.record_form": [
            f"/admin/record/{type_}"
            for type_ in ("agreement.ratified", "status.observed", "party.recorded")
        ],
        "admin.record_rows": ["/admin/record/agreement.ratified/rows"],
        "admin.party": ["/admin/parties/BOL"],
        "admin.source": ["/admin/sources/insight-crime-2012-06"],
        "admin.merge": ["/admin/merge/party/BOL"],
        "admin.entities": ["/admin/entities", "/admin/entities?duplicates=1"],
        "admin.person": [person],
    }
    found = ["/", "/admin/no-such-page"]
    for rule in site.app.url_map.iter_rules():
        if not rule.rule.startswith("/admin") or "GET" not in (rule.methods or ()):
            continue
        if rule.endpoint in NO_PAGES | ELSEWHERE:
            continue
        assert rule.endpoint in named or not rule.arguments, rule.rule
        found += named.get(rule.endpoint, [rule.rule])
    return found


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_keeps_anybody_from_a_page(one_site: Site, dark: bool) -> None:
    with one_site.context(dark=dark) as context:
        page = context.new_page()
        sign_in(page, one_site.url, "admin")
        assert barriers_at(page, pages_of(one_site, page)) == []


@pytest.mark.parametrize("width", [360, 1600])
def test_no_page_is_wider_than_the_window(one_site: Site, width: int) -> None:
    with one_site.visit("admin", width=width) as page:
        assert too_wide_at(page, pages_of(one_site, page), width, (200, 404)) == []

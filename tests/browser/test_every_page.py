"""Every page that a person may open: accessible, light and dark, narrow and wide."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Page

from tests.browser.conftest import Site, sign_in

EVENT = "/api/v1/events?type=agreement.signed&limit=1"
WORST = ("serious", "critical")


def pages_of(app: Flask) -> Iterator[str]:
    """Every address of data entry that is named by no part of the register."""
    for rule in app.url_map.iter_rules():
        if (
            rule.rule.startswith("/admin")
            and not rule.arguments
            and "GET" in (rule.methods or ())
            and not rule.rule.endswith((".csv", ".json"))
        ):
            yield rule.rule


def named_pages(page: Page) -> list[str]:
    """Pages about something that the seeds hold."""
    event = page.request.get(EVENT).json()["items"][0]["event_id"]
    return [
        "/admin/no-such-page",
        "/admin/record?q=ratified",
        "/admin/record/agreement.ratified",
        "/admin/record/agreement.ratified/rows",
        "/admin/record/representation.agency_expelled",
        f"/admin/events/{event}",
        f"/admin/events/{event}/amend",
        f"/admin/events/{event}/retract",
    ]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_serious_keeps_anybody_from_a_page(one_site: Site, dark: bool) -> None:
    with one_site.context(dark=dark) as context:
        page = context.new_page()
        sign_in(page, one_site.url, "admin")
        wrong: list[str] = []
        for address in [*pages_of(one_site.app), *named_pages(page)]:
            page.goto(address)
            found = Axe().run(page).response["violations"]
            wrong += [
                f"{address}: {each['id']}: {each['nodes'][0]['html'][:120]}"
                for each in found
                if each["impact"] in WORST
            ]
        assert wrong == []


@pytest.mark.parametrize("width", [360, 1600])
def test_no_page_is_wider_than_the_window(one_site: Site, width: int) -> None:
    with one_site.visit("admin", width=width) as page:
        wide: list[str] = []
        for address in [*pages_of(one_site.app), *named_pages(page)]:
            page.goto(address)
            size = page.evaluate("document.documentElement.scrollWidth")
            if size > width:
                wide.append(f"{address}: {size}")
        assert wide == []

"""A recorder's entry is reviewed in two browsers, with and without script."""

import re
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from registry.record import clock, new_event_id
from registry.store import accounts, drafts, log
from registry.store.engine import reading, writing
from tests.browser.conftest import PEOPLE, Site, sign_in
from tests.browser.looking_at import barriers, too_wide

RATIFIED = "/admin/record/agreement.ratified"
TITLE = "Agreement on the fight against illicit drugs"


def enter(page: Page) -> str:
    """Record a ratification of a new agreement; the address of the draft that it becomes."""
    page.goto(RATIFIED)
    page.locator("details:has([id='agreement.new.title']) > summary").last.click()
    page.locator("[id='agreement.new.title']").fill(TITLE)
    page.locator("[id='agreement.new.kind']").select_option("agreement")
    page.locator("[name='party']").fill("BOL")
    page.locator("[id='occurred.year']").fill("2011")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="Look at your draft").click()
    expect(page.get_by_text("nobody approves her own")).to_be_visible()
    expect(page.get_by_role("button", name="Approve and record")).to_have_count(0)
    return page.url


def head(site: Site) -> int:
    with reading(site.app.extensions["registry"]) as conn:
        return log.head(conn).position


@pytest.fixture(params=[True, False], ids=["script", "no-script"])
def two(request: pytest.FixtureRequest, reviewed_site: Site) -> Iterator[tuple[Site, Page, Page]]:
    """The site, the recorder's browser and the reviewer's."""
    with ExitStack() as stack:
        pages = [
            stack.enter_context(reviewed_site.visit(login, script=request.param))
            for login in ("recorder", "reviewer")
        ]
        yield reviewed_site, pages[0], pages[1]


def test_a_draft_is_sent_back_changed_and_approved(two: tuple[Site, Page, Page]) -> None:
    site, carla, victor = two
    before = head(site)
    address = enter(carla)
    assert head(site) == before

    victor.goto("/admin/")
    victor.get_by_role("link", name=re.compile("ratified")).first.click()
    assert victor.url == address
    expect(victor.get_by_role("heading", name="What this would change")).to_be_visible()
    promised = victor.locator("#preview ins").first.inner_text()
    victor.get_by_role("button", name="Send back").click()
    expect(victor.locator("#remark-error")).to_contain_text("say what its author should change")
    victor.get_by_role("textbox", name="Remark").fill("It was in early 2012.")
    victor.get_by_role("button", name="Send back").click()
    expect(victor.get_by_role("status")).to_contain_text("sent back")

    carla.goto("/admin/")
    expect(carla.get_by_text("sent back to you")).to_be_visible()
    carla.goto(address)
    expect(carla.get_by_text("It was in early 2012.")).to_be_visible()
    carla.get_by_role("link", name=re.compile("^Change.*ratified")).click()
    expect(carla.locator("[id='agreement.new.title']")).to_have_value(TITLE)
    carla.locator("[id='occurred.year']").fill("2012")
    carla.get_by_role("button", name="Save, to be reviewed again").click()
    expect(carla.get_by_role("status")).to_contain_text("waits for review again")

    victor.goto(address)
    expect(victor.get_by_role("definition").filter(has_text="2012").first).to_be_visible()
    victor.get_by_role("button", name="Approve and record").click()
    expect(victor.get_by_role("status")).to_contain_text("approved and recorded")
    assert head(site) == before + 2
    victor.get_by_role("link", name="The event on record").last.click()
    note = f"recorded by {PEOPLE['recorder']}, approved by {PEOPLE['reviewer']}"
    expect(victor.get_by_text(note)).to_be_visible()
    event = victor.request.get(f"/api/v1/events/{victor.url.rsplit('/', 1)[1]}").json()
    assert (event["recorded_by"], event["reviewed_by"]) == (PEOPLE["recorder"], PEOPLE["reviewer"])
    assert event["occurred"] == "2012"
    assert promised


def test_the_pages_of_review_are_accessible_and_fit(reviewed_site: Site) -> None:
    site, store = reviewed_site, reviewed_site.app.extensions["registry"]
    with site.visit("recorder") as page:
        address = enter(page)
    upload = new_event_id()
    said = {"agreement": "un-single-convention-1961", "party": "PSE", "occurred": "1990"}
    with writing(store) as conn:
        author = accounts.by_login(conn, "recorder")
        assert author is not None
        drafts.add(
            conn,
            draft_id=new_event_id(),
            author=author,
            title="ours.csv, part 1 of 1",
            events=[(new_event_id(), {"type": "agreement.ratified", **said})],
            seen=head(site),
            now=clock(),
            upload=upload,
        )
    path = address.removeprefix(site.url)
    seen = [
        ("reviewer", "/admin/drafts"),
        ("reviewer", path),
        ("reviewer", f"/admin/drafts/import/{upload}"),
        ("recorder", "/admin/drafts?list=mine"),
        ("recorder", path),
        ("recorder", f"{path}/change/1"),
    ]
    wrong: list[str] = []
    for dark, width in ((False, 360), (True, 1600)):
        for login in ("reviewer", "recorder"):
            with site.context(dark=dark, width=width) as context:
                page = context.new_page()
                sign_in(page, site.url, login)
                for where in [each for who, each in seen if who == login]:
                    page.goto(where)
                    wrong += [*too_wide(page, width), *barriers(page)]
    assert wrong == []

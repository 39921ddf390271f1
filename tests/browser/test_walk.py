"""A recorder's way through the register: record, look, save, amend, retract; by mouse and by keyboard."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from registry.domain import dates
from registry.record import clock
from registry.store import accounts, log, visits
from registry.store.engine import reading, writing
from registry.web.wording import Names, answer_words
from tests.browser.conftest import PASSWORD, Site

TITLE = "Treaty of the lakes"
SOURCE = "Gazette of Bolivia 12"
RATIFIED = "/admin/record/agreement.ratified"
Row = tuple[str, str, str, str]


def at(page: Page, name: str) -> Locator:
    return page.locator(f"[id='{name}']")


def head(site: Site) -> int:
    with reading(site.app.extensions["registry"]) as conn:
        return log.head(conn).position


def open_new(page: Page, name: str) -> None:
    page.locator(f"details.new:has([id='{name}.new.title']) > summary").click()


def fill_in(page: Page) -> None:
    """A ratification of a new agreement that a new source tells of, without its date."""
    open_new(page, "agreement")
    at(page, "agreement.new.title").fill(TITLE)
    at(page, "agreement.new.kind").select_option("treaty")
    at(page, "party").fill("BOL")
    open_new(page, "sources.0.source")
    at(page, "sources.0.source.new.title").fill(SOURCE)
    at(page, "sources.0.source.new.kind").select_option("gazette")
    at(page, "sources.0.locator").fill("p. 3")
    at(page, "sources.0.quote").fill("Ratificase el tratado")


def promised(page: Page) -> tuple[str, list[Row]]:
    """What the preview says would hold today, and its rows after saving."""
    part = page.locator("#preview")
    rows: list[Row] = []
    for row in part.locator("tbody tr", has=page.locator("td:nth-last-child(4)")).all():
        title = row.locator("th[scope=rowgroup]")
        if title.count():
            rows = []
        cells = row.locator("td").all_text_contents()
        rows.append((cells[0], cells[1], cells[2], cells[3].strip()))
    return part.locator("ins").first.inner_text(), rows


def answered(page: Page) -> tuple[str, list[Row]]:
    """The same as the API answers it after saving."""
    api = "/api/v1/agreements/treaty-lakes"
    (item,) = page.request.get(f"{api}/parties").json()["items"]
    runs = page.request.get(f"{api}/timeline").json()["items"]
    rows = [
        (
            in_words(run),
            day(run["from"]),
            day(run["to"]) or "no end recorded",
            "certain" if run["certain"] else "possible",
        )
        for run in runs
        if run["layer"] == "participation" and run["from"]
    ]
    return in_words(item["participation"]), rows


def in_words(said: dict[str, Any]) -> str:
    return answer_words(said["layer"], said["possible"], Names({}, {}), certain=said["certain"])


def day(text: str | None) -> str:
    return dates.human(dates.parse(text)) if text else ""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_vague_ratification_is_recorded_amended_and_retracted(site: Site, script: bool) -> None:
    before = head(site)
    with site.visit("recorder", script=script) as page:
        page.get_by_role("link", name="Record", exact=True).first.click()
        page.get_by_label("Search").fill("ratified")
        if not script:
            page.get_by_role("button", name="Search").click()
        page.get_by_role("link", name="Ratified", exact=True).click()
        fill_in(page)

        at(page, "occurred.text").fill("early 2011")
        if script:
            expect(at(page, "occurred-echo")).to_contain_text("first half of 2011")
        page.get_by_role("button", name="See what it changes").click()
        summary = page.locator("#summary")
        expect(summary).to_contain_text("“early 2011” can be read in several ways")
        expect(summary.get_by_role("link")).to_have_attribute("href", "#occurred.text")
        expect(at(page, "occurred.text-error")).to_be_visible()
        expect(page.get_by_label("first half of 2011")).to_be_visible()
        expect(at(page, "agreement.new.title")).to_have_value(TITLE)
        assert head(site) == before

        at(page, "occurred.text").fill("c. 2011")
        page.get_by_role("button", name="See what it changes").click()
        expect(at(page, "occurred-echo")).to_contain_text("2011")
        expect(page.locator("#preview")).to_contain_text(f"A new source is entered: {SOURCE}")
        foreseen = promised(page)
        assert head(site) == before
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("It is recorded")
        assert head(site) == before + 3
        assert foreseen == answered(page)
        assert foreseen[0] == "contracting"
        expect(page.get_by_role("heading", name=SOURCE)).to_be_visible()
        expect(page.get_by_text("Ratificase el tratado")).to_be_visible()

        page.get_by_role("link", name="Amend what it says").click()
        expect(at(page, "party")).to_have_value(re.compile("BOL"))
        at(page, "occurred.text").fill("")
        at(page, "occurred.approximate").uncheck()
        at(page, "occurred.year").fill("2012")
        page.get_by_role("button", name="Show what this changes").click()
        expect(at(page, "form.reason-error")).to_be_visible()
        at(page, "form.reason").fill("The gazette is of 2012.")
        page.get_by_role("button", name="Show what this changes").click()
        expect(page.get_by_role("heading", name="What you change")).to_be_visible()
        rows = promised_rows(page)
        page.get_by_role("button", name="Save the amendment").first.click()
        expect(page.get_by_role("status").first).to_contain_text("It is recorded")
        expect(page.get_by_text("The gazette is of 2012.")).to_be_visible()
        assert rows == answered(page)[1]
        assert rows[0][1] == "1 January 2012"

        page.get_by_role("link", name="Retract it").click()
        at(page, "form.reason").fill("It was another treaty.")
        page.get_by_role("button", name="Show what this changes").click()
        expect(page.locator("#preview ins").first).to_have_text("none on record")
        page.get_by_role("button", name="Retract it").first.click()
        expect(page.get_by_text("This does not count any more")).to_be_visible()
        expect(page.get_by_text("It was another treaty.")).to_be_visible()
        assert head(site) == before + 5
        items = page.request.get("/api/v1/agreements/treaty-lakes/parties").json()["items"]
        assert items == []


def promised_rows(page: Page) -> list[Row]:
    """The rows after saving of a preview that leaves today as it is."""
    rows: list[Row] = []
    for row in page.locator("#preview figure tbody tr").all():
        if row.locator("th").count():
            rows = []
        cells = row.locator("td").all_text_contents()
        rows.append((cells[0], cells[1], cells[2], cells[3].strip()))
    return rows


FOCUSED = """() => {
  const now = document.activeElement, before = window.focusedBefore;
  const style = getComputedStyle(now), box = now.getBoundingClientRect();
  const told = {
    id: now.id, words: (now.innerText || "").trim(), tag: now.tagName,
    seen: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
    there: box.width > 0 && box.height > 0 && box.bottom > 0 && box.top < innerHeight,
    onward: !before || !before.isConnected || Boolean(before.compareDocumentPosition(now) & 4),
  };
  window.focusedBefore = now;
  return told;
}"""


def tab_to(page: Page, is_it: Callable[[dict[str, Any]], bool], most: int = 90) -> None:
    """Press Tab until it is reached: each stop is to be seen, and to come after the one before."""
    stops: list[str] = []
    for _ in range(most):
        page.keyboard.press("Tab")
        now = page.evaluate(FOCUSED)
        stops.append(now["id"] or now["words"] or now["tag"])
        if now["tag"] != "BODY":
            assert now["seen"], f"nothing shows that {stops[-1]} has the focus"
            assert now["there"], f"{stops[-1]} has the focus out of sight"
            assert now["onward"], f"the focus goes back to {stops[-1]}"
        if is_it(now):
            return
    raise AssertionError(f"not among {stops}")


def called(words: str) -> Callable[[dict[str, Any]], bool]:
    return lambda now: bool(now["words"].startswith(words))


def with_id(name: str) -> Callable[[dict[str, Any]], bool]:
    return lambda now: bool(now["id"] == name)


def test_the_keyboard_alone_records_amends_and_retracts(site: Site) -> None:
    before = head(site)
    with site.visit() as page:
        keys = page.keyboard
        page.goto("/admin/sign-in")
        at(page, "login").focus()
        keys.type("recorder")
        tab_to(page, with_id("password"))
        keys.type(PASSWORD)
        keys.press("Enter")
        page.wait_for_url("**/admin/")
        tab_to(page, called("Record"))
        keys.press("Enter")
        expect(page.get_by_role("heading", name="Record", level=1)).to_be_visible()
        tab_to(page, with_id("q"))
        keys.type("ratified")
        expect(page.locator("#choices li:visible")).to_have_count(1)
        tab_to(page, called("Ratified"))
        keys.press("Enter")
        page.wait_for_url("**/agreement.ratified")

        tab_to(page, called("Not on record yet: register"))
        keys.press("Enter")
        tab_to(page, with_id("agreement.new.title"))
        keys.type(TITLE)
        tab_to(page, with_id("agreement.new.kind"))
        keys.type("Trea")
        expect(at(page, "agreement.new.kind")).to_have_value("treaty")
        tab_to(page, with_id("party"))
        keys.type("Boliv")
        expect(page.locator("[role=listbox] [role=option]").first).to_contain_text("Bolivia")
        keys.press("ArrowDown")
        expect(at(page, "party")).to_have_attribute("aria-activedescendant", re.compile("pick-"))
        keys.press("Enter")
        expect(at(page, "party")).to_have_value(re.compile(r"\[BOL\]"))
        tab_to(page, with_id("occurred.year"))
        keys.type("2011")
        tab_to(page, with_id("occurred.approximate"))
        keys.press("Space")
        expect(at(page, "occurred-echo")).to_contain_text("2011")
        tab_to(page, called("Not on record yet: cite"))
        keys.press("Space")
        tab_to(page, with_id("sources.0.source.new.title"))
        keys.type(SOURCE)
        tab_to(page, with_id("sources.0.source.new.kind"))
        keys.type("Gaz")
        keys.press("Tab")
        tab_to(page, called("See what it changes"))
        keys.press("Enter")
        expect(page.locator("#preview")).to_be_focused()
        foreseen = promised(page)
        tab_to(page, called("Save"))
        keys.press("Enter")
        expect(page.get_by_role("status").first).to_contain_text("It is recorded")
        assert head(site) == before + 3
        assert foreseen == answered(page)

        tab_to(page, called("Amend what it says"))
        keys.press("Enter")
        page.wait_for_url("**/amend")
        tab_to(page, with_id("occurred.month"))
        keys.type("3")
        tab_to(page, with_id("form.reason"))
        keys.type("The month is known now.")
        tab_to(page, called("Show what this changes"))
        keys.press("Enter")
        expect(page.locator("#preview")).to_be_focused()
        tab_to(page, called("Save the amendment"))
        keys.press("Space")
        expect(page.get_by_role("status").first).to_contain_text("It is recorded")
        expect(page.get_by_text("The month is known now.")).to_be_visible()

        tab_to(page, called("Retract it"))
        keys.press("Enter")
        page.wait_for_url("**/retract")
        tab_to(page, with_id("form.reason"))
        keys.type("It was another treaty.")
        tab_to(page, called("Retract it"))
        keys.press("Enter")
        expect(page.get_by_text("This does not count any more")).to_be_visible()
        assert head(site) == before + 5


def test_a_double_click_records_once(site: Site) -> None:
    before = head(site)
    with site.visit("recorder") as page:
        page.goto(RATIFIED)
        fill_in(page)
        at(page, "occurred.year").fill("2011")
        page.get_by_role("button", name="Save", exact=True).dblclick()
        page.wait_for_url("**/admin/events/**")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert head(site) == before + 3


def test_what_is_half_typed_outlives_a_reload(one_site: Site) -> None:
    with one_site.visit("recorder") as page:
        page.goto(RATIFIED)
        fill_in(page)
        page.wait_for_function("() => JSON.stringify(sessionStorage).includes('Ratificase')")
        page.reload()
        expect(page.get_by_text("What you had typed here before is back.")).to_be_visible()
        expect(at(page, "agreement.new.title")).to_have_value(TITLE)
        expect(at(page, "agreement.new.title")).to_be_visible()
        expect(at(page, "sources.0.quote")).to_have_value("Ratificase el tratado")


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_what_is_half_typed_outlives_the_visit(site: Site, script: bool) -> None:
    before = head(site)
    with site.visit("recorder", script=script) as page:
        page.goto(RATIFIED)
        fill_in(page)
        at(page, "occurred.year").fill("2011")
        with writing(site.app.extensions["registry"]) as conn:
            recorder = accounts.by_login(conn, "recorder")
            assert recorder is not None
            assert visits.end_all(conn, recorder.id, clock()) == 1
        page.get_by_role("button", name="Save", exact=True).click()
        page.wait_for_url("**/admin/sign-in**")
        assert head(site) == before
        page.get_by_label("Account").fill("recorder")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(at(page, "agreement.new.title")).to_have_value(TITLE)
        expect(at(page, "occurred.year")).to_have_value("2011")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("status").first).to_contain_text("It is recorded")
    assert head(site) == before + 3

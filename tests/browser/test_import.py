"""A spreadsheet of 500 rows, 7 of them bad, is imported in a browser: with script, without, by keyboard."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from registry import codec
from registry.admin.wizard import running
from registry.record import Submission, record
from registry.store import accounts, log, uploads
from registry.store.accounts import Account
from registry.store.engine import reading, writing
from registry.store.uploads import Upload
from tests.admin.test_wizard import TREATY, sheet
from tests.browser.conftest import Site
from tests.browser.looking_at import barriers, too_wide
from tests.ingest.test_wrong_files import book, entity, repacked

WIDTHS = (360, 1600)


@pytest.fixture
def treaty(site: Site) -> Site:
    """The site, with the treaty that the rows speak of."""
    with writing(site.app.extensions["registry"]) as conn:
        record(conn, [Submission(codec.read(TREATY))], "The other desk")
    return site


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "ratifications.csv"
    path.write_bytes(sheet())
    return path


def position(site: Site) -> int:
    with reading(site.app.extensions["registry"]) as conn:
        return log.head(conn).position


def only(site: Site) -> Upload:
    with reading(site.app.extensions["registry"]) as conn:
        (listed,) = uploads.listed(conn)
        found = uploads.one(conn, listed.id)
    assert found is not None
    return found


def wrong_with(page: Page, *, script: bool) -> Iterator[str]:
    """What keeps somebody from the page: findings of axe, and a page wider than its window."""
    if not script:
        return
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        yield from (f"{scheme}: {each}" for each in barriers(page))
    size = page.viewport_size
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        yield from too_wide(page, width)
    if size:
        page.set_viewport_size(size)


@pytest.mark.parametrize("script", [True, False], ids=["script", "without-script"])
def test_five_hundred_rows_come_in_but_for_the_seven_bad_ones(
    treaty: Site, rows: Path, script: bool
) -> None:
    before, wrong = position(treaty), list[str]()
    with treaty.visit("recorder", script=script) as page:
        page.get_by_role("link", name="Import", exact=True).click()
        page.get_by_role("link", name="Give a file").click()
        wrong += wrong_with(page, script=script)
        page.get_by_label("File").set_input_files(rows)
        page.get_by_label("What each row tells").select_option("agreement.ratified")
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_label("Treaty")).to_have_value("agreement")
        expect(page.get_by_label("Internal")).to_have_value("")
        wrong += wrong_with(page, script=script)
        page.get_by_label("Country").select_option("")
        page.get_by_role("button", name="Try the import").click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("Choose the column that holds “Party”")
        wrong += wrong_with(page, script=script)
        page.get_by_label("Country").select_option("party")
        page.get_by_role("button", name="Try the import").click()
        expect(page.get_by_role("button", name="Import 493 rows")).to_be_visible()
        wrong += wrong_with(page, script=script)
        assert position(treaty) == before
        refusals(page)
        page.get_by_role("link", name="Settle whom they mean").click()
        expect(page.get_by_label("None of these")).to_have_count(2)
        wrong += wrong_with(page, script=script)
        group = page.get_by_role("group", name="“Bolivya”")
        group.get_by_label("Plurinational State of Bolivia").check()
        page.get_by_role("button", name="Save and try again").click()
        page.get_by_role("button", name="Import 494 rows").click()
        expect(page.get_by_text("494 rows are recorded, 6 were left out")).to_be_visible()
        wrong += wrong_with(page, script=script)
        assert position(treaty) == before + 494
        page.get_by_role("link", name="agreement: ratified").first.click()
        expect(page.get_by_role("main")).to_contain_text("Carla Recorder")
        page.goto("/admin/imports")
        expect(page.get_by_role("row", name="ratifications.csv")).to_contain_text("imported")
    assert wrong == []


def refusals(page: Page) -> None:
    """The rows that are not taken in come as a file, each with its line and its reason."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download them as a table").click()
    found = list(csv.DictReader(io.StringIO(waiting.value.path().read_text())))
    assert [int(each["line"]) for each in found] == [60 * place + 12 for place in range(7)]
    assert all(each["reason"] for each in found)


@pytest.mark.parametrize("script", [True, False], ids=["script", "without-script"])
def test_whoever_looks_on_sees_how_far_it_is_and_that_it_is_done(
    treaty: Site, rows: Path, script: bool
) -> None:
    engine = treaty.app.extensions["registry"]
    with treaty.visit("recorder") as mine, treaty.visit("reviewer", script=script) as theirs:
        tried(mine, rows)
        with writing(engine) as conn:
            assert running.begin(conn, only(treaty), review=False)
        address = f"/admin/imports/{only(treaty).id}"
        theirs.goto(address)
        expect(theirs.get_by_text("0 of 500 rows are taken in.").first).to_be_visible()
        assert list(wrong_with(theirs, script=script)) == []
        running.go_on(engine, only(treaty), owner(treaty), seconds=0)
        done = only(treaty).done
        assert 0 < done < 500
        expect(theirs.get_by_text(f"{done} of 500 rows are taken in.").first).to_be_visible()
        mine.goto(address)
        expect(mine.get_by_text("493 rows are recorded, 7 were left out")).to_be_visible()
        expect(theirs.get_by_text("493 rows are recorded, 7 were left out")).to_be_visible()


def owner(site: Site) -> Account:
    with reading(site.app.extensions["registry"]) as conn:
        found = accounts.by_id(conn, only(site).account)
    assert found is not None
    return found


def tried(page: Page, rows: Path) -> None:
    page.goto("/admin/imports/new")
    page.get_by_label("File").set_input_files(rows)
    page.get_by_label("What each row tells").select_option("agreement.ratified")
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Try the import").click()
    page.wait_for_url("**/check")


def test_an_import_is_made_by_keyboard_alone(treaty: Site, rows: Path) -> None:
    before = position(treaty)
    with treaty.visit("recorder") as page:
        page.goto("/admin/imports/new")
        page.get_by_label("File").set_input_files(rows)  # the system's own window
        page.get_by_label("File").focus()
        page.keyboard.press("Tab")
        page.keyboard.type("Agreement: rat")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/columns")
        reach(page, "Try the import")
        page.wait_for_url("**/check")
        reach(page, "Import 493 rows")
        expect(page.get_by_text("493 rows are recorded")).to_be_visible()
    assert position(treaty) == before + 493


def reach(page: Page, name: str) -> None:
    """Go from control to control until the button has the focus, and press it."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == name:
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{name} is not reached by keyboard")


@pytest.mark.parametrize("script", [True, False], ids=["script", "without-script"])
def test_a_workbook_with_entities_is_refused_and_not_kept(
    site: Site, tmp_path: Path, script: bool
) -> None:
    path = tmp_path / "evil.xlsx"
    path.write_bytes(repacked(book(), sheet1=entity))
    before = position(site)
    with site.visit("recorder", script=script) as page:
        page.goto("/admin/imports/new")
        page.get_by_label("File").set_input_files(path)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("alert")).to_contain_text("declares XML entities")
        assert list(wrong_with(page, script=script)) == []
        page.goto("/admin/imports")
        expect(page.get_by_text("None yet.")).to_be_visible()
    assert position(site) == before

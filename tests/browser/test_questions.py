"""Three real questions, walked from the way in to the answer: on the seeds, and with real data."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from registry.ingest import profiles
from registry.ingest.importing import run
from tests.api.conftest import Seeded
from tests.browser.conftest import Site, served_site
from tests.conftest import ENGINES
from tests.ingest.conftest import DATA

SETS: Final = {"un-mtdsg": DATA / "un_mtdsg", "us-missions": DATA / "us_diplomatic"}
REGISTERS: Final = [(engine, more) for engine in ENGINES for more in ("seeds", "datasets")]


@pytest.fixture(params=REGISTERS, ids="-".join, scope="module")
def asked(request: pytest.FixtureRequest, seeded: Seeded, chromium: Browser) -> Iterator[Site]:
    """The seeded register; and the same with the treaties of the UN and the missions of the US."""
    engine, more = request.param
    if more == "datasets" and not all(folder.is_dir() for folder in SETS.values()):
        pytest.skip("the public datasets are not beside this checkout")
    with served_site(seeded, engine, chromium) as site:
        if more == "datasets":
            for name, folder in SETS.items():
                run(site.app.extensions["registry"], profiles.profile(name), folder)
        yield site


def told(page: Page) -> str:
    """All that is read on the page, in one line."""
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_relations_were_not_broken_in_2009_and_no_ambassador_was_there(
    asked: Site, script: bool
) -> None:
    with asked.visit(script=script) as page:
        page.goto("/")
        page.get_by_role(
            "link", name="Were relations between Bolivia and the United States broken in 2009?"
        ).click()
        said = told(page)
        day = "On 1 June 2009 "
        assert re.search(day + r"[^.]* had diplomatic relations[^.]*\. certain", said)
        assert re.search(day + r"a chargé d’affaires ad interim [^.]*\. certain", said)
        page.get_by_label("On", exact=True).fill("1 January 2008")
        page.get_by_role("button", name="Look").click()
        page.wait_for_url("**as_of=2008-01-01**")
        assert re.search(r"On 1 January 2008 an ambassador stood [^.]*\. certain", told(page))
        assert re.search(
            r"On 1 January 2008 it is open on the record whether the Drug Enforcement "
            r"Administration[^.]*\. possible",
            told(page),
        )


def test_bolivia_was_not_bound_by_the_single_convention_in_june_2012(asked: Site) -> None:
    with asked.visit() as page:
        page.goto("/")
        page.get_by_role(
            "link", name="Was Bolivia bound by the Single Convention on 1 June 2012?"
        ).click()
        assert "On 1 June 2012 the Plurinational State of Bolivia was not bound (certain)." in told(
            page
        )
        rows = page.locator("table tr", has_text="Plurinational State of Bolivia")
        assert rows.count() >= 2  # it left, and came back
        page.get_by_label("On", exact=True).fill("2011")
        page.get_by_role("button", name="Look").click()
        page.wait_for_url("**as_of=2011**")
        assert "was bound (certain)" in told(page)


def test_what_changed_for_bolivia_between_2008_and_the_middle_of_2012(asked: Site) -> None:
    with asked.visit() as page:
        page.goto("/")
        page.get_by_role(
            "link", name="What changed for Bolivia between 2008 and the middle of 2012?"
        ).click()
        said = told(page)
        for before, after in (
            ("an ambassador stood at the head", "a chargé d’affaires ad interim stood"),
            ("it is open on the record whether the Drug Enforcement", "had been expelled from"),
            ("Bolivia was called “Bolivia”", "“Plurinational State of Bolivia”"),
        ):
            assert re.search(
                rf"On 1 January 2008 {re.escape(before)}.{{1,400}}On 30 June 2012 .{{0,120}}"
                rf"{re.escape(after)}[^.]*\. certain",
                said,
            ), before


def test_a_name_with_a_slip_leads_to_the_party_in_one_search(asked: Site) -> None:
    with asked.visit() as page:
        page.goto("/")
        page.get_by_label("Search parties").fill("Boliva")
        page.locator("form.large").get_by_role("button").click()
        page.get_by_role("link", name="Bolivia").first.click()
        assert "Bolivia" in page.locator("h1").inner_text()

"""What script does to the pictures: they say the same as the tables beside them, and stay readable."""

from collections import Counter
from typing import Final

import pytest
from playwright.sync_api import Page

from registry.web.pages import has_static
from tests.browser.conftest import Site
from tests.explore.test_map import brought

__all__ = ["brought"]

NETWORK: Final = "/network?layer=membership"
"""Nearly two hundred parties: those of the United Nations."""


def drawn_and_told(page: Page) -> tuple[Counter[str], Counter[str]]:
    """Outlines by how they are filled, as drawn; and the rows of the table that are drawn."""
    drawn = page.locator("figure.world > svg path[d^=M][class]").evaluate_all(
        "all => all.map(each => each.getAttribute('class'))"
    )
    told = page.locator(".world-table tbody tr").evaluate_all(
        "all => all.filter(each => each.lastElementChild.textContent === 'drawn')"
        ".map(each => each.dataset.look)"
    )
    looks = Counter(each for each in drawn if each in ("holds", "over", "open", "absent"))
    return looks, Counter(told)


@pytest.mark.usefixtures("brought")
def test_the_slider_of_the_map_goes_by_keyboard_and_picture_and_table_agree_in_every_year(
    one_site: Site,
) -> None:
    with one_site.visit() as page:
        page.goto("/parties/BOL/map?as_of=2009-12-31")
        slider = page.get_by_role("slider")
        seen = {2009: drawn_and_told(page)}
        for year, key in ((2008, "ArrowLeft"), (2007, "ArrowLeft"), (2008, "ArrowRight")):
            slider.press(key)
            page.wait_for_url(f"**as_of={year}-12-31*")
            seen[year] = drawn_and_told(page)
        first = int(slider.get_attribute("min") or 0)
        slider.press("Home")
        page.wait_for_url(f"**as_of={first}-12-31*")
        seen[first] = drawn_and_told(page)
    assert all(drawn == told for drawn, told in seen.values()), seen
    assert seen[first] != seen[2009]


def test_two_hundred_parties_stay_in_the_picture_and_their_names_beside_each_other(
    one_site: Site,
) -> None:
    with one_site.context() as context:
        page = context.new_page()
        page.emulate_media(reduced_motion="reduce")
        page.goto(NETWORK)
        told = page.locator(".pairs tbody tr").count()
        assert page.locator(".ties path").count() == told > 150
        parties = page.locator(".pairs tbody a[href^='/parties/']").evaluate_all(
            "all => new Set(all.map(each => each.pathname)).size"
        )
        assert page.locator(".names text").count() == parties
        if has_static("vendor/d3-force.js"):
            page.locator(".network-moves button").click()
            assert page.locator(".ties path").count() == told
        assert page.evaluate(_OUTSIDE) == []
        if has_static("vendor/d3-force.js"):
            assert page.evaluate(_COVERED) == []


def test_without_script_the_picture_of_the_server_stays(one_site: Site) -> None:
    with one_site.visit(script=False) as page:
        page.goto(NETWORK)
        assert page.locator(".ties path").count() == page.locator(".pairs tbody tr").count()
        assert page.locator(".network-moves:visible").count() == 0


_OUTSIDE: Final = """() => {
  const frame = document.querySelector(".network > svg").getBoundingClientRect();
  return [...document.querySelectorAll(".names text")].filter((each) => {
    const box = each.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1
        || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  }).map((each) => each.textContent);
}"""
_COVERED: Final = """() => {
  const boxes = [...document.querySelectorAll(".names text")].map((each) => [each, each.getBBox()]);
  return boxes.flatMap(([text, a], n) => boxes.slice(0, n).filter(([, b]) =>
    a.x < b.x + b.width && b.x < a.x + a.width
    && a.y + 1 < b.y + b.height && b.y + 1 < a.y + a.height,
  ).map(([other]) => `${text.textContent} / ${other.textContent}`));
}"""

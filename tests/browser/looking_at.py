"""What is asked of every page: that nothing keeps anybody from it, and that it fits the window."""

from collections.abc import Iterable

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on the page that is open, a line each."""
    return [
        f"{page.url}: {each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]


def barriers_at(page: Page, addresses: Iterable[str]) -> list[str]:
    found: list[str] = []
    for address in addresses:
        page.goto(address)
        found += barriers(page)
    return found


def too_wide(page: Page, width: int) -> list[str]:
    """The page that is open, if it has to be scrolled sideways, with how wide it is."""
    size = page.evaluate("document.documentElement.scrollWidth")
    return [f"{page.url} at {width}: {size}"] if size > width else []


def too_wide_at(
    page: Page, addresses: Iterable[str], width: int, statuses: tuple[int, ...]
) -> list[str]:
    """Those that have to be; each answers with one of these statuses."""
    found: list[str] = []
    for address in addresses:
        response = page.goto(address)
        assert response is not None
        assert response.status in statuses, address
        found += too_wide(page, width)
    return found

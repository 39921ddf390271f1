"""A register that is served for real, and a chromium that walks through it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from registry.admin import passwords
from registry.app import create_app
from registry.domain.reviewing import Review
from registry.record import clock
from registry.settings import Settings
from registry.store import accounts
from registry.store.engine import connect, writing
from tests.admin.hashing import hashed_quickly
from tests.api.conftest import Seeded, seeded
from tests.conftest import ENGINES
from tests.serving import served

__all__ = ["hashed_quickly", "seeded"]

PASSWORD = "correct horse battery staple lamp"
CHROMIUM = shutil.which("chromium")
_ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail("REQUIRE_BROWSER=1, and there is no chromium on PATH")
        pytest.skip("there is no chromium on PATH: `apt-get install chromium`")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_ARGUMENTS)
        yield browser
        browser.close()


@dataclass
class Site:
    """A served register with a person of each role, whose login is the role's name."""

    url: str
    app: Flask
    browser: Browser

    @contextmanager
    def visit(self, login: str = "", *, script: bool = True, width: int = 1200) -> Iterator[Page]:
        """A page of a browser of its own; signed in where a login is named."""
        with self.context(script=script, width=width) as context:
            page = context.new_page()
            if login:
                sign_in(page, self.url, login)
            yield page

    @contextmanager
    def context(
        self, *, script: bool = True, width: int = 1200, dark: bool = False
    ) -> Iterator[BrowserContext]:
        context = self.browser.new_context(
            base_url=self.url,
            java_script_enabled=script,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        context.set_default_timeout(10_000)
        try:
            yield context
        finally:
            context.close()


def sign_in(page: Page, url: str, login: str) -> None:
    page.goto(f"{url}/admin/sign-in")
    page.get_by_label("Account").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{url}/admin/")


@contextmanager
def served_site(seeded: Seeded, engine: str, chromium: Browser, review: str = "") -> Iterator[Site]:
    with seeded.copy(engine) as url:
        store = connect(url)
        password_hash = passwords.hashed(PASSWORD)
        with writing(store) as conn:
            for role, name in PEOPLE.items():
                accounts.add(
                    conn,
                    login=role,
                    name=name,
                    role=role,
                    password_hash=password_hash,
                    now=clock(),
                )
        store.dispose()
        app = create_app(Settings(url, lock_timeout_seconds=5, review=Review.read(review)))
        try:
            with served(app) as port:
                yield Site(f"http://127.0.0.1:{port}", app, chromium)
        finally:
            app.extensions["registry"].dispose()


PEOPLE = {
    "reader": "Rosa Reader",
    "recorder": "Carla Recorder",
    "reviewer": "Víctor Reviewer",
    "admin": "Ana Admin",
}


@pytest.fixture(params=ENGINES)
def site(request: pytest.FixtureRequest, seeded: Seeded, chromium: Browser) -> Iterator[Site]:
    """A served register of this test's own; once on each engine."""
    with served_site(seeded, request.param, chromium) as site:
        yield site


@pytest.fixture(scope="session")
def one_site(seeded: Seeded, chromium: Browser) -> Iterator[Site]:
    """A served register on SQLite that tests only look at."""
    with served_site(seeded, "sqlite", chromium) as site:
        yield site


@pytest.fixture(params=ENGINES)
def reviewed_site(
    request: pytest.FixtureRequest, seeded: Seeded, chromium: Browser
) -> Iterator[Site]:
    """The same where what a recorder enters waits for a reviewer."""
    with served_site(seeded, request.param, chromium, "recorder") as site:
        yield site

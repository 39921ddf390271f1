"""A seeded register with people in it, of each test's own, on both engines."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from registry.app import create_app
from registry.domain.reviewing import Review
from registry.settings import Settings
from tests.admin.hashing import hashed_in_earnest, hashed_quickly
from tests.admin.office import Office, people
from tests.api.conftest import Seeded, seeded
from tests.conftest import ENGINES

__all__ = ["hashed_in_earnest", "hashed_quickly", "seeded"]


@contextmanager
def _office(seeded: Seeded, engine: str, review: str = "") -> Iterator[Office]:
    with seeded.copy(engine) as url:
        app = create_app(Settings(url, lock_timeout_seconds=5, review=Review.read(review)))
        app.testing = True
        office = Office(app, app.extensions["registry"], {})
        try:
            office.people = people(office.engine)
            yield office
        finally:
            office.engine.dispose()


@pytest.fixture(params=ENGINES)
def office(request: pytest.FixtureRequest, seeded: Seeded) -> Iterator[Office]:
    """A seeded register of this test's own with an account for each role; once on each engine."""
    with _office(seeded, request.param) as office:
        yield office


@pytest.fixture
def small_office(seeded: Seeded) -> Iterator[Office]:
    """The same on SQLite only, for what does not touch the store."""
    with _office(seeded, "sqlite") as office:
        yield office


@pytest.fixture(params=ENGINES)
def office_with(
    request: pytest.FixtureRequest, seeded: Seeded
) -> Iterator[Callable[[str], Office]]:
    """`office_with("recorder")`: where events of these roles wait for review (`REGISTRY_REVIEW`)."""
    with ExitStack() as stack:
        yield lambda review: stack.enter_context(_office(seeded, request.param, review))

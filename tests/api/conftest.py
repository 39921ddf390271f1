"""A register seeded once for each engine; a copy of it for each test that writes."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

import pytest
from sqlalchemy import Engine

from registry.app import create_app
from registry.ingest.seeds import seed
from registry.settings import Settings, seeds_dir
from registry.web import kept
from tests.api.desk import Desk
from tests.conftest import ENGINES, Databases


@dataclass(frozen=True)
class Seeded:
    """Databases that hold the seeds; each is a copy of one that was seeded once."""

    databases: Databases

    def copy(self, engine: str) -> AbstractContextManager[str]:
        """URL of a copy of its own, gone afterwards."""
        return self.databases.fresh(engine, seed_all)


def seed_all(engine: Engine) -> None:
    seed(engine, seeds_dir())


@pytest.fixture(scope="session")
def seeded(databases: Databases) -> Seeded:
    return Seeded(databases)


@contextmanager
def _desk(seeded: Seeded, engine: str) -> Iterator[Desk]:
    with seeded.copy(engine) as url:
        app = create_app(Settings(url, lock_timeout_seconds=5))
        app.testing = True
        desk = Desk(app, app.extensions["registry"])
        desk.token = desk.make_token("recorder")
        try:
            yield desk
        finally:
            desk.engine.dispose()


@pytest.fixture(autouse=True)
def _made_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is compared with an earlier answer is made anew, unless a test is about keeping it."""
    monkeypatch.setattr(kept, "MOST_OF_ONE", -1)


@pytest.fixture(scope="session", params=ENGINES)
def library(request: pytest.FixtureRequest, seeded: Seeded) -> Iterator[Desk]:
    """The seeded register, to be read only; once on each engine."""
    with _desk(seeded, request.param) as desk:
        yield desk


@pytest.fixture(params=ENGINES)
def desk(request: pytest.FixtureRequest, seeded: Seeded) -> Iterator[Desk]:
    """A seeded register of this test's own; once on each engine."""
    with _desk(seeded, request.param) as desk:
        yield desk


@pytest.fixture
def embedded(seeded: Seeded) -> Iterator[Desk]:
    """A seeded register of this test's own, on SQLite."""
    with _desk(seeded, "sqlite") as desk:
        yield desk

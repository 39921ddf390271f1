"""The log told to a real NATS server: nothing left out, nothing twice, in order, whatever breaks."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nats
import orjson
import pytest

from registry.store.engine import connect
from tests.api.conftest import Seeded, seeded
from tests.conftest import ENGINES
from tests.scale.cluster import free_port
from tests.store.given import BROKEN_OFF, tell

__all__ = ["seeded"]

NATS = shutil.which("nats-server") or shutil.which("nats-server", path="/usr/sbin")


class Broker:
    """A server of NATS with JetStream; what it has acknowledged outlives it."""

    def __init__(self, folder: Path) -> None:
        if NATS is None:
            if os.environ.get("REQUIRE_NATS") == "1":
                pytest.fail("REQUIRE_NATS=1, and there is no nats-server")
            pytest.skip("there is no nats-server: `apt-get install nats-server`")
        self.port = free_port()
        self.url = f"nats://127.0.0.1:{self.port}"
        self._command = [NATS, "-js", "-sd", str(folder), "-a", "127.0.0.1", "-p", str(self.port)]
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(self._command, stderr=subprocess.DEVNULL)
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                assert self._process.poll() is None
                time.sleep(0.025)
            else:
                return
        raise AssertionError("it never listened")

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        self._process.send_signal(how)
        self._process.wait(30)

    def told(self) -> list[tuple[int, dict[str, Any]]]:
        """Position and CloudEvent of every message of the stream, in its order."""
        # A browser of other tests may have left a loop running in this thread.
        with ThreadPoolExecutor(1) as apart:
            return apart.submit(asyncio.run, self._told()).result()

    async def _told(self) -> list[tuple[int, dict[str, Any]]]:
        client = await nats.connect(self.url)
        try:
            jetstream = client.jetstream()
            state = (await jetstream.stream_info("REGISTRY")).state
            found = []
            for number in range(1, state.last_seq + 1):
                each = await jetstream.get_msg("REGISTRY", number)
                assert each.headers is not None
                assert each.headers["Nats-Msg-Id"] == each.headers["Registry-Position"]
                found.append(
                    (int(each.headers["Registry-Position"]), orjson.loads(each.data or b""))
                )
            return found
        finally:
            await client.close()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    made = Broker(tmp_path)
    yield made
    made.end()


def publisher(url: str, broker: Broker, *options: str) -> "subprocess.Popen[str]":
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
        "REGISTRY_DATABASE_URL": url,
        "REGISTRY_NATS_URL": broker.url,
    }
    command = [sys.executable, "-m", "registry", "publish", "nats", *options]
    return subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True)


@contextmanager
def writing_on(url: str, years: range) -> Iterator[None]:
    engine = connect(url)

    def write() -> None:
        for year in years:
            tell(engine, BROKEN_OFF | {"occurred": str(year)})

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        writer.join()
        engine.dispose()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_stream_holds_every_event_once_in_order_whatever_was_killed(
    seeded: Seeded, broker: Broker, engine: str
) -> None:
    with seeded.copy(engine) as url:
        with writing_on(url, range(1700, 1730)):
            for kill in (True, True, False):
                working = publisher(url, broker)
                assert working.stderr is not None
                assert working.stderr.readline().startswith("told up to")
                if kill:
                    working.kill()
                else:
                    broker.end(signal.SIGKILL)
                    broker.start()
                    working.terminate()
                working.communicate()
        last = publisher(url, broker, "--once", "--source", "https://register.example")
        _, said = last.communicate(timeout=60)
        assert last.returncode == 0, said
        told = broker.told()
        assert [position for position, _ in told] == list(range(1, len(told) + 1))
        assert len(told) == int(told[-1][1]["sequence"])
        again = publisher(url, broker, "--once")
        assert again.communicate(timeout=60)[1] == ""
        assert len(broker.told()) == len(told)
    event = told[-1][1]
    assert event["type"] == "registry.relations.severed"
    assert event["specversion"] == "1.0"
    assert event["data"]["occurred"] == "1729"


def test_another_registers_stream_is_refused(seeded: Seeded, broker: Broker) -> None:
    with seeded.copy("sqlite") as one:
        publisher(one, broker, "--once").communicate(timeout=60)
        before = len(broker.told())
        with seeded.copy("postgresql") as two:
            working = publisher(two, broker, "--once")
            _, said = working.communicate(timeout=60)
        assert working.returncode == 2
        assert "another register's event" in said
    assert len(broker.told()) == before


def test_without_a_server_one_line_says_so(seeded: Seeded, broker: Broker) -> None:
    with seeded.copy("sqlite") as url:
        nobody = f"nats://secret:secret@127.0.0.1:{free_port()}"
        _, said = publisher(url, broker, "--server", nobody).communicate(timeout=60)
    assert said.strip() == "Error: --server: no server of NATS answers there"

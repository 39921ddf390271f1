"""`registry serve`, started for real: it answers, takes events, and ends when told to."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import orjson
import pytest

from tests.api.conftest import Seeded
from tests.api.desk import LIST, SEVERED
from tests.conftest import ENGINES


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Service:
    said = ""
    """What it printed, once it has ended."""

    def __init__(self, url: str, *options: str, heard: bool = True, **environ: str) -> None:
        self.port = _free_port()
        self.environ = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
            "REGISTRY_DATABASE_URL": url,
            "PORT": str(self.port),
            **environ,
        }
        self.process = subprocess.Popen(
            [sys.executable, "-m", "registry", "serve", *options],
            env=self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if heard else subprocess.DEVNULL,
            text=True,
        )

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def wait(self) -> None:
        for _ in range(600):
            assert self.process.poll() is None, self.process.communicate()
            try:
                if self.ask("GET", "/readyz")[0] == 200:
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("it never answered")

    def command(self, *said: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "registry", *said],
            env=self.environ,
            capture_output=True,
            check=True,
            text=True,
        )
        return done.stdout.strip()


@contextmanager
def served(url: str, *options: str, heard: bool = True, **environ: str) -> Iterator[Service]:
    """`heard`: its log is kept until it ends, in a pipe that some hundred requests fill up."""
    service = Service(url, *options, heard=heard, **environ)
    try:
        service.wait()
        yield service
    finally:
        if service.process.poll() is None:
            service.process.terminate()
        try:
            if not service.process.stdout or not service.process.stdout.closed:
                service.said, _ = service.process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            service.process.kill()
            service.process.communicate()


@pytest.mark.parametrize("engine", ENGINES)
def test_the_service_answers_takes_events_and_ends_cleanly(seeded: Seeded, engine: str) -> None:
    with seeded.copy(engine) as url, served(url) as service:
        status, headers, body = service.ask("GET", "/api/v1/relations/BOL/USA?as_of=2009-06-01")
        assert status == 200
        layers = {each["layer"]: each for each in orjson.loads(body)["layers"]}
        assert layers["diplomatic_relations"]["value"] == "established"
        pinned = headers["Content-Location"]
        assert service.ask("GET", pinned)[2] == body
        assert service.ask("GET", pinned, If_None_Match=headers["ETag"])[0] == 304

        token = service.command("token", "create", "--role", "recorder")
        sent = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        event = orjson.dumps(SEVERED)
        first = service.ask("POST", LIST, event, Idempotency_Key="k", **sent)
        assert first[0] == 201, first
        again = service.ask("POST", LIST, event, Idempotency_Key="k", **sent)
        assert (again[0], again[2]) == (201, first[2])
        assert again[1]["Idempotency-Replayed"] == "true"
        assert service.ask("POST", LIST, b"x" * 11_000_000, **sent)[0] == 413
        assert service.ask("GET", pinned)[2] == body

        taken = subprocess.run(
            [sys.executable, "-m", "registry", "serve"],
            env=service.environ,
            capture_output=True,
            check=False,
            text=True,
        )
        assert taken.returncode == 2
        assert f"port {service.port}" in taken.stderr

        service.process.send_signal(signal.SIGTERM)
        out, err = service.process.communicate(timeout=20)
        assert service.process.returncode == 0
        lines = out.splitlines()
        assert lines[0] == f"serving the register at http://127.0.0.1:{service.port}"
        assert len(lines) == 4
        assert token not in err
        assert "recorded" in err


def test_a_body_in_chunks_is_read_and_counted(seeded: Seeded) -> None:
    with seeded.copy("sqlite") as url, served(url) as service:
        token = service.command("token", "create", "--role", "recorder")
        for chunks, status in (
            ([orjson.dumps(SEVERED)[:9], orjson.dumps(SEVERED)[9:]], 201),
            ([b'"', *[b"x" * 1_000_000] * 11, b'"'], 413),
        ):
            connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=30)
            sent = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
            connection.request("POST", LIST, iter(chunks), sent)
            assert connection.getresponse().status == status
            connection.close()

"""A small register, a receiver, and publishers of it: in a thread, or as a process of its own."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Final

import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from registry.cli import main
from registry.record import clock
from registry.store import log, webhooks
from registry.store.engine import reading, writing
from registry.webhooks import turn
from registry.webhooks.telling import publish
from registry.webhooks.turn import Terms
from tests.store.given import opened, recorded_background
from tests.webhooks.receiver import Receiver, receiving

SOURCE: Final = "https://register.example"
TERMS: Final = Terms(SOURCE, "loopback", seconds=5, tries=4)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """A register of a few events; once on each engine."""
    with opened(database_url) as engine:
        recorded_background(engine)
        yield engine


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What failed is tried again soon."""
    monkeypatch.setattr(turn, "_FIRST_WAIT", 0.02)


@dataclass
class Publisher:
    """`said`: its lines, as the command writes them."""

    engine: Engine
    said: list[str] = field(default_factory=list)

    def once(self, **terms: float) -> None:
        made = replace(TERMS, **terms)  # type: ignore[arg-type]  # of those that are numbers
        publish(self.engine, made, self.said.append, threading.Event(), once=True)

    @contextmanager
    def running(self) -> Iterator[None]:
        stop = threading.Event()
        wrong: list[BaseException] = []

        def go_on() -> None:
            try:
                publish(self.engine, TERMS, self.said.append, stop, once=False)
            except BaseException as error:  # noqa: BLE001 - told below, in the thread of the test
                wrong.append(error)

        thread = threading.Thread(target=go_on)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join(60)
        assert not wrong, wrong


@pytest.fixture
def publisher(engine: Engine) -> Publisher:
    return Publisher(engine)


Run = Callable[..., "subprocess.CompletedProcess[str]"]


def started(url: str, *words: str, **environ: str) -> "subprocess.Popen[str]":
    """`registry ...` as a process of its own."""
    said = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
        "REGISTRY_DATABASE_URL": url,
        "REGISTRY_WEBHOOK_REACH": "loopback",
        **environ,
    }
    command = [sys.executable, "-m", "registry", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=said, stdout=pipe, stderr=pipe, text=True)


@pytest.fixture
def registry(database_url: str) -> Run:
    """`registry("webhook", "list")`: the command, run to its end."""

    def run(*words: str, **environ: str) -> "subprocess.CompletedProcess[str]":
        if words[0] == "publish":  # it takes the signals of its process
            process = started(database_url, *words, **environ)
            out, err = process.communicate(timeout=120)
            return subprocess.CompletedProcess(words, process.returncode, out, err)
        env = {"REGISTRY_DATABASE_URL": database_url, "REGISTRY_WEBHOOK_REACH": "loopback"}
        done = CliRunner().invoke(main, words, env=env | environ)
        return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)

    return run


def added(
    engine: Engine, url: str, *types: str, party: str | None = None, after: int = 0
) -> tuple[str, str]:
    """A webhook's id and secret."""
    with writing(engine) as conn:
        return webhooks.add(conn, url, types, party, after, "a test", clock())


def head(engine: Engine) -> int:
    with reading(engine) as conn:
        return log.head(conn).position


def place(engine: Engine, webhook_id: str) -> int:
    with reading(engine) as conn:
        return next(
            int(each["position"]) for each in webhooks.listed(conn) if each["id"] == webhook_id
        )

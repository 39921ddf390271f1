"""Processes that are killed with SIGKILL while they work, and a store of each engine for them."""

import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import pytest
from sqlalchemy import Engine

from tests.store.given import opened

KILLS: Final = int(os.environ.get("CRASHES", "3"))
"""How often each kind of work is killed; more by hand."""

_PROCESSES: Final = multiprocessing.get_context("forkserver")
_PROCESSES.set_forkserver_preload(["tests.crash.work"])

Finish = Callable[..., None]


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty, migrated store."""
    with opened(database_url) as engine:
        yield engine


def kill_at_random(work: Callable[..., None], *given: Any, seed: int, steps: int) -> int:
    """Begin the work KILLS times and kill it at a random moment; how often it was still at it.

    `steps`: so many it is sure to take in all.
    """
    chance, most = random.Random(seed), steps // (KILLS + 1)
    return sum(
        _killed(work, given, chance.randint(0, most), chance.random() * 0.03) for _ in range(KILLS)
    )


def finish(work: Callable[..., None], *given: Any) -> int | None:
    """Let it run to its end; how it ended."""
    here, there = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=work, args=(given[0], there, *given[1:]))
    process.start()
    there.close()
    with here:
        while _told(here):
            pass
    process.join()
    return process.exitcode


def _killed(work: Callable[..., None], given: Any, steps: int, pause: float) -> bool:
    """Kill it so many steps and a moment after it began."""
    here, there = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=work, args=(given[0], there, *given[1:]))
    process.start()
    there.close()
    with here:
        for _ in range(steps):
            if not _told(here):
                break
        time.sleep(pause)
        process.kill()
        process.join()
    return process.exitcode == -signal.SIGKILL


def _told(here: Any) -> bool:
    try:
        here.recv()
    except EOFError:
        return False
    return True

"""Every webhook told what comes next for it, each at its own pace, by a few threads."""

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.record import clock
from registry.store import log, webhooks
from registry.store.alone import alone
from registry.store.engine import reader, reading
from registry.webhooks.turn import AGAIN, Say, Terms, Turn

AT_ONCE: Final = 8
"""So many receivers are waited for at a time."""
_NUMBER: Final = 1
"""Of this among what one process alone does."""


def publish(engine: Engine, terms: Terms, say: Say, stop: threading.Event, *, once: bool) -> None:
    """Tell every webhook what it was not told yet; and go on until `stop`, or `once` all is told
    that may be told now. What was begun is brought to its end.

    Conflict where another process does it. Waits for a database that is gone.
    """
    reads = reader(engine)
    working: dict[str, Future[None]] = {}
    with (
        alone(engine, _NUMBER, "publishes webhooks") as holds,
        ThreadPoolExecutor(AT_ONCE) as pool,
        _ending(stop),
    ):
        while not stop.is_set():
            try:
                holds()
                waiting = [each for each in _due(reads) if each not in working]
            except SQLAlchemyError:
                stop.wait(AGAIN)
                continue
            for each in waiting:
                working[each] = pool.submit(Turn(engine, reads, terms, say, stop, each).take)
            if working:
                wait(working.values(), AGAIN, FIRST_COMPLETED)
            elif once:
                return
            else:
                stop.wait(AGAIN)
            for each in [each for each, turn in working.items() if turn.done()]:
                working.pop(each).result()


@contextmanager
def _ending(stop: threading.Event) -> Iterator[None]:
    """However it ends: the pool waits for its threads, which go on while nobody stops them."""
    try:
        yield
    finally:
        stop.set()


def _due(reads: Engine) -> list[str]:
    with reading(reads) as conn:
        return webhooks.due(conn, log.head(conn).position, clock())

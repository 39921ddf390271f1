"""Sixteen writers at once on PostgreSQL: four processes of four threads each.

Ours, the peer's and the floor's, one after the other on the same server. One of our transactions in
ten is rolled back. Counted from the moment when all are connected and ready.
"""

import multiprocessing
import random
import threading
import time
from collections.abc import Callable
from multiprocessing.synchronize import Barrier
from typing import Any, Final

from sqlalchemy import Engine, text

from benchmarks import floors, peer
from benchmarks.generate import severed
from benchmarks.timing import Result, rate
from registry import codec
from registry.record import Submission, record
from registry.store.engine import connect

PROCESSES: Final = 4
THREADS: Final = 4

Write = Callable[[int], object]
"""Writes once, in a transaction of its own; called with the number of the thread."""


def sixteen_writers(url: str, each: int) -> Result:
    """`each`: how often each of them writes."""
    engine = connect(url)
    rows_before, _ = _counted(engine)
    seconds = _seconds(url, "ours", each)
    rows, head = _counted(engine)
    with engine.connect() as conn:
        last = conn.execute(text("SELECT max(position) FROM event")).scalar_one()
    engine.dispose()
    whole = rows == head == last
    kept = rows - rows_before
    ours = kept / seconds
    every = PROCESSES * THREADS * each
    peers = every / _seconds(url, "peer", each)
    floors.counter(url)
    raw = every / _seconds(url, "raw", each)
    return Result(
        "16 writers at once, 10 % rolled back",
        "PostgreSQL",
        f"{rate(kept, seconds)}, {'nothing lost, gapless' if whole else 'GAPS'}",
        f"`eventsourcing` save {peers:,.0f}/s",
        ours / peers,
        "nothing lost, gapless; >= 1x the peer",
        whole and ours >= peers,
        f"{kept} events kept; a counter and a row in one raw statement {raw:,.0f}/s",
    )


def _seconds(url: str, whose: str, each: int) -> float:
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(PROCESSES * THREADS + 1, timeout=300)
    given = [(url, whose, each, number, ready) for number in range(PROCESSES)]
    workers = [context.Process(target=_work, args=each_one) for each_one in given]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = time.perf_counter()
    ready.wait()
    taken = time.perf_counter() - begun
    for worker in workers:
        worker.join()
    return taken


def _work(url: str, whose: str, each: int, number: int, ready: Barrier) -> None:
    write, close = _MADE[whose](url, number)

    def go(thread: int) -> None:
        write(thread)  # connected, and its statements prepared
        ready.wait()
        for _ in range(each):
            write(thread)
        ready.wait()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    close()


def _ours(url: str, number: int) -> tuple[Write, Callable[[], object]]:
    engine = connect(url, pool_size=THREADS)
    chances = [random.Random(number * 10 + thread) for thread in range(THREADS)]

    def write(thread: int) -> None:
        chance = chances[thread]
        with engine.connect() as conn:
            conn.begin()
            record(conn, [Submission(codec.read(severed(chance)))], "benchmark")
            conn.rollback() if chance.random() < 0.1 else conn.commit()

    return write, engine.dispose


def _peer(url: str, _number: int) -> tuple[Write, Callable[[], object]]:
    save, close = peer.saving(url)
    return lambda _thread: save(), close


def _raw(url: str, number: int) -> tuple[Write, Callable[[], object]]:
    conns = [floors.open_raw(url) for _ in range(THREADS)]
    return lambda thread: floors.counted(conns[thread], number * THREADS + thread), lambda: None


_MADE: Final[dict[str, Callable[[str, int], tuple[Write, Callable[[], object]]]]] = {
    "ours": _ours,
    "peer": _peer,
    "raw": _raw,
}


def _counted(engine: Engine) -> tuple[int, int]:
    with engine.connect() as conn:
        rows: Any = conn.execute(text("SELECT count(*) FROM event")).scalar_one()
        return rows, conn.execute(text("SELECT position FROM log_head")).scalar_one()

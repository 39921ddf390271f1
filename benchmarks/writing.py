"""Recording: one event at a time, sixteen writers at once, a file in bulk, and the rebuild."""

import json
import multiprocessing
import random
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sqlalchemy import text

from benchmarks import floors, peer
from benchmarks.generate import STATES
from benchmarks.importing import write_file
from benchmarks.timing import Result, p50, rate, shown, timed
from registry import codec
from registry.record import Submission, record
from registry.store.engine import connect, writing


def bulk_import(url: str, folder: Path, count: int, seed: int) -> Result:
    """In a process of its own; the store is left full for the measurements that follow."""
    path = folder / f"events-{count}.ndjson"
    if not path.exists():
        write_file(path, count, seed)
    told = json.loads(
        subprocess.run(
            [sys.executable, "-m", "benchmarks.importing", url, str(path)],
            check=True,
            stdout=subprocess.PIPE,
        ).stdout
    )
    rows = min(count, 200_000)
    floor = rows / floors.bulk(url, rows)
    ours = told["events"] / told["seconds"]
    word = "executemany" if url.startswith("sqlite") else "COPY"
    return Result(
        f"bulk import, {count:,} events",
        _engine(url),
        f"{ours:,.0f}/s, peak {told['peak_mb']:.0f} MB",
        f"raw {word} {floor:,.0f}/s",
        ours / floor,
        ">= 0.15x, <= 400 MB",
        ours / floor >= 0.15 and told["peak_mb"] <= 400,
        f"chunks of 2,000, slowest {told['slowest_chunk']:.1f} s; CPU {told['cpu_seconds']:.0f} s "
        f"of {told['seconds']:.0f} s",
    )


def single(url: str, times: int, seed: int) -> Iterator[Result]:
    engine = connect(url)
    chance = random.Random(seed)

    def one(_number: int) -> None:
        with writing(engine) as conn:
            record(conn, [Submission(codec.read(_severed(chance)))], "benchmark")

    ours = timed(one, times)
    raw = floors.commits(url, times)
    saved = peer.saves(url, times)
    engine.dispose()
    ratio = p50(ours) / p50(raw)
    yield Result(
        "one event through record()",
        _engine(url),
        shown(ours),
        f"raw commit {shown(raw)}",
        ratio,
        "<= 4x raw",
        ratio <= 4,
    )
    most = 2.0 if url.startswith("sqlite") else 1.3
    ratio = p50(ours) / p50(saved)
    yield Result(
        "one event through record()",
        _engine(url),
        shown(ours),
        f"`eventsourcing` save {shown(saved)}",
        ratio,
        f"<= {most}x the peer",
        ratio <= most,
    )


def sixteen_writers(url: str, each: int) -> Result:
    """Four processes of four threads; one transaction in ten is rolled back.

    Counted from the moment all sixteen are connected and ready.
    """
    engine = connect(url)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(17, timeout=300)
    workers = [context.Process(target=_write, args=(url, each, n, ready)) for n in range(4)]
    for worker in workers:
        worker.start()
    before = _counted(engine)
    ready.wait()
    begun = time.perf_counter()
    ready.wait()
    seconds = time.perf_counter() - begun
    for worker in workers:
        worker.join()
    rows, head = _counted(engine)
    with engine.connect() as conn:
        last = conn.execute(text("SELECT max(position) FROM event")).scalar_one()
    engine.dispose()
    whole = rows == head == last
    kept = rows - before[0]
    return Result(
        "16 writers at once, 10 % rolled back",
        _engine(url),
        f"{rate(kept, seconds)}, {'nothing lost, gapless' if whole else 'GAPS'}",
        "-",
        None,
        "nothing lost, gapless; >= 700/s",
        whole and kept / seconds >= 700,
        f"{kept} events kept; counted from when all writers are ready",
    )


def _write(url: str, each: int, number: int, ready: Barrier) -> None:
    engine = connect(url, pool_size=4)

    def go(thread: int) -> None:
        chance = random.Random(number * 10 + thread)
        with engine.connect():
            ready.wait()
        for _ in range(each):
            with engine.connect() as conn:
                conn.begin()
                record(conn, [Submission(codec.read(_severed(chance)))], "benchmark")
                conn.rollback() if chance.random() < 0.1 else conn.commit()
        ready.wait()

    threads = [threading.Thread(target=go, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()


def rebuilding(url: str) -> Result:
    count, seconds = floors.rebuilt(url)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "registry", "rebuild"],
        check=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"REGISTRY_DATABASE_URL": url, "PATH": "/usr/bin:/bin"},
    )
    taken = time.perf_counter() - begun
    ratio = (count / taken) / (count / seconds)
    return Result(
        f"rebuild every projection, {count:,} events",
        _engine(url),
        rate(count, taken),
        f"stream, decode, write back {rate(count, seconds)}",
        ratio,
        ">= 0.25x",
        ratio >= 0.25,
        "with the row-for-row comparison before the switch",
    )


def _severed(chance: random.Random) -> dict[str, Any]:
    first, second = chance.sample(STATES, 2)
    day = f"{chance.randint(1820, 2020)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    return {
        "type": "relations.severed",
        "parties": [first, second],
        "occurred": day,
        "sources": [{"source": "yearbook", "locator": "p. 7"}],
    }


def _counted(engine: Any) -> tuple[int, int]:
    with engine.connect() as conn:
        rows = conn.execute(text("SELECT count(*) FROM event")).scalar_one()
        return rows, conn.execute(text("SELECT position FROM log_head")).scalar_one()


def _engine(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"

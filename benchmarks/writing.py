"""Recording: one event at a time, a file in bulk, and the rebuild."""

import json
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import floors, peer
from benchmarks.generate import severed
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
            record(conn, [Submission(codec.read(severed(chance)))], "benchmark")

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


def _engine(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"

"""The bulk import as a process of its own, so that its peak memory is its own: URL, file, chunk."""

import resource
import sys
import time
from itertools import islice
from pathlib import Path

import orjson

from benchmarks.generate import generate
from registry import codec
from registry.projections.collecting import seldom_collecting
from registry.record import Submission, record
from registry.store.engine import connect, writing

CHUNK = 2_000


def write_file(path: Path, count: int, seed: int) -> None:
    """One event a line: its id and what is said."""
    with path.open("wb") as out:
        for event_id, said in generate(count, seed):
            out.write(orjson.dumps([event_id, said]) + b"\n")


def import_file(url: str, path: Path, chunk: int = CHUNK) -> dict[str, float]:
    """Read, validate, hash, project and store it, a transaction for every chunk."""
    engine = connect(url)
    begun, last, done, slowest = time.perf_counter(), time.perf_counter(), 0, 0.0
    with seldom_collecting(), path.open("rb") as lines:
        while part := [orjson.loads(line) for line in islice(lines, chunk)]:
            submissions = [Submission(codec.read(said), event_id) for event_id, said in part]
            with writing(engine) as conn:
                record(conn, submissions, "benchmark")
            done += len(part)
            now = time.perf_counter()
            slowest, last = max(slowest, now - last), now
            if done % 100_000 < chunk:
                sys.stderr.write(f"  {done} events, {done / (now - begun):.0f} a second\n")
    engine.dispose()
    return {
        "events": done,
        "seconds": time.perf_counter() - begun,
        "cpu_seconds": time.process_time(),
        "slowest_chunk": slowest,
        "peak_mb": _peak() / 1024,
    }


def _peak() -> int:
    """Kilobytes. `getrusage` would count what the process held that started this one."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (line,) = [each for each in status.read_text().splitlines() if each.startswith("VmHWM:")]
    return int(line.split()[1])


if __name__ == "__main__":
    sys.stdout.write(orjson.dumps(import_file(sys.argv[1], Path(sys.argv[2]))).decode() + "\n")

"""Reads over one, two and three databases and one to four workers, and through the cache: `python -m benchmarks.scaling`.

It prints the tables of docs/scaling.md. Client, services and databases share the machine.
"""

import asyncio
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks import importing
from benchmarks.databases import databases
from benchmarks.serving import _pairs, _rate, _request, _served
from registry.store.schema import migrate
from tests.scale import cluster, shipped_nginx
from tests.scale.cluster import Cluster

EVENTS = 10_000
SECONDS = 4.0
DAYS = ("1950-06-01", "1985-06-01", "2005-06-01")


def main() -> None:
    with _filled() as servers:
        ((size,),) = servers.primary.sql("SELECT pg_database_size('registry')")
        _say(f"{size / EVENTS:,.0f} bytes an event, with every index and projection")
        layer, pairs, head = _pairs(servers.primary.url)
        latest = [f"/api/v1/relations/{p.replace('|', '/')}?layer={layer}" for p in pairs]
        _say("| databases | 1 worker | 2 workers | 4 workers |\n|---|---|---|---|")
        for copies in (0, 1, 2):
            rates = [_reads(servers, copies, workers, latest) for workers in (1, 2, 4)]
            told = " | ".join(f"{each:,.0f}" for each in rates)
            _say(f"| {copies + 1} | {told} |")
        pinned = [f"{each}&as_of={day}&known_at=@{head}" for each in latest for day in DAYS]
        _through_the_cache(servers, pinned)


def _reads(servers: Cluster, copies: int, workers: int, paths: Sequence[str]) -> float:
    """Requests a second for latest answers, which nobody keeps."""
    with _served(servers.primary.url, floor=False, extra=_extra(servers, copies, workers)) as port:
        requests = [_request(each) for each in paths]
        asyncio.run(_rate(port, requests, 1.5))  # until every copy has been found fit
        return asyncio.run(_rate(port, requests, SECONDS))


def _through_the_cache(servers: Cluster, paths: list[str]) -> None:
    """Asked as people ask: few things often, most things seldom."""
    chance = random.Random(1)
    chance.shuffle(paths)
    weights = [1 / (place + 1) for place in range(len(paths))]
    requests = [_request(each) for each in chance.choices(paths, weights, k=4_000)]
    extra = _extra(servers, 0, 2) | {"REGISTRY_TRUSTED_PROXIES": "1"}
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="cache-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        service = stack.enter_context(_served(servers.primary.url, floor=False, extra=extra))
        port = stack.enter_context(shipped_nginx.in_front_of([service], folder))
        bare = asyncio.run(_rate(service, requests, SECONDS))
        hits = sum(_is_hit(port, each) for each in requests)
        # Short, for the cache ends a connection after a thousand requests.
        kept = sum(asyncio.run(_rate(port, requests, 1.0)) for _ in range(3)) / 3
    _say(f"{len(paths)} answers, asked for {len(requests):,} times by Zipf's law")
    _say(f"hits {hits / len(requests):.1%}; {bare:,.0f}/s without the cache, {kept:,.0f}/s with it")


def _is_hit(port: int, request: bytes) -> bool:
    path = request.split(b" ", 2)[1].decode()
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.headers["X-Cache"]) == "HIT"


def _extra(servers: Cluster, copies: int, workers: int) -> dict[str, str]:
    return {
        "REGISTRY_WORKERS": str(workers),
        "REGISTRY_READ_DATABASE_URLS": ",".join(each.url for each in servers.copies[:copies]),
    }


@contextmanager
def _filled() -> Iterator[Cluster]:
    """A primary with a made-up history, and two that stream from it."""
    with databases() as given:
        programs, user = given.server.programs()
        folder = Path(tempfile.mkdtemp(prefix="scaling-"))
        try:
            if user is not None:
                shutil.chown(folder, user)
            made = cluster.made(programs, user, folder)
            made.start()
            made.sql("CREATE DATABASE registry", "postgres")
            migrate(made.url)
            importing.write_file(given.folder / "events", EVENTS, 1)
            importing.import_file(made.url, given.folder / "events")
            made.sql("ANALYZE")
            made.end()
            with cluster.running(made, folder, copies=2) as servers:
                yield servers
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    _say(
        f"{EVENTS:,} events, {os.cpu_count()} cores, {time.strftime('%Y-%m-%d')}, requests a second"
    )
    main()

"""Answers over HTTP through granian, a pinned answer revalidated, and how soon the shell starts."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import cycle, islice
from urllib.request import urlopen

from sqlalchemy import text

from benchmarks.timing import Result, p50
from registry.store.engine import connect

CONNECTIONS = 16
DAYS = ("1900-06-01", "1950-06-01", "1985-06-01", "2005-06-01")


def answers_over_http(url: str, seconds: float) -> Iterator[Result]:
    """The same client asks both, so its own cost is in both figures.

    Many pairs on many days are asked about, each floor request being about one of the pairs.
    """
    layer, pairs, head = _pairs(url)
    asked = [
        f"/api/v1/relations/{pair.replace('|', '/')}?layer={layer}&as_of={day}&known_at=@{head}"
        for day in DAYS
        for pair in pairs
    ]
    extra = {"FLOOR_LAYER": layer, "FLOOR_KEYS": ";".join(pairs)}
    with _served(url, floor=True, extra=extra) as port:
        floor = asyncio.run(_rate(port, [_request("/floor")], seconds))
        hello = asyncio.run(_rate(port, [_request("/hello")], seconds))
    with _served(url, floor=False, extra={}) as port:
        ours = asyncio.run(_rate(port, [_anew(each) for each in asked], seconds))
        again = [_request(each) for each in asked]
        asyncio.run(_rate(port, again, max(2.0, seconds / 2)))  # until both workers keep them
        kept = asyncio.run(_rate(port, again, seconds))
        at_hand = [_request(each, f"If-None-Match: {_tag(port, each)}\r\n") for each in asked]
        fresh = asyncio.run(_rate(port, at_hand, seconds, b" 304 "))
    yield Result(
        "one layer answer over HTTP, never asked before, 2 workers, 16 connections",
        _engine(url),
        f"{ours:,.0f} req/s",
        f"Flask + one raw query {floor:,.0f} req/s",
        ours / floor,
        ">= 0.55x",
        ours / floor >= 0.55,
        f"{len(asked):,} different answers, none of them kept",
    )
    yield Result(
        "one layer answer over HTTP, asked before, 2 workers, 16 connections",
        _engine(url),
        f"{kept:,.0f} req/s",
        f"Flask + one raw query {floor:,.0f} req/s",
        kept / floor,
        ">= 0.55x",
        kept / floor >= 0.55,
        f"{len(asked):,} different answers, kept by the workers",
    )
    yield Result(
        "pinned answer revalidated (304)",
        _engine(url),
        f"{fresh:,.0f} req/s",
        f"Flask hello world {hello:,.0f} req/s",
        fresh / hello,
        ">= 0.5x",
        fresh / hello >= 0.5,
    )


def starting(url: str, times: int) -> Iterator[Result]:
    taken = [_help() for _ in range(times)]
    yield Result(
        "registry --help", "-", f"{p50(taken):.2f} s", "-", None, "<= 0.6 s", p50(taken) <= 0.6
    )
    served: list[float] = []
    for _ in range(times):
        begun = time.perf_counter()
        with _served(url, floor=False, extra={}):
            served.append(time.perf_counter() - begun)
    yield Result(
        "registry serve to first answer",
        _engine(url),
        f"{p50(served):.2f} s",
        "-",
        None,
        "<= 2 s",
        p50(served) <= 2,
    )


def _help() -> float:
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "registry", "--help"], check=True, stdout=subprocess.DEVNULL
    )
    return time.perf_counter() - begun


@contextmanager
def _served(url: str, *, floor: bool, extra: dict[str, str]) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    env = {**os.environ, "REGISTRY_DATABASE_URL": url, "PORT": str(port), "REGISTRY_WORKERS": "2"}
    command = [sys.executable, "-m", "registry", "serve"]
    if floor:
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "2"]
        command += ["--blocking-threads", "5", "--port", str(port), "--no-ws", "--factory"]
        command += ["--log-level", "warning", "benchmarks.floors:flask_app"]
    server = subprocess.Popen(command, env=env | extra, stdout=subprocess.DEVNULL)
    try:
        _wait(port, "/hello" if floor else "/api/v1/relations/x/y")
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def _wait(port: int, path: str) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=5) as asked:
                asked.sendall(
                    f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
                )
                if asked.recv(12).startswith(b"HTTP/1.1"):
                    return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(f"nothing answers on port {port}")


def _request(path: str, headers: str = "") -> bytes:
    return f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{headers}\r\n".encode()


def _anew(path: str) -> bytes:
    """A tag that no answer has: what may be kept is made all the same, and sent whole."""
    return _request(path, 'If-None-Match: "none"\r\n')


def _tag(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return str(answer.headers["ETag"])


async def _rate(
    port: int, requests: Sequence[bytes], seconds: float, expected: bytes = b" 200 "
) -> float:
    """Requests a second over connections that stay open, each beginning at another request."""
    until = time.perf_counter() + seconds
    begun = time.perf_counter()
    counts = await asyncio.gather(
        *(
            _ask(port, islice(cycle(requests), at * 37, None), until, expected)
            for at in range(CONNECTIONS)
        )
    )
    return sum(counts) / (time.perf_counter() - begun)


async def _ask(port: int, requests: Iterator[bytes], until: float, expected: bytes) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    count = 0
    while time.perf_counter() < until:
        writer.write(next(requests))
        head = await reader.readuntil(b"\r\n\r\n")
        if expected not in head[:20]:
            raise ValueError(f"unexpected answer: {head[:80]!r}")
        length = head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0]
        if length and expected != b" 304 ":
            await reader.readexactly(int(length))
        count += 1
    writer.close()
    return count


def _pairs(url: str) -> tuple[str, list[str], int]:
    """A layer, up to 200 of its pairs from all over the store, and the head of the log."""
    engine = connect(url)
    with engine.connect() as conn:
        keys = conn.execute(
            text(
                "SELECT DISTINCT subject FROM span WHERE generation = 1 "
                "AND layer = 'diplomatic_relations' ORDER BY subject"
            )
        ).scalars()
        pairs = list(keys)
        head = conn.execute(text("SELECT position FROM log_head")).scalar_one()
    engine.dispose()
    return "diplomatic_relations", pairs[:: max(1, len(pairs) // 200)][:200], head


def _engine(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"

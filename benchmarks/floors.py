"""Floors: the least code that could do the same work, with the raw driver and no framework."""

import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from itertools import cycle
from typing import Any

import orjson
import psycopg
from flask import Flask, Response
from sqlalchemy import Connection, text

from benchmarks.timing import timed

_TABLE = (
    "CREATE TABLE IF NOT EXISTS floor_event (position BIGINT PRIMARY KEY, event_id VARCHAR(36) "
    "UNIQUE, stream VARCHAR(200), type VARCHAR(80), data TEXT)"
)
_DATA = '{"parties":["BOL","USA"],"occurred":"2008-09-11","sources":[{"source":"abi-2012"}]}'


def open_raw(url: str) -> Any:
    """A connection of the raw driver, as durable as the register's own."""
    if url.startswith("sqlite"):
        conn = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
        conn.execute("PRAGMA journal_mode=WAL")
        conn.execute("PRAGMA synchronous=FULL")
        conn.execute("PRAGMA cache_size=-65536")
        return conn
    return psycopg.connect(url.replace("+psycopg", ""))


def commits(url: str, times: int) -> list[float]:
    """One row and one durable commit."""
    conn = open_raw(url)
    sqlite = url.startswith("sqlite")
    conn.execute(_TABLE)
    if not sqlite:
        conn.commit()
    (last,) = conn.execute("SELECT coalesce(max(position), 0) FROM floor_event").fetchone()
    mark = "?" if sqlite else "%s"
    insert = f"INSERT INTO floor_event VALUES ({', '.join([mark] * 5)})"
    at = last + 1_000

    def one(number: int) -> None:
        position = at + number
        if sqlite:
            conn.execute("BEGIN IMMEDIATE")
        conn.execute(insert, (position, f"id-{position}", "pair:BOL:USA", "severed", _DATA))
        conn.execute("COMMIT") if sqlite else conn.commit()

    taken = timed(one, times)
    conn.close()
    return taken


def counter(url: str) -> None:
    """Make what `counted` counts with."""
    with open_raw(url) as conn:
        conn.execute("DROP TABLE IF EXISTS floor_counted, floor_head")
        conn.execute(_TABLE.replace("floor_event", "floor_counted"))
        conn.execute("CREATE TABLE floor_head AS SELECT 0::bigint AS position")


def counted(conn: Any, writer: int) -> None:
    """A counter moved on and a row with its number, in one statement, on PostgreSQL; durable."""
    conn.execute(
        "WITH head AS (UPDATE floor_head SET position = position + 1 RETURNING position) "
        "INSERT INTO floor_counted SELECT position, 'w-' || position, 'writer ' || %s::int, 'severed', "
        "%s FROM head",
        (writer, _DATA),
    )
    conn.commit()


def bulk(url: str, count: int) -> float:
    """Seconds for so many rows by executemany (SQLite) or COPY (PostgreSQL), in one transaction."""
    conn = open_raw(url)
    conn.execute(_TABLE.replace("floor_event", "floor_bulk"))
    rows = [(n, f"id-{n}", f"pair:{n % 999}", "severed", _DATA) for n in range(count)]
    begun = time.perf_counter()
    if url.startswith("sqlite"):
        conn.execute("BEGIN IMMEDIATE")
        conn.executemany("INSERT INTO floor_bulk VALUES (?, ?, ?, ?, ?)", rows)
        conn.execute("COMMIT")
    else:
        with conn.cursor() as cursor, cursor.copy("COPY floor_bulk FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        conn.commit()
    taken = time.perf_counter() - begun
    conn.close()
    return taken


def rebuilt(url: str) -> tuple[int, float]:
    """Events, and seconds to stream and decode them, keep the last of each stream, write back."""
    conn = open_raw(url)
    sqlite = url.startswith("sqlite")
    conn.execute("CREATE TABLE IF NOT EXISTS floor_span (stream TEXT, type TEXT, data TEXT)")
    begun = time.perf_counter()
    rows = conn.cursor() if sqlite else conn.cursor(name="floor")
    rows.execute(
        "SELECT e.stream, e.type, p.data FROM event e JOIN event_payload p "
        "ON p.position = e.position ORDER BY e.position"
    )
    count, made = 0, []
    last: dict[str, Any] = {}
    for stream, kind, data in rows:
        last[stream] = orjson.loads(data)
        made.append((stream, kind, data))
        count += 1
    if sqlite:
        conn.execute("BEGIN")
        conn.executemany("INSERT INTO floor_span VALUES (?, ?, ?)", made)
        conn.execute("COMMIT")
    else:
        with conn.cursor() as cursor, cursor.copy("COPY floor_span FROM STDIN") as copy:
            for row in made:
                copy.write_row(row)
        conn.commit()
    taken = time.perf_counter() - begun
    conn.execute("DROP TABLE floor_span")
    conn.commit()
    conn.close()
    return count, taken


_SPANS = (
    "SELECT value, day_from, day_to, certain, mask, evidence, since_lo, since_hi, until_lo, "
    "until_hi FROM span WHERE generation = 1 AND subject = {} AND layer = {} AND "
    "known_from <= {} AND known_to > {}"
)


def _spans(url: str) -> str:
    return _SPANS.format(*["?" if url.startswith("sqlite") else "%s"] * 4)


def selects(url: str, subjects: Sequence[tuple[str, str]], moment: int, times: int) -> list[float]:
    """One indexed SELECT through the driver."""
    conn = open_raw(url)
    statement = _spans(url)

    def one(number: int) -> None:
        layer, key = subjects[number % len(subjects)]
        conn.execute(statement, (key, layer, moment, moment)).fetchall()

    taken = timed(one, times)
    conn.close()
    return taken


def core_selects(
    conn: Connection, subjects: Sequence[tuple[str, str]], moment: int, times: int
) -> list[float]:
    """The same through SQLAlchemy Core."""
    statement = text(_SPANS.format(":key", ":layer", ":moment", ":moment"))

    def one(number: int) -> None:
        layer, key = subjects[number % len(subjects)]
        conn.execute(statement, {"key": key, "layer": layer, "moment": moment}).all()

    return timed(one, times)


def scanned(url: str, layer: str, day: int) -> tuple[int, float]:
    """Rows, and seconds to scan one layer of the world on a day through the driver."""
    conn = open_raw(url)
    mark = "?" if url.startswith("sqlite") else "%s"
    statement = (
        "SELECT subject, value, certain, evidence, since_lo, since_hi, until_lo, until_hi "
        f"FROM span WHERE generation = 1 AND layer = {mark} AND day_from <= {mark} AND "
        f"day_to >= {mark} AND known_to = 9007199254740991"
    )
    best, rows = 1e9, 0
    for _ in range(3):
        begun = time.perf_counter()
        rows = len(conn.execute(statement, (layer, day, day)).fetchall())
        best = min(best, time.perf_counter() - begun)
    conn.close()
    return rows, best


def flask_app() -> Flask:
    """Flask, one raw query and orjson: what answers over HTTP are measured against."""
    app = Flask("floor")
    url = os.environ["REGISTRY_DATABASE_URL"]
    kept: dict[int, Any] = {}
    keys = cycle(os.environ["FLOOR_KEYS"].split(";"))

    def query() -> list[Any]:
        thread = threading.get_ident()
        conn = kept.get(thread) or open_raw(url)
        kept[thread] = conn
        statement = _spans(url)
        layer = os.environ["FLOOR_LAYER"]
        return list(conn.execute(statement, (next(keys), layer, 2**52, 2**52)).fetchall())

    @app.get("/floor")
    def floor() -> Response:
        return Response(orjson.dumps([list(row) for row in query()]), mimetype="application/json")

    @app.get("/hello")
    def hello() -> Response:
        return Response(b"hello", mimetype="text/plain")

    return app

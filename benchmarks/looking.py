"""Looking up: one pair, one participation, one party's agreements, the world on a day."""

import random
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, text

from benchmarks import floors
from benchmarks.timing import Result, p50, shown, timed
from registry.domain import dates
from registry.queries import agreements as of_agreements
from registry.queries import network as of_network
from registry.queries.answers import answers
from registry.queries.view import open_view
from registry.store.engine import connect, reading

DAYS = ("1900-06-01", "1950-06-01", "1985-06-01", "2005-06-01")


def lookups(url: str, times: int, seed: int) -> Iterator[tuple[str, Result, float]]:
    """(name, row, p50): the caller compares a small store with a large one by name."""
    engine = connect(url)
    with reading(engine) as conn:
        head = conn.execute(text("SELECT position FROM log_head")).scalar_one()
        for name, layer in (
            ("one pair", "diplomatic_relations"),
            ("one participation", "participation"),
        ):
            yield _one(url, conn, name, layer, head, times, seed)
    engine.dispose()


def _one(
    url: str, conn: Connection, name: str, layer: str, head: int, times: int, seed: int
) -> tuple[str, Result, float]:
    subjects = _subjects(conn, layer, seed)
    chance = random.Random(seed)
    views = [
        open_view(conn, as_of=day, known_at=f"@{chance.randint(head // 2, head)}", confidence=None)
        for day in DAYS * 8
    ]

    def look(number: int) -> None:
        answers(views[number % len(views)], [subjects[number % len(subjects)]])

    ours = timed(look, times)
    raw = floors.selects(url, subjects, head, times)
    core = floors.core_selects(conn, subjects, head, times)
    ratio = p50(ours) / p50(core)
    result = Result(
        f"{name} as of (day, known), {head:,} events",
        _engine(url),
        shown(ours),
        f"Core SELECT {shown(core)}; raw {p50(raw) * 1e3:.3f} ms",
        ratio,
        "<= 2x Core",
        ratio <= 2,
    )
    return name, result, p50(ours)


def of_one_party(url: str, times: int) -> Result:
    engine = connect(url)
    with reading(engine) as conn:
        party = conn.execute(
            text(
                "SELECT first_party FROM span WHERE generation = 1 AND layer = 'participation' "
                "GROUP BY first_party ORDER BY count(*) LIMIT 1"
            )
        ).scalar_one()
        view = open_view(conn, as_of="1985-06-01", known_at=None, confidence=None)
        found = of_agreements.of_party(view, party)
        taken = timed(lambda _: of_agreements.of_party(view, party), times, warm=1)
    engine.dispose()
    return Result(
        f"all agreements of one party ({len(found):,} of them)",
        _engine(url),
        shown(taken),
        "-",
        None,
        "<= 5 ms",
        p50(taken) <= 0.005,
    )


def the_world(url: str, layer: str = "representation") -> Result:
    engine = connect(url)
    day = dates.parse("1985-06-01").earliest
    rows, floor = floors.scanned(url, layer, day)
    best, count = 1e9, 0
    with reading(engine) as conn:
        view = open_view(conn, as_of="1985-06-01", known_at=None, confidence=None)
        for _ in range(3):
            begun = time.perf_counter()
            count = sum(1 for _ in of_network.network(view, layer))
            best = min(best, time.perf_counter() - begun)
    engine.dispose()
    return Result(
        f"every {layer} in the world on a day ({count:,} answers, {rows:,} rows)",
        _engine(url),
        f"{best * 1e3:.0f} ms",
        f"index scan {floor * 1e3:.0f} ms",
        best / floor,
        "<= 2x the scan",
        best / floor <= 2,
    )


def _subjects(conn: Connection, layer: str, seed: int) -> list[tuple[str, str]]:
    keys: list[Any] = list(
        conn.execute(
            text(
                "SELECT DISTINCT subject FROM span WHERE generation = 1 AND layer = :layer "
                "ORDER BY subject LIMIT 20000"
            ),
            {"layer": layer},
        ).scalars()
    )
    return [(layer, key) for key in random.Random(seed).sample(keys, min(200, len(keys)))]


def _engine(url: str) -> str:
    return "SQLite" if url.startswith("sqlite") else "PostgreSQL"

"""Public pages as a reader gets them, each for many days so that no answer is given twice."""

import gzip
import json
import random
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Final

from flask.testing import FlaskClient
from sqlalchemy import text

from benchmarks.timing import Result, p50, shown, timed
from registry.app import create_app, look_for_garbage_seldom
from registry.settings import Settings
from registry.store.engine import connect, reading

Address = tuple[str, str]

MOST_BYTES: Final = 150_000
SLOW: Final = {"party's map", "network", "network of missions"}
"""Pages with a picture of the world: under 300 ms instead of 100, 250 kB instead of 150."""


def public_pages(url: str, times: int, seed: int) -> Iterator[Result]:
    """Made by the whole program in this process, without what keeps pinned answers."""
    app = create_app(Settings(url))
    client = app.test_client()
    client.get("/")
    look_for_garbage_seldom()  # as a worker does when it starts
    chance = random.Random(seed)
    for name, address in _addresses(url, client):
        heavy = name in SLOW
        limit, most = (0.3, 250_000) if heavy else (0.1, MOST_BYTES)
        days = [f"{chance.randint(1950, 2005)}-{chance.randint(1, 12):02}-15" for _ in range(99)]
        taken = timed(partial(_get, client, address, days), times, 2)
        weight = len(gzip.compress(client.get(address).data))
        yield Result(
            f"page: {name}",
            "SQLite" if url.startswith("sqlite") else "PostgreSQL",
            shown(taken),
            "-",
            None,
            f"p50 < {limit * 1e3:.0f} ms, < {most // 1000} kB gzipped",
            p50(taken) < limit and weight < most,
            f"{weight / 1000:.0f} kB gzipped, without style and script; {address}",
        )
    app.extensions["registry"].dispose()


def _get(client: FlaskClient, address: str, days: list[str], number: int) -> None:
    joint = "&" if "?" in address else "?"
    answer = client.get(f"{address}{joint}as_of={days[number % len(days)]}")
    if answer.status_code != 200:
        raise RuntimeError(f"{address}: {answer.status}")


def _addresses(url: str, client: FlaskClient) -> Iterator[Address]:
    """One of each kind; of those that are large the largest."""
    store = connect(url)
    with reading(store) as conn:
        pair = conn.execute(text(_BUSIEST_PAIR)).scalar_one()
        taking = conn.execute(text(_PARTICIPATIONS)).scalars()
        ((treaty, _),) = Counter(each.split("|")[0] for each in taking).most_common(1)
        event, source = conn.execute(text(_AN_EVENT)).one()
    store.dispose()
    a, b = pair.split("|")[:2]
    title = client.get(f"/api/v1/agreements/{treaty}").get_json()["title"]
    yield "home", "/"
    yield "search, a name", f"/search?q={a}"
    yield "search, words", f"/search?q={title.split()[-1]}"
    yield "party", f"/parties/{a}"
    yield "party's map", f"/parties/{a}/map"
    yield "parties", "/parties"
    yield "pair", f"/relations/{a}/{b}"
    yield "largest agreement", f"/agreements/{treaty}"
    yield "agreements", "/agreements"
    yield "event", f"/events/{event}"
    yield "events of a party", f"/events?party={a}"
    yield "compare a pair", f"/compare?of=pair:{a}:{b}&from=1950-01-01&to=1990-01-01"
    yield "compare a party", f"/compare?of=party:{a}&from=1950-01-01&to=1990-01-01"
    yield "network", "/network?layer=diplomatic_relations"
    yield "network of missions", "/network?layer=representation"
    yield "sources", "/sources"
    yield "source", f"/sources/{json.loads(source)['sources'][0]['source']}"
    yield "about", "/about"
    yield "reference", "/reference"


_BUSIEST_PAIR: Final = (
    "SELECT subject FROM span WHERE layer = 'diplomatic_relations' "
    "GROUP BY subject ORDER BY count(*) DESC, subject LIMIT 1"
)
_PARTICIPATIONS: Final = "SELECT DISTINCT subject FROM span WHERE layer = 'participation'"
_AN_EVENT: Final = (
    "SELECT event.event_id, event_payload.data FROM event "
    "JOIN event_payload ON event_payload.position = event.position "
    "WHERE event.type = 'relations.severed' ORDER BY event.position DESC LIMIT 1"
)

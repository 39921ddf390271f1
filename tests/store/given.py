"""What store and projection tests begin with: a few parties, agreements and a source on record."""

import hashlib
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, Engine, text

from registry import codec
from registry.record import Recorded, Submission, clock, record
from registry.store.engine import connect, writing
from registry.store.log import Draft
from registry.store.merkle import payload_hash

Wire = dict[str, Any]

COCA: Final = "un-1961-narcotic-drugs"
DRUGS: Final = "bol-irn-2012-counternarcotics"

BACKGROUND: Final[tuple[Wire, ...]] = (
    *(
        {"type": "party.recorded", "party": code, "kind": "state", "name": name, "occurred": began}
        | {"codes": {"cow": cow}}
        for code, name, began, cow in (
            ("BOL", "Bolivia", "1825-08-06", "145"),
            ("USA", "United States", "1776-07-04", "2"),
            ("IRN", "Iran", "[..1500]", "630"),
        )
    ),
    {"type": "party.recorded", "party": "US-DEA", "kind": "agency", "name": "DEA"},
    {
        "type": "agreement.recorded",
        "agreement": COCA,
        "title": "Single Convention",
        "parties": ["BOL", "USA"],
    },
    {
        "type": "agreement.recorded",
        "agreement": DRUGS,
        "title": "Counternarcotics",
        "parties": ["BOL", "IRN"],
    },
    {"type": "source.recorded", "source": "abi-2012", "kind": "press", "title": "ABI"},
)

BROKEN_OFF: Final[Wire] = {
    "type": "relations.severed",
    "parties": ["BOL", "USA"],
    "occurred": "2008-09-11",
}


@contextmanager
def opened(url: str) -> Iterator[Engine]:
    engine = connect(url)
    try:
        yield engine
    finally:
        engine.dispose()


def say(conn: Connection, *said: Wire, now: int | None = None) -> list[Recorded]:
    """Record these events in the transaction of `conn`; `id` and `expected` are not of the event."""
    return record(conn, submitted(said), "clerk", now=clock if now is None else lambda: now)


def tell(engine: Engine, *said: Wire, now: int | None = None) -> list[Recorded]:
    """Record these events in one transaction of their own."""
    with writing(engine) as conn:
        return say(conn, *said, now=now)


def submitted(said: Sequence[Wire]) -> list[Submission]:
    return [
        Submission(
            codec.read({k: v for k, v in each.items() if k not in ("id", "expected")}, prefix),
            each.get("id"),
            each.get("expected"),
            prefix,
        )
        for place, each in enumerate(said)
        for prefix in [f"events[{place}]." if len(said) > 1 else ""]
    ]


def recorded_background(engine: Engine) -> list[Recorded]:
    return tell(engine, *BACKGROUND)


def draft(name: str, stream: str = "pair:BOL:USA", **changed: Any) -> Draft:
    """An event as the log takes it, for tests that need no more than a log."""
    data = f'{{"parties":["BOL","USA"],"occurred":"2008-09-11","note":"{name}"}}'
    salt = hashlib.sha256(name.encode()).digest()
    said: dict[str, Any] = {
        "event_id": str(uuid.uuid5(uuid.NAMESPACE_URL, name)),
        "stream": stream,
        "type": "relations.severed",
        "type_version": 1,
        "data": data,
        "salt": salt,
        "payload_hash": payload_hash(salt, data),
        "occurred": "2008-09-11",
        "effective": None,
        "occurred_days": (733_296, 733_296),
        "target": None,
        "tags": frozenset({"party:BOL", "party:USA"}),
    }
    return Draft(**said | changed)


def count_of(conn: Connection, table: str) -> int:
    return int(conn.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

"""The peer: `eventsourcing` from PyPI, saving one aggregate, without any projection."""

import os
from collections.abc import Callable
from typing import Any

from eventsourcing.application import Application
from eventsourcing.domain import Aggregate, event

from benchmarks.timing import timed


class Relations(Aggregate):
    """Two parties, whose relations are severed."""

    @event("Severed")
    def __init__(self, pair: str, occurred: str) -> None:
        self.pair, self.occurred = pair, occurred


def saves(url: str, times: int) -> list[float]:
    """Seconds of each save of an aggregate with one event."""
    save, close = saving(url)
    taken = timed(lambda _: save(), times)
    close()
    return taken


def saving(url: str) -> tuple[Callable[[], object], Callable[[], object]]:
    """What saves an aggregate with one event, and what ends it; threads may share it."""
    os.environ.pop("PERSISTENCE_MODULE", None)
    register = Application[Any](_environment(url))
    return lambda: register.save(Relations("BOL:USA", "2008-09-11")), register.close


def _environment(url: str) -> dict[str, str]:
    if url.startswith("sqlite"):
        file = url.removeprefix("sqlite:///")
        return {
            "PERSISTENCE_MODULE": "eventsourcing.sqlite",
            "SQLITE_DBNAME": f"{file}.peer.db",
            "SQLITE_LOCK_TIMEOUT": "30",
        }
    from sqlalchemy.engine import make_url  # noqa: PLC0415 - here alone

    parts = make_url(url)
    return {
        "PERSISTENCE_MODULE": "eventsourcing.postgres",
        "POSTGRES_DBNAME": parts.database or "",
        "POSTGRES_HOST": str(parts.query.get("host", "")),
        "POSTGRES_PORT": "5432",
        "POSTGRES_USER": parts.username or "",
        "POSTGRES_PASSWORD": "unused",
    }

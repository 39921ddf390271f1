"""Check the log against itself: every byte re-hashed, nothing missing, nothing out of order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from registry.domain.dates import parse
from registry.store import log
from registry.store.merkle import ENVELOPE, grown, leaf_hash, payload_hash, root
from registry.store.tables import event, event_payload

CHUNK = 2_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verified:
    """`first_bad`: the first position that is wrong, and `problem` what is wrong there."""

    positions: int
    root: str
    first_bad: int | None = None
    problem: str | None = None

    @property
    def sound(self) -> bool:
        return self.problem is None


def verify(conn: Connection, progress: Progress = lambda _at, _of: None) -> Verified:
    """Walk the whole log; stops at the first thing that is wrong.

    `conn` sees one snapshot: what is appended meanwhile would look like too much.
    """
    head = log.head(conn)
    erasure = event.alias()
    frontier, at, recorded_at = b"", 0, 0
    versions: dict[str, int] = {}
    told: dict[int, int] = {}
    while rows := conn.execute(
        select(
            event,
            event_payload.c.salt,
            event_payload.c.data,
            exists()
            .where(erasure.c.target == event.c.event_id, erasure.c.type == "event.erased")
            .label("erased"),
        )
        .outerjoin(event_payload, event.c.position == event_payload.c.position)
        .where(event.c.position > at)
        .order_by(event.c.position)
        .limit(CHUNK)
    ).all():
        for row in rows:
            problem = _wrong(row, at, versions.get(row.stream, 0), recorded_at)
            if problem:
                return Verified(at, root(frontier).hex(), at + 1, problem)
            if row.recorded_at != recorded_at:
                if found := _wrong_moment(told, at):
                    return Verified(at, root(frontier).hex(), *found)
                told = {}
            told.setdefault(row.moment, row.position)
            frontier = grown(frontier, at, bytes(row.leaf_hash))
            versions[row.stream] = row.stream_version
            at, recorded_at = row.position, row.recorded_at
        progress(at, head.position)
    if at < head.position:
        return Verified(at, root(frontier).hex(), at + 1, "missing")
    if found := _wrong_moment(told, at):
        return Verified(at, root(frontier).hex(), *found)
    if at > head.position:
        problem = "beyond the head of the log"
        return Verified(at, root(frontier).hex(), head.position + 1, problem)
    if frontier != head.frontier:
        return Verified(at, root(frontier).hex(), at, "the head's frontier is not that of the log")
    if recorded_at != head.recorded_at:
        return Verified(at, root(frontier).hex(), at, "the head does not fit the last event")
    return Verified(at, root(frontier).hex())


def _wrong(row: Row[Any], at: int, version: int, recorded_at: int) -> str | None:
    """What is wrong with the row that should be at position `at` + 1."""
    if row.position != at + 1:
        return f"missing: the next event is at {row.position}"
    if row.stream_version != version + 1:
        return f"{row.stream} goes from version {version} to {row.stream_version}"
    if row.recorded_at < recorded_at:
        return "recorded before the one before it"
    if row.data is None and not row.erased:
        return "its content is gone"
    if row.data is not None and payload_hash(bytes(row.salt), row.data) != bytes(row.payload_hash):
        return "its content is not what was recorded"
    envelope = {name: getattr(row, name) for name in ENVELOPE}
    envelope["payload_hash"] = bytes(row.payload_hash).hex()
    if leaf_hash(envelope) != bytes(row.leaf_hash):
        return "its envelope is not what was recorded"
    date = parse(row.occurred) if row.occurred else None
    if (row.occurred_lo, row.occurred_hi) != (
        (date.earliest, date.latest) if date else (None, None)
    ):
        return f"its days are not those of {row.occurred}"
    return None


def _wrong_moment(told: Mapping[int, int], last: int) -> tuple[int, str] | None:
    """`told`: the moments of one transaction, which shares `recorded_at`, with their first places.

    The moment is in no hash; it is the last position of those recorded at the same instant.
    """
    places = [place for moment, place in told.items() if moment != last]
    return (min(places), "its moment is not the end of its transaction") if places else None

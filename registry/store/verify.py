"""Check the log against itself: every byte re-hashed, nothing missing, nothing out of order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, exists, select

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
    """Walk the whole log; stops at the first thing that is wrong."""
    head = log.head(conn)
    erasure = event.alias()
    frontier, at, moment, recorded_at = b"", 0, 0, 0
    versions: dict[str, int] = {}
    while at < head.position:
        rows = conn.execute(
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
        ).all()
        if not rows:
            return Verified(at, root(frontier).hex(), at + 1, "missing")
        for row in rows:
            problem = _wrong(row, at, versions.get(row.stream, 0), moment, recorded_at)
            if problem:
                return Verified(at, root(frontier).hex(), at + 1, problem)
            frontier = grown(frontier, at, bytes(row.leaf_hash))
            versions[row.stream] = row.stream_version
            at, moment, recorded_at = row.position, row.moment, row.recorded_at
        progress(at, head.position)
    if frontier != head.frontier:
        return Verified(at, root(frontier).hex(), at, "the head's frontier is not that of the log")
    if recorded_at != head.recorded_at or moment != head.position:
        return Verified(at, root(frontier).hex(), at, "the head does not fit the last event")
    return Verified(at, root(frontier).hex())


def _wrong(row: Row[Any], at: int, version: int, moment: int, recorded_at: int) -> str | None:
    """What is wrong with the row that should be at position `at` + 1."""
    if row.position != at + 1:
        return f"missing: the next event is at {row.position}"
    if row.stream_version != version + 1:
        return f"{row.stream} goes from version {version} to {row.stream_version}"
    if row.moment < row.position or (at < moment and row.moment != moment):
        return f"moment {row.moment} does not fit its transaction"
    fresh = at == moment
    if row.recorded_at < recorded_at or (fresh and row.recorded_at == recorded_at):
        return "recorded before the one before it"
    if row.data is None:
        return "its content is gone" if not row.erased else None
    if payload_hash(bytes(row.salt), row.data) != bytes(row.payload_hash):
        return "its content is not what was recorded"
    envelope = {name: getattr(row, name) for name in ENVELOPE}
    envelope["payload_hash"] = bytes(row.payload_hash).hex()
    if leaf_hash(envelope) != bytes(row.leaf_hash):
        return "its envelope is not what was recorded"
    return None

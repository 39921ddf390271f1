"""The log as lines of JSON: every event with all that its envelope and payload hold, then a seal.

A line is canonical (sorted keys, compact, UTF-8), so the same log gives the same bytes whichever
engine keeps it. Tokens and idempotency keys are no part of the log and stay behind.
"""

from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Row, select

from registry.domain.errors import Conflict
from registry.store import log
from registry.store.merkle import root
from registry.store.tables import event, event_payload, event_tag

FORMAT: Final = 1
"""Version of the lines. A change of any of them raises it."""

ENVELOPE: Final = (
    *("position", "event_id", "stream", "stream_version", "type", "type_version", "moment"),
    *("recorded_at", "recorded_by", "reviewed_by", "occurred", "effective", "target"),
)
LINE: Final = frozenset({*ENVELOPE, "payload_hash", "leaf_hash", "salt", "data"})
"""The fields of every line; one whose content was erased has `tags` beside them."""

SEAL: Final = "end_of_log"
_CHUNK: Final = 2_000

Progress = Callable[[int, int], None]


def lines(
    conn: Connection, rules: int, progress: Progress = lambda _at, _of: None
) -> Iterator[bytes]:
    """One line an event in order, then the seal, each with its line feed.

    `conn` sees one snapshot. Conflict where the log has a gap: what is damaged is not passed on.
    """
    head = log.head(conn)
    at = 0
    while rows := conn.execute(
        select(event, event_payload.c.salt, event_payload.c.data)
        .outerjoin(event_payload, event.c.position == event_payload.c.position)
        .where(event.c.position > at, event.c.position <= head.position)
        .order_by(event.c.position)
        .limit(_CHUNK)
    ).all():
        for row in rows:
            at += 1
            if row.position != at:
                raise Conflict(f"the log has no position {at}: see `registry verify`")
            yield canonical(_line(conn, row))
        progress(at, head.position)
    if at != head.position:
        raise Conflict(f"the log ends at {at}, before its head: see `registry verify`")
    yield canonical(
        {
            SEAL: {
                "format": FORMAT,
                "count": at,
                "root": root(head.frontier).hex(),
                "rules": rules,
            }
        }
    )


def canonical(line: dict[str, Any]) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE)


def _line(conn: Connection, row: Row[Any]) -> dict[str, Any]:
    line: dict[str, Any] = {name: getattr(row, name) for name in ENVELOPE}
    line["payload_hash"] = bytes(row.payload_hash).hex()
    line["leaf_hash"] = bytes(row.leaf_hash).hex()
    line["salt"] = None if row.salt is None else bytes(row.salt).hex()
    line["data"] = row.data
    if row.data is None:  # what it speaks of is told by its content, which is gone
        line["tags"] = sorted(
            conn.execute(
                select(event_tag.c.tag).where(event_tag.c.position == row.position)
            ).scalars()
        )
    return line

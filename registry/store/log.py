"""The log itself: lock the head, append, read. Positions are gapless and in order of commit."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, TypeVar

from sqlalchemy import (
    BigInteger,
    Connection,
    Row,
    Select,
    bindparam,
    func,
    literal_column,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql.dml import ReturningUpdate

from registry.domain.errors import Conflict
from registry.store import direct, words
from registry.store.among import among, each, parameter
from registry.store.bulk import Change, Rows, write_together
from registry.store.merkle import TILE, completed, grown, leaf_hash
from registry.store.tables import event, event_payload, event_tag, log_head, tree_node

CHUNK = 500
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Head:
    """The last position, when it was recorded (microseconds, UTC), and the tree's frontier."""

    position: int
    recorded_at: int
    frontier: bytes


@dataclass(frozen=True, slots=True)
class Draft:
    """An event before it has a place in the log. `occurred_days`: its bounds, for looking up;
    `words`: what it is found by.
    """

    event_id: str
    stream: str
    type: str
    type_version: int
    data: str
    salt: bytes
    payload_hash: bytes
    occurred: str | None
    effective: str | None
    occurred_days: tuple[int, int] | None
    target: str | None
    tags: frozenset[str]
    words: Sequence[str] = ()
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """An event of the log, payload as stored text (None once erased)."""

    position: int
    event_id: str
    stream: str
    stream_version: int
    type: str
    type_version: int
    moment: int
    recorded_at: int
    recorded_by: str
    reviewed_by: str | None
    target: str | None
    data: str | None


HEAD = select(log_head.c.position, log_head.c.recorded_at, log_head.c.frontier)


def head(conn: Connection) -> Head:
    ((position, recorded_at, frontier),) = direct.rows(conn, HEAD, {})
    return Head(position, recorded_at, frontier)


def lock(conn: Connection, count: int, now: int) -> Head:
    """Take `count` positions. The answer is the head *before*, with the new `recorded_at`.

    The row stays locked until the transaction ends: whoever comes next waits here, so positions
    are handed out in the order of commit, and a rollback gives them back.
    """
    return lock_and_ask(conn, count, now, [])[0]


def lock_and_ask(
    conn: Connection, count: int, now: int, questions: Sequence[direct.Said]
) -> tuple[Head, list[list[tuple[Any, ...]]]]:
    """`lock`, and the answers to what is asked once it is locked."""
    sqlite = conn.dialect.name == "sqlite"
    queue: list[direct.Said] = [] if sqlite else [(_QUEUE, {})]
    locking = _locking("max" if sqlite else "greatest")
    said = {"count": count, "now": now}
    told = direct.answers(conn, [*queue, (locking, said), *questions])
    ((position, recorded_at, frontier),), *answers = told[len(queue) :]
    return Head(position - count, recorded_at, frontier), answers


_QUEUE: Final = select(func.pg_advisory_xact_lock(literal_column("7236281")))
"""PostgreSQL wakes everyone who waits for a row when it is let go, and all but one go back to sleep;
of those who wait for this lock only the next. The row stays what keeps the positions in order.
"""


@cache
def _locking(later: str) -> ReturningUpdate[Any]:
    return (
        update(log_head)
        .values(
            position=log_head.c.position + bindparam("count", type_=BigInteger),
            recorded_at=getattr(func, later)(
                log_head.c.recorded_at + 1, bindparam("now", type_=BigInteger)
            ),
        )
        .returning(log_head.c.position, log_head.c.recorded_at, log_head.c.frontier)
    )


def hold(conn: Connection) -> None:
    """Keep everyone else from appending until this transaction ends."""
    if conn.dialect.name != "sqlite":
        conn.execute(_QUEUE)
    conn.execute(update(log_head).values(position=log_head.c.position))


def versions(conn: Connection, streams: Iterable[str]) -> dict[str, int]:
    """The present version of each stream; 0 where there is none."""
    wanted = list(dict.fromkeys(streams))
    found = dict.fromkeys(wanted, 0)
    statement = _built(conn, "versions", lambda: last_versions(conn, "keys"))
    for part in chunks(wanted):
        found.update(direct.rows(conn, statement, {"keys": parameter(conn, part)}))
    return found


def last_versions(conn: Connection, name: str, *before: Any) -> Select[Any]:
    """Of each stream that the parameter brings `before`, its name and its version.

    Each by its own look at the end of the index: grouping would walk through whole streams.
    """
    stream = each(conn, name)
    last = select(func.max(event.c.stream_version)).where(event.c.stream == stream)
    return select(*before, stream, func.coalesce(last.scalar_subquery(), 0))


_BUILT: dict[tuple[str, str], Select[Any]] = {}


def _built(conn: Connection, name: str, make: Callable[[], Select[Any]]) -> Select[Any]:
    """Built once for each engine: building it takes as long as running it."""
    key = (conn.dialect.name, name)
    if key not in _BUILT:
        _BUILT[key] = make()
    return _BUILT[key]


def append(
    conn: Connection,
    locked: Head,
    drafts: Sequence[Draft],
    recorded_by: str,
    reviewed_by: str | None = None,
    at: Mapping[str, int] | None = None,
    follows: tuple[Sequence[Rows], Sequence[Change]] = ((), ()),
    used: Collection[str] | None = None,
) -> list[Stored]:
    """Write the events after `locked`, and together with them what follows from them.

    `at`: the versions of their streams, and `used`: which of their words were used before, where
    that was asked under the lock.
    Conflict where a stream is not at the expected version, or an event id is taken.
    """
    stored: list[Stored] = []
    rows: list[tuple[Any, ...]] = []
    payloads: list[tuple[int, bytes, str]] = []
    tags: list[tuple[str, int]] = []
    said: dict[int, Sequence[str]] = {}
    nodes: list[tuple[int, int, bytes]] = []
    frontier = locked.frontier
    if at is None:
        at = versions(conn, (draft.stream for draft in drafts))
    at = dict(at)
    if used is None:
        used = words.used_before(conn, (draft.words for draft in drafts))
    moment, recorded_at = locked.position + len(drafts), locked.recorded_at
    for position, draft in enumerate(drafts, start=locked.position + 1):
        version = at[draft.stream]
        if draft.expected_version is not None and draft.expected_version != version:
            raise Conflict(
                f"{draft.stream} is at version {version}, not {draft.expected_version}: "
                "read it again before you decide"
            )
        at[draft.stream] = version = version + 1
        envelope = {
            "position": position,
            "event_id": draft.event_id,
            "stream": draft.stream,
            "stream_version": version,
            "type": draft.type,
            "type_version": draft.type_version,
            "occurred": draft.occurred,
            "effective": draft.effective,
            "recorded_at": recorded_at,
            "recorded_by": recorded_by,
            "reviewed_by": reviewed_by,
            "target": draft.target,
            "payload_hash": draft.payload_hash.hex(),
        }
        leaf = leaf_hash(envelope)
        if position % TILE == 0:
            nodes += completed(frontier, position - 1, leaf)
        frontier = grown(frontier, position - 1, leaf)
        envelope["payload_hash"] = draft.payload_hash
        rows.append((*envelope.values(), leaf, moment, *(draft.occurred_days or (None, None))))
        payloads.append((position, draft.salt, draft.data))
        tags.extend((tag, position) for tag in sorted(draft.tags))
        said[position] = draft.words
        stored.append(
            Stored(
                position,
                draft.event_id,
                draft.stream,
                version,
                draft.type,
                draft.type_version,
                moment,
                recorded_at,
                recorded_by,
                reviewed_by,
                draft.target,
                draft.data,
            )
        )
    new = [
        Rows(event, _COLUMNS, rows),
        Rows(event_payload, ("position", "salt", "data"), payloads),
        Rows(event_tag, ("tag", "position"), tags),
        Rows(tree_node, NODE, nodes),
        *words.rows_of(conn, said, used),
    ]
    grown_head = Change(log_head, "frontier", frontier)
    try:
        write_together(conn, [*new, *follows[0]], [*follows[1], grown_head])
    except IntegrityError as taken:
        raise Conflict("an event of the same id is already recorded") from taken
    return stored


NODE = ("level", "place", "hash")
_COLUMNS = (
    *("position", "event_id", "stream", "stream_version", "type", "type_version", "occurred"),
    *("effective", "recorded_at", "recorded_by", "reviewed_by", "target", "payload_hash"),
    *("leaf_hash", "moment", "occurred_lo", "occurred_hi"),
)


def touched_since(conn: Connection, position: int, tags: Iterable[str]) -> bool:
    """Whether anything after `position` speaks of one of these."""
    return any(
        conn.execute(
            select(event_tag.c.position)
            .where(among(conn, event_tag.c.tag), event_tag.c.position > position)
            .limit(1),
            {"keys": parameter(conn, part)},
        ).first()
        for part in chunks(sorted(tags))
    )


_WITH_PAYLOAD = (
    event.c.position,
    event.c.event_id,
    event.c.stream,
    event.c.stream_version,
    event.c.type,
    event.c.type_version,
    event.c.moment,
    event.c.recorded_at,
    event.c.recorded_by,
    event.c.reviewed_by,
    event.c.target,
    event_payload.c.data,
)


def _select() -> Select[Any]:
    return select(*_WITH_PAYLOAD).select_from(
        event.outerjoin(event_payload, event.c.position == event_payload.c.position)
    )


def after(conn: Connection, position: int, limit: int) -> list[Stored]:
    """The next events in order; what a tailing reader calls again and again."""
    statement = _select().where(event.c.position > position).order_by(event.c.position).limit(limit)
    return [_stored(row) for row in conn.execute(statement)]


def at(conn: Connection, positions: Iterable[int]) -> list[Stored]:
    """The events at these positions, in order."""
    return sorted(_where_in(conn, event.c.position, positions), key=lambda s: s.position)


def by_ids(conn: Connection, event_ids: Iterable[str]) -> dict[str, Stored]:
    return {s.event_id: s for s in _where_in(conn, event.c.event_id, event_ids)}


def targeting(conn: Connection, event_ids: Iterable[str]) -> list[Stored]:
    """The corrections whose target is one of these, in order."""
    return sorted(_where_in(conn, event.c.target, event_ids), key=lambda s: s.position)


def of_streams(conn: Connection, streams: Iterable[str], types: Sequence[str]) -> list[Stored]:
    """The events of these types in these streams, in order."""
    found: list[Stored] = []
    for part in chunks(list(dict.fromkeys(streams))):
        statement = _built(
            conn,
            "streams",
            lambda: _select().where(
                among(conn, event.c.stream), among(conn, event.c.type, "types")
            ),
        )
        said = {"keys": parameter(conn, part), "types": parameter(conn, types)}
        found += [_stored(row) for row in conn.execute(statement, said)]
    return sorted(found, key=lambda s: s.position)


def amended_with(conn: Connection, tags: Sequence[str]) -> list[tuple[str, str]]:
    """(tag, event) of the events that some amendment with one of these tags is about."""
    statement = _built(
        conn,
        "amended",
        lambda: (
            select(event_tag.c.tag, event.c.target)
            .join(event_tag, event_tag.c.position == event.c.position)
            .where(among(conn, event_tag.c.tag), event.c.type == "event.amended")
        ),
    )
    return [
        (tag, target)
        for part in chunks(tags)
        for tag, target in conn.execute(statement, {"keys": parameter(conn, part)})
        if target is not None
    ]


def moment_at(conn: Connection, position: int) -> tuple[int, int]:
    """(moment, recorded_at) of the last transaction that ended at or before `position`."""
    row = conn.execute(
        select(event.c.moment, event.c.recorded_at)
        .where(event.c.position <= position, event.c.moment <= position)
        .order_by(event.c.position.desc())
        .limit(1)
    ).first()
    return (row.moment, row.recorded_at) if row else (0, 0)


def moment_of_instant(conn: Connection, recorded_at: int) -> tuple[int, int]:
    """(moment, recorded_at) of the last transaction recorded at or before that instant."""
    row = conn.execute(
        select(event.c.moment, event.c.recorded_at)
        .where(event.c.recorded_at <= recorded_at)
        .order_by(event.c.recorded_at.desc())
        .limit(1)
    ).first()
    return (row.moment, row.recorded_at) if row else (0, 0)


def _where_in(conn: Connection, column: Any, values: Iterable[Any]) -> Iterator[Stored]:
    for part in chunks(list(dict.fromkeys(values))):
        statement = _built(conn, f"by {column.name}", lambda: _select().where(among(conn, column)))
        for row in direct.rows(conn, statement, {"keys": parameter(conn, part)}):
            yield Stored(*row)


def chunks(values: Sequence[_Key]) -> Iterator[Sequence[_Key]]:
    """So many at a time as one statement takes."""
    for at in range(0, len(values), CHUNK):
        yield values[at : at + CHUNK]


def _stored(row: Row[Any]) -> Stored:
    return Stored(*tuple(row))

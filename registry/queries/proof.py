"""What shows that an event is in the log, and that the log only grew: checked without trust in us."""

from typing import Any

from sqlalchemy import Connection, Row, select

from registry.domain.errors import Invalid, NotFound
from registry.queries.view import View
from registry.store import log
from registry.store.merkle import ENVELOPE, TILE, TILE_HEIGHT, entry, root
from registry.store.notes import Checkpoint
from registry.store.tables import event, event_payload
from registry.store.tree import Tree


def root_of(view: View) -> str:
    """The RFC 9162 root over all that the view may know, in hexadecimal.

    The present one is at hand; an earlier one is made of the subtrees that are kept.
    """
    head = log.head(view.conn)
    if head.position == view.moment:
        return root(head.frontier).hex()
    return Tree(view.conn).root(view.moment).hex()


def of_event(conn: Connection, position: int, checkpoint: Checkpoint) -> dict[str, Any]:
    """The event as it is hashed, and its path to the root that the checkpoint signs.

    `payload` is null once the content was erased; its hash stays in the envelope.
    """
    row = conn.execute(
        select(event, event_payload.c.salt, event_payload.c.data)
        .outerjoin(event_payload, event.c.position == event_payload.c.position)
        .where(event.c.position == position)
    ).first()
    if row is None:
        raise NotFound(f"the log has no position {position}")
    if position > checkpoint.size:
        raise NotFound(f"no checkpoint that reaches to position {position} is signed yet")
    path = Tree(conn).inclusion(position - 1, checkpoint.size)
    payload = None if row.data is None else {"salt": bytes(row.salt).hex(), "data": row.data}
    return {
        "position": position,
        "envelope": _envelope(row),
        "payload": payload,
        "leaf_index": position - 1,
        "leaf_hash": bytes(row.leaf_hash).hex(),
        "path": [each.hex() for each in path],
        "size": checkpoint.size,
        "root": checkpoint.root.hex(),
        "checkpoint": checkpoint.note,
    }


def of_growth(conn: Connection, older: int, newer: int) -> dict[str, Any]:
    """That the log of `newer` events begins with the log of `older` ones."""
    if newer > (head := log.head(conn).position):
        raise NotFound(f"the log has no position {newer} yet: it is at {head}")
    if older > newer:
        raise Invalid(f"comes after `to`, which is {newer}: {older}", "from")
    tree = Tree(conn)
    return {
        "from": {"size": older, "root": tree.root(older).hex()},
        "to": {"size": newer, "root": tree.root(newer).hex()},
        "path": [each.hex() for each in tree.consistency(older, newer)],
    }


def tile(conn: Connection, level: int, place: int, width: int) -> bytes:
    """The first so many hashes of a tile, one after the other. NotFound where it has fewer."""
    _reaches(conn, (place * TILE + width) << (level * TILE_HEIGHT))
    return b"".join(Tree(conn).tile(level, place)[:width])


def entries(conn: Connection, place: int, width: int) -> bytes:
    """What the first so many leaves of a tile are hashed from: each after its length in two bytes,
    the higher one first (C2SP tlog-tiles). NotFound where there are fewer.
    """
    first = place * TILE
    _reaches(conn, first + width)
    rows = conn.execute(
        select(event)
        .where(event.c.position.between(first + 1, first + width))
        .order_by(event.c.position)
    )
    each = [entry(_envelope(row)) for row in rows]
    return b"".join(len(said).to_bytes(2, "big") + said for said in each)


def _reaches(conn: Connection, end: int) -> None:
    if end > (head := log.head(conn).position):
        raise NotFound(f"the log has no such tile yet: it is at {head}")


def position_of(conn: Connection, named: str) -> int:
    """The position of an event that is named by it, or by its id."""
    if named.isascii() and named.isdigit() and len(named) < 16:
        return int(named)
    found = conn.execute(select(event.c.position).where(event.c.event_id == named)).scalar()
    if found is None:
        raise NotFound(f"no event is recorded as {named[:60]!r}")
    return int(found)


def _envelope(row: Row[Any]) -> dict[str, Any]:
    envelope = {name: getattr(row, name) for name in ENVELOPE}
    return envelope | {"payload_hash": bytes(row.payload_hash).hex()}

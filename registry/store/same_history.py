"""Whether two heads of the log are of one history: the later tree has grown out of the earlier one.

A copy of a database that took in other events than we know of stands at positions like any other;
only its hashes tell.
"""

from typing import Final

from sqlalchemy import BigInteger, Connection, bindparam, select

from registry.store import direct
from registry.store.log import Head
from registry.store.merkle import grown
from registry.store.tables import event

FARTHEST: Final = 20_000
"""Heads farther apart than this are not compared: it would take too long."""

_BETWEEN: Final = (
    select(event.c.leaf_hash)
    .where(
        event.c.position > bindparam("after", type_=BigInteger),
        event.c.position <= bindparam("upto", type_=BigInteger),
    )
    .order_by(event.c.position)
)


def grew(conn: Connection, earlier: Head, later: Head) -> bool:
    """Whether `later` follows from `earlier` by the events between, as this store holds them.

    `conn`: of the store that is at `later`. False, too, where they are too far apart to tell.
    """
    if not 0 <= later.position - earlier.position <= FARTHEST:
        return False
    said = {"after": earlier.position, "upto": later.position}
    frontier, size = earlier.frontier, earlier.position
    for (leaf,) in direct.rows(conn, _BETWEEN, said):
        frontier = grown(frontier, size, bytes(leaf))
        size += 1
    return size == later.position and frontier == bytes(later.frontier)

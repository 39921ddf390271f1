"""The root hash of the log as it was at a moment: what a citation can be checked against."""

from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from registry.queries.view import View
from registry.store import direct, log
from registry.store.merkle import grown, root
from registry.store.tables import event


def root_of(view: View) -> str:
    """The RFC 9162 root over all that the view may know, in hexadecimal.

    The present one is at hand; an earlier one is made of its leaves, once.
    """
    head = log.head(view.conn)
    if head.position == view.moment:
        return root(head.frontier).hex()
    roots = view.remembered.roots()
    if view.moment not in roots:
        roots[view.moment] = _made(view)
    return roots[view.moment]


_LEAVES: Final = (
    select(event.c.leaf_hash)
    .where(event.c.position <= bindparam("moment", type_=BigInteger))
    .order_by(event.c.position)
)
_CHUNK: Final = 10_000


def _made(view: View) -> str:
    frontier, size = b"", 0
    for chunk in direct.stream(view.conn, _LEAVES, {"moment": view.moment}, _CHUNK):
        for (leaf,) in chunk:
            frontier = grown(frontier, size, bytes(leaf))
            size += 1
    return root(frontier).hex()

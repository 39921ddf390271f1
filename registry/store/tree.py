"""The RFC 9162 tree over the log: roots, proofs and tiles, read without walking the leaves.

Of every level of tiles at most a few are read, each of 256 hashes: leaves stand in `event`, and
what is above them in `tree_node`, written by whoever appended the leaf that made a subtree whole.
"""

from typing import Final

from sqlalchemy import BigInteger, Connection, Integer, bindparam, select

from registry.domain.errors import Conflict
from registry.store import direct
from registry.store.merkle import TILE, TILE_HEIGHT, node
from registry.store.merkle import root as root_of_frontier
from registry.store.tables import event, tree_node


class Tree:
    """The tree as `conn` sees it. Tiles that were read are kept as long as it is."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def root(self, size: int) -> bytes:
        """The root hash of the first `size` leaves; of none the hash of nothing."""
        return self._hash(0, size) if size else root_of_frontier(b"")

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """RFC 9162 2.1.3.1: the path from a leaf, counted from 0, to the root; nearest first."""
        path: list[bytes] = []
        first, end = 0, size
        while end - first > 1:
            middle = first + _split(end - first)
            if index < middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(first, middle))
                first = middle
        return path[::-1]

    def consistency(self, older: int, newer: int) -> list[bytes]:
        """RFC 9162 2.1.4.1: that the first `older` of `newer` leaves are as they were."""
        if older in (0, newer):
            return []
        path: list[bytes] = []
        first, end, known = 0, newer, True
        while older != end:
            middle = first + _split(end - first)
            if older <= middle:
                path.append(self._hash(middle, end))
                end = middle
            else:
                path.append(self._hash(first, middle))
                first, known = middle, False
        if not known:
            path.append(self._hash(first, end))
        return path[::-1]

    def tile(self, level: int, place: int) -> list[bytes]:
        """The hashes of a tile, as many of its 256 as there are."""
        key = (level, place)
        if key not in self._tiles:
            said = {"first": place * TILE, "end": (place + 1) * TILE}
            if level == 0:
                rows = direct.rows(self._conn, _LEAVES, said)
            else:
                rows = direct.rows(self._conn, _NODES, {**said, "level": level})
            self._tiles[key] = [bytes(hash_) for (hash_,) in rows]
        return self._tiles[key]

    def _hash(self, first: int, end: int) -> bytes:
        """The root of the leaves from `first`, a multiple of the power of two that it begins."""
        count = end - first
        left = _split(count) if count & (count - 1) else count
        found = self._perfect(left.bit_length() - 1, first // left)
        return found if left == count else node(found, self._hash(first + left, end))

    def _perfect(self, height: int, place: int) -> bytes:
        level, above = divmod(height, TILE_HEIGHT)
        first = place << above
        hashes = self.tile(level, first // TILE)[first % TILE :][: 1 << above]
        if len(hashes) < 1 << above:
            raise Conflict(
                f"the tree lacks hashes of level {level} from {first} on: see `registry verify`"
            )
        while len(hashes) > 1:
            hashes = [node(*hashes[at : at + 2]) for at in range(0, len(hashes), 2)]
        return hashes[0]


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << (count - 1).bit_length() - 1


_FIRST: Final = bindparam("first", type_=BigInteger)
_END: Final = bindparam("end", type_=BigInteger)
_LEAVES: Final = (
    select(event.c.leaf_hash)
    .where(event.c.position > _FIRST, event.c.position <= _END)
    .order_by(event.c.position)
)
_NODES: Final = (
    select(tree_node.c.hash)
    .where(
        tree_node.c.level == bindparam("level", type_=Integer),
        tree_node.c.place >= _FIRST,
        tree_node.c.place < _END,
    )
    .order_by(tree_node.c.place)
)

"""Hashes of the log: payloads, leaves, and the frontier of the RFC 9162 tree over them."""

import hashlib
from typing import Any, Final

import orjson

HASH_SIZE: Final = 32
TILE_HEIGHT: Final = 8
TILE: Final = 1 << TILE_HEIGHT
"""So many hashes a tile is wide (C2SP tlog-tiles)."""
ENVELOPE: Final = (
    *("position", "event_id", "stream", "stream_version", "type", "type_version"),
    *("occurred", "effective", "recorded_at", "recorded_by", "reviewed_by", "target"),
)
"""What a leaf holds of an event beside the hash of its payload."""


def payload_hash(salt: bytes, data: str) -> bytes:
    """Salted, so that a hash left after erasure tells nothing of a short content."""
    return hashlib.sha256(salt + data.encode()).digest()


def entry(envelope: dict[str, Any]) -> bytes:
    """The canonical envelope, as it is hashed: sorted keys, compact, UTF-8."""
    return orjson.dumps(envelope, option=orjson.OPT_SORT_KEYS)


def leaf_hash(envelope: dict[str, Any]) -> bytes:
    """RFC 9162 2.1.1 over the entry."""
    return hashlib.sha256(b"\x00" + entry(envelope)).digest()


def grown(frontier: bytes, size: int, leaf: bytes) -> bytes:
    """The frontier after one more leaf; `frontier` holds the roots of the perfect subtrees that
    a tree of `size` leaves is made of, largest first, one for each bit set in `size`.
    """
    while size & 1:
        left, frontier = frontier[-HASH_SIZE:], frontier[:-HASH_SIZE]
        leaf = node(left, leaf)
        size >>= 1
    return frontier + leaf


def completed(frontier: bytes, size: int, leaf: bytes) -> list[tuple[int, int, bytes]]:
    """(level, place, hash) of what one more leaf makes whole: perfect subtrees of a power of
    TILE leaves, which the levels of tiles above the leaves are made of. Level 1 holds 256 leaves.
    """
    found: list[tuple[int, int, bytes]] = []
    made, at = size + 1, 0
    while size & 1:
        left, frontier = frontier[-HASH_SIZE:], frontier[:-HASH_SIZE]
        leaf = node(left, leaf)
        size >>= 1
        at += 1
        if at % TILE_HEIGHT == 0:
            found.append((at // TILE_HEIGHT, (made >> at) - 1, leaf))
    return found


def root(frontier: bytes) -> bytes:
    """The tree's root hash; of the empty tree the hash of nothing."""
    if not frontier:
        return hashlib.sha256(b"").digest()
    parts = [frontier[at : at + HASH_SIZE] for at in range(0, len(frontier), HASH_SIZE)]
    made = parts.pop()
    while parts:
        made = node(parts.pop(), made)
    return made


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()

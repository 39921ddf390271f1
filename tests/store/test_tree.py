"""Roots and proofs of the log are those of RFC 9162, however large it is."""

import hashlib
import random

import pytest
from pymerkle import InmemoryTree
from sqlalchemy import Engine, text

from registry.api.verify_proof import extends, root_by_path
from registry.domain.errors import Conflict
from registry.store import log
from registry.store.engine import reading, writing
from registry.store.merkle import grown, root
from registry.store.tree import Tree
from tests.store.given import draft

# The reference tree of Certificate Transparency (RFC 6962 test vectors): leaves and roots of 1 to 8.
CT_LEAVES = [
    bytes.fromhex(each)
    for each in (
        *("", "00", "10", "2021", "3031", "40414243", "5051525354555657"),
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)


def test_roots_are_those_of_the_reference_tree() -> None:
    frontier = b""
    for size, (leaf, expected) in enumerate(zip(CT_LEAVES, CT_ROOTS, strict=True)):
        frontier = grown(frontier, size, hashlib.sha256(b"\x00" + leaf).digest())
        assert root(frontier).hex() == expected


LARGE = 1_100
"""More than four tiles of leaves."""


def filled(engine: Engine, count: int) -> list[bytes]:
    """The leaves, recorded in transactions of several sizes."""
    chance, at = random.Random(7), 0
    while at < count:
        many = min(chance.choice((1, 3, 200, 300)), count - at)
        with writing(engine) as conn:
            log.append(
                conn,
                log.lock(conn, many, 1),
                [draft(f"{at + each}") for each in range(many)],
                "clerk",
            )
        at += many
    with reading(engine) as conn:
        rows = conn.execute(text("SELECT leaf_hash FROM event ORDER BY position")).scalars()
        return [bytes(each) for each in rows]


def test_every_proof_of_a_large_log_holds_and_none_with_one_bit_changed(engine: Engine) -> None:
    leaves = filled(engine, LARGE)
    chance = random.Random(11)
    sizes = [1, 2, 255, 256, 257, 511, 512, 513, 768, 1_023, 1_024, LARGE]
    sizes += chance.sample(range(1, LARGE), 15)
    roots = {}
    frontier = b""
    for size, leaf in enumerate(leaves, start=1):
        frontier = grown(frontier, size - 1, leaf)
        roots[size] = root(frontier)
    with reading(engine) as conn:
        tree = Tree(conn)
        for size in sizes:
            assert tree.root(size) == roots[size]
            for index in {0, size - 1, size // 2, chance.randrange(size)}:
                path = tree.inclusion(index, size)
                assert root_by_path(leaves[index], index, size, path) == roots[size]
                if path:
                    path[-1] = bytes([path[-1][0] ^ 1]) + path[-1][1:]
                    assert root_by_path(leaves[index], index, size, path) != roots[size]
            for older in {1, size // 2, size - 1, size} - {0}:
                path = tree.consistency(older, size)
                assert extends((older, roots[older]), (size, roots[size]), path)
                wrong = hashlib.sha256(roots[older]).digest()
                assert not extends((older, wrong), (size, roots[size]), path)


def test_proofs_are_those_of_an_independent_implementation() -> None:
    """The other one hashes its entries itself, so it is given what a leaf is the hash of."""
    count = 300
    entries = [f"{each}".encode() for each in range(count)]
    other = InmemoryTree(algorithm="sha256")
    frontier = b""
    for size, entry in enumerate(entries):
        other.append_entry(entry)
        frontier = grown(frontier, size, hashlib.sha256(b"\x00" + entry).digest())
        if size in (0, 1, 2, 6, 7, 8, 254, 255, 256, 299):
            assert other.get_state() == root(frontier)
    # Then its paths are checked by our verifier, which is what ours are checked by, too.
    leaf = hashlib.sha256(b"\x00" + entries[122]).digest()
    theirs = other.prove_inclusion(123, count)
    assert root_by_path(leaf, 122, count, _apart(theirs.path)) == root(frontier)


def _apart(path: list[bytes]) -> list[bytes]:
    """Their paths begin with the leaf itself."""
    return path[1:]


def test_a_tree_that_lacks_a_hash_is_told_of(engine: Engine) -> None:
    filled(engine, 600)
    with writing(engine) as conn:
        conn.execute(text("DELETE FROM tree_node WHERE place = 1"))
    with reading(engine) as conn, pytest.raises(Conflict, match="registry verify"):
        Tree(conn).root(600)

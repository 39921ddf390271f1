"""Readers of what strangers write refuse it or read it, and never break; a short run of `fuzz`."""

import random

import hypothesis
import pytest
from hypothesis import strategies as st

from tests.hostile.targets import SEEDS, TARGETS

REGRESSIONS: dict[str, tuple[bytes, ...]] = dict.fromkeys(TARGETS, ())
"""What once broke a reader."""


def bent(name: str, places: list[tuple[int, bytes]]) -> bytes:
    """A good beginning with pieces put over it."""
    data = bytearray(SEEDS[name][len(places) % len(SEEDS[name])])
    for at, piece in places:
        where = at % (len(data) + 1)
        data[where : where + len(piece) // 2] = piece
    return bytes(data)


PIECES = st.one_of(
    st.binary(max_size=4),
    st.sampled_from(sorted({each for seeds in SEEDS.values() for each in seeds})),
    st.text(max_size=4).map(lambda text: text.encode(errors="replace")),
    st.sampled_from((b"9" * 30, b"X", b"/", b"..", b"[", b"{", b"\x00", b'"', b"\n", b"-", b"~")),
)


@pytest.mark.parametrize("name", TARGETS)
@hypothesis.settings(max_examples=120)
@hypothesis.given(places=st.lists(st.tuples(st.integers(0, 200), PIECES), max_size=6))
def test_a_reader_reads_or_refuses(name: str, places: list[tuple[int, bytes]]) -> None:
    TARGETS[name](bent(name, places))


@pytest.mark.parametrize("name", TARGETS)
def test_what_once_broke_a_reader_is_refused(name: str) -> None:
    for data in (*SEEDS[name], *REGRESSIONS[name]):
        TARGETS[name](data)


@pytest.mark.long
@pytest.mark.parametrize("name", TARGETS)
def test_a_reader_reads_or_refuses_a_hundred_thousand_times(name: str) -> None:
    chance = random.Random(name)
    for _ in range(100_000):
        places = [
            (chance.randrange(200), chance.randbytes(chance.randrange(5)))
            for _ in range(chance.randrange(6))
        ]
        TARGETS[name](bent(name, places))

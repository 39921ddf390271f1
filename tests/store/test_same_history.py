"""Heads of one history, told by hashes."""

from dataclasses import replace

from sqlalchemy import Engine

from registry.store import log
from registry.store.engine import reading
from registry.store.log import Head
from registry.store.same_history import grew
from tests.store.given import BROKEN_OFF, recorded_background, tell

NOTHING = Head(0, 0, b"")


def test_a_head_grew_out_of_every_earlier_one_and_of_no_other(engine: Engine) -> None:
    recorded_background(engine)
    heads: list[Head] = [NOTHING]
    for year in range(1850, 1856):
        with reading(engine) as conn:
            heads.append(log.head(conn))
        tell(engine, BROKEN_OFF | {"occurred": str(year)})
    with reading(engine) as conn:
        for earlier in heads:
            for later in heads:
                assert grew(conn, earlier, later) == (earlier.position <= later.position)
        strange = bytes([heads[2].frontier[0] ^ 1]) + heads[2].frontier[1:]
        assert not grew(conn, replace(heads[2], frontier=strange), heads[3])
        assert not grew(conn, replace(heads[2], frontier=strange), heads[2])
        beyond = replace(heads[-1], position=heads[-1].position + 5)
        assert not grew(conn, heads[1], beyond)

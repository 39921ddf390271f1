"""Writers who meet: what one reads before the lock, another may change before it has the lock."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from sqlalchemy import Engine, text

from registry.domain.errors import Conflict
from registry.projections.rebuild import rebuild
from registry.record import record
from registry.store import log
from registry.store.engine import is_sqlite, reading, writing
from registry.store.verify import verify
from tests.store.given import (
    BROKEN_OFF,
    DRUGS,
    Wire,
    opened,
    recorded_background,
    submitted,
    tell,
)


@pytest.fixture
def postgresql(fresh_database_url: Callable[[str], str]) -> Iterator[Engine]:
    """Only here may another writer come between reading and locking; on SQLite reading locks."""
    with opened(fresh_database_url("postgresql")) as engine:
        recorded_background(engine)
        yield engine


def tell_while(engine: Engine, said: Wire, meanwhile: Wire) -> None:
    """Record `said`, and `meanwhile` after `said` was read and folded, before it has the lock."""
    asked = count()

    def now() -> int:
        if next(asked) == 1:
            tell(engine, meanwhile)
        return time.time_ns() // 1_000

    with writing(engine) as conn:
        record(conn, submitted([said]), "clerk", now=now)
    assert next(asked) == 2


def live_is_rebuilt(engine: Engine) -> None:
    """A rebuild reads with nobody between."""
    assert rebuild(engine).differences == ()
    with reading(engine) as conn:
        assert verify(conn).sound


def test_another_comes_between_with_the_same_pair(postgresql: Engine) -> None:
    tell_while(
        postgresql,
        said={"type": "relations.established", "parties": ["BOL", "USA"], "occurred": "1849"},
        meanwhile=BROKEN_OFF,
    )
    live_is_rebuilt(postgresql)


def test_another_retracts_a_claim_elsewhere_of_an_act_that_is_also_here(
    postgresql: Engine,
) -> None:
    (broken_off,) = tell(postgresql, BROKEN_OFF)
    ended = {"type": "agreement.terminated", "agreement": DRUGS, "occurred": "2008-09-11"}
    (elsewhere,) = tell(postgresql, ended | {"same_act_as": broken_off.event_id})
    tell_while(
        postgresql,
        said={"type": "relations.established", "parties": ["BOL", "USA"], "occurred": "1849"},
        meanwhile={
            "type": "event.retracted",
            "target": elsewhere.event_id,
            "reason": "another story",
        },
    )
    live_is_rebuilt(postgresql)


def test_another_retracts_an_event_that_was_amended_to_be_here(postgresql: Engine) -> None:
    (moved,) = tell(postgresql, BROKEN_OFF)
    ended = {"type": "agreement.terminated", "agreement": DRUGS, "occurred": "2015"}
    tell(
        postgresql,
        {"type": "event.amended", "target": moved.event_id, "reason": "no", "event": ended},
    )
    tell_while(
        postgresql,
        said={"type": "agreement.suspended", "agreement": DRUGS, "occurred": "2014"},
        meanwhile={"type": "event.retracted", "target": moved.event_id, "reason": "no again"},
    )
    live_is_rebuilt(postgresql)


def test_another_lengthens_the_chain_of_claims(postgresql: Engine) -> None:
    (broken_off,) = tell(postgresql, BROKEN_OFF)
    ended = {"type": "agreement.terminated", "agreement": DRUGS, "occurred": "2008-09-11"}
    (second,) = tell(postgresql, ended | {"same_act_as": broken_off.event_id})
    visited = {
        "type": "party.renamed",
        "party": "IRN",
        "name": "Persia",
        "occurred": "2008",
        "same_act_as": second.event_id,
    }
    tell_while(
        postgresql,
        said=BROKEN_OFF | {"occurred": "2008-09-10", "same_act_as": broken_off.event_id},
        meanwhile=visited,
    )
    live_is_rebuilt(postgresql)


def test_another_comes_between_with_something_else(postgresql: Engine) -> None:
    (broken_off,) = tell(postgresql, BROKEN_OFF)
    ended = {"type": "agreement.terminated", "agreement": DRUGS, "occurred": "2008-09-11"}
    tell_while(
        postgresql,
        said=ended | {"same_act_as": broken_off.event_id},
        meanwhile={"type": "relations.established", "parties": ["IRN", "USA"], "occurred": "1883"},
    )
    live_is_rebuilt(postgresql)


def test_the_same_event_id_from_two_writers_is_a_conflict(postgresql: Engine) -> None:
    accused = {
        "type": "conduct.accusation_made",
        "by": "not named",
        "against": "somebody",
        "content": "something",
        "occurred": "2008",
        "id": "0190cccc-0000-7000-8000-00000000cccc",
    }
    with pytest.raises(Conflict):
        tell_while(postgresql, said=accused, meanwhile=accused)
    live_is_rebuilt(postgresql)


ROUNDS = {"sqlite": 60, "postgresql": 100}
"""Of each of two writers."""


def test_two_writers_on_one_subject_leave_what_a_rebuild_makes(engine: Engine) -> None:
    recorded_background(engine)
    rounds = ROUNDS["sqlite" if is_sqlite(engine) else "postgresql"]
    start = threading.Barrier(2)

    def write(writer: int) -> None:
        start.wait()
        for number in range(rounds):
            day = f"{1900 + (7 * number + writer) % 100}-06-{1 + number % 28:02}"
            types = ("relations.established", "relations.severed", "relations.reestablished")
            said = {"parties": ["BOL", "USA"], "type": types[number % 3], "occurred": day}
            (recorded,) = tell(engine, said)
            if number % 10:  # so the subject stays small, and corrections meet
                correction = {"type": "event.retracted", "reason": "only for a while"}
                tell(engine, correction | {"target": recorded.event_id})

    with ThreadPoolExecutor(2) as pool:
        for written in [pool.submit(write, writer) for writer in (0, 1)]:
            written.result()
    with reading(engine) as conn:
        assert log.head(conn).position == 7 + 2 * (rounds + rounds - rounds // 10)
    live_is_rebuilt(engine)


def test_who_waits_for_the_head_waits_in_a_queue(postgresql: Engine) -> None:
    """Of those who wait for a row PostgreSQL wakes all at once, and each looks at it again."""
    waiting = text("SELECT wait_event FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with ThreadPoolExecutor(4) as pool:
        with writing(postgresql) as conn:
            log.hold(conn)
            told = [pool.submit(tell, postgresql, BROKEN_OFF) for _ in range(4)]
            with postgresql.connect() as other:
                other.execution_options(isolation_level="AUTOCOMMIT")
                until = time.monotonic() + 20
                while len(found := other.execute(waiting).scalars().all()) < 4:
                    assert time.monotonic() < until
                    time.sleep(0.02)
        positions = [each.position for one in told for each in one.result()]
    assert set(found) == {"advisory"}
    assert max(positions) - min(positions) == 3
    live_is_rebuilt(postgresql)

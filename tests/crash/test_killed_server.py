"""A server that is killed while it records: what it confirmed is there, and what is sent again is
recorded once.
"""

import contextlib
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import orjson
import pytest
from sqlalchemy import select

from registry.projections.rebuild import compare
from registry.store import log
from registry.store.engine import connect, reading
from registry.store.tables import event
from registry.store.verify import verify
from tests.api.desk import LIST, SEVERED
from tests.api.test_serve import Service, served
from tests.conftest import ENGINES

KILLS: Final = int(os.environ.get("CRASHES", "2"))
WRITERS: Final = 4
EACH: Final = 12

PARTIES: Final = [
    {"type": "party.recorded", "party": code, "kind": "state", "name": code}
    for code in ("BOL", "ISR")
]


def killed(service: Service) -> None:
    """The whole family at once, without a word."""
    parent = service.process.pid
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for each in (parent, *map(int, children)):
        with contextlib.suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    service.process.communicate()


def sent(service: Service, token: str, key: str) -> bytes | None:
    """The receipt; None where no answer came."""
    body = orjson.dumps(SEVERED | {"note": key})
    heads = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
    try:
        status, _headers, answer = service.ask("POST", LIST, body, Idempotency_Key=key, **heads)
    except (OSError, ValueError):
        return None
    except Exception as broken:  # http.client names a connection that ends in many ways
        if type(broken).__module__ == "http.client":
            return None
        raise
    return answer if status == 201 else None


@pytest.mark.parametrize("on", ENGINES)
def test_what_is_sent_again_after_a_kill_is_recorded_once(
    fresh_database_url: Callable[[str], str], on: str
) -> None:
    url = fresh_database_url(on)
    keys = [f"{writer}-{n}" for writer in range(WRITERS) for n in range(EACH)]
    receipts: dict[str, bytes] = {}
    chance = random.Random(on)
    with served(url) as service:
        token = service.command("token", "create", "--role", "admin")
        heads = {"Authorization": f"Bearer {token}", "Content_Type": "application/json"}
        assert service.ask("POST", LIST, orjson.dumps(PARTIES), **heads)[0] == 201

        def write(writer: int) -> None:
            for n in range(EACH):
                if (answer := sent(service, token, f"{writer}-{n}")) is not None:
                    receipts[f"{writer}-{n}"] = answer

        writers = [threading.Thread(target=write, args=(each,)) for each in range(WRITERS)]
        for each in writers:
            each.start()
        time.sleep(chance.uniform(0.02, 0.25))
        killed(service)
        for each in writers:
            each.join()
    for _ in range(KILLS - 1):
        with served(url) as service:
            late = threading.Thread(target=sent, args=(service, token, chance.choice(keys)))
            late.start()
            time.sleep(chance.uniform(0, 0.02))
            killed(service)
            late.join()
    with served(url) as service:
        for key in keys:
            answer = sent(service, token, key)
            assert answer is not None
            assert receipts.get(key, answer) == answer
            receipts[key] = answer
    engine = connect(url)
    with reading(engine) as conn:
        assert verify(conn).sound
        assert log.head(conn).position == len(PARTIES) + len(keys)
        recorded = conn.scalars(select(event.c.event_id).where(event.c.type == SEVERED["type"]))
        assert {orjson.loads(each)["event_id"] for each in receipts.values()} == set(recorded)
    assert not compare(engine).total
    engine.dispose()

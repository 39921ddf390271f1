"""A PostgreSQL that is really ended and started again while clients record: each key is recorded once."""

import signal
import threading
import time

from sqlalchemy import select

from registry.store.engine import reading
from registry.store.tables import event
from tests.api.test_serve import served
from tests.faults.clients import BREACH, PARTY, Answer, Client, nothing_is_wrong
from tests.scale import cluster
from tests.scale.cluster import Server
from tests.store.given import BACKGROUND, opened

WRITERS, EACH = 4, 15
RESTARTS = (signal.SIGINT, signal.SIGQUIT)
"""Fast; immediate, as if it had crashed."""


def test_what_is_sent_again_over_restarts_is_recorded_once(template: Server) -> None:
    with cluster.running(template, template.data.parent, copies=0) as servers:
        server = servers.primary
        with served(server.url, heard=False) as service:
            client = Client.of(service)
            first: dict[str, Answer] = {}
            told: list[Answer] = []
            done = threading.Event()

            def write(writer: int) -> None:
                for n in range(EACH):
                    key = f"{writer}-{n}"
                    first[key] = client.record_soon(key, BREACH | {"note": key})

            def probe() -> None:
                while not done.is_set():
                    told.append(client.get("/readyz"))
                    time.sleep(0.05)

            writers = [threading.Thread(target=write, args=(each,)) for each in range(WRITERS)]
            prober = threading.Thread(target=probe)
            for each in (*writers, prober):
                each.start()
            for how in RESTARTS:
                _wait_for_more(first)
                server.end(how)
                for path in (PARTY, "/readyz"):
                    assert client.get(path).is_a_clear_503
                server.start()
                assert client.get(PARTY).status == 200
            for each in writers:
                each.join()
            done.set()
            prober.join()

            assert len(first) == WRITERS * EACH
            assert {each.status for each in first.values()} == {201}
            for key, answer in first.items():
                assert client.record(key, BREACH | {"note": key}) == answer
            assert {each.status for each in told} == {200, 503}
            assert all(each.is_a_clear_503 for each in told if each.status == 503)
            nothing_is_wrong(service, len(BACKGROUND) + len(first))
            with opened(server.url) as engine, reading(engine) as conn:
                kept = select(event.c.event_id).where(event.c.type == BREACH["type"])
                recorded = set(conn.scalars(kept))
            assert {each.body["event_id"] for each in first.values()} == recorded


def _wait_for_more(first: dict[str, Answer]) -> None:
    """Until some more keys were answered."""
    until, enough = time.monotonic() + 30, len(first) + 5
    while len(first) < enough:
        assert time.monotonic() < until
        time.sleep(0.01)

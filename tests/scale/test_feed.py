"""The log followed as it grows: by a list that waits, and by a stream that never ends."""

import http.client
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Any, Final

import orjson
import pytest
from sqlalchemy import text

from registry.app import create_app
from registry.queries.glance import Glance
from registry.record import clock
from registry.settings import Settings
from registry.store import log
from registry.store.engine import writing
from registry.web.following import Following
from tests import serving
from tests.api.conftest import Seeded, seeded
from tests.api.desk import LIST, SEVERED, Desk, assert_problem
from tests.conftest import ENGINES
from tests.scale.cluster import free_port
from tests.store.given import draft

__all__ = ["seeded"]

STREAM: Final = {"Accept": "text/event-stream"}


class Listener:
    """One connection that hears a stream."""

    def __init__(self, port: int, path: str = LIST, **headers: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        sent = STREAM | {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.request("GET", path, headers=sent)
        self.answer = self._connection.getresponse()

    def hear(self) -> Iterator[dict[str, Any]]:
        """Events as they come, each with its id."""
        said: dict[str, str] = {}
        while line := self.answer.readline():
            name, colon, value = line.decode().rstrip("\n").partition(": ")
            if colon and name:
                said[name] = value
            elif not line.strip() and "data" in said:
                yield {"last": int(said["id"]), **orjson.loads(said["data"])}
                said = {}

    def leave(self) -> None:
        self.answer.close()
        self._connection.close()


@pytest.fixture(params=ENGINES)
def served(request: pytest.FixtureRequest, seeded: Seeded) -> Iterator[tuple[Desk, int]]:
    """A register that three may follow at a time, and its port."""
    with seeded.copy(request.param) as url:
        app = create_app(Settings(url, lock_timeout_seconds=5, followers=3, heartbeat_seconds=0.2))
        desk = Desk(app, app.extensions["registry"])
        desk.token = desk.make_token("recorder")
        try:
            with serving.served(app) as port:
                yield desk, port
        finally:
            desk.engine.dispose()


def year(number: int) -> dict[str, Any]:
    return SEVERED | {"occurred": str(number)}


def test_a_list_is_waited_for_until_it_would_hold_something(served: tuple[Desk, int]) -> None:
    desk, _ = served
    head = desk.position()
    assert desk.get(f"{LIST}?after={head - 1}&wait=30").json["items"][0]["position"] == head
    assert desk.get(f"{LIST}?after={head}&wait=1").json["items"] == []
    answers: SimpleQueue[Any] = SimpleQueue()
    asked = f"{LIST}?after={head}&wait=30&subject=event:x"
    for path in (f"{LIST}?after={head}&wait=30&type=relations.severed", asked.replace("30", "2")):
        threading.Thread(target=lambda it=path: answers.put(desk.get(it).json)).start()
    desk.told({"type": "source.recorded", "source": "abi-2013", "kind": "press", "title": "ABI"})
    told = desk.told(SEVERED)
    first, second = (answers.get(timeout=60) for _ in range(2))
    assert [each["event_id"] for each in first["items"]] == [told["event_id"]]
    assert second["items"] == []
    assert second["known_at"]["position"] == told["position"]
    for wrong in ("known_at=@3", "known_at=2020-01-01T00:00:00Z"):
        assert_problem(desk.get(f"{LIST}?wait=1&{wrong}"), 422, "wait")
    assert_problem(desk.get(f"{LIST}?wait=31"), 422, "wait")


def test_whoever_comes_back_with_the_last_id_has_missed_nothing_and_hears_nothing_twice(
    served: tuple[Desk, int],
) -> None:
    desk, port = served
    before = desk.position()

    def write(whose: int) -> None:
        for number in range(12):
            if number % 4 == 3:  # taken back: its positions are given out again
                with desk.engine.connect() as conn:
                    log.lock(conn, 1, clock())
                    conn.rollback()
            else:
                desk.told(year(1700 + 20 * whose + number))

    writers = [threading.Thread(target=write, args=(whose,)) for whose in range(2)]
    for writer in writers:
        writer.start()
    heard: list[int] = []
    last = 0
    while last < before + 18:
        listener = _patiently(port, **({"Last_Event_ID": str(last)} if last else {}))
        for turn, each in enumerate(listener.hear()):
            last = each["last"]
            assert each["sequence"] == f"{last:016}"
            assert each["specversion"] == "1.0"
            heard.append(last)
            if turn >= 200 + len(heard) % 5 or last == before + 18:
                break
        listener.leave()
    for writer in writers:
        writer.join()
    assert heard == list(range(1, before + 19))


def test_a_silent_stream_says_that_it_is_alive_and_tells_nothing_again(
    served: tuple[Desk, int],
) -> None:
    desk, port = served
    head = desk.position()
    listener = Listener(port, f"{LIST}?after={head - 1}")
    ids: list[int] = []
    beats = 0
    while len(ids) < 2:
        line = listener.answer.readline().decode().strip()
        if line.startswith("id: "):
            ids.append(int(line.removeprefix("id: ")))
        elif line == ":" and ids:
            beats += 1
            if beats == 2:
                desk.told(SEVERED)
    listener.leave()
    assert ids == [head, head + 1]


def test_more_than_can_be_served_are_told_to_come_again_and_who_leaves_makes_room(
    served: tuple[Desk, int],
) -> None:
    desk, port = served
    listeners = [Listener(port, f"{LIST}?after={desk.position()}") for _ in range(3)]
    for path, headers in ((LIST, STREAM), (f"{LIST}?after={desk.position()}&wait=30", {})):
        refused = desk.get(path, **headers)
        assert_problem(refused, 503)
        assert refused.headers["Retry-After"] == "5"
    assert desk.get(LIST).status_code == 200
    told = desk.told(SEVERED)
    assert [next(each.hear())["id"] for each in listeners] == [told["event_id"]] * 3
    listeners[1].leave()
    listeners[1] = _patiently(port)
    for each in listeners:
        each.leave()


def test_one_looks_for_all_who_wait() -> None:
    looked: list[int] = []

    def look() -> Glance:
        looked.append(threading.get_ident())
        return Glance(7 if len(looked) > 3 else 5, 1)

    following = Following(look, 10, 15)
    heads: SimpleQueue[int] = SimpleQueue()

    def wait() -> None:
        with following.place():
            heads.put(following.beyond(5, 60))

    waiting = [threading.Thread(target=wait) for _ in range(10)]
    for each in waiting:
        each.start()
    assert [heads.get(timeout=60) for _ in range(10)] == [7] * 10
    assert len(set(looked)) == 1
    for each in waiting:
        each.join()
    with following.place():
        assert following.beyond(6, 60) == 7


def test_of_an_event_whose_content_was_erased_the_envelope_is_told(
    served: tuple[Desk, int],
) -> None:
    desk, port = served
    one = desk.told(SEVERED)
    two = desk.told(year(1890))
    on_request = draft("on request", type="event.erased", target=one["event_id"], tags=frozenset())
    with writing(desk.engine) as conn:
        log.append(conn, log.lock(conn, 1, clock()), [on_request], "keeper")
        conn.execute(
            text("DELETE FROM event_payload WHERE position = :at"), {"at": one["position"]}
        )
    listener = Listener(port, f"{LIST}?after={one['position'] - 1}&limit=2")
    heard = [each for each, _ in zip(listener.hear(), range(2), strict=False)]
    listener.leave()
    assert [each["id"] for each in heard] == [one["event_id"], two["event_id"]]
    assert heard[0]["type"] == "registry.relations.severed"
    assert ["data" in each for each in heard] == [False, True]


def test_what_cannot_be_followed_is_refused_before_the_stream_begins(
    served: tuple[Desk, int],
) -> None:
    desk, _ = served
    assert_problem(desk.get(f"{LIST}?party=XXX", **STREAM), 404)
    assert_problem(desk.get(f"{LIST}?known_at=@3", **STREAM), 422, "known_at")
    assert_problem(desk.get(LIST, Last_Event_ID="the last", **STREAM), 400)
    assert_problem(desk.get("/api/v1/parties", **STREAM), 406)
    told = desk.get("/openapi.json").json["paths"][LIST]["get"]
    assert "text/event-stream" in told["responses"]["200"]["content"]
    assert {"Last-Event-ID", "wait"} <= {each["name"] for each in told["parameters"]}


@contextmanager
def _serving(url: str, port: int) -> Iterator[None]:
    """`registry serve`, one worker that one may follow."""
    environ = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
        "REGISTRY_DATABASE_URL": url,
        "REGISTRY_WORKERS": "1",
        "REGISTRY_FOLLOWERS": "1",
        "REGISTRY_HEARTBEAT_SECONDS": "0.2",
        "PORT": str(port),
    }
    command = [sys.executable, "-m", "registry", "serve"]
    process = subprocess.Popen(command, env=environ, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def test_the_server_notices_that_a_listener_is_gone(seeded: Seeded) -> None:
    port = free_port()
    with seeded.copy("sqlite") as url, _serving(url, port):
        for _ in range(3):
            listener = _patiently(port)
            assert next(listener.hear())["last"] == 1
            listener.leave()


def _patiently(port: int, **headers: str) -> Listener:
    """A listener, as soon as there is a server and room."""
    for _ in range(300):
        try:
            listener = Listener(port, **headers)
        except OSError:
            threading.Event().wait(0.05)
            continue
        if listener.answer.status == 200:
            return listener
        listener.leave()
        threading.Event().wait(0.05)
    raise AssertionError("there never was room")

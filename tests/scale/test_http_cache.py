"""Pinned answers behind a real cache, as it is shipped: who comes second never reaches the service."""

import http.client
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest

from registry.app import create_app
from registry.settings import Settings
from registry.web.visiting import COOKIE
from tests.api.conftest import Seeded, seeded
from tests.api.desk import LIST, SEVERED, Desk
from tests.scale import shipped_nginx
from tests.serving import served

__all__ = ["seeded"]

RELATIONS = "/api/v1/relations/BOL/USA?as_of=2009-06-01"


class Answer(NamedTuple):
    status: int
    headers: http.client.HTTPMessage
    body: bytes


class Counting:
    """An application, and what it was asked."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self.asked: list[str] = []
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        self.asked.append(environ["PATH_INFO"])
        return self._inner(environ, start_response)


class Front:
    """The cache, and the services behind it."""

    def __init__(self, desk: Desk, port: int, services: list[Counting]) -> None:
        self.desk = desk
        self.port = port
        self.services = services

    def get(self, path: str, **headers: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request("GET", path, headers=sent)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def reached(self) -> int:
        """How many requests the services have seen."""
        return sum(len(each.asked) for each in self.services)

    def pinned(self) -> str:
        return f"{RELATIONS}&known_at=@{self.desk.position()}"


@pytest.fixture
def front(seeded: Seeded, tmp_path: Path) -> Iterator[Front]:
    shipped_nginx.binary()
    with ExitStack() as stack:
        url = stack.enter_context(seeded.copy("sqlite"))
        settings = Settings(url, lock_timeout_seconds=5, trusted_proxies=1)
        apps = [create_app(settings) for _ in range(2)]
        for app in apps:
            stack.callback(app.extensions["registry"].dispose)
        services = [Counting(app) for app in apps]
        ports = [stack.enter_context(served(each)) for each in services]
        desk = Desk(apps[0], apps[0].extensions["registry"])
        desk.token = desk.make_token("recorder")
        port = stack.enter_context(shipped_nginx.in_front_of(ports, tmp_path))
        yield Front(desk, port, services)


def test_who_comes_second_never_reaches_the_service(front: Front) -> None:
    for path in (front.pinned(), front.pinned().removeprefix("/api/v1")):
        before = front.reached()
        first = front.get(path)
        assert (first.status, first.headers["X-Cache"]) == (200, "MISS")
        second = front.get(path)
        assert (second.status, second.headers["X-Cache"]) == (200, "HIT")
        assert front.reached() == before + 1
        assert second.body == first.body
        for name in ("ETag", "Vary", "Content-Type", "Cache-Control", "Date"):
            assert second.headers[name] == first.headers[name]
        assert second.headers["Cache-Control"] == "public, max-age=86400, immutable"
        assert second.headers["Vary"]
        at_hand = front.get(path, If_None_Match=first.headers["ETag"])
        assert (at_hand.status, at_hand.body) == (304, b"")
        assert front.reached() == before + 1


def test_of_many_who_ask_at_once_one_is_passed_on(front: Front) -> None:
    path = front.pinned()
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda _: front.get(path), range(12)))
    assert {(each.status, each.body) for each in answers} == {(200, answers[0].body)}
    assert front.reached() == 1


def test_another_form_and_another_host_are_other_answers(front: Front) -> None:
    path = f"{LIST}?limit=2&as_of=2009-06-01&known_at=@{front.desk.position()}"
    for _ in range(2):
        assert front.get(path).headers["Content-Type"] == "application/json"
        assert front.get(path, Accept="text/csv").headers["Content-Type"].startswith("text/csv")
    assert front.reached() == 2
    as_events = f"{path}&format=cloudevents"
    for _ in range(2):
        here, there = (front.get(as_events, Host=host) for host in ("one.example", "two.example"))
        assert orjson.loads(here.body)[0]["source"] == "http://one.example"
        assert orjson.loads(there.body)[0]["source"] == "http://two.example"
    assert front.reached() == 4
    as_events = f"{as_events}&confidence=reported"
    for forged in ({"X_Forwarded_Host": "three.example"}, {}):
        answer = front.get(as_events, Host="one.example", **forged)
        assert orjson.loads(answer.body)[0]["source"] == "http://one.example"


def test_the_latest_answer_is_always_asked_for_and_told_by_its_tag(front: Front) -> None:
    latest = front.get(RELATIONS)
    assert latest.headers["Cache-Control"] == "no-cache"
    assert front.get(RELATIONS).headers.get("X-Cache") is None
    assert front.reached() == 2
    assert front.get(RELATIONS, If_None_Match=latest.headers["ETag"]).status == 304
    assert front.reached() == 3
    told = front.desk.told(SEVERED)
    assert front.get(RELATIONS).headers["Registry-Position"] == str(told["position"])


def test_people_who_are_known_are_answered_by_the_service_alone(front: Front) -> None:
    path = front.pinned()
    for said in (
        {"Authorization": f"Bearer {front.desk.token}"},
        {"Cookie": f"{COOKIE}=x"},
        {"Cookie": f"a=b; __Host-{COOKIE}=x"},
    ):
        for _ in range(2):
            before = front.reached()
            assert front.get(path, **said).status == 200
            assert front.reached() == before + 1
    assert front.get(path).headers["X-Cache"] == "MISS"
    before = front.reached()
    front.get(path, Authorization=f"Bearer {front.desk.token}")
    assert front.reached() == before + 1
    for page in ("/admin/", "/admin/sign-in"):
        for _ in range(2):
            before = front.reached()
            front.get(f"{page}?known_at=@1&as_of=2009-06-01")
            assert front.reached() == before + 1


def test_what_is_not_there_yet_or_no_longer_is_not_kept(front: Front) -> None:
    soon = f"{RELATIONS}&known_at=@{front.desk.position() + 1}"
    assert [front.get(soon).status for _ in range(2)] == [404, 404]
    front.desk.told(SEVERED)
    assert front.get(soon).status == 200
    assert front.get(soon).headers["X-Cache"] == "HIT"
    for wrong, status in ((f"{soon}&nothing=1", 422), (f"/api/v1/x?{soon}", 404)):
        before = front.reached()
        assert [front.get(wrong).status for _ in range(2)] == [status] * 2
        assert front.reached() == before + 2


def test_how_the_services_are_is_not_told_to_the_public(front: Front) -> None:
    assert [front.get(path).status for path in ("/readyz", "/metrics")] == [404, 404]
    assert front.get("/healthz").status == 200
    assert front.reached() == 1

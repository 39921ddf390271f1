"""A client of a served register, which sends what it has under keys and may send it again."""

import http.client
import time
from dataclasses import dataclass
from typing import Any, Final, Self

import orjson

from tests.api.desk import LIST, SEVERED
from tests.api.test_serve import Service

PARTY: Final = "/api/v1/parties/BOL"
BREACH: Final = {**SEVERED, "parties": ["BOL", "IRN"]}
BATCH: Final = [{**BREACH, "note": "x" * 900}] * 300
"""More than fits into the pages that a database has left over."""


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None
    body: Any

    @property
    def is_a_clear_503(self) -> bool:
        return (self.status, bool(self.retry_after)) == (503, True) and (
            "database" in self.body["detail"]
        )


@dataclass(frozen=True)
class Client:
    service: Service
    token: str

    @classmethod
    def of(cls, service: Service) -> Self:
        return cls(service, service.command("token", "create", "--role", "admin"))

    def get(self, path: str) -> Answer:
        return _answer(self.service.ask("GET", path))

    def record(self, key: str, said: Any) -> Answer:
        heads = {"Authorization": f"Bearer {self.token}", "Content_Type": "application/json"}
        sent = orjson.dumps(said)
        return _answer(self.service.ask("POST", LIST, sent, Idempotency_Key=key, **heads))

    def record_soon(self, key: str, said: Any) -> Answer:
        """Sent again while the register asks to; every refusal is a clear one."""
        until = time.monotonic() + 30
        while (answer := self.record(key, said)).status in (409, 503):
            assert answer.retry_after, answer
            assert time.monotonic() < until, answer
            time.sleep(0.05)
        return answer


def nothing_is_wrong(service: Service, positions: int) -> None:
    """The log holds so many events, all sound, and what is live follows from them."""
    said = orjson.loads(service.command("verify", "--projections", "--json"))
    assert (said["sound"], said["positions"]) == (True, positions), said


def _answer(came: tuple[int, http.client.HTTPMessage, bytes]) -> Answer:
    status, headers, body = came
    return Answer(status, headers["Retry-After"], orjson.loads(body))

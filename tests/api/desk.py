"""A register that is asked and told over HTTP, as the tests of the API see it."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, cast

import orjson
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import OperationalError
from werkzeug.test import TestResponse

from registry.record import clock
from registry.store import log, tokens
from registry.store.engine import reading, writing

LIST = "/api/v1/events"
SEVERED = {
    "type": "relations.severed",
    "parties": ["BOL", "ISR"],
    "occurred": "2009-01-14",
    "by": "BOL",
}
"""Bolivia broke relations with Israel on that day; the seeds do not tell it."""


class Reply(TestResponse):
    """A response of the test client whose JSON a test may look into."""

    @property
    def json(self) -> Any:
        return self.get_json()


@dataclass
class Desk:
    """One application with its store; `post` comes with a recorder's token unless told otherwise."""

    app: Flask
    engine: Engine
    token: str = ""

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def get(self, url: str, **headers: str) -> Reply:
        """The answer, read to its end: one that is made while it is sent holds a connection."""
        return cast("Reply", self.client.get(url, headers=_headers(headers), buffered=True))

    def post(self, url: str, said: Any, token: str | None = None, **headers: str) -> Reply:
        return self.send(url, orjson.dumps(said), token, **headers)

    def send(self, url: str, body: bytes, token: str | None = None, **headers: str) -> Reply:
        sent = {"Content-Type": "application/json", **_headers(headers)}
        token = self.token if token is None else token
        if token:
            sent["Authorization"] = f"Bearer {token}"
        return cast("Reply", self.client.post(url, data=body, headers=sent))

    def told(self, said: Any) -> dict[str, Any]:
        """The receipt of what was recorded."""
        response = self.post(LIST, said)
        assert response.status_code == 201, response.text
        receipt: dict[str, Any] = response.json
        return receipt

    def make_token(self, role: str, expires_at: int | None = None) -> str:
        with writing(self.engine) as conn:
            return tokens.create(conn, role, f"the {role}", clock(), expires_at)

    def position(self) -> int:
        with reading(self.engine) as conn:
            return log.head(conn).position

    def first(self, query: str) -> dict[str, Any]:
        """The first event that a query of /events finds."""
        found: dict[str, Any] = self.get(f"{LIST}?{query}&limit=1").json["items"][0]
        return found


def assert_problem(response: TestResponse, status: int, field: str | None = None) -> dict[str, Any]:
    """The one shape of a refusal; the fields of its errors include this one."""
    assert response.status_code == status, response.text
    assert response.mimetype == "application/problem+json"
    said: dict[str, Any] = response.get_json()
    assert said["status"] == status
    assert {"type", "title", "detail", "instance"} <= said.keys()
    assert said["detail"]
    assert response.headers["Cache-Control"] == "no-store"
    if field is not None:
        assert field in [each["field"] for each in said["errors"]], said
    return said


def digest(response: Reply) -> str:
    return hashlib.sha256(response.data).hexdigest()


def _headers(named: dict[str, str]) -> dict[str, str]:
    """`If_Match=...` as `If-Match`."""
    return {name.replace("_", "-"): value for name, value in named.items()}


@contextmanager
def failing_commits(engine: Engine) -> Iterator[None]:
    """No writer gets through: the disk is full at the last moment."""

    def fail(conn: Connection) -> None:
        if conn.get_execution_options().get("begin"):  # of a writer
            raise OperationalError("COMMIT", None, Exception("the disk is full"))

    event.listen(engine, "commit", fail)
    yield
    event.remove(engine, "commit", fail)

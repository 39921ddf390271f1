"""A register with people who sign in and fill in its pages, without a browser."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import orjson
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from registry.admin import passwords
from registry.record import clock
from registry.store import accounts, log, tokens
from registry.store.accounts import Account
from registry.store.engine import reading, writing

PASSWORD = "correct horse battery staple lamp"
PEOPLE = {
    "reader": ("rosa@example.org", "Rosa Quispe"),
    "recorder": ("ana@example.org", "Ana Flores"),
    "second": ("carlos@example.org", "Carlos Mamani"),
    "reviewer": ("luz@example.org", "Luz Rojas"),
    "admin": ("eva@example.org", "Eva Morales"),
}
"""Login and name by role; `second` is another recorder."""
Typed = Mapping[str, Any] | Sequence[tuple[str, str]]
_CSRF = re.compile(r'name="csrf_token" value="([^"]+)"')


@dataclass
class Visitor:
    """Somebody signed in: `post` sends a form with the token of this visit."""

    client: FlaskClient
    account: Account
    token: str

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def post(self, path: str, data: Typed | None = None, **more: Any) -> TestResponse:
        """Fields as a mapping (a list is sent several times), or as pairs."""
        form: MultiDict[str, Any] = MultiDict(cast("Any", data or {}))
        form.add("csrf_token", self.token)
        return self.client.post(path, data=form, **more)


@dataclass
class Office:
    """One application with its store, and an account for each role."""

    app: Flask
    engine: Engine
    people: dict[str, Account]

    def client(self, role: str) -> Visitor:
        """A new visit of the person of this role (or of `second`)."""
        client = self.app.test_client()
        account = self.people[role]
        page = client.get("/admin/sign-in")
        said = {"login": account.login, "password": PASSWORD, "csrf_token": token_of(page)}
        answer = client.post("/admin/sign-in", data=said)
        assert answer.status_code == 303, answer.text
        return Visitor(client, account, token_of(client.get("/admin/")))

    def stranger(self) -> FlaskClient:
        """Somebody who is not signed in."""
        return self.app.test_client()

    def position(self) -> int:
        with reading(self.engine) as conn:
            return log.head(conn).position

    def told(self, said: Any) -> dict[str, Any]:
        """Record over the API, as somebody else would meanwhile; the receipt."""
        answer = self.sent("/api/v1/events", said, "reviewer")
        assert answer.status_code == 201, answer.text
        return cast("dict[str, Any]", answer.get_json())

    def sent(self, path: str, said: Any, role: str) -> TestResponse:
        """The API's answer to what another desk sends with a token of this role."""
        with writing(self.engine) as conn:
            token = tokens.create(conn, role, "the other desk", clock(), None)
        return self.app.test_client().post(
            path,
            data=orjson.dumps(said),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )

    def event(self, event_id: str) -> dict[str, Any]:
        """An event as the API shows it."""
        answer = self.app.test_client().get(f"/api/v1/events/{event_id}")
        assert answer.status_code == 200, answer.text
        return cast("dict[str, Any]", answer.get_json())

    def events(self, query: str = "") -> list[dict[str, Any]]:
        """The events that a query of the API's list finds."""
        answer = self.app.test_client().get(f"/api/v1/events?{query}")
        assert answer.status_code == 200, answer.text
        return cast("list[dict[str, Any]]", answer.get_json()["items"])


def token_of(page: TestResponse) -> str:
    """The proof that a form of this page carries."""
    found = _CSRF.search(page.text)
    assert found is not None, page.text
    return found[1]


def people(engine: Engine) -> dict[str, Account]:
    """One password for all, hashed once."""
    password_hash = _hash()
    with writing(engine) as conn:
        return {
            role: accounts.add(
                conn,
                login=login,
                name=name,
                role="recorder" if role == "second" else role,
                password_hash=password_hash,
                now=clock(),
            )
            for role, (login, name) in PEOPLE.items()
        }


def _hash() -> str:
    if not _HASHES:
        _HASHES.append(passwords.hashed(PASSWORD))
    return _HASHES[0]


_HASHES: list[str] = []

"""A request sent again under its Idempotency-Key is answered again, and not done again."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import orjson
from flask import Response, request
from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import OperationalError

from registry.api.problems import problem
from registry.domain.errors import Invalid, RegistryError
from registry.record import clock
from registry.store.engine import reading, writing
from registry.store.tables import idempotency
from registry.web import metering
from registry.web.statuses import lock_timed_out

_HEADER: Final = "Idempotency-Key"
_FORM: Final = re.compile(r"[\x21-\x7e]{1,200}")


@dataclass(frozen=True)
class Answer:
    """As it goes out, and as it is kept."""

    status: int
    headers: dict[str, str]
    body: str
    replayed: bool = False

    def response(self) -> Response:
        response = Response(self.body, self.status, mimetype="application/json")
        response.headers.update(self.headers)
        response.headers["Cache-Control"] = "no-store"
        if self.replayed:
            metering.replayed()
            response.headers["Idempotency-Replayed"] = "true"
        return response


@dataclass(frozen=True)
class Key:
    """`scope`: token and route; `fingerprint`: of all that decides what the request does."""

    scope: str
    key: str
    fingerprint: str

    def kept(self, conn: Connection) -> Answer | None:
        """The answer given under this key; Invalid where that was to another request."""
        row = conn.execute(
            select(idempotency).where(
                idempotency.c.scope == self.scope, idempotency.c.key == self.key
            )
        ).first()
        if row is None:
            return None
        if row.fingerprint != self.fingerprint:
            raise Invalid("this key was used for another request: take a new one", _HEADER)
        return Answer(row.status, orjson.loads(row.headers), row.answer, replayed=True)

    def keep(self, conn: Connection, answer: Answer) -> None:
        conn.execute(
            insert(idempotency).values(
                scope=self.scope,
                key=self.key,
                fingerprint=self.fingerprint,
                status=answer.status,
                headers=orjson.dumps(answer.headers).decode(),
                answer=answer.body,
                created_at=clock(),
            )
        )


Locked = Callable[[], None]
Do = Callable[[Connection, Locked], Answer]


def key_of(token_id: str, body: bytes) -> Key | None:
    """The key of this request, if it has one."""
    said = request.headers.get(_HEADER)
    if said is None:
        return None
    if not _FORM.fullmatch(said):
        raise Invalid("expected 1 to 200 visible ASCII characters, without spaces", _HEADER)
    precondition = request.headers.get("If-Match", "")
    fingerprint = hashlib.sha256(precondition.encode("latin-1", "replace") + b"\n" + body)
    return Key(f"{token_id} {request.method} {request.path}", said, fingerprint.hexdigest())


def once(engine: Engine, key: Key | None, do: Do) -> Response:
    """Do it in one transaction with keeping its answer, unless that is kept already.

    `do` calls what it is given once nobody else can append: a request that was still being done
    when this one began is found then.
    """
    if key is None:
        with writing(engine) as conn:
            answer = do(conn, lambda: None)
        return answer.response()
    try:
        return _once(engine, key, do).response()
    except OperationalError as error:
        if not lock_timed_out(error):
            raise
        return problem(
            409,
            "a request under this key may still be being done: try again",
            headers={"Retry-After": "1"},
        )


def _once(engine: Engine, key: Key, do: Do) -> Answer:
    def look_again() -> None:
        if (kept := key.kept(conn)) is not None:
            raise _AnsweredMeanwhile(kept)

    try:
        with writing(engine) as conn:
            if (kept := key.kept(conn)) is not None:
                return kept
            answer = do(conn, look_again)
            key.keep(conn, answer)
            return answer
    except _AnsweredMeanwhile as meanwhile:
        return meanwhile.answer
    except RegistryError:
        # What it is refused for may be its own first coming: "already recorded".
        with reading(engine) as fresh:
            if (kept := key.kept(fresh)) is None:
                raise
        return kept


class _AnsweredMeanwhile(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = replace(answer, replayed=True)

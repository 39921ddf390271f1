"""The store opened at the point of time and knowledge that a request asks about."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

from flask import Flask, current_app, request
from sqlalchemy import Engine
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_date

from registry.queries.remembered import Remembered
from registry.queries.view import View, open_view
from registry.store import engine as store
from registry.store.engine import reading

_STORE: Final = "registry"
_READER: Final = "registry-reader"
_REMEMBERED: Final = "registry-remembered"


def plug(app: Flask, engine: Engine) -> None:
    """The application reads and writes this store."""
    app.extensions[_STORE] = engine
    app.extensions[_READER] = store.reader(engine)
    app.extensions[_REMEMBERED] = Remembered()


def engine(app: Flask | None = None) -> Engine:
    """The store of this application, or of the one that answers this request."""
    return cast("Engine", (app or current_app).extensions[_STORE])


def reader(app: Flask | None = None) -> Engine:
    """The same store, where nothing but reading is done."""
    return cast("Engine", (app or current_app).extensions[_READER])


@contextmanager
def viewed(said: Mapping[str, Any]) -> Iterator[View]:
    """The point that is asked about, over one snapshot of the database."""
    known_at = said.get("known_at") or _accepted_datetime()
    with reading(reader()) as conn:
        yield open_view(
            conn,
            as_of=said.get("as_of"),
            known_at=known_at,
            confidence=said.get("confidence"),
            remembered=current_app.extensions[_REMEMBERED],
        )


def was_asked(said: Mapping[str, Any]) -> bool:
    """Whether the request names a time of knowledge."""
    return "known_at" in said or "Accept-Datetime" in request.headers


def _accepted_datetime() -> str | None:
    """RFC 7089 2.1.1: the header means `known_at`; a time to come means the latest."""
    text = request.headers.get("Accept-Datetime")
    if text is None:
        return None
    when = parse_date(text)
    if when is None or not text.endswith("GMT"):
        raise BadRequest(
            f"not a date of HTTP in Accept-Datetime: {text[:60]!r} "
            "(expected e.g. Thu, 31 May 2007 20:35:00 GMT)"
        )
    return when.isoformat() if when < datetime.now(UTC) else None

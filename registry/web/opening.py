"""The store opened at the point of time and knowledge that a request asks about."""

import re
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

from flask import Flask, current_app, g, has_request_context, request
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_date

from registry.domain.errors import Invalid, NotFound
from registry.queries.glance import Glance, glance
from registry.queries.instants import instant
from registry.queries.remembered import Remembered
from registry.queries.view import View, open_view
from registry.store import engine as store
from registry.store.engine import reading
from registry.store.replicas import Opened, Replicas
from registry.web.visiting import has_cookie

_STORE: Final = "registry"
_READER: Final = "registry-reader"
_REMEMBERED: Final = "registry-remembered"
_REPLICAS: Final = "registry-replicas"
_POSITION: Final = re.compile(r"[0-9]{1,16}")


def plug(app: Flask, engine: Engine, replicas: Replicas) -> None:
    """The application reads and writes this store, and reads its copies where that will do."""
    app.extensions[_STORE] = engine
    app.extensions[_READER] = store.reader(engine)
    app.extensions[_REPLICAS] = replicas
    forget(app)


def forget(app: Flask) -> None:
    """What was read of the log is no longer known."""
    app.extensions[_REMEMBERED] = Remembered()


def engine(app: Flask | None = None) -> Engine:
    """The store of this application, or of the one that answers this request."""
    return cast("Engine", (app or current_app).extensions[_STORE])


def reader(app: Flask | None = None) -> Engine:
    """The same store, where nothing but reading is done."""
    return cast("Engine", (app or current_app).extensions[_READER])


def replicas(app: Flask | None = None) -> Replicas:
    """The copies of the store that are read in its place."""
    return cast("Replicas", (app or current_app).extensions[_REPLICAS])


def glanced(app: Flask) -> Glance | None:
    """Where the register stands, as a copy of the store tells, else the store."""
    if (replica := replicas(app).one()) is not None:
        if (found := glance(replica.engine)) is not None:
            return found
        replica.give_up("it failed to answer")
    return glance(reader(app))


@contextmanager
def viewed(said: Mapping[str, Any], least: int = 0) -> Iterator[View]:
    """The point that is asked about, over one snapshot of one database, which is at `least` there.

    What goes wrong with a copy of the store, and what a copy does not find, is to be asked again:
    `to_be_asked_again` tells.
    """
    known_at = said.get("known_at") or _accepted_datetime()
    least = max(least, _least_position())
    opened: Opened | None = None
    try:
        with ExitStack() as stack:
            opened = _copy(stack, known_at, least)
            conn = opened.conn if opened else stack.enter_context(reading(reader()))
            view = open_view(
                conn,
                as_of=said.get("as_of"),
                known_at=known_at,
                confidence=said.get("confidence"),
                remembered=current_app.extensions[_REMEMBERED],
            )
            _refuse_unreached(view, least)
            replicas().note(view.moment, view.recorded_at)
            yield view
    except (DBAPIError, NotFound, Invalid) as error:
        if opened is not None:
            if isinstance(error, DBAPIError):
                opened.replica.failed(error)
            if has_request_context():  # not so while a long answer is being sent
                g.of_a_copy = True
        raise


def _refuse_unreached(view: View, least: int) -> None:
    if view.head < least:
        raise NotFound(f"the register has no position {least} yet: it is at {view.head}")


def to_be_asked_again() -> bool:
    """Whether what was just raised is the word of a copy; from now on the store itself is asked."""
    again = g.pop("of_a_copy", False)
    g.store_itself = True
    return bool(again)


def _copy(stack: ExitStack, known_at: str | None, least: int) -> Opened | None:
    """A snapshot of a copy, where one will do. People who enter data read what they wrote."""
    if (
        not replicas().any()
        or "store_itself" in g
        or has_cookie()
        or "HTTP_AUTHORIZATION" in request.environ
    ):
        return None
    if known_at is not None:
        if known_at.startswith("@"):
            least = max(least, int(known_at[1:]) if _POSITION.fullmatch(known_at[1:]) else 0)
        else:
            try:
                reached = replicas().reached_by(instant(known_at, "known_at"))
            except Invalid:
                return None
            if reached is None:
                return None
            least = max(least, reached)
    return replicas().opened(stack, least)


def _least_position() -> int:
    """What the asker has seen already, and wants to see again."""
    text = request.environ.get("HTTP_REGISTRY_MIN_POSITION")
    if text is None:
        return 0
    if not _POSITION.fullmatch(text):
        raise BadRequest(
            f"not a position in Registry-Min-Position: {text[:60]!r} (expected e.g. 1200)"
        )
    return int(text)


def was_asked(said: Mapping[str, Any]) -> bool:
    """Whether the request names a time of knowledge."""
    return "known_at" in said or "HTTP_ACCEPT_DATETIME" in request.environ


def _accepted_datetime() -> str | None:
    """RFC 7089 2.1.1: the header means `known_at`; a time to come means the latest."""
    text = request.environ.get("HTTP_ACCEPT_DATETIME")
    if text is None:
        return None
    when = parse_date(text)
    if when is None or not text.endswith("GMT"):
        raise BadRequest(
            f"not a date of HTTP in Accept-Datetime: {text[:60]!r} "
            "(expected e.g. Thu, 31 May 2007 20:35:00 GMT)"
        )
    return when.isoformat() if when < datetime.now(UTC) else None

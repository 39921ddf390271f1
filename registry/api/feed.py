"""/events, followed: a list that waits for what is not recorded yet, and a stream that never ends."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any, Final

import orjson
from flask import Response, request, stream_with_context
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import BadRequest

from registry.api.parameters import LIMIT, filters
from registry.domain.errors import Invalid, RegistryError
from registry.queries import events, feed
from registry.queries.cloud_events import enveloped
from registry.queries.feed import Part
from registry.web.answering import EVENT_STREAM
from registry.web.following import following
from registry.web.opening import viewed, was_asked

LONGEST: Final = 30
"""Seconds that a list may be waited for."""
_RETRY: Final = b"retry: 2000\n\n"
_ALIVE: Final = b":\n\n"
_POSITION: Final = re.compile(r"[0-9]{1,16}")

Said = dict[str, Any]


def waited(said: Said) -> int:
    """Wait until the list would hold something, or as long as was asked; the position to read at."""
    until = time.monotonic() + said.get("wait", 0)
    _refuse_the_past(said, "wait")
    after, least = said.get("after") or 0, 0
    with following().place():
        while True:
            with viewed(said, least) as view:
                if events.found(view, filters(said), after, 1):
                    return view.head
                after = max(after, view.head)
            left = until - time.monotonic()
            if left <= 0:
                return view.head
            head = following().beyond(after, left)
            least = head if head > after else 0


def streamed(said: Said) -> Response:
    """Server-sent events: each event of the log after the one that was seen last, for ever."""
    _refuse_the_past(said, "known_at")
    after = _seen_last() or said.get("after") or 0
    with ExitStack() as stack:
        stack.enter_context(following().place())
        first = _part(said, after, 0)  # what is wrong with the request is told in its own words
        lines = stream_with_context(_lines(said, first))
        response = Response(lines, mimetype=EVENT_STREAM)
        response.call_on_close(stack.pop_all().close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy in front hands on each event at once
    response.automatically_set_content_length = False
    return response


def _lines(said: Said, part: Part) -> Iterator[bytes]:
    """It ends where the database is gone: whoever listens asks again from the last event seen."""
    source = request.host_url.rstrip("/")
    yield _RETRY
    while True:
        for each in part.events:
            yield b"id: %d\ndata: %b\n\n" % (
                each["position"],
                orjson.dumps(enveloped(each, source)),
            )
        while (head := following().beyond(part.reached, following().heartbeat)) <= part.reached:
            yield _ALIVE
        try:
            part = _part(said, part.reached, head)
        except (SQLAlchemyError, RegistryError):
            return


def _part(said: Said, after: int, least: int) -> Part:
    with viewed(said, least) as view:
        return feed.part(view, filters(said), after, said.get("limit", LIMIT))


def _refuse_the_past(said: Said, field: str) -> None:
    if was_asked(said) or "cursor" in said:
        raise Invalid("what is yet to come is not known at a moment: leave known_at out", field)


def _seen_last() -> int | None:
    text = request.headers.get("Last-Event-ID")
    if not text:
        return None
    if not _POSITION.fullmatch(text):
        raise BadRequest(f"not a position in Last-Event-ID: {text[:60]!r} (expected e.g. 1200)")
    return int(text)

"""Routes that read: one snapshot of the database, one view of it, one answer."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final, cast

import orjson
from flask import Response, current_app, request
from sqlalchemy import Engine
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_date

from registry.api import documenting, paging
from registry.api.answering import CSV, JSON, answered, media_type
from registry.api.parameters import LIMIT, Listing, Paging, Point, asked
from registry.api.shapes import item_of
from registry.api.tables import table
from registry.projections.write import RULES
from registry.queries.page import Page
from registry.queries.view import View, open_view
from registry.store.engine import reading

Said = dict[str, Any]
EXTENSION: Final = "registry"
READER: Final = "registry-reader"
REMEMBERED: Final = "registry-remembered"


def engine() -> Engine:
    """The store of the application that answers this request."""
    return cast("Engine", current_app.extensions[EXTENSION])


def reader() -> Engine:
    """The same store, where nothing but reading is done."""
    return cast("Engine", current_app.extensions[READER])


def reads(
    blueprint: Any, rule: str, shape: str, query: type[Point] = Point
) -> Callable[[Callable[..., dict[str, Any]]], Callable[..., Any]]:
    """A route answered by one document of this shape; the function gets the view first."""

    def decorate(find: Callable[..., dict[str, Any]]) -> Callable[..., Any]:
        def respond(**path: str) -> Response:
            said = asked(query)
            media_type(None, [JSON])
            with viewed(said) as view:
                return answered(
                    view, _body(view, find(view, said, **path)), JSON, asked=was_asked(said)
                )

        return documenting.get(blueprint, rule, find, respond, query, shape)

    return decorate


def lists(
    blueprint: Any, rule: str, shape: str, query: type[Listing] = Listing
) -> Callable[[Callable[..., Sequence[Mapping[str, Any]] | dict[str, Any]]], Callable[..., Any]]:
    """A route answered by a whole list: the items alone, or a document that holds them."""

    def decorate(
        find: Callable[..., Sequence[Mapping[str, Any]] | dict[str, Any]],
    ) -> Callable[..., Any]:
        def respond(**path: str) -> Response:
            said = asked(query)
            form = media_type(said.get("format"), [JSON, CSV])
            with viewed(said) as view:
                found = find(view, said, **path)
                document = found if isinstance(found, dict) else {"items": found}
                return answered(
                    view, _rows(view, document, form, shape), form, asked=was_asked(said)
                )

        return documenting.get(blueprint, rule, find, respond, query, shape)

    return decorate


def pages(
    blueprint: Any, rule: str, shape: str, query: type[Paging] = Paging
) -> Callable[[Callable[..., Page]], Callable[..., Any]]:
    """A route answered by a page of a list; the function also gets where to go on, and how far."""

    def decorate(find: Callable[..., Page]) -> Callable[..., Any]:
        def respond(**path: str) -> Response:
            said = asked(query)
            form = media_type(said.get("format"), [JSON, CSV])
            after, when = said.get("after"), was_asked(said)
            if text := said.get("cursor"):
                cursor = paging.read(text, said)
                said, after = said | cursor.point(), cursor.after
            with viewed(said) as view:
                page = find(view, said, after, said.get("limit", LIMIT), **path)
                following = None if page.next is None else paging.next_page(view, page.next)
                body = _rows(view, {"items": page.items}, form, shape)
                return answered(view, body, form, following, asked=when)

        return documenting.get(blueprint, rule, find, respond, query, shape)

    return decorate


@contextmanager
def viewed(said: Said) -> Iterator[View]:
    """The point that is asked about, over one snapshot of the database."""
    known_at = said.get("known_at") or _accepted_datetime()
    with reading(reader()) as conn:
        yield open_view(
            conn,
            as_of=said.get("as_of"),
            known_at=known_at,
            confidence=said.get("confidence"),
            remembered=current_app.extensions[REMEMBERED],
        )


def was_asked(said: Said) -> bool:
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


def _body(view: View, found: Mapping[str, Any]) -> bytes:
    return orjson.dumps({**view.stated(), "rules": RULES, **found})


def _rows(view: View, document: dict[str, Any], form: str, shape: str) -> bytes:
    if form == CSV:
        return table(document["items"], item_of(shape))
    return _body(view, document)

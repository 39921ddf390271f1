"""Routes that read: one snapshot of the database, one view of it, one answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from flask import Response

from registry.api import documenting, paging
from registry.api.parameters import LIMIT, Listing, Paging, Point, asked
from registry.api.shapes import item_of
from registry.api.tables import table
from registry.projections.write import RULES
from registry.queries.page import Page
from registry.queries.view import View
from registry.web.answering import CSV, JSON, answered, media_type
from registry.web.opening import viewed, was_asked

Said = dict[str, Any]
Write = Callable[[Sequence[Mapping[str, Any]]], bytes]


@dataclass(frozen=True)
class Live:
    """A list that goes on: how it is streamed in one more form, and how it is waited for.

    `wait` gives the position that the list is to be read at. `headers`: what may be sent with it.
    """

    form: str
    stream: Callable[[Said], Response]
    wait: Callable[[Said], int]
    headers: Mapping[str, str]


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
    blueprint: Any,
    rule: str,
    shape: str,
    query: type[Paging] = Paging,
    more: Mapping[str, Write] | None = None,
    live: Live | None = None,
) -> Callable[[Callable[..., Page]], Callable[..., Any]]:
    """A route answered by a page of a list; the function also gets where to go on, and how far.

    `more`: how the items are written in forms beside JSON and CSV, by media type.
    """
    written = more or {}
    streams = [live.form] if live else []

    def decorate(find: Callable[..., Page]) -> Callable[..., Any]:
        def respond(**path: str) -> Response:
            said = asked(query)
            form = media_type(said.get("format"), [JSON, CSV, *written, *streams])
            if live and form == live.form:
                return live.stream(said)
            least = live.wait(said) if live and said.get("wait") else 0
            after, when = said.get("after"), was_asked(said)
            if text := said.get("cursor"):
                cursor = paging.read(text, said)
                said, after = said | cursor.point(), cursor.after
            with viewed(said, least) as view:
                page = find(view, said, after, said.get("limit", LIMIT), **path)
                following = None if page.next is None else paging.next_page(view, page.next)
                write = written.get(form)
                body = (
                    write(page.items) if write else _rows(view, {"items": page.items}, form, shape)
                )
                return answered(view, body, form, following, asked=when)

        forms = [*written, *streams]
        more_headers = live.headers if live else None
        return documenting.get(blueprint, rule, find, respond, query, shape, forms, more_headers)

    return decorate


def _body(view: View, found: Mapping[str, Any]) -> bytes:
    return orjson.dumps({**view.stated(), "rules": RULES, **found})


def _rows(view: View, document: dict[str, Any], form: str, shape: str) -> bytes:
    if form == CSV:
        return table(document["items"], item_of(shape))
    return _body(view, document)

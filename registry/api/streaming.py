"""Routes whose answer is made while it is sent: as long as the world is wide, in little memory."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import islice
from typing import Any

import orjson
from flask import Response

from registry.api import documenting
from registry.api.parameters import Listing, asked
from registry.projections.write import RULES
from registry.queries.view import View
from registry.web.answering import CSV, JSON, media_type, streamed
from registry.web.opening import viewed, was_asked

CHUNK = 500

Write = Callable[["Stream", View], Iterable[bytes]]


@dataclass(frozen=True)
class Stream:
    """A list on its way: what is said before the items, the items, and the columns of a table.

    `book`: the rows of its codebook, which is at `/codebook` below its address. Everything that can be refused has been by the time that there is one.
    """

    said: Mapping[str, Any]
    items: Iterable[Mapping[str, Any]]
    columns: Sequence[str]
    book: Callable[[], Sequence[Mapping[str, Any]]] | None = None


def streams(
    blueprint: Any,
    rule: str,
    shape: str,
    query: type[Listing],
    write: Mapping[str, Write],
) -> Callable[[Callable[..., Stream]], Callable[..., Any]]:
    """A route answered by a stream; `write` says how each form but JSON is written."""

    def decorate(find: Callable[..., Stream]) -> Callable[..., Any]:
        def respond(**path: str) -> Response:
            said = asked(query)
            form = media_type(said.get("format"), [JSON, *write])
            with ExitStack() as stack:
                view = stack.enter_context(viewed(said))
                found = find(view, said, **path)
                body = write[form](found, view) if form != JSON else as_json(found, view)
                kept = stack.pop_all()
            response = streamed(
                view,
                _until_sent(body, kept),
                form,
                asked=was_asked(said),
                described=found.book is not None,
            )
            response.call_on_close(kept.close)  # what is not even begun has to be let go, too
            return response

        forms = [form for form in write if form != CSV]
        return documenting.get(blueprint, rule, find, respond, query, shape, forms)

    return decorate


def as_json(found: Stream, view: View) -> Iterator[bytes]:
    """The document in the same form as that of any list."""
    head = orjson.dumps({**view.stated(), "rules": RULES, **found.said})
    yield head[:-1] + b',"items":['
    before = b""
    items = iter(found.items)
    while part := list(islice(items, CHUNK)):
        yield before + orjson.dumps(part)[1:-1]
        before = b","
    yield b"]}"


def _until_sent(body: Iterable[bytes], kept: ExitStack) -> Iterator[bytes]:
    """The snapshot of the database is held as long as something is read from it."""
    with kept:
        yield from body

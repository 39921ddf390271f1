"""A pinned answer that the asker has at hand is not made again: the tags given out are remembered.

A tag is a hash of bytes, so to compare it the answer would have to be made. See decision 0010.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Engine
from werkzeug.http import http_date

from registry.queries.glance import glance

READ_IN: Final = "registry.read_in"
"""In the environment of a request: the generation that its pinned answer was read in."""

REMEMBERED: Final = 20_000
"""So many addresses; the one remembered first is forgotten first."""

_SENT_AGAIN: Final = ("cache-control", "content-location", "etag", "expires", "link", "vary")
_SENT_AGAIN_TOO: Final = ("memento-datetime", "x-content-type-options")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class _GivenOut:
    tag: str
    generation: int
    headers: Headers


class Revalidating:
    """A WSGI application in front of another one, which reads from this store.

    The key is all of a request that a pinned answer depends on. What is compared is one tag, as
    it was given out; anything else in `If-None-Match` is left to the application behind.
    """

    def __init__(self, inner: Callable[..., Iterable[bytes]], store: Engine) -> None:
        self._inner = inner
        self._store = store
        self._given_out: dict[tuple[str, ...], _GivenOut] = {}
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = environ.get("QUERY_STRING", "")
        if "known_at=" not in asked or environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self._inner(environ, start_response)
        key = (
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            asked,
            environ.get("HTTP_ACCEPT", ""),
        )
        given_out = self._given_out.get(key)
        if (
            given_out is not None
            and environ.get("HTTP_IF_NONE_MATCH") == given_out.tag
            and "HTTP_IF_MATCH" not in environ
            and (now := glance(self._store)) is not None
            and now.generation == given_out.generation
        ):
            start_response(
                "304 NOT MODIFIED",
                [
                    *given_out.headers,
                    ("Registry-Position", str(now.position)),
                    ("Date", http_date(time.time())),
                ],
            )
            return ()

        def told(status: str, headers: Headers, *more: Any) -> Any:
            read_in = environ.get(READ_IN)
            is_new = given_out is None or given_out.generation != read_in
            if read_in is not None and is_new and status[:3] in ("200", "304"):
                self._remember(key, read_in, headers)
            return start_response(status, headers, *more)

        return self._inner(environ, told)

    def _remember(self, key: tuple[str, ...], generation: int, headers: Headers) -> None:
        again = (*_SENT_AGAIN, *_SENT_AGAIN_TOO)
        kept = [(name, value) for name, value in headers if name.lower() in again]
        tag = next(value for name, value in kept if name.lower() == "etag")
        with self._turn:
            if len(self._given_out) >= REMEMBERED and key not in self._given_out:
                self._given_out.pop(next(iter(self._given_out)))
            self._given_out[key] = _GivenOut(tag, generation, kept)

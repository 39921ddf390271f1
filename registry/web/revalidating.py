"""A pinned answer is not made twice: its tag is remembered, and for a while the answer itself.

A tag is a hash of bytes, so to compare it the answer would have to be made. See decision 0010.
"""

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.http import http_date

from registry.queries.glance import Glance
from registry.web import kept as bounds
from registry.web.kept import Answer, Headers, Kept

READ_IN: Final = "registry.read_in"
"""In the environment of a request: the generation that its pinned answer was read in."""

REMEMBERED: Final = 20_000
"""So many addresses; the one remembered first is forgotten first."""

_SENT_AGAIN: Final = ("cache-control", "content-location", "etag", "expires", "link", "vary")
_SENT_AGAIN_TOO: Final = ("memento-datetime", "strict-transport-security", "x-content-type-options")
_CONDITIONS: Final = (
    *("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE"),
    *("HTTP_RANGE", "HTTP_IF_RANGE"),
)
"""Such a request is never answered with what is kept."""
_ANEW: Final = ("registry-position", "date")


@dataclass(frozen=True, slots=True)
class _GivenOut:
    tag: str
    generation: int
    headers: Headers


class Revalidating:
    """A WSGI application in front of another one; `glance` tells where the store stands.

    The key is all of a request that a pinned answer depends on. What is compared is one tag, as
    it was given out; anything else in `If-None-Match` is left to the application behind.
    """

    def __init__(
        self, inner: Callable[..., Iterable[bytes]], glance: Callable[[], Glance | None]
    ) -> None:
        self._inner = inner
        self._glance = glance
        self._given_out: dict[tuple[str, ...], _GivenOut] = {}
        self._kept = Kept()
        self._turn = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        asked = environ.get("QUERY_STRING", "")
        if (
            "known_at=" not in asked
            or environ["REQUEST_METHOD"] not in ("GET", "HEAD")
            or "HTTP_REGISTRY_MIN_POSITION" in environ
        ):
            return self._inner(environ, start_response)
        key = (
            environ.get("SCRIPT_NAME", ""),
            environ.get("PATH_INFO", ""),
            asked,
            environ.get("HTTP_ACCEPT", ""),
            environ.get("HTTP_HOST", ""),
            environ.get("wsgi.url_scheme", ""),
        )
        given_out, kept = self._given_out.get(key), self._kept.get(key)
        if (
            given_out is not None
            and environ.get("HTTP_IF_NONE_MATCH") == given_out.tag
            and "HTTP_IF_MATCH" not in environ
            and (now := self._glance()) is not None
            and now.generation == given_out.generation
        ):
            start_response("304 NOT MODIFIED", [*given_out.headers, *_anew(now)])
            return ()
        if (
            kept is not None
            and environ.keys().isdisjoint(_CONDITIONS)
            and (now := self._glance()) is not None
            and now.generation == kept.generation
        ):
            start_response("200 OK", [*kept.headers, *_anew(now)])
            return () if environ["REQUEST_METHOD"] == "HEAD" else (kept.body,)
        keeping: Headers = []

        def told(status: str, headers: Headers, *more: Any) -> Any:
            read_in = environ.get(READ_IN)
            if read_in is not None and status[:3] in ("200", "304"):
                if given_out is None or given_out.generation != read_in:
                    self._remember(key, read_in, headers)
                if status[:3] == "200" and environ["REQUEST_METHOD"] == "GET":
                    keeping.extend(headers)
            return start_response(status, headers, *more)

        answer = self._inner(environ, told)
        if not _is_small(keeping):
            return answer
        try:
            body = b"".join(answer)
        finally:
            if (close := getattr(answer, "close", None)) is not None:
                close()
        headers = [each for each in keeping if each[0].lower() not in _ANEW]
        self._kept.keep(key, Answer(environ[READ_IN], headers, body))
        return (body,)

    def forget(self) -> None:
        """The store is of another history: what was given out is worth nothing."""
        with self._turn:
            self._given_out, self._kept = {}, Kept()

    def _remember(self, key: tuple[str, ...], generation: int, headers: Headers) -> None:
        again = (*_SENT_AGAIN, *_SENT_AGAIN_TOO)
        kept = [(name, value) for name, value in headers if name.lower() in again]
        tag = next(value for name, value in kept if name.lower() == "etag")
        with self._turn:
            if len(self._given_out) >= REMEMBERED and key not in self._given_out:
                self._given_out.pop(next(iter(self._given_out)))
            self._given_out[key] = _GivenOut(tag, generation, kept)


def _anew(now: Glance) -> Headers:
    return [("Registry-Position", str(now.position)), ("Date", http_date(time.time()))]


def _is_small(headers: Headers) -> bool:
    """An answer that does not say how long it is, is made while it is sent, and is not kept."""
    length = next((value for name, value in headers if name.lower() == "content-length"), None)
    return length is not None and int(length) <= bounds.MOST_OF_ONE

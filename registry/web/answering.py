"""An answer as bytes: what can be cached for ever, what has to be asked again, and how to tell."""

import hashlib
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from flask import Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import http_date

from registry.projections.write import RULES
from registry.queries.erasures import refuse_what_held
from registry.queries.view import View
from registry.web.revalidating import READ_IN

JSON: Final = "application/json"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CLOUD_EVENTS: Final = "application/cloudevents-batch+json"
EVENT_STREAM: Final = "text/event-stream"
FORMS: Final = {
    "json": JSON,
    "csv": CSV,
    "jsonl": NDJSON,
    "xlsx": XLSX,
    "cloudevents": CLOUD_EVENTS,
}
"""The media types by their names in the parameter `format`."""
POINT: Final = ("as_of", "known_at", "confidence")
_VARY: Final = "Accept, Accept-Datetime"
_SAFE: Final = "/:@,~!*()$;"


def answered(
    view: View,
    body: bytes,
    media_type: str,
    following: str | None = None,
    *,
    asked: bool = False,
    permalink: str | None = None,
    vary: str = _VARY,
) -> Response:
    """`following`: the address of the next page. `asked`: `known_at` or `Accept-Datetime` was.

    `permalink`: under which this very answer stays, if that is more than its point.
    """
    links = [f'<{following}>; rel="next"'] if following else []
    permalink = permalink or pinned(view, media_type)
    return _told(view, body, _tag(body), media_type, links, permalink, asked=asked, vary=vary)


def streamed(
    view: View,
    body: Iterable[bytes],
    media_type: str,
    *,
    asked: bool = False,
    described: bool = False,
) -> Response:
    """An answer that is made while it is sent. Its ETag is of what it is made from: the pinned
    address and the rules, which make the same bytes for ever. `described`: it has a codebook.
    """
    permalink = pinned(view, media_type)
    links = []
    if described:
        book = pinned(view, JSON, "format").replace("?", "/codebook?", 1)
        links.append(f'<{book}>; rel="describedby"')
    return _told(view, body, _tag(permalink.encode()), media_type, links, permalink, asked=asked)


def _told(
    view: View,
    body: bytes | Iterable[bytes],
    tag: str,
    media_type: str,
    links: list[str],
    permalink: str,
    *,
    asked: bool,
    vary: str = _VARY,
) -> Response:
    refuse_what_held(view)
    headers = {
        "ETag": tag,
        "Vary": vary,
        "Registry-Position": str(view.head),
        "Date": _http_date(int(time.time())),
    }
    if view.pinned:
        request.environ[READ_IN] = view.generation
        headers["Cache-Control"] = "public, max-age=86400, immutable"
    else:
        headers["Cache-Control"] = "no-cache"
        headers["Content-Location"] = permalink
    if asked and view.moment:
        # RFC 7089 2.1.1, 2.2.1: a memento says of when it is, and of what
        headers["Memento-Datetime"] = date_of(view.recorded_at)
        links.append(f'<{address(_kept("known_at"))}>; rel="original timegate"')
    if links:
        headers["Link"] = ", ".join(links)
    response = Response(body, mimetype=media_type, headers=headers)
    if not isinstance(body, bytes):  # counting its bytes would make all of it first
        response.automatically_set_content_length = False
    if not _CONDITIONS.isdisjoint(request.environ):
        response.make_conditional(request.environ)
    return response


_CONDITIONS: Final = frozenset(
    f"HTTP_{name}"
    for name in (
        *("IF_NONE_MATCH", "IF_MATCH", "IF_MODIFIED_SINCE", "IF_UNMODIFIED_SINCE"),
        *("RANGE", "IF_RANGE"),
    )
)


def date_of(microseconds: int) -> str:
    """An instant of the register as a date of HTTP."""
    return _http_date(microseconds // 1_000_000)


@lru_cache(maxsize=1_000)
def _http_date(second: int) -> str:
    return http_date(datetime.fromtimestamp(second, UTC))


def unchanging(body: bytes, media_type: str) -> Response:
    """An answer that changes with the program only."""
    headers = {"ETag": _tag(body), "Vary": "Accept", "Cache-Control": "no-cache"}
    response = Response(body, mimetype=media_type, headers=headers)
    response.make_conditional(request.environ)
    return response


def media_type(chosen: str | None, offered: Iterable[str]) -> str:
    """By the parameter `format`, else by the Accept header; 406 where nothing offered will do."""
    media_types = list(offered)
    if chosen is not None:
        return FORMS[chosen]
    if request.environ.get("HTTP_ACCEPT", "*/*") in ("*/*", ""):
        return media_types[0]
    best = request.accept_mimetypes.best_match(media_types)
    if best is None:
        raise NotAcceptable(f"this is answered as {' or '.join(media_types)} only")
    return best


def address(parameters: Iterable[tuple[str, str]], path: str | None = None) -> str:
    """This very path, or another one, with other parameters."""
    query = "&".join([f"{_quoted(name)}={_quoted(said)}" for name, said in parameters])
    path = _quoted(path or request.path)
    return f"{path}?{query}" if query else path


@lru_cache(maxsize=1_000)
def _quoted(text: str) -> str:
    return quote(text, safe=_SAFE)


def _kept(*left_out: str) -> list[tuple[str, str]]:
    return [(n, v) for n, v in request.args.items(multi=True) if n not in left_out]


def pinned(view: View, media_type: str, *left_out: str) -> str:
    """The address under which this answer, as it is now, stays."""
    kept = _kept(*POINT, "format")
    names = {each: name for name, each in FORMS.items() if each != JSON}
    shown = request.args.get("format") or names.get(media_type)
    shown = None if "format" in left_out else shown
    return address(
        [
            *kept,
            *([("format", shown)] if shown else []),
            ("as_of", view.as_of_text),
            ("known_at", f"@{view.moment}"),
            ("confidence", view.threshold.word),
        ]
    )


def _tag(said: bytes) -> str:
    return f'"r{RULES}-{hashlib.sha256(said).hexdigest()[:32]}"'

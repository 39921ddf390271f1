"""An answer as bytes: what can be cached for ever, what has to be asked again, and how to tell."""

import hashlib
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote, urlencode

from flask import Response, request
from werkzeug.exceptions import NotAcceptable
from werkzeug.http import http_date

from registry.api.revalidating import READ_IN
from registry.projections.write import RULES
from registry.queries.view import View

JSON: Final = "application/json"
CSV: Final = "text/csv"
NDJSON: Final = "application/x-ndjson"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: Final = {"json": JSON, "csv": CSV, "jsonl": NDJSON, "xlsx": XLSX}
"""The media types by their names in the parameter `format`."""
POINT: Final = ("as_of", "known_at", "confidence")
_SAFE: Final = "/:@,~!*()$;"


def answered(
    view: View, body: bytes, media_type: str, following: str | None = None, *, asked: bool = False
) -> Response:
    """`following`: the address of the next page. `asked`: `known_at` or `Accept-Datetime` was."""
    response = _conditional(body, media_type)
    return _told(response, view, media_type, following, asked=asked)


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
    response = Response(body, mimetype=media_type)
    made_from = _pinned(view, media_type).encode()
    response.set_etag(f"r{RULES}-{hashlib.sha256(made_from).hexdigest()[:32]}")
    if described:
        book = _pinned(view, JSON, "format").replace("?", "/codebook?", 1)
        response.headers["Link"] = f'<{book}>; rel="describedby"'
    return _told(response, view, media_type, None, asked=asked)


def _told(
    response: Response, view: View, media_type: str, following: str | None, *, asked: bool
) -> Response:
    response.headers["Vary"] = "Accept, Accept-Datetime"
    response.headers["Registry-Position"] = str(view.head)
    if view.pinned:
        request.environ[READ_IN] = view.generation
        response.headers["Cache-Control"] = "public, max-age=86400, immutable"
    else:
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Content-Location"] = _pinned(view, media_type)
    links = [response.headers["Link"]] if "Link" in response.headers else []
    links += [f'<{following}>; rel="next"'] if following else []
    if asked and view.moment:
        # RFC 7089 2.1.1, 2.2.1: a memento says of when it is, and of what
        response.headers["Memento-Datetime"] = http_date(
            datetime.fromtimestamp(view.recorded_at // 1_000_000, UTC)
        )
        links.append(f'<{address(_kept("known_at"))}>; rel="original timegate"')
    if links:
        response.headers["Link"] = ", ".join(links)
    response.make_conditional(request.environ)
    return response


def unchanging(body: bytes, media_type: str) -> Response:
    """An answer that changes with the program only."""
    response = _conditional(body, media_type)
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "no-cache"
    response.make_conditional(request.environ)
    return response


def media_type(chosen: str | None, offered: Iterable[str]) -> str:
    """By the parameter `format`, else by the Accept header; 406 where nothing offered will do."""
    media_types = list(offered)
    if chosen is not None:
        return FORMS[chosen]
    if not request.accept_mimetypes:
        return media_types[0]
    best = request.accept_mimetypes.best_match(media_types)
    if best is None:
        raise NotAcceptable(f"this is answered as {' or '.join(media_types)} only")
    return best


def address(parameters: Iterable[tuple[str, str]]) -> str:
    """This very path with other parameters."""
    query = urlencode(list(parameters), quote_via=quote, safe=_SAFE)
    path = quote(request.path, safe=_SAFE)
    return f"{path}?{query}" if query else path


def _kept(*left_out: str) -> list[tuple[str, str]]:
    return [(n, v) for n, v in request.args.items(multi=True) if n not in left_out]


def _pinned(view: View, media_type: str, *left_out: str) -> str:
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


def _conditional(body: bytes, media_type: str) -> Response:
    response = Response(body, mimetype=media_type)
    response.set_etag(f"r{RULES}-{hashlib.sha256(body).hexdigest()[:32]}")
    return response

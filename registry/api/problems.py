"""Every refusal as problem+json (RFC 9457)."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import orjson
from flask import Flask, Response, request
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from registry.domain.errors import Invalid, NotFound, Problems, RegistryError
from registry.web.pages import http_error
from registry.web.statuses import status_of, status_of_database

MEDIA_TYPE: Final = "application/problem+json"
ERRORS_SHOWN: Final = 100
_RETRY: Final = {"Retry-After": "1"}

SCHEMA: Final[dict[str, Any]] = {
    "type": "object",
    "description": "Why a request was refused (RFC 9457).",
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong here."},
        "instance": {"type": "string", "format": "uri-reference"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "field": {"type": "string", "description": "As in `events[2].occurred`."},
                    "message": {"type": "string"},
                    "offers": {"type": "array", "items": {"type": "string"}},
                },
                "required": ["field", "message"],
                "additionalProperties": False,
            },
        },
        "offers": {
            "type": "array",
            "items": {"type": "string"},
            "description": "Names that come close to one that is unknown.",
        },
    },
    "required": ["type", "title", "status", "detail", "instance"],
    "additionalProperties": False,
}


def plug(app: Flask) -> None:
    """Answer every error of this application with a problem."""
    app.register_error_handler(RegistryError, _refused)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _unavailable)


def problem(
    status: int,
    detail: str,
    errors: Iterable[Invalid] = (),
    offers: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    said: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": quote(request.path, safe="/:@!$&'()*+,;=~"),
    }
    if shown := [_error(each) for each in errors][:ERRORS_SHOWN]:
        said["errors"] = shown
    if offered := list(offers):
        said["offers"] = offered
    response = Response(orjson.dumps(said), status, mimetype=MEDIA_TYPE)
    response.headers["Cache-Control"] = "no-store"
    response.headers.update(headers or {})
    return response


def _error(error: Invalid) -> dict[str, Any]:
    said: dict[str, Any] = {
        "field": (error.field or "request").rstrip("."),
        "message": error.message,
    }
    return said | {"offers": list(error.offers)} if error.offers else said


def _worded(error: Invalid) -> str:
    return f"{error.field.rstrip('.')}: {error.message}" if error.field else error.message


def _refused(error: RegistryError) -> Response:
    status = status_of(error)
    match error:
        case Problems(each=several):
            more = len(several) - 1
            detail = _worded(error) + (f" (and {more} more)" if more else "")
            return problem(status, detail, several)
        case Invalid():
            return problem(status, _worded(error), (error,), error.offers)
        case NotFound():
            return problem(status, error.message, offers=error.offers)
    return problem(status, str(error))


def _http(error: HTTPException) -> Response:
    if error.code == 404 and _is_read_by_a_person():
        return http_error(error)
    # get_headers: 405 keeps Allow, 401 WWW-Authenticate, 413 and 503 Retry-After
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    code = error.code or 500
    return problem(code, _WORDS.get(code) or error.description or error.name, headers=headers)


def _is_read_by_a_person() -> bool:
    """A browser that asks for an address of no face."""
    in_api = request.path.startswith("/api/")
    return not in_api and request.headers.get("Accept", "").startswith("text/html")


_WORDS: Final[Mapping[int, str]] = {
    404: "there is nothing at this address (see /api/v1)",
    405: "this address does not answer that method",
    413: "the body is larger than is taken here",
    500: "something went wrong here; it is not your request's fault",
}


def _database(error: DBAPIError) -> Response:
    if (said := status_of_database(error)) is None:
        raise error
    status, words = said
    return problem(status, words, headers=_RETRY if status == 503 else None)


def _unavailable(_: PoolTimeout) -> Response:
    return problem(503, "the register's database cannot be used just now", headers=_RETRY)

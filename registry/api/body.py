"""The JSON of a request, read strictly: what two readers could understand differently is refused."""

import json
from typing import Any, Final

import orjson
from flask import current_app, request
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from registry.domain.errors import Invalid
from registry.strict_json import refuse_deep, refuse_twice

_FIELD: Final = "body"


def body() -> tuple[bytes, Any]:
    """The bytes and what they say. Refused: other media types, compressed, doubled keys, NaN, half surrogates."""
    if request.mimetype != "application/json":
        raise UnsupportedMediaType(
            f"expected application/json, got {request.mimetype[:60] or 'no Content-Type'}"
        )
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("expected the JSON as it is, without Content-Encoding")
    raw = request.get_data(cache=False)
    if request.content_length is None and len(raw) >= current_app.config["MAX_CONTENT_LENGTH"]:
        raise RequestEntityTooLarge  # werkzeug stops reading there
    try:
        said = orjson.loads(raw)
    except orjson.JSONDecodeError as wrong:
        raise Invalid(f"not JSON: {wrong}", _FIELD) from None
    try:
        refuse_deep(said)
        json.loads(raw, object_pairs_hook=refuse_twice)
    except Invalid as wrong:
        raise Invalid(wrong.message, _FIELD) from None
    except (ValueError, RecursionError):  # numbers that only one of the two can read
        raise Invalid("not JSON that every reader understands alike", _FIELD) from None
    return raw, said


def refuse_long() -> None:
    """Before anything else is looked at; a body of unstated length is counted while it is read."""
    limit = current_app.config["MAX_CONTENT_LENGTH"]
    length = request.content_length or 0
    if length <= limit:
        return
    # A client that is still sending may never look for an answer: take some of it, and drop it.
    left = min(length, 4 * limit)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, 65_536))):
        left -= len(chunk)
    raise RequestEntityTooLarge

"""Each route with what OpenAPI says of it, put together where the route is made."""

from collections.abc import Callable, Iterable, Mapping
from inspect import getdoc
from typing import Any, Final

from registry.api import problems
from registry.api.parameters import Listing, NoParameters, Point
from registry.api.wording import ref
from registry.web.answering import CSV, JSON

Function = Callable[..., Any]

PATH: Final[Mapping[str, str]] = {
    "agreement": "The slug of an agreement.",
    "party": "A party by its id or a code valid on the day: `BOL`, `cow:145`, `isohist:YUCS`.",
    "a": "One party by its id or a code valid on the day.",
    "b": "The other party.",
    "event_id": "The id of an event.",
    "name": "The name of an event type.",
    "position": "A position of the log, from 1.",
    "number": "As C2SP tlog-tiles writes it: `x001/x234/067`, or `067.p/12` of 12 hashes.",
    "level": "0 for leaves; each level is 256 times coarser.",
    "table": "`party-day`, `dyad-year` or `participation`.",
}
_PROBLEMS: Final[Mapping[int, str]] = {
    400: "Accept-Datetime is no date of HTTP, or Registry-Min-Position or Last-Event-ID no position.",
    401: "The token is missing, unknown, expired or revoked.",
    403: "The token's role may not do this, or what it records needs a second person's approval.",
    404: "Nothing here has that name; names that come close are offered.",
    406: "It is not answered in any of the accepted media types.",
    409: "Something moved meanwhile, is recorded already, or is still being recorded: try again.",
    410: "It holds the content of an event that was erased on request since.",
    412: "If-Match names another version than the stream's.",
    413: "The body is larger than is taken here.",
    415: "The body is not application/json.",
    422: "Something in the request is wrong; each field is named.",
    503: "The register's database cannot be used just now, or too many are waiting.",
}
_READ_HEADERS: Final = {
    "ETag": "Version of the rules and hash of the bytes.",
    "Cache-Control": "`immutable` where the answer never changes.",
    "Content-Location": "The address under which this very answer stays.",
    "Registry-Position": "The last position of the log.",
    "Link": "The next page (`rel=next`).",
}
_READ_REQUEST: Final = {
    "Accept-Datetime": "An HTTP date that means `known_at` (RFC 7089).",
    "Registry-Min-Position": "A position that the answer must know of, as in `Registry-Position`.",
    "If-None-Match": "ETags that are at hand; 304 where the answer is one of them.",
}


def get(
    blueprint: Any,
    rule: str,
    find: Function,
    respond: Function,
    query: type[Point],
    shape: str,
    forms: Iterable[str] = (),
    headers: Mapping[str, str] | None = None,
) -> Function:
    """A route that reads. `forms`: media types beside JSON, and beside CSV of a list.

    `headers`: of the request, beside those that every route takes that reads.
    """
    content: dict[str, Any] = {JSON: {"schema": ref(shape)}}
    if issubclass(query, Listing):
        content[CSV] = {"schema": _TEXT}
    content |= {form: {"schema": _BATCH if form.endswith("+json") else _TEXT} for form in forms}
    answers = {
        200: {"description": "The answer.", "headers": _headers(_READ_HEADERS), "content": content},
        304: {"description": "The answer is the one that is at hand."},
        **problems_of(400, 404, 406, 410, 422, 503),
    }
    return route(
        blueprint, rule, "GET", find, respond, query, answers, {**_READ_REQUEST, **(headers or {})}
    )


_TEXT: Final[dict[str, Any]] = {"type": "string"}
_BATCH: Final[dict[str, Any]] = {"type": "array", "items": {"type": "object"}}


def unchanging(
    blueprint: Any, rule: str, find: Function, respond: Function, shape: str
) -> Function:
    """A route whose answer changes with the program only."""
    answers = {
        200: {"description": "The answer.", "content": {JSON: {"schema": ref(shape)}}},
        304: {"description": "The answer is the one that is at hand."},
        **problems_of(404, 406, 422),
    }
    return route(blueprint, rule, "GET", find, respond, NoParameters, answers)


def post(
    blueprint: Any,
    rule: str,
    find: Function,
    respond: Function,
    shape: Any,
    body: Mapping[str, Any],
) -> Function:
    """A route that records."""
    answers = {
        201: {
            "description": "It is recorded.",
            "headers": _headers(
                {
                    "Location": "Where the event, if it is one, can be read.",
                    "Registry-Position": "The last position of the log.",
                }
            ),
            "content": {JSON: {"schema": shape}},
        },
        **problems_of(401, 403, 404, 409, 412, 413, 415, 422, 503),
    }
    request = {
        "Idempotency-Key": "Any name for this request, at most 200 characters: sent again with "
        "it, the request is answered again and not done again.",
        "If-Match": '`"<stream>@<version>"`: recorded only while the stream is at that version.',
    }
    more = {
        "requestBody": {"required": True, "content": {JSON: {"schema": body}}},
        "security": [{"bearer": []}],
    }
    return route(blueprint, rule, "POST", find, respond, NoParameters, answers, request, more)


def route(
    blueprint: Any,
    rule: str,
    method: str,
    find: Function,
    respond: Function,
    query: type[NoParameters],
    answers: Mapping[int, Any],
    request_headers: Mapping[str, str] | None = None,
    more: Mapping[str, Any] | None = None,
) -> Function:
    """Enter it in the blueprint, under the name and with the words of `find`."""
    respond.__name__, respond.__doc__ = find.__name__, getdoc(find)
    parameters: list[Any] = [{"in": "query", "schema": query}]
    parameters += [
        {"in": "header", "name": name, "schema": {"type": "string"}, "description": doc}
        for name, doc in (request_headers or {}).items()
    ]
    documented = blueprint.doc(
        operationId=f"{blueprint.name}_{find.__name__}",
        parameters=parameters,
        responses=answers,
        **(more or {}),
    )(respond)
    named = [
        {"in": "path", "name": name, "required": True, "description": doc}
        for name, doc in PATH.items()
        if f"<{name}>" in rule or f":{name}>" in rule
    ]
    blueprint.route(rule, methods=[method], parameters=named)(documented)
    return find


def problems_of(*statuses: int) -> dict[int, dict[str, Any]]:
    content = {problems.MEDIA_TYPE: {"schema": ref("Problem")}}
    return {status: {"description": _PROBLEMS[status], "content": content} for status in statuses}


def _headers(named: Mapping[str, str]) -> dict[str, Any]:
    return {name: {"schema": {"type": "string"}, "description": doc} for name, doc in named.items()}

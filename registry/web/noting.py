"""Each request has an id and leaves one line in the log: what was asked, how it ended, how long it took.

Neither addresses, queries, bodies nor tokens are noted: a query may say what somebody looks for.
"""

import re
import time
import uuid
from collections.abc import Callable, Iterable
from typing import Any, Final

import structlog
from flask import Flask, request
from werkzeug.wsgi import ClosingIterator

from registry.web import metering

ID: Final = "X-Request-ID"
_SANE: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
ROUTE: Final = "registry.route"
"""In the environment of a request: the template of its route, once it is found."""
_POSITION: Final = "registry-position"
_log: Final = structlog.get_logger()


def plug(app: Flask) -> None:
    """To be called last, so that it sees what any other layer answers."""
    app.before_request(_remember_route)
    app.wsgi_app = Noting(app.wsgi_app)  # type: ignore[method-assign]


class Noting:
    """A WSGI application in front of another one. The line comes once the answer is sent."""

    def __init__(self, inner: Callable[..., Iterable[bytes]]) -> None:
        self._inner = inner

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        began = time.perf_counter()
        first: float | None = None
        given = environ.get("HTTP_X_REQUEST_ID", "")
        said: dict[str, Any] = {
            "request_id": given if _SANE.fullmatch(given) else uuid.uuid4().hex,
            "method": environ["REQUEST_METHOD"],
            "status": 500,
        }

        def started(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            nonlocal first
            first = time.perf_counter() - began
            said["status"] = int(status[:3])
            position = next((text for name, text in headers if name.lower() == _POSITION), None)
            if position is not None:
                said["position"] = int(position)
            return start_response(status, [*headers, (ID, said["request_id"])], *rest)

        def sent() -> None:
            took = time.perf_counter() - began
            route = environ.get(ROUTE)
            # counted until it begins: a stream may go on for days
            counted = took if first is None else first
            metering.answered(route, said["method"], said["status"], counted)
            _log.info("answered", route=route, milliseconds=round(took * 1000, 1), **said)

        try:
            return ClosingIterator(self._inner(environ, started), sent)
        except BaseException:
            sent()
            raise


def _remember_route() -> None:
    if request.url_rule is not None:
        request.environ[ROUTE] = request.url_rule.rule

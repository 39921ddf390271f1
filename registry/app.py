"""The web application: the store and the faces, plugged together."""

import logging
import sys
from typing import Any

import orjson
import structlog
from flask import Flask, Response
from flask.json.provider import JSONProvider

from registry.api.reading import READER
from registry.api.revalidating import Revalidating
from registry.api.routes import plug
from registry.settings import Settings
from registry.store.engine import connect

POOL = 8
"""Connections that one process keeps open."""


def create_app(settings: Settings) -> Flask:
    """Nothing is connected yet: the database is reached by the first request."""
    app = Flask("registry", static_folder=None)
    app.json = Orjson(app)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    engine = connect(settings.database_url, settings.lock_timeout_seconds, POOL)
    plug(app, engine)
    app.after_request(_guard)
    app.wsgi_app = Revalidating(app.wsgi_app, app.extensions[READER])  # type: ignore[method-assign]
    return app


def from_environment() -> Flask:
    """What each worker of `registry serve` runs."""
    _log_to_stderr()
    app = create_app(Settings.from_environ())
    inner = app.wsgi_app

    def terminated(environ: Any, start_response: Any) -> Any:
        # granian ends a body that came in chunks; without this word it would be taken for empty.
        environ["wsgi.input_terminated"] = True
        return inner(environ, start_response)

    app.wsgi_app = terminated  # type: ignore[method-assign]
    return app


class Orjson(JSONProvider):
    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


def _guard(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _log_to_stderr() -> None:
    """One line of key=value an entry."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

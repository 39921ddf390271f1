"""The web application: the store and the faces, plugged together."""

import logging
import sys
from dataclasses import fields
from typing import Any

import orjson
import structlog
from flask import Flask
from flask.json.provider import JSONProvider
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.admin import routes as admin
from registry.admin.desk import Provider, Rules
from registry.api import routes as api
from registry.explore import routes as explore
from registry.settings import Settings
from registry.store.engine import connect
from registry.store.visits import SECOND, Limits
from registry.web import opening, pages, visiting
from registry.web.revalidating import Revalidating

POOL = 8
"""Connections that one process keeps open."""


def create_app(settings: Settings) -> Flask:
    """Nothing is connected yet: the database is reached by the first request."""
    app = Flask("registry", static_folder=None)
    app.json = Orjson(app)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    engine = connect(settings.database_url, settings.lock_timeout_seconds, POOL)
    limits = Limits(settings.idle_minutes * 60 * SECOND, settings.visit_hours * 3_600 * SECOND)
    opening.plug(app, engine)
    pages.plug(app)
    visiting.plug(app, engine, limits)
    api.plug(app, settings.review, settings.signing)
    explore.plug(app)
    admin.plug(app, _rules(settings))
    app.wsgi_app = Revalidating(app.wsgi_app, opening.reader(app))  # type: ignore[method-assign]
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    return app


def _rules(settings: Settings) -> Rules:
    """What data entry has to know of the settings; `shown`: those that an administrator may see."""
    provider = (
        Provider(
            settings.oidc_issuer,
            settings.oidc_client_id,
            settings.oidc_client_secret,
            settings.oidc_role,
        )
        if settings.oidc_issuer
        else None
    )
    hidden = {each.name for each in fields(settings) if not each.repr}
    shown = {name: str(value) for name, value in vars(settings).items() if name not in hidden}
    return Rules(settings.review, provider, shown)


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

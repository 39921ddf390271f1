"""The web application: the store and the faces, plugged together."""

import gc
import logging
import sys
from dataclasses import fields
from typing import Any, Final

import orjson
import structlog
from flask import Flask, request
from flask.json.provider import JSONProvider
from sqlalchemy import Engine, event
from sqlalchemy.exc import DBAPIError
from werkzeug.middleware.proxy_fix import ProxyFix

from registry.admin import routes as admin
from registry.admin.desk import Provider, Rules
from registry.api import routes as api
from registry.domain.errors import RegistryError
from registry.explore import routes as explore
from registry.settings import Settings
from registry.store.engine import connect
from registry.store.replicas import FAILED, Replicas
from registry.store.visits import SECOND, Limits
from registry.web import following, noting, opening, pages, visiting
from registry.web.revalidating import Revalidating

REVALIDATING: Final = "registry-revalidating"
POOL = 8
"""Connections that one process keeps open."""


def create_app(settings: Settings) -> Flask:
    """Nothing is connected yet: the database is reached by the first request."""
    app = Application("registry", static_folder=None)
    app.json = Orjson(app)
    app.config["MAX_CONTENT_LENGTH"] = settings.max_body_bytes
    engine = connect(
        settings.database_url, settings.lock_timeout_seconds, POOL, settings.read_seconds
    )
    limits = Limits(settings.idle_minutes * 60 * SECOND, settings.visit_hours * 3_600 * SECOND)
    opening.plug(app, engine, _replicas(settings, engine))
    following.plug(
        app,
        following.Following(
            lambda: opening.glanced(app), settings.followers, settings.heartbeat_seconds
        ),
    )
    pages.plug(app)
    visiting.plug(app, engine, limits)
    api.plug(app, settings.review, settings.signing, settings.metrics)
    explore.plug(app)
    admin.plug(app, _rules(settings))
    revalidating = Revalidating(app.wsgi_app, lambda: opening.glanced(app))
    app.wsgi_app = revalidating  # type: ignore[method-assign]
    app.extensions[REVALIDATING] = revalidating

    def forget() -> None:
        opening.forget(app)
        revalidating.forget()

    opening.replicas(app).forget = forget
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    noting.plug(app)
    return app


class Application(Flask):
    """What a copy of the store failed to answer, or did not find, is asked of the store itself; and
    what was only read is asked once more where the connection was lost meanwhile.
    """

    def dispatch_request(self) -> Any:
        try:
            return super().dispatch_request()
        except (DBAPIError, RegistryError) as first:
            if not (opening.to_be_asked_again() or _was_cut_while_reading(first)):
                raise
            try:
                return super().dispatch_request()
            except FAILED:
                raise first from None


def _was_cut_while_reading(error: Exception) -> bool:
    lost = isinstance(error, DBAPIError) and error.connection_invalidated
    return lost and request.method in ("GET", "HEAD")


def _replicas(settings: Settings, engine: Engine) -> Replicas:
    made = Replicas(
        engine,
        settings.read_database_urls,
        POOL,
        lag=settings.replica_lag_seconds,
        wait=settings.replica_wait_seconds,
    )
    event.listen(engine, "engine_disposed", lambda _: made.stop())
    return made


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
    settings = Settings.from_environ()
    _log_to_stderr(settings.log_format)
    app = create_app(settings)
    if settings.traces == "otlp":
        _trace(app)
    look_for_garbage_seldom()
    inner = app.wsgi_app

    def terminated(environ: Any, start_response: Any) -> Any:
        # granian ends a body that came in chunks; without this word it would be taken for empty.
        environ["wsgi.input_terminated"] = True
        return inner(environ, start_response)

    app.wsgi_app = terminated  # type: ignore[method-assign]
    return app


def _trace(app: Flask) -> None:
    from registry.web import tracing  # noqa: PLC0415 - an extra

    app.wsgi_app = tracing.Tracing(app.wsgi_app, tracing.exporting())  # type: ignore[method-assign]


def look_for_garbage_seldom() -> None:
    """An answer about the whole world holds tens of thousands of values, all alive until it is sent:
    looking for garbage among them took two fifths of its time. What is there now stays for good.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


class Orjson(JSONProvider):
    def dumps(self, obj: Any, **_: Any) -> str:
        return orjson.dumps(obj).decode()

    def loads(self, s: str | bytes, **_: Any) -> Any:
        return orjson.loads(s)


def _log_to_stderr(form: str) -> None:
    """One line an entry: key=value, or an object of JSON."""
    line: Any = (
        structlog.processors.JSONRenderer()
        if form == "json"
        else structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"])
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )

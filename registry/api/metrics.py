"""/metrics: what is counted and measured here, for Prometheus."""

import ipaddress
from typing import Final

from flask import Flask, Response, current_app, request
from sqlalchemy.exc import SQLAlchemyError

from registry.api import documenting
from registry.api.parameters import NoParameters, asked
from registry.api.root import service
from registry.domain.errors import Forbidden, NotFound
from registry.queries.measures import Measures, measures
from registry.store.engine import reading
from registry.web import metering, opening

TEXT: Final = "text/plain; version=0.0.4; charset=utf-8"
_WHO: Final = "registry-metrics"


def plug(app: Flask, who: str) -> None:
    """`who` may read it: `here`, who asks from this machine; `everybody`; `nobody`."""
    app.extensions[_WHO] = who


def metrics() -> str:
    """Read the numbers of this service, all its workers together, in the text format of Prometheus.

    By default only for who asks from the same machine (`REGISTRY_METRICS`).
    """
    return metering.exposed(_measured()).decode()


def _measured() -> Measures:
    try:
        with reading(opening.engine()) as conn:
            found = measures(conn)
    except SQLAlchemyError:
        found = {}
    found["registry_database_up"] = ("Whether the database can be read.", float(bool(found)))
    if copies := opening.replicas().told():
        reading_ones = [each for each in copies if each["state"] == "copying"]
        known = [each["behind"] for each in copies if each["behind"] is not None]
        found["registry_replicas"] = ("Copies of the database.", len(copies))
        found["registry_replicas_read"] = ("Copies that are read.", len(reading_ones))
        found["registry_replica_positions_behind"] = (
            "How many positions the last of the copies is behind.",
            max(known, default=0),
        )
    return found


def _metrics() -> Response:
    asked(NoParameters)
    who = current_app.extensions[_WHO]
    if who == "nobody":
        raise NotFound("there is nothing at this address (see /api/v1)")
    if who == "here" and not (_is_here(request.remote_addr) and _asks_itself()):
        raise Forbidden("the numbers of this service are read from its own machine only")
    response = Response(metrics(), content_type=TEXT)
    response.headers["Cache-Control"] = "no-store"
    return response


def _asks_itself() -> bool:
    """A proxy on this machine asks for others, and says so; only a trusted one was believed."""
    believed = "werkzeug.proxy_fix.orig" in request.environ
    return believed or not any(name in request.headers for name in _FORWARDED)


_FORWARDED: Final = ("X-Forwarded-For", "Forwarded", "X-Real-IP")


def _is_here(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


documenting.route(
    service,
    "/metrics",
    "GET",
    metrics,
    _metrics,
    NoParameters,
    {
        200: {
            "description": "The numbers.",
            "content": {"text/plain": {"schema": {"type": "string"}}},
        },
        **documenting.problems_of(403, 404, 422),
    },
)

"""What stands at the root: health, readiness, the way in, and the page that explains the API."""

from typing import Any, Final

import orjson
from flask import Flask, Response, current_app
from flask_smorest import Blueprint as Documented
from flask_swagger_ui import get_swaggerui_blueprint
from sqlalchemy.exc import SQLAlchemyError

from registry.api import documenting
from registry.api.parameters import NoParameters, asked
from registry.api.problems import problem
from registry.api.readiness import Probe
from registry.projections.write import RULES
from registry.web import opening
from registry.web.answering import JSON, media_type, unchanging
from registry.web.opening import replicas

service = Documented("service", __name__, description="The way in, and whether it is well.")
_PROBE: Final = "registry-probe"


def plug(app: Flask) -> None:
    """The pages, and Swagger UI from its package: nothing is loaded from outside."""
    config = {
        "app_name": "The agreement registry",
        "validatorUrl": None,
        "oauth2RedirectUrl": "/docs/oauth2-redirect.html",
    }
    docs = get_swaggerui_blueprint("/docs", "/openapi.json", config=config)
    app.register_blueprint(docs)
    app.extensions[_PROBE] = Probe(opening.engine(app))
    app.add_url_rule("/docs", "docs", app.view_functions["swagger_ui.show"])


def healthz() -> dict[str, Any]:
    """Tell whether the process answers."""
    return {"status": "ok"}


def readyz() -> dict[str, Any]:
    """Tell whether the database is there, has every migration, and its log can be read, and how
    its copies are.
    """
    probe: Probe = current_app.extensions[_PROBE]
    status = probe.ask() or "ready"
    return {"status": status} | ({"replicas": told} if (told := replicas().told()) else {})


def way_in() -> dict[str, Any]:
    """List what can be asked."""
    items: dict[str, dict[str, Any]] = {}
    for rule in current_app.url_map.iter_rules():
        if not rule.rule.startswith("/api/"):
            continue
        words = (current_app.view_functions[rule.endpoint].__doc__ or "").split("\n", 1)[0]
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        items[f"{rule.rule} {methods}"] = {
            "path": rule.rule.replace("<", "{").replace(">", "}"),
            "methods": methods,
            "summary": words,
        }
    return {"items": [items[each] for each in sorted(items)]}


def _way_in() -> Response:
    asked(NoParameters)
    media_type(None, [JSON])
    return unchanging(orjson.dumps({"rules": RULES, **way_in()}), JSON)


def _readyz() -> Response:
    try:
        said = readyz()
    except TimeoutError:
        return problem(503, "the database does not answer", headers={"Retry-After": "1"})
    except SQLAlchemyError:
        return problem(503, "the database cannot be reached", headers={"Retry-After": "1"})
    if said["status"] != "ready":
        return problem(503, said["status"])
    return _plain(said)


def _plain(said: dict[str, Any]) -> Response:
    response = Response(orjson.dumps(said), mimetype=JSON)
    response.headers["Cache-Control"] = "no-store"
    return response


_STATUS: Final = {
    "type": "object",
    "properties": {"status": {"type": "string"}},
    "required": ["status"],
}


def _told(*statuses: int) -> dict[int, dict[str, Any]]:
    content = {JSON: {"schema": _STATUS}}
    return {
        200: {"description": "It is well.", "content": content},
        **documenting.problems_of(*statuses),
    }


documenting.unchanging(service, "/api/v1", way_in, _way_in, "RouteList")
documenting.route(
    service, "/healthz", "GET", healthz, lambda: _plain(healthz()), NoParameters, _told()
)
documenting.route(service, "/readyz", "GET", readyz, _readyz, NoParameters, _told(503))

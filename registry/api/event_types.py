"""/event-types: the closed list of what can be recorded, and how it is written."""

from collections.abc import Callable
from difflib import get_close_matches
from typing import Any

import orjson
from flask import Response
from flask_smorest import Blueprint

from registry.api import documenting
from registry.api.parameters import NoParameters, asked
from registry.described import described
from registry.domain.catalogue import CATALOGUE
from registry.domain.errors import NotFound
from registry.projections.write import RULES
from registry.web.answering import JSON, media_type, unchanging

blueprint = Blueprint("event types", __name__, description="What can be recorded, and how.")


def _static(rule: str, shape: str) -> Callable[[Callable[..., dict[str, Any]]], Any]:
    def decorate(find: Callable[..., dict[str, Any]]) -> Any:
        def respond(**path: str) -> Response:
            asked(NoParameters)
            media_type(None, [JSON])
            return unchanging(orjson.dumps({"rules": RULES, **find(**path)}), JSON)

        return documenting.unchanging(blueprint, rule, find, respond, shape)

    return decorate


@_static("/event-types", "EventTypeList")
def listed() -> dict[str, Any]:
    """List every event type with its JSON Schema, columns, form and an example."""
    return {"items": [described(each) for each in CATALOGUE.values()]}


@_static("/event-types/<name>", "EventTypeAnswer")
def one(name: str) -> dict[str, Any]:
    """Read one event type."""
    if name not in CATALOGUE:
        raise NotFound(
            f"no event type is called {name[:60]!r}", tuple(get_close_matches(name, CATALOGUE))
        )
    return described(CATALOGUE[name])

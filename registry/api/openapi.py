"""What OpenAPI 3.1 says of this API, put together from its routes, shapes and the catalogue."""

from typing import Any, Final

import orjson
from flask import Flask, Response
from flask_smorest import Api

from registry import __version__
from registry.api import problems
from registry.api.shapes import SHAPES
from registry.api.wording import ref
from registry.described import components
from registry.domain.events.register import EventAmended, EventRetracted
from registry.web.answering import JSON, unchanging

_OPTIONS: Final = {
    "API_TITLE": "The agreement registry",
    "API_VERSION": __version__,
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/",
    "API_SPEC_OPTIONS": {
        "info": {
            "description": "What states and organisations agreed, how they stood to each other, "
            "and what they did about it: on any day (`as_of`), as the register knew it at any "
            "time (`known_at`), and how sure that is.",
        },
    },
}


class RegistryApi(Api):  # type: ignore[misc]  # it ships no types
    """Its errors are our problems, and its document is put together once."""

    DEFAULT_ERROR_RESPONSE_NAME = "DEFAULT_ERROR"

    def _register_error_handlers(self) -> None:
        """`registry.api.problems` answers them."""

    def _register_responses(self) -> None:
        content = {problems.MEDIA_TYPE: {"schema": ref("Problem")}}
        response = {"description": "It was refused.", "content": content}
        self.spec.components.response("DEFAULT_ERROR", response)

    def _openapi_json(self) -> Response:
        if self._document is None:
            document = self.spec.to_dict()
            # Only now: what a type sets is found by trying its values, which takes a second.
            document["components"]["schemas"] |= _events()
            self._document = orjson.dumps(document)
        return unchanging(self._document, JSON)

    _document: bytes | None = None


def plug(app: Flask) -> RegistryApi:
    """The document's frame; each blueprint that is registered adds its routes."""
    app.config.update(_OPTIONS)
    api = RegistryApi(app)
    schemas = api.spec.components
    for name, schema in {**SHAPES, "Problem": problems.SCHEMA}.items():
        schemas.schema(name, schema)
    schemas.security_scheme(
        "bearer",
        {
            "type": "http",
            "scheme": "bearer",
            "description": "A token made by `registry token create --role recorder`.",
        },
    )
    return api


def _events() -> dict[str, dict[str, Any]]:
    """The types of events as they are posted, and the two corrections as their routes take them."""
    found = components()
    for name, schema in found.items():
        if name != "Event" and "type" in schema["properties"]:
            schema["properties"]["expected_version"] = _EXPECTED
    found["Amendment"] = _without_address(found[EventAmended.TYPE])
    found["Amendment"]["properties"]["event"] = ref("Event") | {
        "description": "The whole new event."
    }
    found["Retraction"] = _without_address(found[EventRetracted.TYPE])
    return found


_EXPECTED: Final = {
    "type": ["integer", "null"],
    "minimum": 0,
    "description": "Recorded only while the event's stream is at this version; else 409.",
}


def _without_address(schema: dict[str, Any]) -> dict[str, Any]:
    """A correction without its type and target, which the address says."""
    said = ("type", "target")
    return {
        **{name: value for name, value in schema.items() if name != "examples"},
        "properties": {n: each for n, each in schema["properties"].items() if n not in said},
        "required": [name for name in schema["required"] if name not in said],
    }

"""All of the API put into an application."""

from typing import Final

from flask import Flask, request

from registry.api import (
    agreements,
    event_types,
    events,
    exports,
    log,
    metrics,
    network,
    openapi,
    parties,
    problems,
    relations,
    root,
    search,
)
from registry.api import writing as _enters_its_routes_in_events  # noqa: F401
from registry.api.writing import REVIEW
from registry.domain.errors import NotFound
from registry.domain.reviewing import Review
from registry.store.signing import Signing

PREFIX: Final = "/api/v1"
BLUEPRINTS: Final = (
    agreements.blueprint,
    parties.blueprint,
    relations.blueprint,
    events.blueprint,
    event_types.blueprint,
    network.blueprint,
    exports.blueprint,
    search.blueprint,
    log.blueprint,
)


def plug(app: Flask, review: Review, signing: Signing, who_reads_metrics: str) -> None:
    """Put the API into the application.

    `review`: whose tokens may not record what a second person must approve. `signing`: how
    checkpoints of the log are signed.
    """
    metrics.plug(app, who_reads_metrics)
    app.extensions[REVIEW] = review
    log.plug(app, signing)
    problems.plug(app)
    app.before_request(_refuse_nul)
    api = openapi.plug(app)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint, url_prefix=PREFIX)
    api.register_blueprint(root.service)
    root.plug(app)


def _refuse_nul() -> None:
    """No name holds a NUL, and PostgreSQL takes none even to look for it."""
    if "\x00" in request.path:
        raise NotFound("nothing has a name with a NUL character in it")

"""The frame of the data-entry pages: one blueprint, CSRF on every form, the store and the settings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from flask import Blueprint, Flask, Response, current_app, request
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Engine
from werkzeug.exceptions import NotFound

from registry.domain.reviewing import Review
from registry.store.accounts import Account
from registry.web import pages, visiting

PREFIX: Final = "/admin"
_RULES: Final = "registry.admin"
ENGINE: Final = "registry"
blueprint: Final = Blueprint("admin", __name__, template_folder="templates", url_prefix=PREFIX)
_csrf: Final = CSRFProtect()

pages.refuses_in_words(blueprint)


@blueprint.before_request
def _no_forged_form() -> None:
    if request.endpoint in _OPEN or visiting.visitor() is not None:
        _csrf.protect()  # of POST only


_OPEN: Final = ("admin.sign_in", "admin.welcome")
"""Pages with forms for people who are not signed in. Of the others, a form whose visit is over is
not done but kept, so it needs no proof.
"""


@blueprint.route("/<path:_rest>", methods=["GET", "POST"])
def nowhere(_rest: str) -> Response:
    """Whatever no page answers, so that it is told in words."""
    raise NotFound


@dataclass(frozen=True)
class Provider:
    """An OpenID Connect provider, and the role of somebody new who comes from there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    role: str = "reader"


@dataclass(frozen=True)
class Rules:
    """What this installation is set to. `shown`: its settings by name, for an administrator."""

    review: Review
    provider: Provider | None
    shown: Mapping[str, str]


def plug(app: Flask, rules: Rules) -> None:
    app.extensions[_RULES] = rules
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False  # of these pages only: the API has no cookies
    app.config["WTF_CSRF_TIME_LIMIT"] = None  # as long as the visit
    _csrf.init_app(app)
    app.register_blueprint(blueprint)


def rules() -> Rules:
    return cast("Rules", current_app.extensions[_RULES])


def engine() -> Engine:
    """The store of the application that answers this request."""
    return cast("Engine", current_app.extensions[ENGINE])


def me() -> Account:
    """The visitor of a page that only signed-in people see."""
    account = visiting.visitor()
    if account is None:
        raise RuntimeError("a page without `needs` asked who is signed in")
    return account

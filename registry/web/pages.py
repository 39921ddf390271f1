"""The frame of all pages: templates, the files beside them, and errors in plain words."""

import hashlib
from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Flask, Response, current_app, make_response, request, url_for
from flask_wtf.csrf import CSRFError, generate_csrf
from jinja2 import StrictUndefined
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from registry.domain.dates import human, parse
from registry.domain.errors import RegistryError
from registry.queries.instants import instant_text
from registry.web import headers, languages
from registry.web.languages import gettext as _
from registry.web.languages import text_of
from registry.web.statuses import status_of, status_of_database
from registry.web.visiting import visitor
from registry.web.wording import doubt_words

_TEMPLATES: Final = "registry.pages"
STATIC: Final = Path(__file__).resolve().parent / "static"
frame: Final = Blueprint(
    "web", __name__, template_folder="templates", static_folder="static", static_url_path="/static"
)


def plug(app: Flask) -> None:
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.filters |= {"instant": _instant, "in_words": _in_words, "plain": plain}
    app.jinja_env.filters["doubt_words"] = doubt_words
    app.jinja_env.globals |= {
        "static": _static,
        "has_static": has_static,
        "csrf_token": generate_csrf,
        "visitor": visitor,
    }
    languages.plug(app)
    # Ours alone: a page of a library may rest on names that are not there.
    app.extensions[_TEMPLATES] = app.jinja_env.overlay(undefined=StrictUndefined)
    app.register_blueprint(frame)
    frame_headers: Callable[[Response], Response] = _static_for_ever
    app.after_request(frame_headers)
    headers.plug(app)


def page(template: str, status: int = 200, **words: Any) -> Response:
    """A page that is made for this visitor, and kept by no cache."""
    response = make_response(rendered(template, **words), status)
    response.headers["Cache-Control"] = "no-store"
    return response


def rendered(template: str, **words: Any) -> str:
    current_app.update_template_context(words)
    return str(current_app.extensions[_TEMPLATES].get_template(template).render(words))


def refuses_in_words(blueprint: Blueprint) -> None:
    """Answer the errors of these pages with a page."""
    blueprint.register_error_handler(RegistryError, _refused)
    blueprint.register_error_handler(CSRFError, _stale)
    blueprint.register_error_handler(HTTPException, http_error)
    blueprint.register_error_handler(DBAPIError, _database)
    blueprint.register_error_handler(PoolTimeout, _database)


def plain(name: str) -> str:
    """`relations.severed`, `charge_ad_interim` as a person reads them."""
    return name.replace(".", ": ", 1).replace("_", " ").replace(".", " ")


def _error(status: int, words: str, offers: tuple[str, ...] = (), detail: str = "") -> Response:
    """`detail`: what was refused, in English."""
    titled = _TITLES.get(status)
    title = _(titled) if titled else HTTPStatus(status).phrase
    response = page(
        "web/error.html", status, title=title, words=words, offers=offers, detail=detail
    )
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


_TITLES: Final = {
    403: text_of("Not for your role"),
    404: text_of("Not found"),
    409: text_of("Something moved meanwhile"),
    410: text_of("Erased"),
    413: text_of("Too large"),
    422: text_of("Not understood"),
    503: text_of("Not available just now"),
}


def _refused(error: RegistryError) -> Response:
    """What refuses says it in English; in another language a sentence of the page's stands first."""
    offers = getattr(error, "offers", ())
    status = status_of(error)
    if languages.language() == "en" or status not in _PLAINLY:
        return _error(status, str(error), offers)
    return _error(status, _(_PLAINLY[status]), offers, detail=str(error))


_PLAINLY: Final = {
    404: text_of("The register has nothing under this name on the day looked at."),
    410: text_of("This answer held what was erased on request since, so it is no longer given."),
    422: text_of("Something in the address or in the form cannot be read."),
}


def _stale(_error_of_form: CSRFError) -> Response:
    return _error(
        400,
        _(
            "This form does not belong to your present visit, so nothing was done. "
            "Go back, load the page again, and send it once more."
        ),
    )


def http_error(error: HTTPException) -> Response:
    """A refusal of HTTP itself, as a page."""
    known = _WORDS.get(error.code or 500)
    response = _error(error.code or 500, _(known) if known else error.description or "")
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


_WORDS: Final = {
    404: text_of("There is nothing at this address."),
    405: text_of("This address does not answer in that way."),
    413: text_of("What was sent is larger than is taken here."),
    500: text_of("Something went wrong here; it is not your fault."),
}


def _database(error: DBAPIError | PoolTimeout) -> Response:
    said = status_of_database(error) if isinstance(error, DBAPIError) else None
    if said is None and isinstance(error, DBAPIError):
        raise error
    status, words = said or (503, "the register's database cannot be used just now")
    return _error(status, f"{words[:1].upper()}{words[1:]}.")


def _instant(microseconds: int | None) -> str:
    return instant_text(microseconds)[:16].replace("T", " ") if microseconds else ""


def _in_words(edtf: str) -> str:
    return human(parse(edtf))


@cache
def _fingerprint(name: str) -> str:
    """Of a file's bytes; nothing where an optional one was not brought when this was built."""
    path = STATIC / name
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path.exists() else ""


def _static(name: str) -> str:
    return url_for("web.static", filename=name, v=_fingerprint(name) or None)


def has_static(name: str) -> bool:
    return bool(_fingerprint(name))


def _static_for_ever(response: Response) -> Response:
    if request.endpoint == "web.static" and "v" in request.args:
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return response

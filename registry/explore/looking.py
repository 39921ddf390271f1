"""The door of every public page: from where it looks, its permalink, and its answer as bytes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Final, cast

from flask import Blueprint, Response, redirect, request

from registry.domain.confidence import Confidence
from registry.explore import citing, linked_data, memento_links
from registry.explore.shown import POINTS, Looking, Shown
from registry.explore.typed import WHOLE_DAY, check_lengths, day_in, end_of
from registry.web import languages
from registry.web.answering import address, answered
from registry.web.opening import viewed, was_asked
from registry.web.pages import rendered

HTML: Final = "text/html"


def shows(
    blueprint: Blueprint, rule: str, template: str
) -> Callable[[Callable[..., Shown]], Callable[..., Response]]:
    """A page; the function gets from where one looks, then the parts of the path.

    The parameters that are its own are in `flask.request.args`.
    """

    def decorate(find: Callable[..., Shown]) -> Callable[..., Response]:
        @wraps(find)
        def respond(**path: str) -> Response:
            if (plainly := _plainly()) is not None:
                return cast("Response", redirect(plainly, 303))
            with looking() as here:
                shown = find(here, **path)
                if form := request.args.get("cite"):
                    return citing.cited(here, shown, form)
                return _answered(here, shown, template)

        blueprint.get(rule)(respond)
        return respond

    return decorate


@contextmanager
def looking() -> Iterator[Looking]:
    """The point that the request asks about, over one snapshot of the database."""
    asked = {name: request.args[name] for name in POINTS if name in request.args}
    with viewed({name: value for name, value in asked.items() if name != "lang"}) as opened:
        least = max(opened.threshold, Confidence.REPORTED)
        yield Looking(replace(opened, threshold=least), opened, asked)


def _plainly() -> str | None:
    """The address that says the same in the register's own words; None where this one does.

    A form sends empty fields, and people write "1 June 2009".
    """
    check_lengths()
    said = request.args.to_dict()
    plain = {n: v.strip() for n, v in said.items() if v.strip()}
    if day := plain.get("as_of"):
        plain["as_of"] = day_in(day, "as_of")
    if (known := plain.pop("known_at", None)) and WHOLE_DAY.fullmatch(known):
        known = end_of(known)  # of today and later it knows no more than it knows now
    plain |= {"known_at": known} if known else {}
    if plain.get("lang", "en") not in languages.LANGUAGES:
        del plain["lang"]
    return None if plain == said else address(plain.items())


def answered_from(
    here: Looking, body: bytes, media_type: str, following: str | None = None, *, alleged: bool
) -> Response:
    """`following`: the address of the next page. `alleged`: whether anything in it is."""
    vary = "Accept-Datetime"
    if languages.negotiated():
        vary += ", Accept-Language"
    response = answered(
        here.opened,
        body,
        media_type,
        following,
        asked=was_asked(here.asked),
        permalink=here.pinned(),
        vary=vary,
    )
    if alleged:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def _answered(here: Looking, shown: Shown, template: str) -> Response:
    if shown.linked_data is None:
        shown = replace(shown, linked_data=linked_data.of(here, shown.subject))
    body = rendered(
        template,
        **shown.words,
        looking=here,
        shown=shown,
        title=shown.title,
        kept={n: v for n, v in request.args.items() if n not in (*POINTS, "cursor")},
    )
    response = answered_from(here, body.encode(), HTML, alleged=shown.alleged)
    # Other bytes are there: a pinned page says that it is one.
    response.headers.pop("Content-Location", None)
    memento_links.link(response, here)
    response.headers["Content-Language"] = languages.language()
    return response

"""Public answers that are no pages: from where they look, and as bytes under one address."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response, request

from registry.domain.errors import Invalid
from registry.explore.looking import LONGEST, looking
from registry.explore.shown import Looking
from registry.web import languages
from registry.web.answering import answered
from registry.web.opening import was_asked


def answers(
    blueprint: Blueprint, rule: str, media_type: str
) -> Callable[[Callable[..., bytes]], Callable[..., Response]]:
    """A route answered by bytes of this type; the function gets from where one looks, then the
    parts of the path.
    """

    def decorate(find: Callable[..., bytes]) -> Callable[..., Response]:
        @wraps(find)
        def respond(**path: str) -> Response:
            check_lengths()
            with looking() as here:
                return told(here, find(here, **path), media_type)

        blueprint.get(rule)(respond)
        return respond

    return decorate


def told(here: Looking, body: bytes, media_type: str, following: str | None = None) -> Response:
    """`following`: the address of the next page."""
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
    if here.includes_alleged:
        response.headers["X-Robots-Tag"] = "noindex"
    return response


def check_lengths() -> None:
    for name, value in request.args.items(multi=True):
        if len(value) > LONGEST or "\x00" in value:
            raise Invalid(f"expected at most {LONGEST:,} characters, and no NUL", name)

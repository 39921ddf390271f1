"""Public answers that are no pages: from where they look, and as bytes under one address."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, Response

from registry.explore.looking import answered_from, looking
from registry.explore.shown import Looking
from registry.explore.typed import check_lengths


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
    return answered_from(here, body, media_type, following, alleged=here.includes_alleged)

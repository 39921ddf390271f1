"""Who asks: the holder of the token in the Authorization header."""

from flask import request
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from registry.domain.errors import Forbidden
from registry.record import clock
from registry.store import tokens
from registry.store.engine import reading
from registry.store.tokens import Holder
from registry.web.opening import engine


def bearer(role: str) -> Holder:
    """The holder of the token, who has this role or a higher one."""
    said = request.authorization
    if said is None or said.type != "bearer" or not said.token:
        raise _unauthorized("this needs a token: Authorization: Bearer ...", None)
    with reading(engine()) as conn:
        holder = tokens.holder(conn, said.token, clock())
    if holder is None:
        raise _unauthorized("the token is unknown, expired or revoked", "invalid_token")
    if not holder.may(role):
        raise Forbidden(f"a token of role {holder.role} may not do this: it needs {role}")
    return holder


def _unauthorized(words: str, error: str | None) -> Unauthorized:
    # RFC 6750 section 3: no error code where no token was given
    said: dict[str, str | None] = {"realm": "registry"}
    if error:
        said["error"] = error
    return Unauthorized(words, www_authenticate=WWWAuthenticate("bearer", said))

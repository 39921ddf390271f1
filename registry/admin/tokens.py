"""Tokens, with which programs record in a person's name: made, shown once, and revoked."""

from typing import Any, Final

from flask import redirect, request, url_for

from registry.admin.desk import blueprint, engine, me
from registry.domain.errors import Forbidden, Invalid, Problems
from registry.record import clock
from registry.store import accounts, tokens
from registry.store.engine import reading, writing
from registry.store.tokens import ROLES
from registry.web import visiting
from registry.web.pages import page
from registry.web.visiting import needs

_DAY: Final = 86_400 * 1_000_000
LASTS: Final = {"30": "30 days", "90": "90 days", "365": "a year", "never": "until it is revoked"}
LONGEST_NAME: Final = 90
"""It stands in brackets behind the owner's name."""


@blueprint.route("/tokens", methods=["GET", "POST"], endpoint="tokens")
@needs("recorder")
def tokens_page() -> Any:
    """List tokens, make new ones, and revoke them."""
    if request.method == "GET":
        return _page()
    if request.form.get("act") == "revoke":
        _revoke(request.form.get("token", ""))
        return redirect(url_for("admin.tokens"), 303)
    try:
        _make()
    except Problems as wrong:
        errors = [
            (each.field or "name", f"{str(each)[:1].upper()}{str(each)[1:]}") for each in wrong.each
        ]
        return _page(errors, 422)
    return redirect(url_for("admin.tokens"), 303)


def _make() -> None:
    name = " ".join(request.form.get("name", "").split())
    role, lasts = request.form.get("role", ""), request.form.get("lasts", "")
    wrong = []
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        wrong.append(Invalid(f"say in 1 to {LONGEST_NAME} characters what it is for", "name"))
    if role not in ROLES or not me().may(role):
        wrong.append(Invalid("choose a role that is not above your own", "role"))
    if lasts not in LASTS:
        wrong.append(Invalid("choose how long it is good for", "lasts"))
    if wrong:
        raise Problems(wrong)
    with writing(engine()) as conn:
        now = clock()
        expires = None if lasts == "never" else now + int(lasts) * _DAY
        text = tokens.create(conn, role, name, now, expires, me().id)
        about = f"{name}, {role}"
        accounts.note(conn, me().name, "made a token", about, visiting.address(), now)
    visiting.show_once("token", text)


def _revoke(token_id: str) -> None:
    with writing(engine()) as conn:
        found = next((each for each in tokens.listed(conn) if each["id"] == token_id), None)
        if found is None or (found["account"] != me().id and not me().may("admin")):
            raise Forbidden("this token is not yours")
        now = clock()
        tokens.revoke(conn, token_id, now)
        about = f"{found['name']}, of {found['owner'] or 'the shell'}"
        accounts.note(conn, me().name, "revoked a token", about, visiting.address(), now)


def _page(errors: list[tuple[str, str]] | None = None, status: int = 200) -> Any:
    everybody = me().may("admin")
    with reading(engine()) as conn:
        now = clock()
        rows = tokens.listed(conn, None if everybody else me().id)
    said = {name: request.form.get(name, "") for name in ("name", "role", "lasts")}
    return page(
        "admin/tokens.html",
        status,
        title="Tokens",
        rows=[(each, tokens.is_good(each, now)) for each in reversed(rows)],
        everybody=everybody,
        roles=[{"value": role, "label": role} for role in ROLES[1:] if me().may(role)],
        lasts=[{"value": value, "label": words} for value, words in LASTS.items()],
        said=said if errors else {"name": "", "role": "recorder", "lasts": "90"},
        new_token=visiting.shown_once("token"),
        errors=errors or [],
    )

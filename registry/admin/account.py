"""One's own account: the password, and the places where one is signed in."""

from typing import Any

from flask import redirect, request, url_for

from registry.admin import passwords
from registry.admin.desk import blueprint, engine, me
from registry.domain.errors import Invalid
from registry.record import clock
from registry.store import accounts, visits
from registry.store.engine import reading, writing
from registry.web import visiting
from registry.web.pages import page
from registry.web.visiting import needs


@blueprint.route("/account", methods=["GET", "POST"])
@needs("reader")
def account() -> Any:
    """Show the visitor's own account, and change it."""
    if request.method == "GET":
        return _page()
    match request.form.get("act", ""):
        case "password":
            try:
                _change_password()
            except Invalid as wrong:
                words = f"{wrong.message[:1].upper()}{wrong.message[1:]}"
                return _page([(wrong.field or "password", words)], 422)
            return redirect(url_for("admin.account", done="password"), 303)
        case "end":
            with writing(engine()) as conn:
                visits.end_one(conn, me().id, request.form.get("visit", ""), clock())
        case "others":
            visiting.end_every_visit(me(), but_this=True)
        case "everywhere":
            visiting.end_every_visit(me())
            visiting.end_visit()
            return redirect(url_for("admin.sign_in"), 303)
    return redirect(url_for("admin.account"), 303)


def _change_password() -> None:
    """Every other visit ends, and this one goes on under a new cookie."""
    mine = me()
    if mine.password_hash is None:
        raise Invalid("you sign in with your organisation's account, without a password here")
    present, new = (request.form.get(name, "")[:1000] for name in ("present_password", "password"))
    with writing(engine()) as conn:
        # whoever sits down at an open page must not guess faster than on the page to sign in
        wait = visits.try_once(conn, mine.login, visiting.address(), clock())
    if wait:
        raise Invalid(f"too many attempts: wait {wait} seconds, then try again", "present_password")
    if not passwords.is_right(present, mine.password_hash):
        raise Invalid("this is not your present password", "present_password")
    passwords.check(new, mine.login, mine.name)
    if new != request.form.get("password_again", "")[:1000]:
        raise Invalid("the two new passwords are not the same", "password_again")
    password_hash = passwords.hashed(new)
    with writing(engine()) as conn:
        now = clock()
        accounts.set_password(conn, mine.id, password_hash)
        accounts.void_links(conn, mine.id, now)
        visits.end_all(conn, mine.id, now)
        accounts.note(conn, mine.name, "changed the password", mine.login, visiting.address(), now)
    visiting.begin_visit(mine, tried=1)


def _page(errors: list[tuple[str, str]] | None = None, status: int = 200) -> Any:
    with reading(engine()) as conn:
        here = visits.open_ones(conn, me().id, clock(), visiting.limits())
    return page(
        "admin/account.html",
        status,
        title="Your account",
        me=me(),
        visits=here,
        this_visit=visiting.this_visit(),
        shortest=passwords.SHORTEST,
        done=request.args.get("done") == "password",
        errors=errors or [],
    )

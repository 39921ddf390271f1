"""Signing in and out, and the links by which an account is made or its password set."""

from typing import Any

from flask import redirect, request, url_for

from registry.admin import oidc, passwords
from registry.admin.desk import blueprint, engine
from registry.domain.errors import Conflict, Invalid, NotFound
from registry.record import clock
from registry.store import accounts, visits
from registry.store.accounts import Account, Invitation
from registry.store.engine import reading, writing
from registry.web import metering, visiting
from registry.web.pages import page
from registry.web.visiting import safe_next

WRONG = "The account or the password is not right."
"""One answer for both, so that nobody learns which accounts there are."""


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> Any:
    """Ask for account and password."""
    following = safe_next(request.values.get("next"))
    if visiting.visitor() is not None:
        return redirect(following, 303)
    if request.method == "GET":
        return _form(following)
    login, password = request.form.get("login", "")[:200], request.form.get("password", "")[:1000]
    with writing(engine()) as conn:
        # counted before it is looked at: many at once are not many for the price of one
        now = clock()
        wait = visits.try_once(conn, login, visiting.address(), now)
        account = accounts.by_login(conn, login)
        if not wait and visits.attempts_of(conn, login) == visits.ATTEMPTS_OF_ACCOUNT:
            # what was typed is not noted where it is no account: it may be a password
            about = account.login if account else "an account that does not exist"
            accounts.note(
                conn, "not signed in", "many failed attempts", about, visiting.address(), now
            )
    if wait:
        words = f"Too many attempts. Wait {_span(wait)}, then try again."
        response = _form(following, login, words, 429)
        response.headers["Retry-After"] = str(wait)
        return response
    right = passwords.is_right(password, account.password_hash if account else None)
    if account is None or not right or account.disabled:
        metering.refused_sign_in()
        return _form(following, login, WRONG, 403)
    if account.password_hash and passwords.is_outdated(account.password_hash):
        with writing(engine()) as conn:
            accounts.set_password(conn, account.id, passwords.hashed(password))
    visiting.begin_visit(account, tried=1)
    return redirect(following, 303)


@blueprint.post("/sign-out")
def sign_out() -> Any:
    """End this visit; nothing is left to do where it is over."""
    if visiting.visitor() is not None:
        visiting.end_visit()
    return redirect(url_for("admin.sign_in"), 303)


@blueprint.route("/welcome/<link>", methods=["GET", "POST"])
def welcome(link: str) -> Any:
    """Make an account, or set a password, by a link that works once."""
    with reading(engine()) as conn:
        invitation = accounts.invited(conn, link, clock())
        account = (
            accounts.by_id(conn, invitation.account)
            if invitation is not None and invitation.account
            else None
        )
    if invitation is None or (invitation.account and account is None):
        raise NotFound("This link is unknown, was used already, or is older than three days.")
    if request.method == "GET":
        return _welcome(invitation, account, {})
    said = {name: request.form.get(name, "")[:1000] for name in ("login", "name", "password")}
    try:
        made = _accept(link, invitation, account, said, request.form.get("password_again", ""))
    except (Conflict, Invalid) as wrong:
        field = getattr(wrong, "field", None) or "login"
        errors = [(field, str(wrong)[:1].upper() + str(wrong)[1:])]
        return _welcome(invitation, account, said, errors, 422)
    visiting.begin_visit(made)
    return redirect(url_for("admin.start"), 303)


def _accept(
    link: str, invitation: Invitation, account: Account | None, said: dict[str, str], again: str
) -> Account:
    login = account.login if account else said["login"]
    name = account.name if account else said["name"]
    passwords.check(said["password"], login, name)
    if said["password"] != again:
        raise Invalid("the two passwords are not the same", "password_again")
    password_hash = passwords.hashed(said["password"])
    with writing(engine()) as conn:
        now = clock()
        if account is None:
            account = accounts.add(
                conn,
                login=login,
                name=name,
                role=invitation.role,
                password_hash=password_hash,
                now=now,
            )
        else:
            accounts.set_password(conn, account.id, password_hash)
            visits.end_all(conn, account.id, now)
            visits.succeeded(conn, account.login)
        if not accounts.use(conn, link, now):
            raise Conflict("this link was used meanwhile")
        accounts.note(conn, account.name, "accepted a link", account.login, visiting.address(), now)
    return account


def _form(following: str, login: str = "", words: str = "", status: int = 200) -> Any:
    return page(
        "admin/sign_in.html",
        status,
        title="Sign in",
        following=following,
        login=login,
        errors=[("login", words)] if words else [],
        provider=oidc.offered(),
    )


def _welcome(
    invitation: Invitation,
    account: Account | None,
    said: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Any:
    return page(
        "admin/welcome.html",
        status,
        title="Set your password" if account else "Make your account",
        invitation=invitation,
        account=account,
        said=said,
        errors=errors or [],
        shortest=passwords.SHORTEST,
    )


def _span(seconds: int) -> str:
    if seconds < 60:
        return f"{seconds} second{'s' if seconds > 1 else ''}"
    minutes = -(-seconds // 60)
    return f"{minutes} minute{'s' if minutes > 1 else ''}"

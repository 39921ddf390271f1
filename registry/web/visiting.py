"""Who is visiting: a signed cookie names a visit, the store knows whose it is and whether it is over."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final, cast

from flask import Flask, Request, g, redirect, request, session, url_for
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface, SessionMixin
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from registry.domain.errors import Forbidden
from registry.record import clock
from registry.store import accounts, kept, visits
from registry.store.accounts import Account
from registry.store.engine import reading, writing
from registry.store.visits import Limits
from registry.web.headers import plainly_local

_EXTENSION: Final = "registry.visiting"
_VISIT: Final = "visit"
_NOT_KEPT: Final = ("csrf_token", "password", "password_again", "present_password")
COOKIE: Final = "registry_visit"


@dataclass
class _Visiting:
    engine: Engine
    limits: Limits


def plug(app: Flask, engine: Engine, limits: Limits) -> None:
    app.extensions[_EXTENSION] = _Visiting(engine, limits)
    app.session_interface = Cookies()
    app.before_request(_tell_unread)
    app.config["SESSION_COOKIE_NAME"] = COOKIE
    app.config["SESSION_COOKIE_HTTPONLY"] = True
    app.config["SESSION_COOKIE_SAMESITE"] = "Lax"


class Cookies(SecureCookieSessionInterface):
    """Flask's signed cookies; the key is the store's own, so that all processes share it.

    The API knows no cookies: nothing is read or set there.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith(("/api/", "/static/", "/healthz", "/readyz", "/metrics")):
            return SecureCookieSession()
        try:
            return super().open_session(app, request)
        except (DBAPIError, PoolTimeout) as error:
            # no page answers yet: it is told once one is found that says it in words
            g.unread = error
            return SecureCookieSession()

    def save_session(self, app: Flask, session: SessionMixin, response: Any) -> None:
        if session.modified or session.accessed:
            super().save_session(app, session, response)

    def get_cookie_name(self, app: Flask) -> str:
        """RFC 6265bis 4.1.3.2: a name that nobody but this very host, over HTTPS, can set."""
        name = super().get_cookie_name(app)
        return name if plainly_local() else f"__Host-{name}"

    def get_cookie_secure(self, app: Flask) -> bool:  # noqa: ARG002 - as Flask has it
        return not plainly_local()

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        if app.secret_key is None:
            app.secret_key = _signing_key(_visiting(app).engine)
        return super().get_signing_serializer(app)


def has_cookie() -> bool:
    """Whether somebody may be signed in; nothing is looked up."""
    if "HTTP_COOKIE" not in request.environ:
        return False  # nothing is parsed for the many that have none
    return COOKIE in request.cookies or f"__Host-{COOKIE}" in request.cookies


def visitor() -> Account | None:
    """The account whose visit this is; looked up once a request."""
    if "visitor" not in g:
        g.visitor = _look_up()
    return cast("Account | None", g.visitor)


def needs(role: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A page for people with this role or a higher one; others are sent to sign in, or refused."""

    def decorate(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(*args: Any, **path: Any) -> Any:
            account = visitor()
            if account is None:
                return redirect(url_for("admin.sign_in", next=_where_to_go_on()), 303)
            if not account.may(role):
                raise Forbidden(f"this is for people of role {role}; yours is {account.role}")
            return view(*args, **path)

        _NEEDED[guarded] = role
        return guarded

    return decorate


_NEEDED: Final[dict[Callable[..., Any], str]] = {}


def needed(view: Callable[..., Any]) -> str | None:
    """The role that a page is for; None where anybody may see it."""
    return _NEEDED.get(view)


def begin_visit(account: Account, *, tried: int = 0) -> None:
    """Sign in: whatever the cookie held before is gone, so a planted one is worth nothing.

    `tried`: how many of the attempts that are counted are this one itself.
    """
    from_ = _visiting()
    with writing(from_.engine) as conn:
        now = clock()
        if text := session.get(_VISIT):
            visits.end(conn, text, now)
        agent = request.headers.get("User-Agent", "")
        text = visits.begin(conn, account.id, address(), agent, now)
        failed = visits.attempts_of(conn, account.login) - tried
        visits.succeeded(conn, account.login)
        visits.forget_old(conn, now, from_.limits)
        after = f", after {failed} failed attempt{'s' * (failed > 1)}" if failed > 0 else ""
        accounts.note(conn, account.name, "signed in", account.login + after, address(), now)
    session.clear()
    session[_VISIT] = text
    g.visitor = account


def end_visit() -> None:
    if text := session.get(_VISIT):
        with writing(_visiting().engine) as conn:
            visits.end(conn, text, clock())
    session.clear()
    g.visitor = None


def end_every_visit(account: Account, *, but_this: bool = False) -> int:
    """How many ended."""
    with writing(_visiting().engine) as conn:
        now = clock()
        count = visits.end_all(conn, account.id, now, session.get(_VISIT) if but_this else None)
        by = visitor() or account
        accounts.note(conn, by.name, "signed out everywhere", account.login, address(), now)
    return count


def this_visit() -> str:
    """The id under which this visit is listed."""
    text = session.get(_VISIT)
    with reading(_visiting().engine) as conn:
        row = visits.of(conn, text) if text else None
    return row.id if row else ""


def former_visitor() -> Account | None:
    """Whose visit the cookie names, though it is over: what was typed is kept for this account."""
    if not (text := session.get(_VISIT)):
        return None
    with reading(_visiting().engine) as conn:
        row = visits.of(conn, text)
        found = accounts.by_id(conn, row.account) if row else None
    return None if found is None or found.disabled else found


def show_once(what: str, text: str) -> None:
    """Keep a secret for the next page, in the visitor's own cookie and nowhere else."""
    session[f"once:{what}"] = text


def shown_once(what: str) -> str:
    """The secret, which is gone now; empty where there is none."""
    return str(session.pop(f"once:{what}", ""))


def limits() -> Limits:
    return _visiting().limits


def address() -> str:
    """Where the request comes from, as far as is known."""
    return request.remote_addr or "unknown"


def safe_next(text: str | None) -> str:
    """An address of this site to go on to; the start page for anything else."""
    home = url_for("admin.start")
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")):
        return home
    if any(ord(each) < 33 or each == "\\" for each in text):
        return home
    return text


def kept_fields() -> list[tuple[str, str]] | None:
    """What was typed on this page when the visit was over, as `?kept=` names it."""
    account, kept_id = visitor(), request.args.get("kept")
    if account is None or not kept_id:
        return None
    with reading(_visiting().engine) as conn:
        return kept.fields_of(conn, account.id, kept_id, request.path)


def _where_to_go_on() -> str:
    """This page again; what was typed into it is kept for whose visit is over."""
    if request.method in ("GET", "HEAD"):
        return request.full_path.rstrip("?")
    typed = [
        (name, value) for name, value in request.form.items(multi=True) if name not in _NOT_KEPT
    ]
    if not typed or (account := former_visitor()) is None:
        return request.path
    with writing(_visiting().engine) as conn:
        kept_id = kept.keep(conn, account.id, request.path, typed, clock())
    return f"{request.path}?kept={kept_id}" if kept_id else request.path


def _look_up() -> Account | None:
    if not (text := session.get(_VISIT)):
        return None
    from_ = _visiting()
    now = clock()
    with reading(from_.engine) as conn:
        found = visits.account_of(conn, text, now, from_.limits)
        due = found is not None and visits.is_due(visits.of(conn, text), now, from_.limits)
    if due:
        # while somebody writes for long, a page is still shown: the next step notes it
        with suppress(OperationalError), writing(from_.engine) as conn:
            visits.seen(conn, text, now)
    return found


def _tell_unread() -> None:
    if (error := g.pop("unread", None)) is not None:
        raise error


def _signing_key(engine: Engine) -> str:
    with reading(engine) as conn:
        there = visits.signing_key(conn)
    if there is None:
        with writing(engine) as conn:
            there = visits.make_signing_key(conn)
    return there


def _visiting(app: Flask | None = None) -> _Visiting:
    from flask import current_app  # noqa: PLC0415 - beside the application that is passed in

    return cast("_Visiting", (app or current_app).extensions[_EXTENSION])

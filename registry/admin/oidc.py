"""Signing in with an organisation's own accounts: OpenID Connect with PKCE, by Authlib where it is installed."""

from importlib.util import find_spec
from typing import Any, Final, Literal, cast
from urllib.parse import urlsplit

from flask import current_app, redirect, request, session, url_for
from sqlalchemy import Connection

from registry.admin.desk import Provider, blueprint, engine, rules
from registry.domain.errors import Conflict, Forbidden, Invalid, NotFound, RegistryError
from registry.record import clock
from registry.store import accounts
from registry.store.accounts import Account
from registry.store.engine import writing
from registry.web import visiting
from registry.web.pages import page
from registry.web.visiting import safe_next

_NAME: Final = "provider"
_FOLLOWING: Final = "following"
_CLIENT: Final = "registry.oidc"
_SECONDS: Final = 10
"""For each answer of the provider."""
_LEEWAY: Final = 60
"""Seconds by which two clocks may differ."""
_SIGNATURES: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384")
"""With the provider's public key only: neither none, nor a secret that both know."""


def offered() -> Literal["no", "yes", "not installed"]:
    """Whether people may sign in with a provider here."""
    if rules().provider is None:
        return "no"
    return "yes" if find_spec("authlib") and find_spec("requests") else "not installed"


@blueprint.get("/sign-in/provider")
def to_provider() -> Any:
    """Send somebody to the provider, who sends her back."""
    following = safe_next(request.args.get("next"))
    if visiting.visitor() is not None:
        return redirect(following, 303)
    if offered() != "yes":
        raise NotFound("Nobody signs in with an organisation's account here.")
    for name in [each for each in session if each.startswith("_state_")]:
        session.pop(name)  # one at a time: a cookie has little room
    try:
        answer = _client().authorize_redirect(_back())
    except _failures() as wrong:
        return _sorry(wrong)
    session[_FOLLOWING] = following
    answer.status_code = 303
    return answer


@blueprint.get("/sign-in/provider/back")
def from_provider() -> Any:
    """Take the word of the provider for who somebody is."""
    provider = rules().provider
    if provider is None or offered() != "yes":
        raise NotFound("Nobody signs in with an organisation's account here.")
    following = safe_next(session.pop(_FOLLOWING, None))
    try:
        client = _client()
        issuer = _issuer(client, provider)
        if request.args.get("iss", issuer) != issuer:  # RFC 9207
            raise Forbidden("another provider answered than was asked")
        claims = client.authorize_access_token(
            # Authlib looks at the audience only so far as it asks for `azp`
            claims_options={
                "iss": {"essential": True, "value": issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "sub": {"essential": True},
                "nonce": {"essential": True},
            },
            leeway=_LEEWAY,
        ).get("userinfo")
        if not claims:
            raise Forbidden("the provider did not say who you are")
        with writing(engine()) as conn:
            account = _account(conn, provider, cast("dict[str, Any]", claims))
    except RegistryError as refused:
        return _sign_in_again(str(refused))
    except _failures() as wrong:
        return _sorry(wrong)
    visiting.begin_visit(account)
    return redirect(following, 303)


def _account(conn: Connection, provider: Provider, claims: dict[str, Any]) -> Account:
    """Whose account it is, or a new one. Only issuer and subject say so: what a provider tells of
    e-mail addresses and names may change hands, and never opens an account that is there.
    """
    issuer, subject = str(claims["iss"]), str(claims["sub"])
    known_as = f"{issuer} {subject}"
    if not subject or len(known_as) > 400:
        raise Invalid("the provider's word for you is not one that can be kept")
    if (there := accounts.by_subject(conn, known_as)) is not None:
        if there.disabled:
            raise Forbidden("this account may not sign in")
        return there
    login = _login(claims, issuer, subject)
    name = _word(claims, "name") or login
    if accounts.by_login(conn, login) is not None:
        raise Conflict(
            f"there is an account {login} here that does not belong to the provider: sign in with "
            "its password, or ask an administrator"
        )
    now = clock()

    def add(name: str) -> Account:
        return accounts.add(
            conn,
            login=login,
            name=name[:100],
            role=provider.role,
            password_hash=None,
            oidc_subject=known_as,
            now=now,
        )

    try:
        made = add(name)
    except Invalid as wrong:
        if wrong.field != "name":
            raise
        made = add(f"{name[:60]} ({login})")
    about = f"{made.login}, {made.role}, from the provider"
    accounts.note(conn, made.name, "made an account", about, visiting.address(), now)
    return made


def _login(claims: dict[str, Any], issuer: str, subject: str) -> str:
    if claims.get("email_verified") is True and (email := _word(claims, "email")):
        return email
    return _word(claims, "preferred_username") or f"{subject}@{urlsplit(issuer).hostname}"


def _word(claims: dict[str, Any], name: str) -> str:
    said = claims.get(name)
    return " ".join(said.split()) if isinstance(said, str) else ""


def _client() -> Any:
    """Made once for an application; it remembers what the provider says of itself."""
    provider = rules().provider
    if provider is None:
        raise NotFound("there is no provider here")
    if _CLIENT not in current_app.extensions:
        from authlib.integrations.flask_client import (  # noqa: PLC0415 - an extra
            FlaskIntegration,
            FlaskOAuth2App,
        )

        current_app.extensions[_CLIENT] = FlaskOAuth2App(
            FlaskIntegration(_NAME),
            _NAME,
            client_id=provider.client_id,
            client_secret=provider.client_secret,
            server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
            client_kwargs={
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": _SECONDS,
            },
        )
    return current_app.extensions[_CLIENT]


def _issuer(client: Any, provider: Provider) -> str:
    """As the provider spells itself; OpenID Connect Discovery 4.3: it must be who was asked."""
    said = client.load_server_metadata()
    issuer = str(said.get("issuer", ""))
    if issuer.rstrip("/") != provider.issuer.rstrip("/"):
        raise Forbidden("the provider calls itself something else than it is known as here")
    named = said.get("id_token_signing_alg_values_supported") or ["RS256"]
    said["id_token_signing_alg_values_supported"] = [a for a in named if a in _SIGNATURES]
    return issuer


def _back() -> str:
    return url_for("admin.from_provider", _external=True)


def _failures() -> tuple[type[Exception], ...]:
    """What goes wrong between the provider and here."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 - an extra
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    return (AuthlibBaseError, JoseError, RequestException, RuntimeError, ValueError, KeyError)


def _sorry(wrong: Exception) -> Any:
    """Why is for the log, without what the provider sent: it may hold a secret."""
    current_app.logger.warning("signing in with the provider failed: %s", type(wrong).__name__)
    return _sign_in_again("The provider and this register did not understand each other.")


def _sign_in_again(words: str) -> Any:
    return page(
        "admin/sign_in.html",
        403,
        title="Sign in",
        following=url_for("admin.start"),
        login="",
        errors=[("provider", f"You were not signed in: {words[:1].lower()}{words[1:]}")],
        provider=offered(),
    )

"""Who may sign in and as what: people are invited, given roles, sent away and let in again."""

from typing import Any, Final

from flask import redirect, request, url_for
from sqlalchemy import Connection

from registry.admin.desk import blueprint, engine, me
from registry.domain.errors import Conflict, Invalid, NotFound
from registry.record import clock
from registry.store import accounts, tokens, visits
from registry.store.accounts import Account, Act
from registry.store.engine import reading, writing
from registry.store.tokens import ROLES
from registry.web import visiting
from registry.web.pages import page
from registry.web.visiting import needs

MAY: Final = {
    "reader": "sees the pages of data entry, and changes nothing",
    "recorder": "records and corrects events",
    "reviewer": "also approves what others recorded",
    "admin": "also looks after people, tokens and the register itself",
}
_LINK: Final = "link"


@blueprint.route("/people", methods=["GET", "POST"])
@needs("admin")
def people() -> Any:
    """List the people, and invite new ones."""
    if request.method == "GET":
        return _list()
    try:
        if request.form.get("act") == "withdraw":
            _withdraw(request.form.get("link", ""))
        else:
            _invite(request.form.get("role", ""))
    except Invalid as wrong:
        return _list([(wrong.field or "role", _sentence(wrong))], 422)
    return redirect(url_for("admin.people"), 303)


@blueprint.route("/people/<account_id>", methods=["GET", "POST"])
@needs("admin")
def person(account_id: str) -> Any:
    """Show a person, and change what the person may do."""
    with reading(engine()) as conn:
        account = accounts.by_id(conn, account_id)
    if account is None:
        raise NotFound("There is nobody here by that address.")
    if request.method == "GET":
        return _one(account)
    act = request.form.get("act", "")
    try:
        with writing(engine()) as conn:
            _change(conn, account, act)
    except (Conflict, Invalid) as wrong:
        field = getattr(wrong, "field", None) or _FIELDS.get(act, "role")
        return _one(account, [(field, _sentence(wrong))], 422)
    if account.id == me().id:  # who may no longer be here
        return redirect(url_for("admin.start"), 303)
    return redirect(url_for("admin.person", account_id=account_id), 303)


_FIELDS: Final = {"disable": "disable", "role": "role"}


def _change(conn: Connection, account: Account, act: str) -> None:
    now = clock()
    match act:
        case "role":
            role = request.form.get("role", "")
            accounts.set_role(conn, account.id, role)
            if role != account.role:
                _note(conn, "changed the role", f"{account.login}, {account.role} to {role}", now)
        case "disable":
            accounts.disable(conn, account.id, now)
            _note(conn, "disabled the account", account.login, now)
        case "enable":
            accounts.enable(conn, account.id)
            _note(conn, "enabled the account", account.login, now)
        case "link":
            if account.disabled:
                raise Invalid("let the person sign in again first", "link")
            text = accounts.invite(conn, account.role, now, account.id, me().id)
            _note(conn, "made a link", f"{account.login}, to set the password", now)
            visiting.show_once(f"{_LINK}:{account.id}", _address(text))
        case "sign_out":
            visits.end_all(conn, account.id, now)
            _note(conn, "signed out everywhere", account.login, now)
        case _:
            raise Invalid("choose what to do", "role")


def _invite(role: str) -> None:
    with writing(engine()) as conn:
        now = clock()
        text = accounts.invite(conn, role, now, made_by=me().id)
        _note(conn, "made a link", f"for a new {role}", now)
    visiting.show_once(_LINK, _address(text))


def _withdraw(link: str) -> None:
    with writing(engine()) as conn:
        now = clock()
        if accounts.withdraw(conn, link, now):
            _note(conn, "withdrew a link", "", now)


def _note(conn: Connection, act: Act, about: str, now: int) -> None:
    accounts.note(conn, me().name, act, about, visiting.address(), now)


def _address(text: str) -> str:
    return url_for("admin.welcome", link=text, _external=True)


def _list(errors: list[tuple[str, str]] | None = None, status: int = 200) -> Any:
    with reading(engine()) as conn:
        rows = accounts.listed(conn)
        links = accounts.open_links(conn, clock())
    return page(
        "admin/people.html",
        status,
        title="People",
        people=rows,
        links=links,
        roles=_roles(),
        chosen=request.form.get("role", ""),
        new_link=visiting.shown_once(_LINK),
        errors=errors or [],
    )


def _one(account: Account, errors: list[tuple[str, str]] | None = None, status: int = 200) -> Any:
    with reading(engine()) as conn:
        now = clock()
        row = next(each for each in accounts.listed(conn) if each["id"] == account.id)
        held = tokens.listed(conn, account.id)
        here = visits.open_ones(conn, account.id, now, visiting.limits())
    return page(
        "admin/person.html",
        status,
        title=account.name,
        person=row,
        visits=here,
        tokens=[each for each in held if tokens.is_good(each, now)],
        roles=_roles(),
        new_link=visiting.shown_once(f"{_LINK}:{account.id}"),
        errors=errors or [],
    )


def _roles() -> list[dict[str, str]]:
    return [{"value": role, "label": f"{role}: {MAY[role]}"} for role in ROLES]


def _sentence(wrong: Exception) -> str:
    words = str(wrong)
    return f"{words[:1].upper()}{words[1:]}"

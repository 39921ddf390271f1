"""Who may sign in: accounts, the links that make or mend them, and what was done with them."""

import hashlib
import secrets
import unicodedata
import uuid
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from registry.domain.errors import Conflict, Invalid, NotFound
from registry.store.people_tables import access, account, invitation, visit
from registry.store.tables import api_token
from registry.store.tokens import ROLES

LINK_LASTS: Final = 3 * 86_400 * 1_000_000
"""Microseconds."""
FIRST: Final = "first-admin"
"""Who made the link for the first administrator: it is worth nothing once there is one."""

SigningAct = Literal["signed in", "signed out everywhere", "many failed attempts"]
AccountAct = Literal[
    "made an account",
    "made a link",
    "withdrew a link",
    "accepted a link",
    "changed the role",
    "disabled the account",
    "enabled the account",
    "changed the password",
]
TokenAct = Literal["made a token", "revoked a token"]
DraftAct = Literal["sent back a draft", "withdrew a draft"]
WebhookAct = Literal[
    "added a webhook",
    "paused a webhook",
    "resumed a webhook",
    "removed a webhook",
    "renewed a webhook's secret",
    "asked for dead letters again",
]
Act = SigningAct | AccountAct | TokenAct | DraftAct | WebhookAct


@dataclass(frozen=True)
class Account:
    """`login` is what is typed to sign in; `name` stands beside what is recorded."""

    id: str
    login: str
    name: str
    role: str
    password_hash: str | None
    disabled: bool

    def may(self, role: str) -> bool:
        return not self.disabled and ROLES.index(self.role) >= ROLES.index(role)


@dataclass(frozen=True)
class Invitation:
    """What a link lets its holder do: make an account of the role, or set the account's password."""

    role: str
    account: str | None


def add(
    conn: Connection,
    *,
    login: str,
    name: str,
    role: str,
    password_hash: str | None,
    now: int,
    oidc_subject: str | None = None,
) -> Account:
    """Problems with the words come as Invalid; Conflict where the login is taken."""
    login, name = typed(login), " ".join(unicodedata.normalize("NFKC", name).split())
    if not 1 <= len(login) <= 200 or not login.isprintable():
        raise Invalid("expected 1 to 200 printable characters", "login")
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Invalid("expected 1 to 100 printable characters", "name")
    _check_role(role)
    if by_login(conn, login) is not None:
        raise Conflict(f"there is an account for {login} already")
    if _is_taken(conn, name):
        # it stands beside what is recorded: two of one name could not be told apart
        raise Invalid(f"somebody is called {name} here already: add what tells you apart", "name")
    made = Account(str(uuid.uuid4()), login, name, role, password_hash, disabled=False)
    try:
        with conn.begin_nested():
            conn.execute(
                insert(account).values(
                    id=made.id,
                    login=login,
                    name=name,
                    role=role,
                    password_hash=password_hash,
                    oidc_subject=oidc_subject,
                    created_at=now,
                )
            )
    except IntegrityError:
        raise Conflict(f"there is an account for {login} already") from None
    return made


def typed(login: str) -> str:
    """The one form of a login, however it was typed."""
    return "".join(unicodedata.normalize("NFKC", login).split()).casefold()


def by_login(conn: Connection, login: str) -> Account | None:
    return _one(conn, account.c.login == typed(login))


def by_id(conn: Connection, account_id: str) -> Account | None:
    return _one(conn, account.c.id == account_id)


def by_subject(conn: Connection, subject: str) -> Account | None:
    """By what an identity provider calls the person: issuer and subject."""
    return _one(conn, account.c.oidc_subject == subject)


def listed(conn: Connection) -> list[dict[str, Any]]:
    """All accounts with when each was last seen, without their passwords."""
    seen = (
        select(visit.c.account, func.max(visit.c.seen_at).label("seen_at"))
        .group_by(visit.c.account)
        .subquery()
    )
    columns = [each for each in account.c if each.name != "password_hash"]
    rows = conn.execute(
        select(*columns, account.c.password_hash.is_not(None).label("password"), seen.c.seen_at)
        .outerjoin(seen, seen.c.account == account.c.id)
        .order_by(account.c.name, account.c.login)
    )
    return [dict(row) for row in rows.mappings()]


def any_admin(conn: Connection) -> bool:
    return (
        conn.execute(
            select(account.c.id)
            .where(account.c.role == "admin", account.c.disabled_at.is_(None))
            .limit(1)
        ).first()
        is not None
    )


def set_password(conn: Connection, account_id: str, password_hash: str) -> None:
    """The visits go on: whoever sets another password ends them."""
    _change(conn, account_id, password_hash=password_hash)


def set_role(conn: Connection, account_id: str, role: str) -> None:
    """Conflict where nobody would be left to administer."""
    _check_role(role)
    if role != "admin":
        _keep_an_admin(conn, account_id)
    _change(conn, account_id, role=role)


def disable(conn: Connection, account_id: str, now: int) -> None:
    """With it end its visits, its tokens, and the links for it. Conflict where nobody would be left
    to administer.
    """
    _keep_an_admin(conn, account_id)
    _change(conn, account_id, disabled_at=now)
    for table, ended in ((visit, "ended_at"), (api_token, "revoked_at")):
        conn.execute(
            update(table)
            .where(table.c.account == account_id, table.c[ended].is_(None))
            .values({ended: now})
        )
    void_links(conn, account_id, now)


def enable(conn: Connection, account_id: str) -> None:
    _change(conn, account_id, disabled_at=None)


def invite(
    conn: Connection,
    role: str,
    now: int,
    account_id: str | None = None,
    made_by: str | None = None,
) -> str:
    """The secret of a link that works once, for three days; it is kept as a hash only.

    `made_by`: the account that answers for it; a link is worth nothing once its maker may no
    longer administer. A new link for an account, or for the first administrator, voids the last.
    """
    _check_role(role)
    if account_id is not None:
        void_links(conn, account_id, now)
    if made_by == FIRST:
        conn.execute(
            update(invitation)
            .where(invitation.c.made_by == FIRST, invitation.c.used_at.is_(None))
            .values(used_at=now)
        )
    text = secrets.token_urlsafe(32)
    conn.execute(
        insert(invitation).values(
            hash=_hash(text),
            account=account_id,
            role=role,
            made_by=made_by,
            made_at=now,
            expires_at=now + LINK_LASTS,
        )
    )
    return text


def invited(conn: Connection, text: str, now: int) -> Invitation | None:
    """What the link allows; None where it is unknown, used or too old."""
    row = conn.execute(
        select(invitation).where(
            invitation.c.hash == _hash(text),
            invitation.c.used_at.is_(None),
            invitation.c.expires_at > now,
        )
    ).first()
    if row is None or not _may_invite(conn, row.made_by):
        return None
    if row.account is not None and ((of := by_id(conn, row.account)) is None or of.disabled):
        return None
    return Invitation(row.role, row.account)


def open_links(conn: Connection, now: int) -> list[Any]:
    """The links that may still be used, newest first, with whose they are and who made them."""
    maker, holder = account.alias("maker"), account.alias("holder")
    rows = conn.execute(
        select(invitation, maker.c.name.label("maker"), holder.c.name.label("holder"))
        .outerjoin(maker, maker.c.id == invitation.c.made_by)
        .outerjoin(holder, holder.c.id == invitation.c.account)
        .where(invitation.c.used_at.is_(None), invitation.c.expires_at > now)
        .order_by(invitation.c.made_at.desc())
    )
    return [row for row in rows if _may_invite(conn, row.made_by)]


def withdraw(conn: Connection, link_hash: str, now: int) -> bool:
    """Whether there was such a link to withdraw."""
    done = conn.execute(
        update(invitation)
        .where(invitation.c.hash == link_hash, invitation.c.used_at.is_(None))
        .values(used_at=now)
    )
    return done.rowcount == 1


def void_links(conn: Connection, account_id: str, now: int) -> None:
    """No link sets this account's password any more."""
    conn.execute(
        update(invitation)
        .where(invitation.c.account == account_id, invitation.c.used_at.is_(None))
        .values(used_at=now)
    )


def use(conn: Connection, text: str, now: int) -> bool:
    """Whether it was there to be used, once."""
    done = conn.execute(
        update(invitation)
        .where(invitation.c.hash == _hash(text), invitation.c.used_at.is_(None))
        .values(used_at=now)
    )
    return done.rowcount == 1


def note(conn: Connection, by: str, act: Act, about: str, address: str, now: int) -> None:
    """Keep who did what with accounts and access; never a secret."""
    conn.execute(
        insert(access).values(at=now, by=by[:100], act=act, about=about[:300], address=address[:60])
    )


def _one(conn: Connection, condition: Any) -> Account | None:
    row = conn.execute(select(account).where(condition)).first()
    if row is None:
        return None
    return Account(
        row.id, row.login, row.name, row.role, row.password_hash, row.disabled_at is not None
    )


def _change(conn: Connection, account_id: str, **values: Any) -> None:
    if conn.execute(update(account).where(account.c.id == account_id).values(**values)).rowcount:
        return
    raise NotFound(f"there is no account {account_id!r}")


def _may_invite(conn: Connection, made_by: str | None) -> bool:
    if made_by is None:
        return True
    if made_by == FIRST:
        return not any_admin(conn)
    maker = by_id(conn, made_by)
    return maker is not None and maker.may("admin")


def _is_taken(conn: Connection, name: str) -> bool:
    """Case does not tell people apart; names are few enough to look at all."""
    names = conn.execute(select(account.c.name)).scalars()
    return name.casefold() in {each.casefold() for each in names}


def _keep_an_admin(conn: Connection, leaving: str) -> None:
    """The administrators are held until the transaction ends: two could send each other away."""
    admins = (
        conn.execute(
            select(account.c.id)
            .where(account.c.role == "admin", account.c.disabled_at.is_(None))
            .order_by(account.c.id)
            .with_for_update()
        )
        .scalars()
        .all()
    )
    if list(admins) == [leaving]:
        raise Conflict("this is the last administrator: make another one first")


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise Invalid(f"expected a role of {', '.join(ROLES)}; got {role!r}", "role")


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()

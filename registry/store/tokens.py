"""API tokens: made once, shown once, kept as a hash; each has a role."""

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from registry.domain.errors import Invalid
from registry.store.people_tables import account
from registry.store.tables import api_token

ROLES: Final = ("reader", "recorder", "reviewer", "admin")
"""Each may do what those before it may."""


@dataclass(frozen=True)
class Holder:
    """Who comes with a token."""

    token_id: str
    name: str
    role: str

    def may(self, role: str) -> bool:
        return ROLES.index(self.role) >= ROLES.index(role)


def create(
    conn: Connection,
    role: str,
    name: str,
    now: int,
    expires_at: int | None = None,
    account_id: str | None = None,
) -> str:
    """A new token's text, which is kept nowhere. `account_id`: whose it is; none from the shell."""
    if role not in ROLES:
        raise Invalid(f"expected a role of {', '.join(ROLES)}; got {role!r}", "role")
    token = f"reg_{secrets.token_urlsafe(32)}"
    conn.execute(
        insert(api_token).values(
            id=str(uuid.uuid4()),
            name=name,
            role=role,
            hash=_hash(token),
            created_at=now,
            expires_at=expires_at,
            account=account_id,
        )
    )
    return token


def holder(conn: Connection, token: str, now: int) -> Holder | None:
    """Who holds it; None where it is unknown, expired or revoked, or its owner is disabled.

    A token may never do more than its owner may now, and what is recorded with it names the owner.
    """
    row = conn.execute(
        select(
            api_token,
            account.c.name.label("owner"),
            account.c.role.label("owner_role"),
            account.c.disabled_at,
        )
        .outerjoin(account, account.c.id == api_token.c.account)
        .where(api_token.c.hash == _hash(token))
    ).first()
    if row is None or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    if row.account is None:
        return Holder(row.id, row.name, row.role)
    if row.owner is None or row.disabled_at is not None:
        return None
    role = min(row.role, row.owner_role, key=ROLES.index)
    return Holder(row.id, f"{row.owner} ({row.name})", role)


def used(conn: Connection, token_id: str, now: int) -> None:
    """Note when it was last used."""
    conn.execute(update(api_token).where(api_token.c.id == token_id).values(last_used_at=now))


def revoke(conn: Connection, token_id: str, now: int) -> bool:
    """Whether there was such a token; one that was revoked before stays as it is."""
    there = api_token.c.id == token_id
    if conn.execute(select(api_token.c.id).where(there)).first() is None:
        return False
    conn.execute(
        update(api_token).where(there, api_token.c.revoked_at.is_(None)).values(revoked_at=now)
    )
    return True


def listed(conn: Connection, account_id: str | None = None) -> list[dict[str, Any]]:
    """All tokens, or an account's, without their hashes; with the name of each one's owner."""
    columns = [column for column in api_token.c if column.name != "hash"]
    statement = (
        select(*columns, account.c.name.label("owner"))
        .outerjoin(account, account.c.id == api_token.c.account)
        .order_by(api_token.c.created_at)
    )
    if account_id is not None:
        statement = statement.where(api_token.c.account == account_id)
    return [dict(row) for row in conn.execute(statement).mappings()]


def is_good(row: Mapping[str, Any], now: int) -> bool:
    """Whether a listed token is neither revoked nor expired."""
    expires = row["expires_at"]
    return row["revoked_at"] is None and (expires is None or expires > now)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

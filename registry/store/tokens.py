"""API tokens: made once, shown once, kept as a hash; each has a role."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, insert, select, update

from registry.domain.errors import Invalid
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


def create(conn: Connection, role: str, name: str, now: int, expires_at: int | None = None) -> str:
    """A new token's text, which is kept nowhere."""
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
        )
    )
    return token


def holder(conn: Connection, token: str, now: int) -> Holder | None:
    """Who holds it; None where it is unknown, expired or revoked."""
    row = conn.execute(select(api_token).where(api_token.c.hash == _hash(token))).first()
    if row is None or row.revoked_at is not None:
        return None
    if row.expires_at is not None and row.expires_at <= now:
        return None
    return Holder(row.id, row.name, row.role)


def used(conn: Connection, token_id: str, now: int) -> None:
    """Note when it was last used."""
    conn.execute(update(api_token).where(api_token.c.id == token_id).values(last_used_at=now))


def revoke(conn: Connection, token_id: str, now: int) -> bool:
    """Whether there was such a token."""
    done = conn.execute(update(api_token).where(api_token.c.id == token_id).values(revoked_at=now))
    return done.rowcount == 1


def listed(conn: Connection) -> list[dict[str, object]]:
    """All tokens, without their hashes."""
    columns = [column for column in api_token.c if column.name != "hash"]
    rows = conn.execute(select(*columns).order_by(api_token.c.created_at))
    return [dict(row) for row in rows.mappings()]


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

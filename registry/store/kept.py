"""Forms that were half typed when their visit was over, kept for the one who typed them."""

import uuid
from typing import Final

import orjson
from sqlalchemy import Connection, delete, insert, select

from registry.store.people_tables import kept_form

MOST: Final = 20
"""Forms of one account; the oldest go first."""
LARGEST: Final = 500_000
"""Bytes of JSON; what is larger is not kept."""
LASTS: Final = 7 * 86_400 * 1_000_000

Fields = list[tuple[str, str]]


def keep(conn: Connection, account: str, path: str, fields: Fields, now: int) -> str | None:
    """Its id; None where it is too large."""
    text = orjson.dumps(fields).decode()
    if len(text) > LARGEST or len(path) > 500:
        return None
    conn.execute(delete(kept_form).where(kept_form.c.at < now - LASTS))
    ids = list(
        conn.execute(
            select(kept_form.c.id)
            .where(kept_form.c.account == account)
            .order_by(kept_form.c.at.desc())
        ).scalars()
    )
    if ids[MOST - 1 :]:
        conn.execute(delete(kept_form).where(kept_form.c.id.in_(ids[MOST - 1 :])))
    made = str(uuid.uuid4())
    conn.execute(insert(kept_form).values(id=made, account=account, path=path, fields=text, at=now))
    return made


def fields_of(conn: Connection, account: str, kept_id: str, path: str) -> Fields | None:
    """What was typed, for the one who typed it, on the page where it was."""
    text = conn.execute(
        select(kept_form.c.fields).where(
            kept_form.c.id == kept_id, kept_form.c.account == account, kept_form.c.path == path
        )
    ).scalar_one_or_none()
    return None if text is None else [(name, value) for name, value in orjson.loads(text)]


def drop(conn: Connection, account: str, kept_id: str) -> None:
    conn.execute(delete(kept_form).where(kept_form.c.id == kept_id, kept_form.c.account == account))

"""Drafts: events that wait for a second person and are not in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, insert, select

from registry.store.accounts import Account
from registry.store.people_tables import draft

WAITING: Final = "waiting"
Said = tuple[str, dict[str, Any]]
"""An event's id and its wire form."""


@dataclass(frozen=True)
class Draft:
    """`seen`: the position of the log at which its author looked."""

    id: str
    state: str
    author: str
    author_name: str
    title: str
    events: tuple[Said, ...]
    seen: int


def add(
    conn: Connection,
    *,
    draft_id: str,
    author: Account,
    title: str,
    events: Sequence[Said],
    seen: int,
    now: int,
    upload: str | None = None,
) -> None:
    """Let it wait for a reviewer."""
    listed = [{"event_id": event_id, "said": said} for event_id, said in events]
    conn.execute(
        insert(draft).values(
            id=draft_id,
            state=WAITING,
            author=author.id,
            author_name=author.name,
            title=title[:300],
            events=orjson.dumps(listed).decode(),
            seen=seen,
            upload=upload,
            made_at=now,
            changed_at=now,
        )
    )


def one(conn: Connection, draft_id: str) -> Draft | None:
    row = conn.execute(select(draft).where(draft.c.id == draft_id)).first()
    if row is None:
        return None
    events = tuple((each["event_id"], each["said"]) for each in orjson.loads(row.events))
    return Draft(row.id, row.state, row.author, row.author_name, row.title, events, row.seen)

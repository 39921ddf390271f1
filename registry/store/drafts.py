"""Drafts: events that wait for a second person and are not in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, func, insert, select, update

from registry.store.accounts import Account
from registry.store.people_tables import draft, draft_remark

WAITING, SENT_BACK, APPROVED, WITHDRAWN = "waiting", "sent_back", "approved", "withdrawn"
OPEN: Final = (WAITING, SENT_BACK)
"""Nothing is decided yet."""
Said = tuple[str, dict[str, Any]]
"""An event's id and its wire form."""


@dataclass(frozen=True)
class Draft:
    """`seen`: the position of the log at which its author looked. `changed_at` names its content:
    whoever decides says which content that was about. `reviewer_name`: who decided last.
    """

    id: str
    state: str
    author: str
    author_name: str
    title: str
    events: tuple[Said, ...]
    seen: int
    upload: str | None
    made_at: int
    changed_at: int
    reviewer_name: str | None
    decided_at: int | None

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


@dataclass(frozen=True)
class Remark:
    at: int
    by: str
    text: str


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
    conn.execute(
        insert(draft).values(
            id=draft_id,
            state=WAITING,
            author=author.id,
            author_name=author.name,
            title=title[:300],
            events=_text(events),
            seen=seen,
            upload=upload,
            made_at=now,
            changed_at=now,
        )
    )


def one(conn: Connection, draft_id: str) -> Draft | None:
    row = conn.execute(select(draft).where(draft.c.id == draft_id)).first()
    return None if row is None else _draft(row)


def of_upload(conn: Connection, upload: str, states: Sequence[str] = OPEN) -> list[Draft]:
    """Those of one import, in the order in which they were made."""
    rows = conn.execute(
        select(draft)
        .where(draft.c.upload == upload, draft.c.state.in_(states))
        .order_by(draft.c.made_at, func.length(draft.c.title), draft.c.title)
    )
    return [_draft(row) for row in rows]


def approve(conn: Connection, draft_id: str, changed: int, by: Account, now: int) -> Draft | None:
    """Only while it waits with the content of then, only by somebody else than its author; once.

    None where it is not so. Whoever asks records its events in the same transaction.
    """
    done = conn.execute(
        update(draft)
        .where(
            draft.c.id == draft_id,
            draft.c.state == WAITING,
            draft.c.changed_at == changed,
            draft.c.author != by.id,
            draft.c.author_name != by.name,
        )
        .values(state=APPROVED, reviewer_name=by.name, decided_at=now)
    )
    return one(conn, draft_id) if done.rowcount else None


def send_back(
    conn: Connection, draft_id: str, changed: int, by: Account, words: str, now: int
) -> bool:
    """Whether it was done: only while it waits with the content of then, not by its author."""
    done = conn.execute(
        update(draft)
        .where(
            draft.c.id == draft_id,
            draft.c.state == WAITING,
            draft.c.changed_at == changed,
            draft.c.author != by.id,
        )
        .values(state=SENT_BACK, reviewer_name=by.name, changed_at=max(now, changed + 1))
    )
    if done.rowcount:
        remark(conn, draft_id, by, words, now)
    return bool(done.rowcount)


def withdraw(conn: Connection, draft_id: str, by: Account, now: int) -> bool:
    """Whether it was done: only by its author, and before anything is decided."""
    done = conn.execute(
        update(draft)
        .where(draft.c.id == draft_id, draft.c.state.in_(OPEN), draft.c.author == by.id)
        .values(state=WITHDRAWN, decided_at=now)
    )
    return bool(done.rowcount)


def rewrite(
    conn: Connection,
    draft_id: str,
    changed: int,
    by: Account,
    *,
    title: str,
    events: Sequence[Said],
    seen: int,
    now: int,
) -> bool:
    """Whether its author put other content in its place; it waits again then."""
    done = conn.execute(
        update(draft)
        .where(
            draft.c.id == draft_id,
            draft.c.state.in_(OPEN),
            draft.c.changed_at == changed,
            draft.c.author == by.id,
        )
        .values(
            state=WAITING,
            title=title[:300],
            events=_text(events),
            seen=seen,
            changed_at=max(now, changed + 1),
        )
    )
    return bool(done.rowcount)


def remark(conn: Connection, draft_id: str, by: Account, words: str, now: int) -> None:
    conn.execute(insert(draft_remark).values(draft=draft_id, at=now, by=by.name, text=words))


def remarks(conn: Connection, draft_id: str) -> list[Remark]:
    """In the order in which they were made."""
    rows = conn.execute(
        select(draft_remark).where(draft_remark.c.draft == draft_id).order_by(draft_remark.c.id)
    )
    return [Remark(row.at, row.by, row.text) for row in rows]


def _draft(row: Any) -> Draft:
    return Draft(
        row.id,
        row.state,
        row.author,
        row.author_name,
        row.title,
        tuple((each["event_id"], each["said"]) for each in orjson.loads(row.events)),
        row.seen,
        row.upload,
        row.made_at,
        row.changed_at,
        row.reviewer_name,
        row.decided_at,
    )


def _text(events: Sequence[Said]) -> str:
    return orjson.dumps([{"event_id": i, "said": said} for i, said in events]).decode()

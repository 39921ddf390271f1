"""Drafts: events that wait for a second person and are not in the log."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Connection, func, insert, or_, select, update

from registry.store.accounts import Account
from registry.store.people_tables import draft, draft_remark
from registry.store.people_tables import upload as upload_table

WAITING, SENT_BACK, APPROVED, WITHDRAWN = "waiting", "sent_back", "approved", "withdrawn"
OPEN: Final = (WAITING, SENT_BACK)
"""Nothing is decided yet."""
LISTS: Final = ("waiting", "sent_back", "mine", "decided")
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
class Row:
    """A draft in a list, without its events."""

    id: str
    state: str
    title: str
    author_name: str
    changed_at: int
    reviewer_name: str | None
    upload: str | None


@dataclass(frozen=True)
class Remark:
    at: int
    by: str
    text: str


@dataclass(frozen=True)
class Handed:
    """The drafts of one import that wait."""

    upload: str
    name: str
    author_name: str
    count: int
    at: int


@dataclass(frozen=True)
class Sought:
    """Which drafts: one of LISTS for this account, and words of the title or the author's name."""

    list: str
    account: Account
    words: str = ""


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


def counts_of_upload(conn: Connection, upload: str) -> dict[str, int]:
    """How many of one import are in each state."""
    rows = conn.execute(
        select(draft.c.state, func.count()).where(draft.c.upload == upload).group_by(draft.c.state)
    )
    return {state: count for state, count in rows}


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


def listed(conn: Connection, sought: Sought, page: int, size: int) -> tuple[list[Row], bool]:
    """A page of a list, from 0, and whether there is another one.

    What waits comes in the order in which it came, all else the newest first; the drafts of an
    import that wait are left to `handed_in`.
    """
    order = draft.c.changed_at if sought.list == "waiting" else draft.c.changed_at.desc()
    rows = conn.execute(
        select(
            draft.c.id,
            draft.c.state,
            draft.c.title,
            draft.c.author_name,
            draft.c.changed_at,
            draft.c.reviewer_name,
            draft.c.upload,
        )
        .where(*_matching(sought), _alone(sought))
        .order_by(order, draft.c.id)
        .offset(page * size)
        .limit(size + 1)
    ).all()
    return [Row(*row) for row in rows[:size]], len(rows) > size


def handed_in(conn: Connection, sought: Sought, limit: int = 50) -> list[Handed]:
    """The imports of which drafts wait, by import."""
    rows = conn.execute(
        select(
            draft.c.upload,
            func.max(upload_table.c.name),
            draft.c.author_name,
            func.count(),
            func.min(draft.c.made_at).label("first"),
        )
        .outerjoin(upload_table, upload_table.c.id == draft.c.upload)
        .where(*_matching(sought), draft.c.upload.is_not(None))
        .group_by(draft.c.upload, draft.c.author_name)
        .order_by("first")
        .limit(limit)
    )
    return [Handed(upload, name or "An import", by, n, at) for upload, name, by, n, at in rows]


def counts(conn: Connection, account: Account) -> dict[str, int]:
    """How many drafts each list has."""
    return {
        each: conn.execute(
            select(func.count()).select_from(draft).where(*_matching(Sought(each, account)))
        ).scalar_one()
        for each in LISTS
    }


def _matching(sought: Sought) -> list[ColumnElement[bool]]:
    mine = draft.c.author == sought.account.id
    reviews = sought.account.may("reviewer")
    found: list[ColumnElement[bool]] = []
    match sought.list:
        case "waiting":
            found += [draft.c.state == WAITING, ~mine if reviews else mine & ~mine]
        case "sent_back":
            found += [draft.c.state == SENT_BACK, mine]
        case "mine":
            found += [draft.c.state.in_(OPEN), mine]
        case _:
            found.append(draft.c.state.not_in(OPEN))
            if not reviews:
                found.append(mine)
    if sought.words:
        found.append(
            or_(
                draft.c.title.icontains(sought.words, autoescape=True),
                draft.c.author_name.icontains(sought.words, autoescape=True),
            )
        )
    return found


def _alone(sought: Sought) -> ColumnElement[bool]:
    return draft.c.upload.is_(None) if sought.list == "waiting" else draft.c.id.is_not(None)


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

"""Lists of drafts: what waits for a reviewer, what was sent back to me, mine, and what is decided."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Connection, false, func, or_, select

from registry.store.accounts import Account
from registry.store.drafts import OPEN, SENT_BACK, WAITING
from registry.store.people_tables import draft
from registry.store.people_tables import upload as upload_table

LISTS: Final = ("waiting", "sent_back", "mine", "decided")


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
            func.max(draft.c.title),
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
    return [
        Handed(upload, name or title.rsplit(", part ", 1)[0], by, n, at)
        for upload, name, title, by, n, at in rows
    ]


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
            found += [draft.c.state == WAITING, ~mine if reviews else false()]
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

"""A draft is approved: its events are recorded with both names, once, and only by a second person."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from registry.admin.desk import engine
from registry.admin.saving import Entry, Meanwhile, Moved, others_since, submitted
from registry.domain.errors import Conflict, Forbidden
from registry.record import Submission, clock, record
from registry.store import drafts, log
from registry.store.accounts import Account
from registry.store.drafts import Draft
from registry.store.engine import reading, writing
from registry.web import metering


@dataclass(frozen=True)
class Looked:
    """What the reviewer saw: the content of the draft, and the log up to a position.

    `confirmed`: that others recorded something of the same since its author looked is taken into
    account, as far as it was shown.
    """

    changed: int
    position: int
    confirmed: bool


def approve(reviewer: Account, draft_id: str, looked: Looked) -> Meanwhile | None:
    """Record it, and say so of the draft, in one transaction.

    Problems, as the register refuses it now, with fields `events[n]....`; Conflict where somebody
    else decided, or its author changed it; Forbidden to its author. Then nothing is done.
    """
    try:
        with writing(engine()) as conn:
            draft = drafts.approve(conn, draft_id, looked.changed, reviewer, clock())
            if draft is None:
                raise _refusal(conn, reviewer, draft_id)
            submissions = events_of(draft)

            def look() -> None:
                _refuse_moved(conn, draft, submissions, looked)

            counted = metering.written(conn, submissions)
            record(
                conn,
                submissions,
                draft.author_name,
                reviewer.name,
                locked=look,
                written=counted,
            )
    except Moved as moved:
        return moved.meanwhile
    return None


def events_of(*waiting: Draft) -> list[Submission]:
    """Their events as the register takes them; Problems with fields `events[n]....`."""
    return submitted(Entry([said for each in waiting for said in each.events], 0, ""))


def is_own(draft: Draft, account: Account) -> bool:
    """Whether a person made it, whatever role and whichever browser she has by now."""
    return draft.author == account.id or draft.author_name == account.name


def meanwhile(conn: Connection, draft: Draft) -> Meanwhile:
    """What others recorded of the same since its author looked."""
    others = others_since(conn, draft.seen, draft.author_name, events_of(draft))
    return Meanwhile(others, log.head(conn).position)


def already(reviewer: Account, draft_id: str) -> bool:
    """Whether an earlier sending of the same approval did it."""
    with reading(engine()) as conn:
        draft = drafts.one(conn, draft_id)
    return (
        draft is not None
        and draft.state == drafts.APPROVED
        and draft.reviewer_name == reviewer.name
    )


def _refuse_moved(
    conn: Connection, draft: Draft, submissions: Sequence[Submission], looked: Looked
) -> None:
    others = others_since(conn, draft.seen, draft.author_name, submissions)
    if others and not (looked.confirmed and others[-1].position <= looked.position):
        raise Moved(Meanwhile(others, log.head(conn).position - len(submissions)))


def _refusal(conn: Connection, reviewer: Account, draft_id: str) -> Exception:
    draft = drafts.one(conn, draft_id)
    if draft is not None and is_own(draft, reviewer):
        return Forbidden("Nobody approves her own draft: a second person has to.")
    return Conflict(what_happened(draft))


def what_happened(draft: Draft | None) -> str:
    """Why nothing is done with a draft that is not as it was looked at."""
    if draft is None:
        return "There is no such draft any more."
    match draft.state:
        case drafts.APPROVED:
            return f"{draft.reviewer_name} approved it already; nothing was recorded twice."
        case drafts.WITHDRAWN:
            return f"{draft.author_name} withdrew it meanwhile."
        case drafts.SENT_BACK:
            return f"{draft.reviewer_name} sent it back meanwhile."
        case _:
            return f"{draft.author_name} changed it meanwhile: look at it as it is now."

"""What a form says is recorded once, or waits for review; nobody's work is written over unseen."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from registry import codec
from registry.admin.desk import engine, rules
from registry.admin.telling_drafts import heading
from registry.domain.catalogue import Event
from registry.domain.errors import Conflict, Invalid, Problems
from registry.domain.events.register import EventAmended
from registry.queries.view import open_view
from registry.record import Recorded, Submission, clock, record
from registry.record.families import corrects, families_of
from registry.store import drafts, log
from registry.store.accounts import Account
from registry.store.engine import reading, writing
from registry.store.log import Stored
from registry.store.tables import event as event_table
from registry.web import metering

MOST_SHOWN = 50
"""Events of others that are shown at most."""


@dataclass(frozen=True)
class Entry:
    """What one form says: (event id, wire form) of each, the one that it is about last.

    `seen`: the position of the log when the form was shown.
    """

    events: list[tuple[str, dict[str, Any]]]
    seen: int
    title: str

    @property
    def main(self) -> str:
        return self.events[-1][0]


@dataclass(frozen=True)
class Saved:
    """`draft`: the id under which it waits for review; `already`: an earlier sending did it."""

    event_id: str
    draft: str | None = None
    already: bool = False
    recorded: tuple[Recorded, ...] = ()


@dataclass(frozen=True)
class Meanwhile:
    """What others recorded of the same since; `seen`: up to where the log is shown now."""

    events: tuple[Stored, ...]
    seen: int


def save(account: Account, entry: Entry, confirmed: bool) -> Saved | Meanwhile:
    """Record all or nothing, or make a draft of it.

    Problems with fields `events[n]....`; Conflict where the form was recorded with other content.
    `confirmed`: whoever saves has seen what others recorded meanwhile.
    """
    submissions = submitted(entry)
    try:
        with writing(engine()) as conn:
            if done := _done_already(conn, account, entry, submissions):
                return done
            if _reviewed(conn, account, submissions):
                return _drafted(conn, account, entry, submissions)

            def look() -> None:
                if not confirmed:
                    _refuse_moved(conn, account, entry, submissions)

            counted = metering.written(conn, submissions)
            made = record(conn, submissions, account.name, locked=look, written=counted)
            return Saved(entry.main, recorded=tuple(made))
    except Moved as moved:
        return moved.meanwhile
    except Conflict:
        # The same form sent twice at once: the other one was quicker.
        with reading(engine()) as conn:
            if done := _done_already(conn, account, entry, submissions):
                return done
        raise


def submitted(entry: Entry) -> list[Submission]:
    """The events as the register takes them; Problems with fields `events[n]....`."""
    problems: list[Invalid] = []
    made: list[Submission] = []
    for place, (event_id, said) in enumerate(entry.events):
        prefix = f"events[{place}]."
        try:
            made.append(Submission(codec.read(said, prefix), event_id, prefix=prefix))
        except Problems as wrong:
            problems += wrong.each
    if problems:
        raise Problems(problems)
    return made


class Moved(Exception):
    """Others recorded something meanwhile; takes the transaction back."""

    def __init__(self, meanwhile: Meanwhile) -> None:
        super().__init__()
        self.meanwhile = meanwhile


def _refuse_moved(
    conn: Connection, account: Account, entry: Entry, submissions: Sequence[Submission]
) -> None:
    if others := others_since(conn, entry.seen, account.name, submissions):
        raise Moved(Meanwhile(others, log.head(conn).position - len(submissions)))


def _done_already(
    conn: Connection, account: Account, entry: Entry, submissions: Sequence[Submission]
) -> Saved | None:
    draft = drafts.one(conn, _draft_id(entry))
    if draft is not None and draft.author == account.id:
        if list(draft.events) == entry.events:
            return Saved(entry.main, draft.id, already=True)
        raise Conflict("this form already waits for review, and says something else there")
    stored = log.by_ids(conn, [event_id for event_id, _ in entry.events])
    if not stored:
        return None
    same = len(stored) == len(entry.events) and all(
        _is_same(stored[str(each.event_id)], each.event, account) for each in submissions
    )
    if not same:
        raise Conflict(
            "this form was recorded before with other content: to change what is on record, open "
            "the event and correct it"
        )
    return Saved(entry.main, already=True)


def _is_same(stored: Stored, event: Event, account: Account) -> bool:
    if isinstance(event, EventAmended):
        event = replace(event, event=codec.stored_content(codec.read(event.event)))
    return (stored.type, stored.data, stored.recorded_by) == (
        event.TYPE,
        codec.stored_text(event),
        account.name,
    )


def _reviewed(conn: Connection, account: Account, submissions: Sequence[Submission]) -> bool:
    review = rules().review
    return any(review.needed(account.role, each) for each in families_of(conn, submissions))


def _drafted(
    conn: Connection, account: Account, entry: Entry, submissions: Sequence[Submission]
) -> Saved:
    try_out(conn, submissions, account.name)
    drafts.add(
        conn,
        draft_id=_draft_id(entry),
        author=account,
        title=called(conn, entry),
        events=entry.events,
        seen=entry.seen,
        now=clock(),
    )
    return Saved(entry.main, _draft_id(entry))


def called(conn: Connection, entry: Entry) -> str:
    """What its draft is called in lists, by the names of the present."""
    view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
    return heading(view, entry.events) or entry.title


def try_out(conn: Connection, submissions: Sequence[Submission], author: str) -> None:
    """Refused as recording would be: only what could be recorded is worth a reviewer's time."""
    trial = conn.begin_nested()
    try:
        record(conn, submissions, author)
    finally:
        trial.rollback()


def _draft_id(entry: Entry) -> str:
    return str(uuid.uuid5(uuid.UUID(entry.main), "draft"))


def others_since(
    conn: Connection, seen: int, author: str, submissions: Sequence[Submission]
) -> tuple[Stored, ...]:
    """What others than its author appended to the same streams since she looked, in order."""
    targets = [str(getattr(s.event, "target", "")) for s in submissions if corrects(s.event)]
    streams = {each.stream for each in log.by_ids(conn, targets).values()}
    streams |= {each.event.stream for each in submissions if not corrects(each.event)}
    ids = conn.execute(
        select(event_table.c.event_id)
        .where(
            event_table.c.stream.in_(sorted(streams)),
            event_table.c.position > seen,
            event_table.c.recorded_by != author,
        )
        .order_by(event_table.c.position.desc())
        .limit(MOST_SHOWN)
    ).scalars()
    return tuple(sorted(log.by_ids(conn, list(ids)).values(), key=lambda each: each.position))

"""Content is erased on request: the event stays with its hash, what it said is in no table any more.

Two steps, of which the second may be taken again: the erasure is recorded and the content deleted in
one transaction; then every projection is made anew without it, and the old rows are dropped.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, delete, event, select, text
from sqlalchemy.exc import DBAPIError

from registry.domain.errors import Conflict, Forbidden, NotFound
from registry.domain.events.register import EventAmended, EventErased
from registry.projections.dropping import drop_generations
from registry.projections.rebuild import rebuild
from registry.projections.searching import forget_words
from registry.record import Clock, Submission, record
from registry.record.keeping import KEEPER
from registry.store import log
from registry.store.engine import code_of, is_sqlite, writing
from registry.store.log import Stored
from registry.store.people_tables import draft, draft_remark, kept_form
from registry.store.tables import event_payload, idempotency

_FORBIDDEN = "42501"  # insufficient_privilege


@dataclass(frozen=True)
class Erased:
    """`events`: what has no content any more, by position: the event, and what amended it."""

    events: tuple[Stored, ...]
    recorded: bool
    """Whether that was done now, and not before."""


def erase(
    engine: Engine,
    event_id: str,
    reason: str,
    now: Clock,
    progress: Callable[[int, int], None] = lambda _at, _of: None,
) -> Erased:
    """Erase an event's content with that of its amendments, and every copy that follows from it.

    NotFound, Problems (as for a retraction: what others speak of is corrected first), Forbidden
    where the role of the database may not delete. Broken off, it is finished by asking again.
    """
    if is_sqlite(engine):
        event.listen(engine, "connect", _overwrite)
        engine.dispose()
    drop_generations(engine, "building", "checking")  # built while the content was there
    with writing(engine) as conn:
        found = _of(conn, event_id)
        with_content = [each for each in found if each.data is not None]
        for each in with_content:
            forget_words(conn, each.position)
        if with_content:
            submissions = [
                Submission(EventErased(target=each.event_id, reason=reason), by_register=True)
                for each in with_content
            ]
            record(conn, submissions, KEEPER, now=now)
            _delete(conn, [each.position for each in with_content])
        forget_copies(conn, found)
    rebuild(engine, accept=True, progress=progress)
    drop_generations(engine, "old")
    _give_back(engine)
    return Erased(tuple(found), bool(with_content))


def forget_copies(conn: Connection, erased: Sequence[Stored]) -> None:
    """Every copy of their content beside the log, its words and its projections. A table that keeps
    another one has its line here.
    """
    for each in erased:
        mine = draft.c.events.contains(each.event_id, autoescape=True)
        drafts = select(draft.c.id).where(mine)
        conn.execute(delete(draft_remark).where(draft_remark.c.draft.in_(drafts)))
        conn.execute(delete(draft).where(mine))
        conn.execute(delete(kept_form).where(kept_form.c.path.contains(each.event_id)))
        answered = idempotency.c.answer.contains(each.event_id, autoescape=True)
        conn.execute(delete(idempotency).where(answered))


def _of(conn: Connection, event_id: str) -> list[Stored]:
    """The event and its amendments, which hold its content too."""
    found = log.by_ids(conn, [event_id])
    if event_id not in found:
        raise NotFound(f"no event is recorded as {event_id!r}")
    amendments = [
        each for each in log.targeting(conn, [event_id]) if each.type == EventAmended.TYPE
    ]
    if found[event_id].type == EventErased.TYPE:
        raise Conflict("an erasure says nothing of what it erased, and is not erased itself")
    return [found[event_id], *amendments]


def _delete(conn: Connection, positions: Sequence[int]) -> None:
    gone = delete(event_payload).where(event_payload.c.position.in_(positions))
    try:
        conn.execute(gone)
    except DBAPIError as error:
        if code_of(error) != _FORBIDDEN:
            raise
        raise Forbidden(
            "this role of the database may not delete content: erase as the owner of the tables"
        ) from None


def _overwrite(dbapi_connection: Any, _record: object) -> None:
    """What SQLite deletes is overwritten with zeros."""
    dbapi_connection.execute("PRAGMA secure_delete=ON")


def _give_back(engine: Engine) -> None:
    """Pages that once held what is gone: SQLite writes the file anew, PostgreSQL frees them."""
    if is_sqlite(engine):
        connection: Any = engine.raw_connection()
        try:
            for statement in ("VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"):
                connection.driver_connection.execute(statement).fetchall()
        finally:
            connection.close()
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.execute(text("VACUUM event_payload, search_text, search_word, search_trigram"))

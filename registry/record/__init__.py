"""The one write path: check against the register, append, and write what follows.

Everything is read and folded before the head of the log is locked; if the register moved
meanwhile in a way that matters, it is read again under the lock.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from registry import codec
from registry.domain.doubts import Doubt
from registry.domain.errors import Invalid
from registry.projections.directory import Directory
from registry.projections.known import Known, day_recorded
from registry.projections.plan import Plan, plan
from registry.projections.tables import entity, setting, span
from registry.projections.write import live_generation, write
from registry.record.check import Check, Checked, Submission, records_of
from registry.record.clock import Clock, clock, new_event_id
from registry.store import log
from registry.store.bulk import note_growth
from registry.store.log import Draft
from registry.store.merkle import payload_hash
from registry.store.tables import event, event_payload, event_tag

GROWING = (event, event_payload, event_tag, setting, span, entity)

__all__ = ["Clock", "Recorded", "Submission", "clock", "new_event_id", "record"]


@dataclass(frozen=True)
class Recorded:
    """Where it stands in the log, and what is odd about it now."""

    event_id: str
    position: int
    recorded_at: int
    stream: str
    stream_version: int
    doubts: tuple[Doubt, ...]


def record(
    conn: Connection,
    submissions: Sequence[Submission],
    recorded_by: str,
    reviewed_by: str | None = None,
    now: Clock = clock,
    locked: Callable[[], None] = lambda: None,
    written: Callable[[Plan], None] = lambda _: None,
) -> list[Recorded]:
    """Record all or nothing, in the transaction of `conn`; they become known in one moment.

    Problems (naming fields), NotFound, Conflict. `locked` is called once the head is locked,
    `written` with what follows from the events, once that is written.
    """
    if not submissions:
        raise Invalid("expected at least one event", "events")
    generation = live_generation(conn)
    head = log.head(conn)
    known = Known(conn, generation, head.position)
    checked = Check(conn, known, Directory(conn, generation, head.position)).all(submissions)
    drafts = [_draft(each) for each in checked]
    expected_at = max(now(), head.recorded_at + 1)
    made = plan(known, records_of(checked, head.position, expected_at))
    held = log.lock(conn, len(drafts), now())
    locked()
    same_day = day_recorded(held.recorded_at) == day_recorded(expected_at)
    switched = live_generation(conn) != generation
    if held.position != head.position or switched or not same_day:
        tags = {tag for draft in drafts for tag in draft.tags}
        tags |= {f"event:{event_id}" for event_id in made.rests_on}
        if switched or log.touched_since(conn, head.position, tags) or known.moved():
            generation = live_generation(conn)
            known = Known(conn, generation, held.position)
            directory = Directory(conn, generation, held.position)
            checked = Check(conn, known, directory).all(submissions)
            drafts = [_draft(each) for each in checked]
        else:
            known.seen = held.position
        made = plan(known, records_of(checked, held.position, held.recorded_at))
    stored = log.append(conn, held, drafts, recorded_by, reviewed_by)
    write(conn, made, generation, stored[-1].moment)
    note_growth(conn, GROWING, held.position, stored[-1].moment)
    written(made)
    return [
        Recorded(
            s.event_id,
            s.position,
            s.recorded_at,
            s.stream,
            s.stream_version,
            tuple(_doubts_of(each, s.event_id, made, held.recorded_at)),
        )
        for s, each in zip(stored, checked, strict=True)
    ]


def _draft(checked: Checked) -> Draft:
    event = checked.event
    data = codec.stored_text(event)
    salt = secrets.token_bytes(32)
    days = (event.occurred.earliest, event.occurred.latest) if event.occurred else None
    return Draft(
        event_id=checked.event_id,
        stream=checked.stream,
        type=event.TYPE,
        type_version=event.VERSION,
        data=data,
        salt=salt,
        payload_hash=payload_hash(salt, data),
        occurred=event.occurred.text if event.occurred else None,
        effective=event.effective.text if event.effective else None,
        occurred_days=days,
        target=checked.target,
        tags=checked.tags,
        expected_version=checked.expected_version,
    )


def _doubts_of(checked: Checked, event_id: str, made: Plan, recorded_at: int) -> Iterable[Doubt]:
    about = {event_id, checked.target}
    yield from (doubt for doubt in made.doubts if about & set(doubt.events))
    event = checked.content or checked.event
    if event.occurred and event.occurred.earliest > day_recorded(recorded_at):
        yield Doubt("dated_in_future", f"dated in the future: {event.occurred.text}", (event_id,))
    yield from checked.doubts

"""The one write path: check against the register, append, and write what follows.

Everything is read and folded before the head of the log is locked; if the register moved
meanwhile in a way that matters, it is read again under the lock.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from registry import codec
from registry.domain.doubts import Doubt
from registry.domain.errors import Invalid
from registry.domain.searched import entered
from registry.projections.ahead import look, look_ahead
from registry.projections.directory import Directory
from registry.projections.known import Known, day_recorded
from registry.projections.plan import Plan, plan
from registry.projections.shifting import shift
from registry.projections.tables import entity, setting, span
from registry.projections.write import changes
from registry.record.check import Check, Checked, Submission, records_of
from registry.record.clock import Clock, clock, new_event_id
from registry.record.foreseen import FEW, foreseen, not_looked_at
from registry.record.named import Named
from registry.store import log, words
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
    named = {id(each.event): Named.of(each.event) for each in submissions}
    few = len(submissions) <= FEW
    known, head = look_ahead(conn, foreseen(submissions, named)) if few else look(conn)
    checked = _checked(known, submissions, named)
    drafts = [_draft(each) for each in checked]
    expected_at = max(now(), head.recorded_at + 1)
    made = plan(known, records_of(checked, head.position, expected_at))
    tags = not_looked_at(known, checked) | {f"event:{event_id}" for event_id in made.rests_on}
    streams = list({draft.stream for draft in drafts})
    asked = words.asking(conn, words.lasting(draft.words for draft in drafts))
    held, (again, used) = log.lock_and_ask(
        conn, len(drafts), now(), [known.asking_again(tags, streams), asked]
    )
    locked()
    versions: dict[str, int] | None = {stream: version for _, _, stream, version in again}
    live, moved = again[0][:2]
    if (
        live != known.generation
        or moved
        or (held.position != head.position and known.moved_elsewhere())
    ):
        known = Known(conn, live, held.position)
        checked = _checked(known, submissions, named)
        drafts = [_draft(each) for each in checked]
        versions = None
        made = plan(known, records_of(checked, held.position, held.recorded_at))
    elif day_recorded(held.recorded_at) != day_recorded(expected_at):
        known.seen = held.position
        made = plan(known, records_of(checked, held.position, held.recorded_at))
    else:
        shift(made, head.position, held.position - head.position)
    moment = held.position + len(drafts)
    stored = log.append(
        conn,
        held,
        drafts,
        recorded_by,
        reviewed_by,
        versions,
        changes(made, known.generation, moment),
        {word for (word,) in used},
    )
    note_growth(conn, GROWING, held.position, moment)
    written(made)
    doubts: dict[str, dict[int, Doubt]] = {}
    for place, doubt in enumerate(made.doubts):
        for event_id in doubt.events:
            doubts.setdefault(event_id, {})[place] = doubt
    return [
        Recorded(
            s.event_id,
            s.position,
            s.recorded_at,
            s.stream,
            s.stream_version,
            tuple(_doubts_of(each, s.event_id, doubts, held.recorded_at)),
        )
        for s, each in zip(stored, checked, strict=True)
    ]


def _checked(
    known: Known, submissions: Sequence[Submission], named: Mapping[int, Named]
) -> list[Checked]:
    directory = Directory(known.conn, known.generation, known.seen)
    return Check(known, directory, named).all(submissions)


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
        words=entered(checked.content or event),
        expected_version=checked.expected_version,
    )


def _doubts_of(
    checked: Checked, event_id: str, doubts: Mapping[str, dict[int, Doubt]], recorded_at: int
) -> Iterable[Doubt]:
    """`doubts`: the new ones, by the events that they are about and in their order."""
    found = doubts.get(event_id, {}) | doubts.get(checked.target or "", {})
    yield from (found[place] for place in sorted(found))
    event = checked.content or checked.event
    if event.occurred and event.occurred.earliest > day_recorded(recorded_at):
        yield Doubt("dated_in_future", f"dated in the future: {event.occurred.text}", (event_id,))
    yield from checked.doubts

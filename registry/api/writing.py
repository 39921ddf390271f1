"""Routes that record: events, alone or in lists, amendments and retractions.

Where events of a role wait for a second person (`REGISTRY_REVIEW`), a token of that role is refused
(403): a draft is made, seen and approved by people, and the API must not be a way around them. Of
a list, one event that needs a reviewer refuses the whole; a correction needs one where that which
it corrects does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

import orjson
import structlog
from flask import current_app, request
from sqlalchemy import Connection
from werkzeug.exceptions import PreconditionFailed

from registry.api import documenting, schemas
from registry.api.bearers import bearer
from registry.api.body import body, refuse_long
from registry.api.events import blueprint
from registry.api.idempotency import Answer, Locked, key_of, once
from registry.api.parameters import NoParameters, asked
from registry.api.wording import ref
from registry.domain.errors import Forbidden, Invalid, NotFound, Problems
from registry.domain.events.register import EventAmended, EventRetracted
from registry.domain.reviewing import Review
from registry.queries.instants import instant_text
from registry.record import Recorded, Submission, record
from registry.record.families import families_of
from registry.store import log, tokens
from registry.store.engine import once_committed, reading
from registry.store.tokens import Holder
from registry.web import metering
from registry.web.opening import engine

MOST: Final = 1_000
REVIEW: Final = "registry-review"
_IF_MATCH: Final = re.compile(r'"?([^"@\s]+)@([0-9]{1,9})"?')
_log = structlog.get_logger()


@dataclass(frozen=True)
class Batch:
    """What a request asks to record. `many`: it came as a list and is answered as one."""

    submissions: list[Submission]
    many: bool


def _records(
    rule: str, shape: Any, wanted: Mapping[str, Any]
) -> Callable[[Callable[..., Batch]], Any]:
    """A route that records; the function makes submissions of the JSON that came."""

    def decorate(read: Callable[..., Batch]) -> Any:
        def respond(**path: str) -> Any:
            refuse_long()
            asked(NoParameters)
            holder = bearer("recorder")
            raw, said = body()
            key = key_of(holder.token_id, raw)
            batch = read(said, **path)
            expected = _if_match(batch)
            return once(
                engine(), key, lambda conn, locked: _record(conn, locked, holder, batch, expected)
            )

        return documenting.post(blueprint, rule, read, respond, shape, wanted)

    return decorate


_EVENT_OR_LIST: Final = {
    "oneOf": [
        ref("Event"),
        {"type": "array", "items": ref("Event"), "minItems": 1, "maxItems": MOST},
    ]
}


@_records("/events", {"oneOf": [ref("Receipt"), ref("ReceiptList")]}, _EVENT_OR_LIST)
def record_events(said: Any) -> Batch:
    """Record one event, or a list of events all or nothing."""
    if not isinstance(said, list):
        return Batch([_submission(said, "")], many=False)
    if not 1 <= len(said) <= MOST:
        raise Invalid(f"expected a list of 1 to {MOST} events, got {len(said)}", "events")
    made: list[Submission] = []
    problems: list[Invalid] = []
    for place, each in enumerate(said):
        try:
            made.append(_submission(each, f"events[{place}]."))
        except Problems as wrong:
            problems += wrong.each
    if problems:
        raise Problems(problems)
    return Batch(made, many=True)


@_records("/events/<event_id>/amendment", ref("Receipt"), ref("Amendment"))
def amend(said: Any, event_id: str) -> Batch:
    """Amend an event: give the whole new event, and the reason."""
    if isinstance(said, dict) and "content" in said and "event" not in said:
        said = {"event" if name == "content" else name: value for name, value in said.items()}
    batch = _correction(EventAmended.TYPE, said, event_id)
    schemas.load(said["event"], "event.")
    return batch


@_records("/events/<event_id>/retraction", ref("Receipt"), ref("Retraction"))
def retract(said: Any, event_id: str) -> Batch:
    """Retract an event, with the reason: from now on it never happened."""
    return _correction(EventRetracted.TYPE, said, event_id)


def _correction(name: str, said: Any, event_id: str) -> Batch:
    with reading(engine()) as conn:
        if not log.by_ids(conn, [event_id]):
            raise NotFound(f"no event is recorded as {event_id[:60]!r}")
    if not isinstance(said, dict):
        raise Invalid("expected an object", "body")
    if given := [each for each in ("type", "target") if each in said]:
        raise Problems([Invalid("the address says this: leave it out", each) for each in given])
    return Batch([_submission({"type": name, "target": event_id, **said}, "")], many=False)


def _submission(said: Any, prefix: str) -> Submission:
    expected = None
    if isinstance(said, dict) and "expected_version" in said:
        expected = said["expected_version"]
        said = {name: value for name, value in said.items() if name != "expected_version"}
        whole = isinstance(expected, int) and not isinstance(expected, bool) and expected >= 0
        if expected is not None and not whole:
            raise Problems(
                [Invalid("expected the version of a stream, from 0", f"{prefix}expected_version")]
            )
    return Submission(schemas.load(said, prefix), expected_version=expected, prefix=prefix)


def _if_match(batch: Batch) -> tuple[str, int] | None:
    """The stream and version at which it may be recorded; 412 for what cannot be one."""
    said = request.headers.get("If-Match")
    if said is None:
        return None
    found = _IF_MATCH.fullmatch(said.strip())
    if batch.many:
        raise PreconditionFailed("a list takes expected_version in its items, not If-Match")
    if found is None:
        raise PreconditionFailed(
            'If-Match takes "<stream>@<version>" here, as in "agreement:some-slug@3"'
        )
    return found[1], int(found[2])


def _record(
    conn: Connection, locked: Locked, holder: Holder, batch: Batch, expected: tuple[str, int] | None
) -> Answer:
    _refuse_unreviewed(conn, holder, batch)
    said = batch.submissions
    counted = metering.written(conn, said)
    recorded = record(conn, said, holder.name, locked=locked, written=counted)
    first = recorded[0]
    if expected is not None and expected != (first.stream, first.stream_version - 1):
        # Nobody else could append meanwhile, and what was written here goes with the transaction.
        raise PreconditionFailed(f"{first.stream} is at version {first.stream_version - 1}")
    tokens.used(conn, holder.token_id, first.recorded_at)
    once_committed(conn, lambda: _note(holder, recorded))
    receipts = [_receipt(each) for each in recorded]
    reached = {"Registry-Position": str(recorded[-1].position)}
    if batch.many:
        return Answer(201, reached, orjson.dumps({"items": receipts}).decode())
    location = f"/api/v1/events/{first.event_id}"
    return Answer(201, {"Location": location, **reached}, orjson.dumps(receipts[0]).decode())


def _note(holder: Holder, recorded: Sequence[Recorded]) -> None:
    """Not before: a log that cannot be written would keep the head of the register locked."""
    position = recorded[0].position
    _log.info("recorded", by=holder.name, position=position, events=len(recorded))


def _refuse_unreviewed(conn: Connection, holder: Holder, batch: Batch) -> None:
    review = cast("Review", current_app.extensions[REVIEW])
    if holder.role not in review.roles:
        return
    families = families_of(conn, batch.submissions)
    if waiting := sorted(each for each in families if review.needed(holder.role, each)):
        raise Forbidden(
            f"what a {holder.role} records of {', '.join(waiting)} waits for a second person's "
            "approval: enter it at /admin/record, or use a token of a role that needs none"
        )


def _receipt(recorded: Recorded) -> dict[str, Any]:
    return {
        "event_id": recorded.event_id,
        "position": recorded.position,
        "recorded_at": instant_text(recorded.recorded_at),
        "stream": recorded.stream,
        "stream_version": recorded.stream_version,
        "doubts": [each.as_json() for each in recorded.doubts],
    }

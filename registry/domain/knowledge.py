"""What the record of an event amounts to once its corrections are counted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from registry.domain.catalogue import Event
from registry.domain.events.register import (
    EventAmended,
    EventConfidenceChanged,
    EventErased,
    EventRetracted,
)


@dataclass(frozen=True, slots=True)
class Record:
    """One event of the log. `content`: of an amendment, the new event it carries."""

    event_id: str
    position: int
    recorded_day: int
    event: Event
    target: str | None = None
    content: Event | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a recorded event stands: its present content, None once it is retracted.

    `recorded_day`: when that content was recorded. The ids name the corrections that count.
    """

    record: Record
    event: Event | None
    recorded_day: int
    amended_by: str | None = None
    confidence_changed_by: str | None = None
    retracted_by: str | None = None


def standing(original: Record, corrections: Mapping[str, Sequence[Record]]) -> Standing:
    """`corrections`: by the id of their target, of the original and of its corrections.

    Resolved from newest to oldest: a correction counts unless a live retraction names it. The
    last live amendment wins; a live change of confidence after it applies on top.
    """
    if original.event_id not in corrections:
        return Standing(original, original.event, original.recorded_day)
    live = _live(corrections, original.event_id)
    retraction = next((r for r in live if isinstance(r.event, EventRetracted | EventErased)), None)
    amendment = next((r for r in reversed(live) if isinstance(r.event, EventAmended)), None)
    event, day = original.event, original.recorded_day
    if amendment is not None and amendment.content is not None:
        event, day = amendment.content, amendment.recorded_day
    since = amendment.position if amendment else original.position
    change = next(
        (
            r
            for r in reversed(live)
            if isinstance(r.event, EventConfidenceChanged) and r.position > since
        ),
        None,
    )
    if change is not None and isinstance(change.event, EventConfidenceChanged):
        event = replace(event, confidence=change.event.to)
    return Standing(
        original,
        None if retraction else event,
        day,
        amendment.event_id if amendment else None,
        change.event_id if change else None,
        retraction.event_id if retraction else None,
    )


def _live(corrections: Mapping[str, Sequence[Record]], target: str) -> list[Record]:
    """The corrections of the target that no live retraction names, in order of recording."""
    return [
        each
        for each in sorted(corrections.get(target, ()), key=lambda r: r.position)
        if not any(isinstance(r.event, EventRetracted) for r in _live(corrections, each.event_id))
    ]

"""The log as it is followed: every event once, in order, also one whose content is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.domain.errors import Gone
from registry.queries import events
from registry.queries.instants import instant_text
from registry.queries.view import View
from registry.store import log

Document = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`reached`: nothing that is looked for is between the last of these events and there."""

    events: list[Document]
    reached: int


def part(view: View, filters: Mapping[str, str], after: int, limit: int) -> Part:
    """The next events after a position."""
    rows = events.found(view, filters, after, limit)
    reached = rows[-1].position if len(rows) == limit else max(after, view.moment)
    try:
        found = events.documents(view, [row.event_id for row in rows])
    except Gone:
        return Part([_document(view, row.event_id) for row in rows], reached)
    return Part([found[row.event_id] for row in rows], reached)


def _document(view: View, event_id: str) -> Document:
    """The event; only its envelope, where the content of it or of what corrects it was erased."""
    try:
        return events.documents(view, [event_id])[event_id]
    except Gone:
        stored = log.by_ids(view.conn, [event_id])[event_id]
        return {
            "event_id": stored.event_id,
            "type": stored.type,
            "stream": stored.stream,
            "position": stored.position,
            "recorded_at": instant_text(stored.recorded_at),
            "erased": True,
        }

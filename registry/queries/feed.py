"""The log as it is followed: every event once, in order, also one whose content is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from registry.queries import events
from registry.queries.view import View

Document = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`reached`: nothing that is looked for is between the last of these events and there."""

    events: list[Document]
    reached: int


def part(view: View, filters: Mapping[str, str], after: int, limit: int) -> Part:
    """The next events after a position."""
    return _part(view, events.found(view, filters, after, limit), after, limit)


def _part(view: View, rows: Sequence[Row[Any, Any]], after: int, limit: int) -> Part:
    reached = rows[-1].position if len(rows) == limit else max(after, view.moment)
    ids = [row.event_id for row in rows]
    found = events.documents(view, ids)
    if gone := [each for each in ids if each not in found]:
        found |= events.without_content(view, gone)
    return Part([found[each] for each in ids], reached)

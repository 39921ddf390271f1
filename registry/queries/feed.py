"""The log as it is followed: every event once, in order, also one whose content is gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select

from registry.queries import events
from registry.queries.erasures import ERASED
from registry.queries.view import View
from registry.store.tables import event, event_tag

Document = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`reached`: nothing that is looked for is between the last of these events and there."""

    events: list[Document]
    reached: int


def part(view: View, filters: Mapping[str, str], after: int, limit: int) -> Part:
    """The next events after a position."""
    return _part(view, events.found(view, filters, after, limit), after, limit)


def chosen(view: View, types: Sequence[str], party: str | None, after: int, limit: int) -> Part:
    """The next events of these types, all if there are none, that are about the party (its id).

    Erasures are among them whatever the types: who was told what was erased has to act on it.
    """
    statement = select(event.c.event_id, event.c.position).where(
        event.c.position > after, event.c.position <= view.moment
    )
    if types:
        statement = statement.where(event.c.type.in_([*types, ERASED]))
    if party is not None:
        about = select(event_tag.c.position).where(event_tag.c.tag == f"party:{party}")
        statement = statement.where(event.c.position.in_(about))
    rows = view.conn.execute(statement.order_by(event.c.position).limit(limit)).all()
    return _part(view, rows, after, limit)


def _part(view: View, rows: Sequence[Row[Any, Any]], after: int, limit: int) -> Part:
    reached = rows[-1].position if len(rows) == limit else max(after, view.moment)
    ids = [row.event_id for row in rows]
    found = events.documents(view, ids)
    if gone := [each for each in ids if each not in found]:
        found |= events.without_content(view, gone)
    return Part([found[each] for each in ids], reached)

"""What was erased on request: nobody is answered as if it were still there, or had never been.

Its content is in no table any more, so an answer of a time when it was known cannot be made again.
"""

from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from registry.domain.errors import Gone
from registry.domain.events.register import EventErased
from registry.queries.view import View
from registry.store import direct
from registry.store.tables import event, event_tag

ERASED: Final = EventErased.TYPE
BY_ITSELF: Final = "each event by itself"
"""In `View.asked`: the answer shows events one by one, and refuses what was erased itself."""

_ENTERING: Final = ("party.", "source.", "agreement.recorded", "agreement.retitled")
"""Events that name things: what they say may be in any answer."""

_erasure = event.alias("erasure")
_SINCE: Final = (
    select(
        _erasure.c.event_id, _erasure.c.position, event.c.event_id, event.c.position, event.c.type
    )
    .select_from(_erasure.join(event, event.c.event_id == _erasure.c.target))
    .where(
        _erasure.c.type == ERASED,
        _erasure.c.position > bindparam("moment", type_=BigInteger),
        event.c.position <= bindparam("upto", type_=BigInteger),
    )
    .order_by(_erasure.c.position)
)


def refuse_what_held(view: View) -> None:
    """Gone where the answer may have held what was erased since: it is about something that the
    erased event spoke of, or the event named what others speak of.
    """
    if view.moment >= view.head:
        return
    said = {"moment": view.moment, "upto": view.moment}
    for by, at, event_id, position, kind in direct.rows(view.conn, _SINCE, said):
        if kind.startswith(_ENTERING) or not view.asked or _speaks_of(view, position):
            raise gone(event_id, f"{by} at position {at}")


def gone(event_id: str, by: str) -> Gone:
    """Names the erasure, and nothing of what was erased."""
    return Gone(
        f"This held the content of event {event_id}, which was erased on request (event {by})."
    )


def _speaks_of(view: View, position: int) -> bool:
    found = select(event_tag.c.tag).where(
        event_tag.c.tag.in_(sorted(view.asked)), event_tag.c.position == position
    )
    return view.conn.execute(found.limit(1)).first() is not None

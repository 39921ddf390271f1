"""The dated cells of a participant table, as the events that were read from it stand."""

from collections.abc import Set as AbstractSet
from typing import Final

from sqlalchemy import select

from registry.domain.events.participation import OfParty
from registry.queries.events import standings
from registry.queries.view import View
from registry.store.tables import event, event_tag

Cell = tuple[str, str, str, str]
LETTER: Final = "mtdsg_marker"


def dated_cells(view: View, source: str) -> AbstractSet[Cell]:
    """(agreement, party, day, letter) of each act that the source was cited for and that stands.

    Counted from the register as it knew at the view's moment, whatever the file says.
    """
    cited = select(event_tag.c.position).where(event_tag.c.tag == f"source:{source}")
    ids = view.conn.execute(
        select(event.c.event_id).where(
            event.c.position <= view.moment,
            event.c.position.in_(cited),
            event.c.type.like("agreement.%"),
        )
    ).scalars()
    return {
        (act.agreement, act.party, act.occurred.text, (act.external_ids or {}).get(LETTER, ""))
        for stands in standings(view, ids).values()
        if isinstance(act := stands.event, OfParty) and act.occurred is not None
    }

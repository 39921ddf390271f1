"""What is alleged of a party, a pair, an agreement: the only door to it for every page."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from sqlalchemy import or_, select

from registry.domain.confidence import Confidence
from registry.domain.events.conduct import AccusationMade
from registry.domain.events.register import EventAmended, EventConfidenceChanged
from registry.explore.naming import Link
from registry.explore.telling import Told, events_told, is_alleged
from registry.queries import events as of_events
from registry.queries.view import View
from registry.store.tables import event, event_payload, event_tag

MOST = 200
"""Of the newest; a page that shows as many says that there may be more."""


def alleged_of(
    view: View,
    link: Link | None = None,
    *,
    parties: Iterable[str] = (),
    agreement: str | None = None,
    accusations: bool = True,
) -> list[Told]:
    """All that is only alleged or disputed of these parties together, or of the agreement.

    With `accusations`, also what one of them is accused of, or accuses somebody of. In order of
    recording; each with claimant, source, date and what is on record against it. Whether the
    reader asked for it is for the page to know.
    """
    tags = [f"party:{each}" for each in parties]
    tags += [f"agreement:{agreement}"] if agreement else []
    if not tags:
        return []
    found = {
        event_id: document
        for event_id, document in of_events.documents(view, _candidates(view, tags)).items()
        if _shown(document, accusations=accusations)
    }
    return list(events_told(view, found, link).values())


def _shown(document: Mapping[str, Any], *, accusations: bool) -> bool:
    if document["standing"]["state"] == "retracted" or not is_alleged(document):
        return False
    return accusations or document["type"] != AccusationMade.TYPE


def _candidates(view: View, tags: list[str]) -> Iterator[str]:
    """Events under all these tags that say of themselves, or of which a correction says, that
    they are alleged; the newest, in order of recording.
    """
    statement = (
        select(event.c.event_id, event.c.target, event.c.type)
        .join(event_payload, event_payload.c.position == event.c.position)
        .where(
            event.c.position <= view.moment,
            *(
                event.c.position.in_(select(event_tag.c.position).where(event_tag.c.tag == tag))
                for tag in tags
            ),
            or_(
                event.c.type == AccusationMade.TYPE,
                *(event_payload.c.data.like(f'%":"{each.word}"%') for each in _LOW),
            ),
        )
        .order_by(event.c.position.desc())
        .limit(MOST)
    )
    for row in reversed(view.conn.execute(statement).all()):
        corrects = row.type in (EventAmended.TYPE, EventConfidenceChanged.TYPE)
        yield row.target if corrects else row.event_id


_LOW: Final = (Confidence.ALLEGED, Confidence.DISPUTED)

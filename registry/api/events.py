"""/events, read: the log itself, event by event."""

from typing import Any

from flask_smorest import Blueprint

from registry.api.parameters import Paging, Whole, filters, words
from registry.api.reading import Said, pages, reads
from registry.queries import events
from registry.queries.page import Page
from registry.queries.view import View

blueprint = Blueprint("events", __name__, description="The log: read it, add to it, correct it.")


class Filters(Paging):
    after = Whole("Only events after this position of the log.", 0, 2**53 - 1)
    type = words("A type of event, as in /event-types.", "relations.severed")
    party = words("A party that is spoken of.", "BOL")
    subject = words(
        "What is spoken of: `party:BOL`, `agreement:<slug>`, `source:<slug>`, `event:<id>`.",
        "party:BOL",
    )
    occurred_from = words("May have happened on this day or later, in EDTF.", "2008")
    occurred_to = words("May have happened on this day or earlier, in EDTF.", "2012")


@pages(blueprint, "/events", "EventPage", Filters)
def listed(view: View, said: Said, after: Any, limit: int) -> Page:
    """List events in the order of the log."""
    return events.listed(view, filters(said), after or 0, limit)


@reads(blueprint, "/events/<event_id>", "EventAnswer")
def one(view: View, _said: Said, event_id: str) -> dict[str, Any]:
    """Read one event, as it stands, with the corrections made of it."""
    return events.one(view, event_id)

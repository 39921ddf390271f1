"""/events, read: the log itself, event by event."""

from typing import Any, Final

from flask_smorest import Blueprint

from registry.api import cloud_events, feed
from registry.api.parameters import Paging, Whole, filters, one_of, words
from registry.api.reading import Live, Said, pages, reads
from registry.queries import events
from registry.queries.page import Page
from registry.queries.view import View
from registry.web.answering import CLOUD_EVENTS, EVENT_STREAM

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
    format = one_of(
        "By the Accept header when left out; `cloudevents` is a batch of CloudEvents 1.0, to be "
        "read on and on by `after`.",
        *("json", "csv", "cloudevents"),
    )
    wait = Whole(
        "Where there is nothing after that position yet, so many seconds are waited for it.",
        *(0, feed.LONGEST),
    )


_LIVE: Final = Live(
    EVENT_STREAM,
    feed.streamed,
    feed.waited,
    {"Last-Event-ID": "Of a stream of events: the position of the last one that was seen."},
)


@pages(blueprint, "/events", "EventPage", Filters, {CLOUD_EVENTS: cloud_events.batch}, _LIVE)
def listed(view: View, said: Said, after: Any, limit: int) -> Page:
    """List events in the order of the log; as `text/event-stream`, follow it."""
    return events.listed(view, filters(said), after or 0, limit)


@reads(blueprint, "/events/<event_id>", "EventAnswer")
def one(view: View, _said: Said, event_id: str) -> dict[str, Any]:
    """Read one event, as it stands, with the corrections made of it."""
    return events.one(view, event_id)

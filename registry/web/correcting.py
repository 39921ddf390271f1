"""The corrections that were made of an event, and what each of them made different."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry import codec
from registry.domain.events.register import EventAmended, EventConfidenceChanged, EventRetracted
from registry.queries import events as of_events
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import text_of
from registry.web.pages import plain
from registry.web.telling import Difference, Teller, teller

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """One correction in the chain; `counts`: no live retraction names it."""

    event_id: str
    word: str
    reason: str
    by: str
    reviewed_by: str | None
    at: str
    counts: bool
    of_event: bool
    to: str
    differences: tuple[Difference, ...]


WORDS: Final = {
    EventAmended.TYPE: text_of("Amended"),
    EventRetracted.TYPE: text_of("Retracted"),
    EventConfidenceChanged.TYPE: text_of("Confidence changed"),
}


def as_recorded(view: View, event_id: str) -> dict[str, Any]:
    """Its content as it was first recorded, whatever it is by now."""
    record = of_events.standings(view, [event_id])[event_id].record
    return codec.write(record.event)


def chain_of(
    view: View, telling: Teller, event_id: str, first: Mapping[str, Any], chain: Sequence[Document]
) -> Iterable[Link]:
    """Each correction with what it made different from the content before it."""
    before = dict(first)
    for each in chain:
        differences: tuple[Difference, ...] = ()
        counts = each["standing"]["state"] == "live"
        if each["type"] == EventAmended.TYPE:
            after = {n: v for n, v in each["event"].items() if n != "type_version"}
            differences = tuple(_teller_of(view, before, after, telling).differences(before, after))
            if counts:
                before = after
        yield Link(
            each["event_id"],
            _(WORDS.get(each["type"]) or plain(each["type"])),
            each.get("reason", ""),
            each["recorded_by"],
            each["reviewed_by"],
            each["recorded_at"][:16].replace("T", " "),
            counts,
            each["target"] == event_id,
            str(each.get("to", "")),
            differences,
        )


def _teller_of(
    view: View, before: Mapping[str, Any], after: Mapping[str, Any], telling: Teller
) -> Teller:
    made = teller(view, [before, after], when=telling.when)
    return Teller(made.names, made.sources, telling.titles, telling.when)

"""One box for everything: parties, agreements, persons, topics, sources and the words of events."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from flask import request

from registry.explore.desk import blueprint
from registry.explore.lately import Entry, entries_by
from registry.explore.looking import shows
from registry.explore.shown import Looking, Shown
from registry.queries import search as of_words
from registry.queries.search import Found, Hit
from registry.queries.snippets import Snippet
from registry.web.languages import gettext as _

SIZE: Final = 12
_NAMED_IN: Final = 3
"""So many of the events that name a person are told."""


@shows(blueprint, "/search", "explore/search.html")
def search(here: Looking) -> Shown:
    asked = request.args.get("q", "").replace("\x00", " ").strip()[:200]
    found = of_words.search(here.view, asked, SIZE, of_events=here.opened)
    told = _told(here, found)
    groups = [each for each in _groups(here, found, told) if each["items"]]
    return Shown(
        _("Search: %(words)s", words=asked) if asked else _("Search"),
        {"asked": asked, "found": found, "groups": groups},
        description=_(
            "Parties, agreements, persons, topics, sources and events of the register by words."
        ),
        api="/search" if asked else None,
        asks={"q": asked, "limit": str(SIZE)} if asked else {},
        csv=here.program("/search", q=asked, limit=SIZE, format="csv") if asked else None,
        feeds="/search" if asked else None,
        alleged=any(each.told is not None and each.told.alleged for each in told.values()),
    )


def _told(here: Looking, found: Found) -> dict[str, Entry]:
    """The events that are found, as far as they may be told here, by id."""
    named = [
        event_id
        for kind, most in (("person", _NAMED_IN), ("event", 1))
        for hit in found.groups.get(kind, ())
        for event_id in hit.events[:most]
    ]
    return {each.event_id: each for each in entries_by(here, list(dict.fromkeys(named)))}


def _groups(here: Looking, found: Found, told: Mapping[str, Entry]) -> list[dict[str, Any]]:
    def topic(key: str) -> str:
        return here.to("/agreements", topic=key)

    def of(kind: str) -> Sequence[Hit]:
        return found.groups.get(kind, ())

    def more(kind: str, path: str) -> str:
        return here.to(path, q=found.text) if kind in found.more else ""

    made = [
        _group(_("Parties"), of("party"), here.party, more("party", "/parties")),
        _group(_("Agreements"), of("agreement"), here.agreement, more("agreement", "/agreements")),
        {"words": _("Persons"), "items": list(_persons(here, of("person"), told)), "more": ""},
        _group(_("Topics"), of("topic"), topic, ""),
        _group(_("Sources"), of("source"), here.source, more("source", "/sources")),
        {"words": _("Events"), "items": list(_events(here, of("event"), told)), "more": ""},
    ]
    return [
        {**each, "cut": kind in found.more} for kind, each in zip(of_words.KINDS, made, strict=True)
    ]


def _group(
    words: str, hits: Sequence[Hit], address: Callable[[str], str], more: str
) -> dict[str, Any]:
    items = [
        {"address": address(each.key), "title": each.title, "snippet": each.snippet}
        for each in hits
    ]
    return {"words": words, "items": items, "more": more}


def _persons(here: Looking, hits: Sequence[Hit], told: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """Who is named only in what may not be told here is left out."""
    return [
        {
            "title": hit.title,
            "named_in": [{"address": here.event(each.event_id), "entry": each} for each in entries],
        }
        for hit in hits
        if (entries := [told[i] for i in hit.events[:_NAMED_IN] if i in told])
    ]


def _events(here: Looking, hits: Sequence[Hit], told: Mapping[str, Entry]) -> list[dict[str, Any]]:
    """What is only alleged is told in its one sentence, without a piece of its words."""
    return [
        {
            "address": here.event(hit.key),
            "entry": entry,
            "snippet": _beside(hit, entry),
        }
        for hit in hits
        if (entry := told.get(hit.key)) is not None
    ]


def _beside(hit: Hit, entry: Entry) -> Snippet | None:
    """Where the words stand, if the sentence has it not already."""
    if entry.told is None or entry.told.alleged or hit.snippet is None:
        return None
    return None if hit.snippet.text.rstrip(".") in entry.title else hit.snippet

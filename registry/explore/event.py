"""An event: what was recorded, from which words, how it was corrected, and what it changed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from registry.domain.catalogue import CATALOGUE, Correction
from registry.domain.events.register import EventAmended, EventRetracted
from registry.explore.dates_said import at
from registry.explore.desk import blueprint
from registry.explore.event_effects import effects_of
from registry.explore.event_kept import is_low, kept_back
from registry.explore.looking import shows
from registry.explore.shown import Looking, Shown
from registry.explore.telling import Told, events_told
from registry.queries import events as of_events
from registry.queries.surroundings import settings_by
from registry.queries.view import View
from registry.web.correcting import Link, as_recorded, chain_of
from registry.web.languages import gettext as _
from registry.web.telling import Fact, Teller, Words, content_of, teller

Document = Mapping[str, Any]


@shows(blueprint, "/events/<event_id>", "explore/event.html")
def event(here: Looking, event_id: str) -> Shown:
    view = here.view
    document = of_events.one(view, event_id)
    if kept_back(here, [document]):
        return Shown(
            _("An event that is only alleged"),
            {"told": None, "shown_by": here.here(confidence="alleged")},
            subject=f"event:{event_id}",
        )
    chain = document["corrections"]
    beside = of_events.documents(view, [each for each in _named(document) if each != event_id])
    told = events_told(view, {**beside, event_id: document}, here.link)
    mine = told[event_id]
    telling = _teller(view, document, chain, beside)
    first = as_recorded(view, event_id)
    amended = any(each["type"] == EventAmended.TYPE for each in chain)
    settings = settings_by(view, event_id, document["position"])
    return Shown(
        mine.called,
        {
            "told": mine,
            "document": document,
            "facts": [] if mine.alleged else _facts(telling, content_of(document)),
            "chain": list(_links(here, telling, event_id, first, chain)),
            "taken_back": [
                each
                for each in chain
                if each["type"] == EventRetracted.TYPE
                and each["target"] == event_id
                and each["standing"]["state"] == "live"
            ],
            "original": _facts(telling, first)
            if amended and not mine.alleged and _may_show(here, first)
            else [],
            "sets": [] if mine.alleged else effects_of(here, settings),
            "others": [told[each] for each in beside if not _hidden(told[each], beside[each])],
            "correction": issubclass(CATALOGUE[document["type"]], Correction),
        },
        description="" if mine.alleged else _plainly(view, document),
        api=f"/events/{event_id}",
        subject=f"event:{event_id}",
        alleged=mine.alleged,
    )


def _teller(
    view: View, document: Document, chain: Sequence[Document], beside: Mapping[str, Document]
) -> Teller:
    """What it says of other events is their sentences; of what is alleged, that it is so."""
    contents = [content_of(document), as_recorded(view, document["event_id"])]
    made = teller(view, [*contents, *map(content_of, chain)], when=_when)
    titles = {
        each: _("an allegation") if _hidden(told, beside[each]) else str(told.dated).rstrip(".")
        for each, told in events_told(view, beside).items()
    }
    return replace(made, titles=titles)


def _hidden(told: Told, document: Document) -> bool:
    return told.alleged or is_low(document)


def _facts(telling: Teller, said: Mapping[str, Any]) -> list[Fact]:
    return telling.facts(said, but=("sources", "event"))


def _links(
    here: Looking,
    telling: Teller,
    event_id: str,
    first: Mapping[str, Any],
    chain: Sequence[Document],
) -> Iterable[Link]:
    """What differs is left out where it was, or became, only alleged, unless that is asked for."""
    low = is_low(first)
    for link, each in zip(chain_of(here.view, telling, event_id, first, chain), chain, strict=True):
        was, low = low, is_low(each["event"]) if each.get("event") else low
        shown = here.includes_alleged or not (was or low)
        yield link if shown else replace(link, differences=())


def _may_show(here: Looking, said: Mapping[str, Any]) -> bool:
    return here.includes_alleged or not is_low(said)


def _when(date: str) -> Words:
    """In words, with what was recorded beside it."""
    said = at(date)
    return Words(said[:1].upper() + said[1:], date)


def _named(document: Document) -> list[str]:
    names = [document.get(each) for each in ("responds_to", "same_act_as", "about", "to", "target")]
    names += document.get("follows", ())
    return [str(each) for each in dict.fromkeys(names) if each and "-" in str(each)]


def _plainly(view: View, document: Document) -> str:
    (told,) = events_told(view, {document["event_id"]: document}).values()
    return str(told.dated)

"""An event: what was recorded, from which words, how it was corrected, what it sets; and the log."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from flask import request

from registry.domain.catalogue import CATALOGUE, Correction
from registry.domain.confidence import BY_WORD, Confidence
from registry.domain.dates import from_human, iso
from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS
from registry.explore.dates_said import at
from registry.explore.desk import blueprint
from registry.explore.holding import layer_said, question, value_said
from registry.explore.looking import shows
from registry.explore.naming import namer_of
from registry.explore.pairing import link_from
from registry.explore.shown import Looking, Shown
from registry.explore.telling import events_told, type_said
from registry.queries import events as of_events
from registry.queries.surroundings import Setting, settings_by
from registry.queries.view import View
from registry.web.correcting import as_recorded, chain_of
from registry.web.languages import gettext as _
from registry.web.telling import Words, content_of, teller

SIZE: Final = 40
FILTERS: Final = ("type", "party", "subject", "occurred_from", "occurred_to")
Document = Mapping[str, Any]


@shows(blueprint, "/events/<event_id>", "explore/event.html")
def event(here: Looking, event_id: str) -> Shown:
    view = here.view
    document = of_events.one(view, event_id)
    if _kept_back(here, document):
        return Shown(
            _("An event that is only alleged"),
            {"told": None, "shown_by": here.here(confidence="alleged")},
            subject=f"event:{event_id}",
        )
    chain = document["corrections"]
    named = [each for each in _named(document) if each != event_id]
    beside = of_events.documents(view, named)
    link = link_from(here)
    told = events_told(view, {**beside, event_id: document}, link)
    said = content_of(document)
    telling = teller(
        view,
        [said, *map(content_of, chain)],
        [(each, content_of(doc)) for each, doc in beside.items()],
        when=_when,
    )
    settings = settings_by(here.opened, event_id, document["position"])
    mine = told[event_id]
    return Shown(
        mine.called,
        {
            "told": mine,
            "document": document,
            "facts": [] if mine.alleged else telling.facts(said, but=("sources", "event")),
            "chain": list(chain_of(view, telling, event_id, as_recorded(view, event_id), chain)),
            "sets": [] if mine.alleged else _set(here, settings),
            "others": [told[each] for each in beside if not told[each].alleged],
            "correction": issubclass(CATALOGUE[document["type"]], Correction),
        },
        description="" if mine.alleged else str(_plain(view, document)),
        api=f"/events/{event_id}",
        subject=f"event:{event_id}",
        alleged=mine.alleged,
    )


@shows(blueprint, "/events", "explore/events.html")
def events(here: Looking) -> Shown:
    asked = _dated({name: request.args[name] for name in FILTERS if request.args.get(name)})
    before = request.args.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise Invalid(f"expected a position, got {before!r}", "before")
    page = of_events.newest(here.view, asked, int(before) if before else None, SIZE)
    shown = {each["event_id"]: each for each in page.items if not _kept_back(here, each)}
    told = events_told(here.view, shown, link_from(here))
    return Shown(
        _("Records"),
        {
            "asked": asked,
            "items": [(each, shown[each.event_id]) for each in told.values()],
            "types": sorted((type_said(name), name) for name in CATALOGUE),
            "kept_back": len(page.items) - len(shown),
            "next": page.next,
            "further": bool(before),
        },
        description=_("What was recorded, the newest first."),
        api="/events",
        asks=asked,
        csv=here.program("/events", **asked, format="csv"),
        alleged=any(each.alleged for each in told.values()),
    )


def _kept_back(here: Looking, document: Document) -> bool:
    """Whether it is shown only to who asks for what is alleged."""
    return not here.includes_alleged and BY_WORD[document["confidence"]] < Confidence.REPORTED


def _dated(said: Mapping[str, str]) -> dict[str, str]:
    made = dict(said)
    for name in ("occurred_from", "occurred_to"):
        if name in made:
            try:
                made[name] = from_human(made[name]).text
            except Invalid as wrong:
                raise Invalid(wrong.message, name, wrong.offers) from None
    return made


def _when(date: str) -> Words:
    """In words, with what was recorded beside it."""
    said = at(date)
    return Words(said[:1].upper() + said[1:], date)


def _named(document: Document) -> list[str]:
    names = [document.get(each) for each in ("responds_to", "same_act_as", "about", "target")]
    names += document.get("follows", ())
    return [str(each) for each in dict.fromkeys(names) if each]


def _plain(view: View, document: Document) -> str:
    (told,) = events_told(view, {document["event_id"]: document}).values()
    return told.dated


def _set(here: Looking, settings: Sequence[Setting]) -> list[dict[str, str]]:
    """Each layer that it sets, to what, on which days, and where that can be seen."""
    counted = [each for each in settings if each.confidence >= Confidence.REPORTED]
    namer = namer_of(here.view, None, subjects=[(each.layer, each.key) for each in counted])
    return [
        {
            "layer": layer_said(each.layer),
            "about": question(each.layer, LAYERS[each.layer].subject(each.key), namer),
            "value": _value(each, namer),
            "window": _window(each),
            "address": _seen_at(here, each),
        }
        for each in counted
    ]


def _value(each: Setting, namer: Any) -> str:
    special = {
        "@in_charge": _("a chargé d’affaires, or nobody where no mission stands"),
        "@class_before": _("the class it had before"),
        "@notice_retracted": _("what held before the notice"),
    }
    return special.get(each.value) or value_said(each.layer, each.value, namer)


def _window(each: Setting) -> str:
    lo, hi = iso(each.window.lo), iso(each.window.hi)
    if lo == hi == "..":
        return ""
    if lo == hi:
        return at(lo)
    return at(f"[{'' if lo == '..' else lo}..{'' if hi == '..' else hi}]")


def _seen_at(here: Looking, each: Setting) -> str:
    """The page of its subject, on the day on which it has certainly happened."""
    hi = iso(each.window.hi)
    day = {} if hi == ".." else {"as_of": hi}
    subject = LAYERS[each.layer].subject(each.key)
    parties = LAYERS[each.layer].party_parts(each.key)
    if "agreement" in subject:
        return here.to(f"/agreements/{subject['agreement']}", **day)
    if len(parties) >= 2:
        return here.to(f"/relations/{parties[0]}/{parties[1]}", **day)
    return here.to(f"/parties/{parties[0]}", **day) if parties else ""

"""The log as a list of sentences, the newest first."""

from typing import Final

from flask import request

from registry.domain.catalogue import CATALOGUE
from registry.explore.desk import blueprint
from registry.explore.event_kept import kept_back
from registry.explore.looking import shows
from registry.explore.shown import Looking, Shown
from registry.explore.telling import events_told, type_said
from registry.explore.typed import days_in, number_in
from registry.queries import events as of_events
from registry.web.languages import gettext as _

SIZE: Final = 40
FILTERS: Final = ("type", "party", "subject", "occurred_from", "occurred_to")


@shows(blueprint, "/events", "explore/events.html")
def events(here: Looking) -> Shown:
    asked = days_in(
        {name: request.args[name] for name in FILTERS if request.args.get(name)},
        "occurred_from",
        "occurred_to",
    )
    before = number_in("before")
    page = of_events.newest(here.view, asked, before or None, SIZE)
    left_out = kept_back(here, page.items)
    shown = {each["event_id"]: each for each in page.items if each["event_id"] not in left_out}
    told = events_told(here.view, shown, here.link)
    return Shown(
        _("Records"),
        {
            "asked": asked,
            "items": [(each, shown[each.event_id]) for each in told.values()],
            "types": sorted((type_said(name), name) for name in CATALOGUE),
            "kept_back": len(left_out),
            "next": page.next,
            "further": bool(before),
        },
        description=_("What was recorded, the newest first."),
        api="/events",
        asks=asked,
        csv=here.program("/events", **asked, format="csv"),
        alleged=any(each.alleged for each in told.values()),
    )

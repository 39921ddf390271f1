"""The way in: a search box, three questions, and what was recorded lately; and what this is."""

from typing import Final

from registry.explore.desk import blueprint
from registry.explore.lately import reported
from registry.explore.looking import shows
from registry.explore.shown import Looking, Shown
from registry.explore.telling import Told, events_told
from registry.queries import events as of_events
from registry.web.languages import gettext as _

LATELY: Final = 8


@shows(blueprint, "/", "explore/home.html")
def home(here: Looking) -> Shown:
    return Shown(
        _("What states agreed, and how they stood to each other"),
        {"questions": questions(here), "lately": _lately(here)},
        description=_(
            "A register of what states and organisations agreed, how they stood to each other, "
            "and what they did about it."
        ),
        api="/events",
    )


def _lately(here: Looking) -> list[Told]:
    """The newest events that stand, without what is only somebody's words about somebody."""
    newest = of_events.newest(here.view, {}, None, 4 * LATELY).items
    told = events_told(here.view, reported(here.view, {each["event_id"]: each for each in newest}))
    return [each for each in told.values() if not each.retracted][:LATELY]


def questions(here: Looking) -> list[dict[str, str]]:
    """Three that the register was made for, each with the address of its answer."""
    return [
        {
            "words": _("Were relations between Bolivia and the United States broken in 2009?"),
            "about": _(
                "Ambassadors were expelled in 2008 and relations went on: what that means in "
                "three layers."
            ),
            "address": here.to("/relations/BOL/USA", as_of="2009-06-01"),
        },
        {
            "words": _("Was Bolivia bound by the Single Convention on 1 June 2012?"),
            "about": _("It denounced the treaty, and came back with a reservation."),
            "address": here.to(
                "/agreements/un-single-convention-1961-as-amended",
                as_of="2012-06-01",
                party="BOL",
            ),
        },
        {
            "words": _("What changed for Bolivia between 2008 and the middle of 2012?"),
            "about": _("Two days compared, in sentences and in a table."),
            "address": here.to("/compare", of="party:BOL", from_="2008-01-01", to="2012-06-30"),
        },
    ]


@shows(blueprint, "/about", "explore/about.html")
def about(here: Looking) -> Shown:  # noqa: ARG001  # every page gets it
    return Shown(_("About this register"))

"""The map of a party on a day, with a way to other years."""

from bisect import bisect_left, bisect_right

from flask import request

from registry.domain.dates.gregorian import calendar_of
from registry.domain.errors import Invalid
from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.party import canonical
from registry.explore.shown import Looking, Shown
from registry.explore.world_map import FIRST, LOOKS, OFFERED, map_of
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import language


@shows(blueprint, "/parties/<party>/map", "explore/map_page.html")
def map_page(here: Looking, party: str) -> Shown:
    view = here.view
    key = canonical(here, party)
    layer = request.args.get("layer", FIRST)
    if layer not in OFFERED:
        raise Invalid(f"expected one of {', '.join(OFFERED)}; got {layer!r}", "layer")
    name = view.directory.labels("party", [key], view.day, view.threshold, language())[key]
    made = map_of(view, key, layer)
    year = calendar_of(view.day)[0]
    years = [int(day[:4]) for day in made.changes] + [year]
    earlier, later = _beside(view, made.changes)
    return Shown(
        _("%(party)s on the map of the world", party=name),
        {
            "key": key,
            "name": name,
            "map": made,
            "looks": {each: _(words) for each, words in LOOKS.items()},
            "layer": layer,
            "layers": {each: _(words) for each, words in OFFERED.items()},
            "year": year,
            "first_year": min(years),
            "last_year": max(years),
            "earlier": earlier,
            "later": later,
        },
        description=_(
            "How %(party)s stood to every other on a day, on a map and in a table.", party=name
        ),
        api=f"/parties/{key}/relations",
        csv=here.program(f"/parties/{key}/relations", format="csv"),
        subject=f"party:{key}",
    )


def _beside(view: View, changes: tuple[str, ...]) -> tuple[str | None, str | None]:
    """The day of the change before what is shown here, and the first after it."""
    first, last = calendar_of(view.days.lo), calendar_of(view.day)
    before = bisect_left(changes, f"{first[0]:04}-{first[1]:02}-{first[2]:02}") - 1
    after = bisect_right(changes, f"{last[0]:04}-{last[1]:02}-{last[2]:02}")
    return (
        changes[before] if before >= 0 else None,
        changes[after] if after < len(changes) else None,
    )

"""The list of parties, by name or by what a text may mean."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.party import KINDS
from registry.explore.shown import Looking, Shown
from registry.explore.typed import number_in
from registry.queries import parties
from registry.queries.bearing import POSSIBLE, bearing_on
from registry.queries.existence import Absence, absences
from registry.web.languages import gettext as _
from registry.web.languages import language

SIZE: Final = 100


@shows(blueprint, "/parties", "explore/parties.html")
def parties_listed(here: Looking) -> Shown:
    view = here.view
    asked = {name: request.args[name] for name in ("q", "kind") if request.args.get(name)}
    after = number_in("after")
    found = parties.listed(view, asked, after, SIZE)
    ids = [each["id"] for each in found.items]
    names = view.directory.labels("party", ids, view.day, view.threshold, language())
    absent = {}
    if ids:
        held = bearing_on(view, [("existence", each) for each in ids], view.days, POSSIBLE)
        absent = absences({key: rows for (_layer, key), rows in held.spans.items()}, view.days)
    return Shown(
        _("Parties"),
        {
            "asked": asked,
            "items": [
                _item(each, names[each["id"]], absent.get(each["id"])) for each in found.items
            ],
            "kinds": {name: _(words) for name, words in KINDS.items()},
            "next": found.next,
            "further": bool(after),
        },
        description=_("States, organisations and others, by their names on any day."),
        api="/parties",
        asks=asked,
        csv=here.program("/parties", **asked, format="csv"),
    )


def _item(each: Mapping[str, Any], name: str, absent: Absence | None) -> dict[str, str]:
    existed = ""
    if absent is not None:
        existed = _("did not exist") if absent[1] else _("may not have existed")
    return {
        "id": each["id"],
        "name": name,
        "kind": _(KINDS[each["kind"]]),
        "codes": ", ".join(f"{name}: {code}" for name, code in each["external_ids"].items()),
        "existed": existed,
        "tag": "certain" if absent and absent[1] else "possible",
    }

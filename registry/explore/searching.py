"""One box for all names: parties, however they are spelt, agreements and sources."""

from typing import Any, Final

from flask import request

from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.party import KINDS
from registry.explore.shown import Looking, Shown
from registry.queries import agreement_list, entities, parties
from registry.web.languages import gettext as _

SIZE: Final = 12


@shows(blueprint, "/search", "explore/search.html")
def search(here: Looking) -> Shown:
    asked = request.args.get("q", "")[:200]
    found = _found(here, asked) if asked else []
    return Shown(
        _("Search: %(words)s", words=asked) if asked else _("Search"),
        {
            "asked": asked,
            "groups": [each for each in found if each["items"]],
        },
        description=_("Parties, agreements and sources of the register by their names."),
        api="/parties",
        asks={"q": asked} if asked else {},
        feeds="/search" if asked else None,
    )


def _found(here: Looking, asked: str) -> list[dict[str, Any]]:
    """In groups, best match first; `more`: where the whole list is."""
    view = here.view
    named = parties.listed(view, {"q": asked}, None, SIZE)
    titled = agreement_list.listed(view, {"q": asked}, None, SIZE)
    cited = entities.found(view, "source", asked, "", SIZE)
    return [
        {
            "words": _("Parties"),
            "items": [
                {"address": here.party(e["id"]), "title": e["name"], "beside": _(KINDS[e["kind"]])}
                for e in named.items
            ],
            "more": here.to("/parties", q=asked) if named.next else "",
        },
        {
            "words": _("Agreements"),
            "items": [
                {"address": here.agreement(e["id"]), "title": e["title"], "beside": ""}
                for e in titled.items
            ],
            "more": here.to("/agreements", q=asked) if titled.next else "",
        },
        {
            "words": _("Sources"),
            "items": [
                {
                    "address": here.source(e["id"]),
                    "title": e["title"],
                    "beside": e.get("publisher") or "",
                }
                for e in cited[:SIZE]
            ],
            "more": here.to("/sources", q=asked) if len(cited) > SIZE else "",
        },
    ]

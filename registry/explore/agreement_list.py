"""The list of agreements, with filters in plain words; what it finds is what the API finds."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from registry.explore.agreement_head import force_said
from registry.explore.agreement_kinds import KINDS, kind_said
from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.shown import Looking, Shown
from registry.explore.typed import days_in
from registry.queries import agreement_list
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

SIZE: Final = 50
FILTERS: Final = (
    *("q", "party", "topic", "kind", "status", "bound", "signed_from", "signed_to", "certainty"),
)
STATUSES: Final = {
    "in_force": t("in force"),
    "provisional": t("provisionally in force"),
    "suspended": t("suspended"),
    "terminated": t("terminated"),
    "void": t("void"),
    "unknown": t("nothing recorded of its force"),
}


@shows(blueprint, "/agreements", "explore/agreements.html")
def agreements_listed(here: Looking) -> Shown:
    said = {name: request.args[name] for name in FILTERS if request.args.get(name)}
    found = agreement_list.listed(
        here.view, days_in(said, "signed_from", "signed_to"), request.args.get("after"), SIZE
    )
    return Shown(
        _("Agreements"),
        {
            "items": [_item(each) for each in found.items],
            "said": said,
            "kinds": {name: _(words) for name, words in KINDS.items()},
            "statuses": {name: _(words) for name, words in STATUSES.items()},
            "next": found.next,
            "further": bool(request.args.get("after")),
        },
        description=_(
            "Agreements on record, by what they are about, their parties and their force."
        ),
        api="/agreements",
        asks=days_in(said, "signed_from", "signed_to"),
        csv=here.program("/agreements", **days_in(said, "signed_from", "signed_to"), format="csv"),
    )


def _item(each: Mapping[str, Any]) -> dict[str, Any]:
    force = each["force"]
    sure = "certain" if force["certain"] else "possible"
    return {
        "id": each["id"],
        "title": each["title"],
        "kind": kind_said(each),
        "topics": each["topics"],
        "force": force_said(force),
        "sure": "unknown" if force["possible"] == ["unknown"] else sure,
    }

"""/agreements: what was agreed, by whom, and what became of it."""

from typing import Any

from flask_smorest import Blueprint

from registry.api.parameters import Paging, filters, one_of, words
from registry.api.reading import Said, lists, pages, reads
from registry.domain.events.agreements import KINDS
from registry.domain.layers import LAYERS
from registry.queries import agreement_list, agreements, events
from registry.queries.page import Page
from registry.queries.view import View

blueprint = Blueprint(
    "agreements", __name__, description="What was agreed, by whom, and what became of it."
)


class Filters(Paging):
    q = words("Words of the title.", "narcotic drugs")
    party = words("A party that took part, or negotiated.", "BOL")
    topic = words("A topic.", "narcotics")
    kind = one_of("The kind of agreement.", *KINDS)
    status = one_of("A value of the layer `force` on the day.", *LAYERS["force"].values, "unknown")
    bound = words("A party that is bound on the day.", "BOL")
    signed_from = words("Signed by anyone on this day or later, in EDTF.", "2008")
    signed_to = words("Signed by anyone on this day or earlier, in EDTF.", "2012")
    certainty = one_of(
        "Whether `status` and `bound` must be certain; `possible` when left out.",
        *("certain", "possible"),
    )


@pages(blueprint, "/agreements", "AgreementPage", Filters)
def listed(view: View, said: Said, after: Any, limit: int) -> Page:
    """List agreements, by slug."""
    return agreement_list.listed(view, filters(said), after, limit)


@reads(blueprint, "/agreements/<agreement>", "AgreementAnswer")
def one(view: View, _said: Said, agreement: str) -> dict[str, Any]:
    """Read one agreement with its layers as a whole."""
    return agreements.one(view, agreement)


@lists(blueprint, "/agreements/<agreement>/parties", "ParticipantList")
def parties(view: View, _said: Said, agreement: str) -> dict[str, Any]:
    """List the parties of an agreement: how far each took part, and whether it was bound."""
    return agreements.parties(view, agreement)


@lists(blueprint, "/agreements/<agreement>/timeline", "Timeline")
def timeline(view: View, _said: Said, agreement: str) -> list[dict[str, Any]]:
    """List the runs of days of all its layers and of each party to it."""
    return agreements.timeline(view, agreement)


@pages(blueprint, "/agreements/<agreement>/events", "EventPage")
def happened(view: View, _said: Said, after: Any, limit: int, agreement: str) -> Page:
    """List the events that speak of the agreement, in the order of the log."""
    view.agreement(agreement)
    return events.listed(view, {"agreement": agreement}, after or 0, limit)

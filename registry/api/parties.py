"""/parties: states, organisations, agencies, territories, and how they stand to others."""

from typing import Any

from flask_smorest import Blueprint

from registry.api.parameters import Paging, filters, one_of, words
from registry.api.reading import Said, lists, pages, reads
from registry.domain.events.parties import PARTY_KINDS
from registry.queries import parties
from registry.queries.page import Page
from registry.queries.view import View

blueprint = Blueprint(
    "parties", __name__, description="States, organisations and others, and how they stand."
)


class Filters(Paging):
    q = words("A name, a code, or what may be meant by it; best match first.", "bolivia")
    kind = one_of("The kind of party.", *PARTY_KINDS)


@pages(blueprint, "/parties", "PartyPage", Filters)
def listed(view: View, said: Said, after: Any, limit: int) -> Page:
    """List parties by name, or those that a text may mean, best match first."""
    return parties.listed(view, filters(said), after, limit)


@reads(blueprint, "/parties/<party>", "PartyAnswer")
def one(view: View, _said: Said, party: str) -> dict[str, Any]:
    """Read one party: names and codes over time, existence, memberships."""
    return parties.one(view, party)


@lists(blueprint, "/parties/<party>/agreements", "PartyAgreementList")
def agreements(view: View, _said: Said, party: str) -> list[dict[str, Any]]:
    """List the agreements of a party, and how it stands to each."""
    return parties.agreements(view, party)


@lists(blueprint, "/parties/<party>/relations", "PartyRelationList")
def relations(view: View, _said: Said, party: str) -> list[dict[str, Any]]:
    """List the relations of a party, by the other one."""
    return parties.relations(view, party)


@lists(blueprint, "/parties/<party>/timeline", "Timeline")
def timeline(view: View, _said: Said, party: str) -> list[dict[str, Any]]:
    """List the runs of days of all its layers."""
    return parties.timeline(view, party)

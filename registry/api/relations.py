"""/relations: how two parties stood to each other."""

from typing import Any

from flask_smorest import Blueprint
from marshmallow import fields

from registry.api.parameters import Listing, Point, words
from registry.api.reading import Said, lists, reads
from registry.queries import relations
from registry.queries.view import View

blueprint = Blueprint(
    "relations", __name__, description="How two parties stood to each other, layer by layer."
)


class Layers(Point):
    layer = fields.List(
        words("The name of a layer.", at_most=60),
        metadata={"description": "Only these layers, and the events that they rest on."},
    )


class Between(Listing):
    from_ = words("The first day, in EDTF.", "2008-01-01", required=True, data_key="from")
    to = words("The second day, in EDTF.", "2012-01-01", required=True)


@reads(blueprint, "/relations/<a>/<b>", "RelationsAnswer", Layers)
def between(view: View, said: Said, a: str, b: str) -> dict[str, Any]:
    """Read how two parties stood to each other, with their agreements, claims and evidence."""
    return relations.relations(view, a, b, said.get("layer", ()))


@lists(blueprint, "/relations/<a>/<b>/timeline", "Timeline")
def timeline(view: View, _said: Said, a: str, b: str) -> list[dict[str, Any]]:
    """List the runs of days of every layer between the two."""
    return relations.timeline(view, a, b)


@lists(blueprint, "/relations/<a>/<b>/agreements", "BetweenList")
def agreements(view: View, _said: Said, a: str, b: str) -> list[dict[str, Any]]:
    """List the agreements of the two, and whether each of them was bound."""
    return relations.agreements(view, a, b)


@lists(blueprint, "/relations/<a>/<b>/changes", "ChangeList", Between)
def changes(view: View, said: Said, a: str, b: str) -> list[dict[str, Any]]:
    """List the layers whose answer on the second day is not that of the first."""
    return relations.changes(view, a, b, said["from_"], said["to"])

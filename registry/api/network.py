"""/network: the whole world on a day, one layer of it."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask_smorest import Blueprint

from registry.api.parameters import Listing, words
from registry.api.reading import Said
from registry.api.streaming import Stream, streams
from registry.described.tables import as_csv
from registry.queries import network
from registry.queries.view import View
from registry.web.answering import CSV

blueprint = Blueprint(
    "network", __name__, description="Every pair or participation in the world on a day."
)

SAID: Final = ("value", "certain", "possible", "basis", "covered_until")
BOUNDS: Final = ("since.earliest", "since.latest", "until.earliest", "until.latest")


class OfLayer(Listing):
    layer = words("The name of a layer.", "diplomatic_relations", 60, required=True)


def _csv(found: Stream, _view: View) -> Iterator[bytes]:
    return as_csv(found.columns, (_flat(each) for each in found.items))


@streams(blueprint, "/network", "Network", OfLayer, {CSV: _csv})
def world(view: View, said: Said) -> Stream:
    """Read every pair, directed pair or participation of one layer in the world on a day.

    Of which nothing is recorded by the day is left out, and who certainly did not exist.
    """
    layer = said["layer"]
    items = network.network(view, layer)
    columns = (*network.parts(layer), *SAID, *BOUNDS, "evidence")
    return Stream({"layer": layer}, items, columns)


def _flat(item: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of the subject and the bounds as cells of their own."""
    subject = dict(item["subject"])
    first, second = subject.pop("pair", (None, None))
    bounds = {
        f"{word}.{end}": (item[word] or {}).get(end)
        for word in ("since", "until")
        for end in ("earliest", "latest")
    }
    return {"first": first, "second": second, **subject, **item, **bounds}

"""All parties and one layer between them on a day: a picture, and the same pairs as a table."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from flask import request

from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS
from registry.explore.circle import Tie, drawn
from registry.explore.desk import blueprint
from registry.explore.holding import layer_said, value_said
from registry.explore.looking import shows
from registry.explore.on_the_day import since_said, tag_of
from registry.explore.pair_picture import values_said
from registry.explore.shown import Looking, Shown
from registry.explore.typed import number_in
from registry.queries import network as of_network
from registry.queries.parties import BETWEEN
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import language
from registry.web.wording import OVER

FIRST: Final = "diplomatic_relations"
SIZE: Final = 200
OFFERED: Final = tuple(
    layer for layer in BETWEEN if LAYERS[layer].values and layer not in ("term", "territories")
)


@shows(blueprint, "/network", "explore/network.html")
def network(here: Looking) -> Shown:
    view = here.view
    layer = request.args.get("layer", FIRST)
    if layer not in OFFERED:
        raise Invalid(
            f"not a layer between two parties: {layer!r} (expected one of {', '.join(OFFERED)})",
            "layer",
        )
    among = view.party(request.args["among"], "among") if request.args.get("among") else None
    value = request.args.get("value", "")
    every = [each for each in _pairs(view, layer) if among is None or among in each["parties"]]
    values = sorted({v for each in every for v in each["possible"]})
    found = [each for each in every if not value or value in each["possible"]]
    names = _names(view, found)
    place = {key: n for n, key in enumerate(sorted(names, key=lambda key: (names[key], key)))}
    found.sort(key=lambda each: [place[key] for key in each["parties"]])
    said: dict[tuple[Any, ...], str] = {}
    for each in found:
        answer = (each["certain"], *each["possible"])
        if answer not in said:
            said[answer] = _words(each)
        each["words"] = said[answer]
    picture = drawn([_tie(each) for each in found], names)
    start = number_in("from_pair")
    return Shown(
        _("%(layer)s between all parties", layer=layer_said(layer)),
        {
            "layer": layer,
            "layers": {each: layer_said(each) for each in OFFERED},
            "values": {each: value_said(layer, each) for each in values},
            "value": value,
            "among": among or "",
            "picture": picture,
            "pairs": len(found),
            "parties": len(names),
            "rows": [_row(each, names) for each in found[start : start + SIZE]],
            "start": start,
            "before": max(start - SIZE, 0) if start else None,
            "after": start + SIZE if start + SIZE < len(found) else None,
        },
        description=_("Who stood how to whom on a day, in one layer, as a picture and a table."),
        api="/network",
        asks={"layer": layer},
        csv=here.program("/network", layer=layer, format="csv"),
    )


def _pairs(view: View, layer: str) -> Iterable[dict[str, Any]]:
    """What the API lists, with the two parties of each; an agency is no third."""
    for item in of_network.network(view, layer):
        subject = item["subject"]
        parties = subject.get("pair") or list(subject.values())[:2]
        if parties[0] != parties[1]:
            item["layer"], item["parties"] = layer, parties
            yield item


def _names(view: View, found: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    keys = {key for each in found for key in each["parties"]}
    labels = view.directory.labels("party", keys, view.day, view.threshold, language())
    return {key: labels.get(key, key) for key in keys}


def _tie(each: Mapping[str, Any]) -> Tie:
    over = each["certain"] and each["value"] in OVER
    sure = "over" if over else "certain" if each["certain"] else "possible"
    one, other = each["parties"]
    return Tie(one, other, each["words"], sure)


def _words(each: Mapping[str, Any]) -> str:
    return values_said(each["layer"], each["possible"], certain=each["certain"])


def _row(each: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "parties": [(key, names[key]) for key in each["parties"]],
        "words": each["words"],
        "tag": tag_of(each),
        "since": since_said(each),
    }

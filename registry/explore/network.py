"""All parties and one layer between them on a day: a picture, and the same pairs as a table."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

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
from registry.queries.network import Stood
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
    every = [each for each in _pairs(view, layer) if among is None or among in each[:2]]
    values = sorted({v for possible in {each.possible for each in every} for v in possible})
    found = [each for each in every if not value or value in each.possible]
    names = _names(view, found)
    place = {key: n for n, key in enumerate(sorted(names, key=lambda key: (names[key], key)))}
    order = sorted((place[one], place[other], n) for n, (one, other, *_rest) in enumerate(found))
    found = [found[n] for _one, _other, n in order]
    words = {
        (possible, certain): values_said(layer, possible, certain=certain)
        for possible, certain in {each.answer for each in found}
    }
    picture = drawn([_tie(each, words[each.answer]) for each in found], names)
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
            "rows": [
                _row(layer, each, names, words[each.answer]) for each in found[start : start + SIZE]
            ],
            "start": start,
            "before": max(start - SIZE, 0) if start else None,
            "after": start + SIZE if start + SIZE < len(found) else None,
        },
        description=_("Who stood how to whom on a day, in one layer, as a picture and a table."),
        api="/network",
        asks={"layer": layer},
        csv=here.program("/network", layer=layer, format="csv"),
    )


class _Pair(NamedTuple):
    """Two parties and how they stood; an agency is no third."""

    one: str
    other: str
    possible: tuple[str, ...]
    stood: Stood

    @property
    def answer(self) -> tuple[tuple[str, ...], bool]:
        """The possible values, and whether that is certain: thousands answer alike."""
        return self.possible, self.stood.certain


def _pairs(view: View, layer: str) -> Iterator[_Pair]:
    """What the API lists."""
    for each in of_network.stood(view, layer):
        one, other = each.key.split("|", 2)[:2]
        if one != other:
            yield _Pair(one, other, each.possible, each)


def _names(view: View, found: Iterable[_Pair]) -> dict[str, str]:
    keys = {key for each in found for key in each[:2]}
    labels = view.directory.labels("party", keys, view.day, view.threshold, language())
    return {key: labels.get(key, key) for key in keys}


def _tie(each: _Pair, words: str) -> Tie:
    over = each.stood.certain and each.stood.value in OVER
    sure = "over" if over else "certain" if each.stood.certain else "possible"
    return Tie(each.one, each.other, words, sure)


def _row(layer: str, each: _Pair, names: Mapping[str, str], words: str) -> dict[str, Any]:
    item = {"layer": layer, **of_network.item_of(layer)(each.stood)}
    return {
        "parties": [(key, names[key]) for key in each[:2]],
        "words": words,
        "tag": tag_of(item),
        "since": since_said(item),
    }

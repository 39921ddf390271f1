"""What goes with a table: its columns, layers and rules in words, and how to make it again."""

from collections.abc import Iterator
from typing import Any, Final

from registry.domain.catalogue import CATALOGUE
from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.layers import LAYERS
from registry.projections.write import RULES
from registry.queries.exports import dyads
from registry.queries.exports.table import Asked, Table
from registry.queries.instants import instant_text
from registry.queries.view import View
from registry.store.tree import Tree

COLUMNS: Final = ("part", "name", "kind", "text")

DAY_RULE: Final = (
    "certain: in every possible world, on all the days asked about; possible: in some world, on "
    "some of them"
)
_HOLDS: Final = {
    "latest": "the latest holds",
    "furthest": "the furthest holds",
    "tiers": "one of the highest tier holds, and the latest of these",
}
_COUNTS: Final = {
    Confidence.CONFIRMED: "Only what is confirmed counts.",
    Confidence.REPORTED: "What is reported or confirmed counts; allegations move nothing.",
    Confidence.ALLEGED: "Everything counts; what is disputed may not have happened.",
}


def replication(view: View, table: Table, asked: Asked) -> dict[str, str]:
    """What has to be asked, of which log, to get the same table again."""
    made = {
        "table": table.name,
        "as_of": view.as_of_text,
        "known_at": f"@{view.moment}",
        "recorded_at": instant_text(view.recorded_at),
        "root": Tree(view.conn).root(view.moment).hex(),
        "confidence": view.threshold.word,
        "day_rule": DAY_RULE,
        "rules": str(RULES),
    }
    if asked.rule:
        made |= {"layer": ", ".join(asked.layers), "collapse_rule": asked.rule}
    return made


def line(made: dict[str, str]) -> str:
    """The same in one line."""
    return "; ".join(f"{name}={value}" for name, value in made.items() if name != "day_rule") + (
        f"; day_rule={made['day_rule'].replace('; ', ', ')}"
    )


def codebook(view: View, table: Table, asked: Asked) -> list[dict[str, Any]]:
    """Rows of part, name, kind and text."""
    return [
        {"part": part, "name": name, "kind": kind, "text": text}
        for part, name, kind, text in _entries(view, table, asked)
    ]


def _entries(view: View, table: Table, asked: Asked) -> Iterator[tuple[str, str, str, str]]:
    for name, value in replication(view, table, asked).items():
        yield "replication", name, "text", value
    yield "table", table.name, "table", table.doc
    for column in table.columns:
        yield "column", column.name, column.kind, column.doc
    for name in asked.layers:
        layer = LAYERS[name]
        values = ", ".join(layer.values) if layer.values else "free text"
        basis = f" Basis: {layer.basis}." if layer.basis else ""
        text = (
            f"{layer.question} Values: {values}. Where nothing is recorded: {layer.default}. Of "
            f"several settings {_HOLDS[layer.rule]}.{basis} Set by: {', '.join(_set_by(name))}."
        )
        yield "layer", name, layer.rule, text
    if asked.rule:
        for rule, doc in dyads.RULES.items():
            chosen = " (chosen)" if rule == asked.rule else ""
            yield "rule", rule, "collapse rule", doc + chosen
    for each in THRESHOLDS:
        chosen = " (chosen)" if each is view.threshold else ""
        yield "threshold", each.word, "confidence", _COUNTS[each] + chosen
    yield (
        "value",
        "not_applicable",
        "layer value",
        "A party of the subject did not exist on the day, or may not have.",
    )


def _set_by(layer: str) -> list[str]:
    """The types of events that set the layer; `*` are those that name a layer themselves."""
    return sorted(
        name
        for name, cls in CATALOGUE.items()
        if any(each.layer in (layer, "*") for each in cls.SETS)
    )

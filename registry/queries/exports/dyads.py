"""The table of dyad-years: each pair, layer and year, its days made into one row by a stated rule."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from registry.described.tables import Column
from registry.domain.dates import Days, day_of, iso
from registry.domain.dates.gregorian import calendar_of
from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS
from registry.queries.exports.table import EVIDENCE, SAID, Asked, Table, said_in_row
from registry.queries.parties import BETWEEN
from registry.queries.states import Span
from registry.queries.view import View
from registry.queries.world import LayerOfWorld, World

RULES: Final = {
    "last_day": "The value on 31 December, or on the last day asked about in that year.",
    "any_certain": "The value that held certainly on at least one day of the year; `held` lists "
    "all such values in order of time, `value` is empty where they are none or several.",
    "any_possible": "The value that was possible on any day of the year; `possible` lists all of "
    "them, `value` is empty where they are several.",
}
DEFAULT_RULE: Final = "last_day"
DEFAULT_LAYER: Final = "diplomatic_relations"
MOST_YEARS: Final = 1_000


def asked(layers: tuple[str, ...], rule: str | None) -> Asked:
    for layer in layers:
        if layer not in BETWEEN:
            raise Invalid(
                f"not a layer between two parties: {layer!r} (expected one of "
                f"{', '.join(BETWEEN)})",
                "layer",
            )
    if rule is not None and rule not in RULES:
        raise Invalid(f"expected one of {', '.join(RULES)}; got {rule!r}", "rule")
    return Asked(tuple(dict.fromkeys(layers)) or (DEFAULT_LAYER,), rule or DEFAULT_RULE)


def _check(view: View) -> None:
    if _year(view.days.hi) - _year(view.days.lo) >= MOST_YEARS:
        raise Invalid(f"expected at most {MOST_YEARS} years, got {view.as_of_text}", "as_of")


def _year(day: int) -> int:
    return calendar_of(day)[0]


def _rows(view: View, choice: Asked) -> Iterator[dict[str, Any]]:
    years = _years(view)
    world = World(view)
    for name in choice.layers:
        layer = world.layer(name)
        for key, rows in world.subjects(name):
            parts = key.split("|")
            for year, days in years:
                yield {
                    "year": year,
                    "days": _text(days),
                    "layer": name,
                    "first": parts[0],
                    "second": parts[1],
                    "about": "; ".join(each for each in parts[2:] if each) or None,
                    "directed": not LAYERS[name].of_pair,
                    "rule": choice.rule,
                    **_collapsed(layer, key, rows, days, choice.rule),
                }


def _years(view: View) -> list[tuple[int, Days]]:
    """Each year with those of its days that are asked about; of `last_day` only the last is."""
    found = []
    for year in range(_year(view.days.lo), _year(view.days.hi) + 1):
        days = view.days & Days(((day_of(year, 1, 1), day_of(year, 12, 31)),))
        if days:
            found.append((year, days))
    return found


def _collapsed(
    layer: LayerOfWorld, key: str, rows: Sequence[Span], days: Days, rule: str
) -> dict[str, Any]:
    if rule == DEFAULT_RULE:
        days = Days.on(days.hi)
    mine = [r for r in rows if r.day_from <= days.hi and days.lo <= r.day_to]
    said = layer.said(key, mine, days)
    value = said["value"]
    if said["certain"] and value is not None:
        held = [value]
    elif rule == DEFAULT_RULE:
        held = []
    else:
        held = layer.certain_on_some_day(key, mine, days)
    if rule == "any_certain":
        value = held[0] if len(held) == 1 else None
    return {
        "value": value,
        **said_in_row(said),
        "held": held,
        "evidence": said["evidence"],
    }


def _text(days: Days) -> str:
    return iso(days.lo) if days.single else f"{iso(days.lo)}/{iso(days.hi)}"


TABLE: Final = Table(
    "dyad-year",
    "One row for each pair of which anything is recorded in the layer, and each year of `as_of` "
    "(as in as_of=1990/2010). certain, possible, basis and covered_until are of the last day "
    "(rule last_day) or of all days of the year that are asked about (the other rules).",
    (
        Column("year", "whole", "The year; 0 is 1 BCE."),
        Column("days", "text", "The days of the year that are asked about."),
        Column("layer", "text", "The layer: one question about the two."),
        Column("first", "text", "One party; of a directed pair the one from whom it goes."),
        Column("second", "text", "The other party; of a directed pair the one to whom it goes."),
        Column("about", "text", "What else names the subject: a programme, a kind, an agency."),
        Column("directed", "yes_no", "Whether the pair has a direction."),
        Column("rule", "text", "The rule by which the days of the year became one row."),
        Column("value", "text", "The value by the rule; empty where there is not exactly one."),
        *SAID,
        Column("held", "many", "The values that held certainly on at least one of the days."),
        EVIDENCE,
    ),
    (DEFAULT_LAYER,),
    _rows,
    _check,
)

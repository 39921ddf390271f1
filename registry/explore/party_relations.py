"""How a party stood to every other on the day: a row for each, with a word and a mark."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.explore.naming import Namer
from registry.explore.on_the_day import tag_of
from registry.explore.pair_picture import ORDER, subject_said, values_said
from registry.web.languages import text_of as t

Answer = Mapping[str, Any]

ONLY: Final = {
    "": t("with whom anything is recorded for the day"),
    "relations": t("with whom it had, or may have had, diplomatic relations"),
    "certain": t("with whom something is certain"),
    "open": t("with whom something is open"),
    "agreements": t("with whom an agreement between the two alone bound it, or may have"),
    "all": t("with whom anything was ever recorded"),
}


@dataclass(frozen=True)
class Cell:
    """A layer in a word; `tag`: certain, possible or unknown. `layer`: its name, where told, and
    between whom, who are called by their codes.
    """

    words: str
    tag: str
    layer: str = ""


@dataclass(frozen=True)
class Row:
    """Another party. The layers of the two columns each are from it, and to it."""

    id: str
    name: str
    relations: Cell | None
    missions: tuple[Cell | None, Cell | None]
    heads: tuple[Cell | None, Cell | None]
    more: tuple[Cell, ...]


Item = Mapping[str, Any]
"""Another party with the layers between the two, as `parties.relations` answers."""


def silent(item: Item) -> bool:
    """Whether nothing is recorded for the day."""
    return all(tag_of(each) == "unknown" for each in item["layers"])


def chosen(items: Iterable[Item], only: str, with_agreements: Iterable[str]) -> list[Item]:
    """Those that the reader asked for, by one of ONLY."""
    if only not in ONLY:
        raise Invalid(f"expected one of {', '.join(filter(None, ONLY))}; got {only!r}", "only")
    agreed = set(with_agreements)
    tests: dict[str, Callable[[Item], bool]] = {
        "": lambda item: not silent(item),
        "relations": lambda item: any(
            each["layer"] == "diplomatic_relations" and "established" in each["possible"]
            for each in item["layers"]
        ),
        "certain": lambda item: any(
            tag_of(each) == "certain" and each["value"] != NOT_APPLICABLE for each in item["layers"]
        ),
        "open": lambda item: any(tag_of(each) == "possible" for each in item["layers"]),
        "agreements": lambda item: item["party"]["id"] in agreed,
        "all": lambda _item: True,
    }
    return [each for each in items if tests[only](each)]


def row_of(party: str, item: Item, namer: Namer) -> Row:
    """`party`: of whose page it is."""
    other, answers = item["party"]["id"], item["layers"]
    codes = replace(namer.names, parties={**namer.names.parties, party: party, other: other})
    short = replace(namer, names=codes)

    def cell(layer: str, sender: str = "") -> Cell | None:
        for each in answers:
            if each["layer"] == layer and each["subject"].get("sender", "") == sender:
                return Cell(_words(each, namer), tag_of(each))
        return None

    return Row(
        other,
        namer.names.party(other),
        cell("diplomatic_relations"),
        (cell("representation", party), cell("representation", other)),
        (cell("head_of_mission", party), cell("head_of_mission", other)),
        tuple(
            Cell(_words(each, namer), tag_of(each), _about(each, short))
            for each in sorted(answers, key=lambda each: ORDER.index(each["layer"]))
            if each["layer"] not in _COLUMNS and tag_of(each) != "unknown"
        ),
    )


_COLUMNS: Final = ("diplomatic_relations", "representation", "head_of_mission")


def _words(answer: Answer, namer: Namer) -> str:
    return values_said(answer["layer"], answer["possible"], namer, certain=answer["certain"])


def _about(answer: Answer, namer: Namer) -> str:
    layer = LAYERS[answer["layer"]]
    return subject_said((layer.name, layer.key_of(answer["subject"])), namer)

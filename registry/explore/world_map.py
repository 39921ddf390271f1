"""How a party stood to every other on the day, on a map, and the same as a table."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.dates import parse
from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.explore.on_the_day import since_said, tag_of
from registry.explore.outlines import outlines
from registry.explore.pair_picture import values_said
from registry.queries import parties
from registry.queries.segments import segments
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import language
from registry.web.languages import text_of as t
from registry.web.wording import OVER

FIRST: Final = "diplomatic_relations"
OFFERED: Final = {
    FIRST: t("Diplomatic relations"),
    "representation": t("Its mission there"),
    "sanctions": t("Its sanctions there"),
    "recognition_state": t("Whether it recognises the other as a state"),
}
"""The layers that are drawn; the directed ones from the party towards the others."""
LOOKS: Final = {
    "self": t("the party itself"),
    "holds": t("certain: it holds"),
    "over": t("certain: none, or ended"),
    "open": t("possible: open on the record"),
    "unknown": t("nothing recorded"),
    "absent": t("not in existence on the day"),
}
"""How an outline is filled: no two differ by colour alone."""


@dataclass(frozen=True)
class Land:
    """An outline as drawn. `party`: whose it is; empty where it is nobody's on record."""

    party: str
    look: str
    title: str
    path: str


@dataclass(frozen=True)
class Row:
    """Another party of which anything is recorded for the day. `drawn`: whether it has an outline."""

    party: str
    name: str
    words: str
    look: str
    tag: str
    since: str
    drawn: bool


@dataclass(frozen=True)
class WorldMap:
    """`counts`: outlines by look. `unmatched`: names of outlines that are nobody's on record.

    `changes`: the first days of what is another than before, of any pair: YYYY-MM-DD.
    """

    layer: str
    lands: tuple[Land, ...]
    rows: tuple[Row, ...]
    counts: Mapping[str, int]
    unmatched: tuple[str, ...]
    changes: tuple[str, ...]


def map_of(view: View, party: str, layer: str = FIRST) -> WorldMap:
    """The lands are none where the outlines were not brought; the rows are there all the same."""
    docs = view.directory.all("party")
    answers = _answers(view, party, layer)
    owners = _owners(docs)
    labels = view.directory.labels("party", docs, view.day, view.threshold, language())
    whose = {owners[each.code] for each in outlines() if each.code in owners}
    rows = {
        other: Row(
            other,
            labels.get(other, other),
            values_said(layer, said["possible"], certain=said["certain"]),
            look,
            tag_of(said),
            since_said(said),
            other in whose,
        )
        for other, said in answers.items()
        if (look := _look(said)) != "unknown"
    }
    lands, unmatched = [], []
    for each in outlines():
        owner = owners.get(each.code, "")
        if not owner:
            unmatched.append(each.name)
        look = "self" if owner == party else rows[owner].look if owner in rows else "unknown"
        lands.append(
            Land(
                owner, look, _title(labels.get(owner, each.name), look, rows.get(owner)), each.path
            )
        )
    return WorldMap(
        layer,
        tuple(lands),
        tuple(sorted(rows.values(), key=lambda row: (row.name, row.party))),
        Counter(land.look for land in lands),
        tuple(sorted(unmatched)),
        _changes(view, layer, answers.values()),
    )


def _answers(view: View, party: str, layer: str) -> dict[str, dict[str, Any]]:
    """By the other party; of directed layers those from the party."""
    found = {}
    for item in parties.relations_in_short(view, party):
        for answer in item["layers"]:
            subject = answer["subject"]
            ours = "pair" in subject or next(iter(subject.values())) == party
            if answer["layer"] == layer and ours:
                found[item["party"]["id"]] = answer
    return found


def _changes(view: View, layer: str, answers: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    subjects = [(layer, LAYERS[layer].key_of(each["subject"])) for each in answers]
    days = {each["from"] for each in segments(view, subjects) if each["from"]}
    return tuple(sorted(day for day in days if len(day) == 10))


def _look(answer: Mapping[str, Any]) -> str:
    if answer["possible"] == [NOT_APPLICABLE]:
        return "absent"
    tag = tag_of(answer)
    if tag == "certain":
        return "over" if answer["value"] in OVER else "holds"
    return "open" if tag == "possible" else "unknown"


def _owners(docs: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The party that each code means, of those that are still in use, as `iso2:BO`."""
    return {
        f"{code['scheme']}:{code['code']}": key
        for key, doc in docs.items()
        for code in doc.get("codes", ())
        if code["scheme"] in ("iso2", "wikidata") and _lasts(code.get("valid"))
    }


def _lasts(valid: str | None) -> bool:
    return valid is None or parse(valid).over.hi >= parse("9999-12-31").earliest


def _title(name: str, look: str, row: Row | None) -> str:
    return f"{name}: {row.words if row else _(LOOKS[look])}"

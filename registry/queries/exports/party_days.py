"""The table of party-days: each party on the day, whether it existed, what it belonged to."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from registry.described.tables import Column
from registry.domain import dates
from registry.domain.entities import label
from registry.queries.answers import answers
from registry.queries.bound import BOUND, PROVISIONALLY
from registry.queries.exports.participations import chunks
from registry.queries.exports.table import AS_OF, EVIDENCE, SAID, Asked, Table, said_in_row
from registry.queries.network import network
from registry.queries.view import View

_CHUNK: Final = 500
_SCHEMES: Final = ("iso3", "cow", "gw")


@dataclass
class _Counted:
    """How many hold of each party: certainly, and possibly (those that are certain included)."""

    certainly: Counter[str] = field(default_factory=Counter)
    possibly: Counter[str] = field(default_factory=Counter)

    def add(self, parties: tuple[str, ...], *, certain: bool) -> None:
        self.possibly.update(parties)
        if certain:
            self.certainly.update(parties)


def _rows(view: View, _asked: Asked) -> Iterator[dict[str, Any]]:
    bound = _bound(view)
    relations = _relations(view)
    sent, received = _missions(view)
    members, may_be = _memberships(view)
    docs = view.directory.all("party")
    ids = sorted(docs)
    for at in range(0, len(ids), _CHUNK):
        part = ids[at : at + _CHUNK]
        found = answers(view, [("existence", each) for each in part])
        for party in part:
            existence = found["existence", party]
            yield {
                "as_of": view.as_of_text,
                "party": party,
                "name": label(docs[party], view.day, view.threshold),
                "kind": docs[party]["kind"],
                **_codes(docs[party], view),
                "existence": existence["value"],
                **said_in_row(existence),
                "memberships": members[party],
                "possible_memberships": may_be[party],
                "agreements_bound": bound.certainly[party],
                "agreements_possibly_bound": bound.possibly[party],
                "relations": relations.certainly[party],
                "possible_relations": relations.possibly[party],
                "missions_sent": sent.certainly[party],
                "possible_missions_sent": sent.possibly[party],
                "missions_received": received.certainly[party],
                "possible_missions_received": received.possibly[party],
                "evidence": existence["evidence"],
            }


def _bound(view: View) -> _Counted:
    counted = _Counted()
    for chunk in chunks(view):
        for each in chunk:
            if {BOUND, PROVISIONALLY} & set(each.bound["possible"]):
                counted.add((each.party,), certain=each.bound["certain"])
    return counted


def _relations(view: View) -> _Counted:
    counted = _Counted()
    for each in network(view, "diplomatic_relations"):
        if "established" in each["possible"]:
            counted.add(tuple(each["subject"]["pair"]), certain=each["certain"])
    return counted


def _missions(view: View) -> tuple[_Counted, _Counted]:
    sent, received = _Counted(), _Counted()
    for each in network(view, "representation"):
        if set(each["possible"]) - _NONE:
            sent.add((each["subject"]["sender"],), certain=each["certain"])
            received.add((each["subject"]["receiver"],), certain=each["certain"])
    return sent, received


_NONE: Final = frozenset({"none", "unknown", "not_applicable"})


def _memberships(view: View) -> tuple[Mapping[str, list[str]], Mapping[str, list[str]]]:
    certain: dict[str, list[str]] = defaultdict(list)
    possible: dict[str, list[str]] = defaultdict(list)
    for each in network(view, "membership"):
        if "member" in each["possible"]:
            which = certain if each["certain"] else possible
            which[each["subject"]["party"]].append(each["subject"]["organisation"])
    return certain, possible


def _codes(doc: Mapping[str, Any], view: View) -> dict[str, Any]:
    """The codes that are valid on the day."""
    valid = [
        code
        for code in doc.get("codes", ())
        if code.get("valid") is None or view.day in dates.parse(code["valid"]).over
    ]
    first = {code["scheme"]: code["code"] for code in reversed(valid)}
    return {
        **{scheme: first.get(scheme) for scheme in _SCHEMES},
        "codes": [f"{code['scheme']}:{code['code']}" for code in valid],
    }


def _counts(name: str, what: str) -> tuple[Column, Column]:
    possible = "agreements_possibly_bound" if name == "agreements_bound" else f"possible_{name}"
    return (
        Column(name, "whole", f"{what}, for certain."),
        Column(possible, "whole", f"{what}, as far as possible; those that are certain included."),
    )


TABLE: Final = Table(
    "party-day",
    "One row for each party on record, on the day asked about.",
    (
        AS_OF,
        Column("party", "text", "Its id, for ever the same."),
        Column("name", "text", "Its name on the day."),
        Column("kind", "text", "A state, an organisation, an agency, or what else it is."),
        *(
            Column(scheme, "text", f"Its code in the scheme {scheme} that is valid on the day.")
            for scheme in _SCHEMES
        ),
        Column("codes", "many", "All codes that are valid on the day, as scheme:code."),
        Column("existence", "text", "exists or ended; empty where both are possible."),
        *SAID,
        Column("memberships", "many", "The organisations of which it was certainly a member."),
        Column("possible_memberships", "many", "Further ones of which it may have been."),
        *_counts("agreements_bound", "The number of agreements that bound it, or provisionally"),
        *_counts("relations", "The number of parties with which diplomatic relations stood"),
        *_counts("missions_sent", "The number of parties where it had a mission"),
        *_counts("missions_received", "The number of parties that had a mission with it"),
        EVIDENCE,
    ),
    (
        *("existence", "membership", "participation", "force", "diplomatic_relations"),
        "representation",
    ),
    _rows,
)

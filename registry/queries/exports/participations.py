"""The table of participations: each agreement and party, how it took part and if it was bound."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.described.tables import Column
from registry.domain.entities import label
from registry.queries import events as of_events
from registry.queries.agreements import PARTY_LAYERS
from registry.queries.answers import Subject, answers, known_subjects
from registry.queries.bound import bound_of_each, subjects_for
from registry.queries.exports.table import AS_OF, EVIDENCE, SAID, Asked, Table, said_in_row
from registry.queries.view import View

_CHUNK: Final = 500
"""About so many participations are read at once."""


@dataclass(frozen=True)
class Taking:
    """How one party took part in one agreement on the days asked about."""

    agreement: Mapping[str, Any]
    party: str
    participation: Mapping[str, Any]
    bound: Mapping[str, Any]
    force: Mapping[str, Any]


def chunks(view: View) -> Iterator[list[Taking]]:
    """Every participation of which anything was known, whole agreements at a time, by slug."""
    by_agreement: dict[str, set[str]] = {}
    for _, key in known_subjects(view, [*PARTY_LAYERS, "statement", "territories"]):
        slug, party, *_ = key.split("|")
        by_agreement.setdefault(slug, set()).add(party)
    waiting: dict[str, list[str]] = {}
    size = 0
    for slug in sorted(by_agreement):
        waiting[slug] = sorted(by_agreement[slug])
        size += len(waiting[slug])
        if size >= _CHUNK:
            yield _read(view, waiting)
            waiting, size = {}, 0
    if waiting:
        yield _read(view, waiting)


def _read(view: View, parties: Mapping[str, list[str]]) -> list[Taking]:
    docs = view.directory.docs("agreement", parties)
    subjects: list[Subject] = [s for slug, ids in parties.items() for s in subjects_for(slug, ids)]
    found = answers(view, subjects)
    bound = bound_of_each(view, [(docs[slug], ids) for slug, ids in parties.items()], found)
    return [
        Taking(
            docs[slug],
            party,
            found["participation", f"{slug}|{party}"],
            bound[slug][party],
            found["force", slug],
        )
        for slug, ids in parties.items()
        for party in ids
    ]


def _rows(view: View, _asked: Asked) -> Iterator[dict[str, Any]]:
    for chunk in chunks(view):
        parties = {each.party for each in chunk}
        names = view.directory.labels("party", parties, view.day, view.threshold)
        stood = of_events.standings(
            view, {e for each in chunk for e in each.participation["evidence"]}
        )
        for each in chunk:
            evidence = each.participation["evidence"]
            cited = [
                citation.source
                for event_id in evidence
                if (standing := stood.get(event_id)) is not None
                for citation in (standing.event or standing.record.event).sources
            ]
            yield {
                "as_of": view.as_of_text,
                "agreement": each.agreement["id"],
                "title": label(each.agreement, view.day, view.threshold),
                "party": each.party,
                "party_name": names.get(each.party, each.party),
                "participation": each.participation["value"],
                **said_in_row(each.participation),
                "bound": each.bound["value"],
                "bound_certain": each.bound["certain"],
                "bound_possible": each.bound["possible"],
                "force": each.force["value"],
                "sources": list(dict.fromkeys(cited)),
                "evidence": evidence,
            }


TABLE: Final = Table(
    "participation",
    "One row for each agreement and each party of which anything is recorded in it.",
    (
        AS_OF,
        Column("agreement", "text", "The agreement's slug, for ever the same."),
        Column("title", "text", "Its title on the day."),
        Column("party", "text", "The party's id, for ever the same."),
        Column("party_name", "text", "Its name on the day."),
        Column(
            "participation",
            "text",
            "How it took part; empty where more than one value is possible.",
        ),
        *SAID,
        Column(
            "bound",
            "text",
            "bound, provisionally_bound or not_bound; empty where more than one is possible.",
        ),
        Column("bound_certain", "yes_no", "Whether that is so in every possible world."),
        Column("bound_possible", "many", "Every such value that is possible."),
        Column("force", "text", "Whether the agreement was in force; empty where that is open."),
        Column("sources", "many", "The ids of the sources of the evidence."),
        EVIDENCE,
    ),
    ("participation", "force", "provisional_application"),
    _rows,
)

"""The page of an agreement: its head, its status table, and all that belongs to it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from registry.domain.dates import MAX_DAY, MIN_DAY, Day, day_of
from registry.domain.entities import called, label
from registry.domain.entry_into_force import Rule
from registry.domain.events import agreements as of
from registry.explore.agreement_head import Head, head_of
from registry.explore.agreement_kinds import kind_said
from registry.explore.alleged import alleged_of
from registry.explore.desk import blueprint
from registry.explore.headcount import plotted
from registry.explore.letters import explained
from registry.explore.lineage import relatives
from registry.explore.looking import shows
from registry.explore.numbered import numbered
from registry.explore.rule_said import rule_said
from registry.explore.shown import Looking, Shown
from registry.explore.statements_said import kind_said as statement_kind
from registry.explore.statements_said import statements_of, territories_of
from registry.explore.status_table import (
    Began,
    Counted,
    Row,
    consents,
    parties,
    rows_of,
    signatories,
)
from registry.explore.telling import Told, events_told
from registry.explore.was_bound import asked_of
from registry.queries import events as of_events
from registry.queries.answers import answers
from registry.queries.bound import bound_answers, rule_for, rule_of, subjects_for
from registry.queries.bound_over_time import bound_over_time
from registry.queries.segments import segments
from registry.queries.status import Status, status
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import language

ROWS = 400
"""So many rows of the status table stand on one page."""
TOLD = 40
"""So many events about the agreement as such are told; all are one link away."""
LONG = 40
"""Letters beside a date; longer remarks stand once under the table, by number."""


@dataclass(frozen=True)
class Table:
    """The status table on the day, whole. `stood`: the answers that it rests on."""

    doc: Mapping[str, Any]
    status: Status
    rows: list[Row]
    signatories: Counted
    consents: Counted
    parties: Counted
    force: Mapping[str, Any]
    rule: Rule | None
    bound: Mapping[str, Mapping[str, Any]]


def table_of(view: View, agreement: str, also: Iterable[str] = ()) -> Table:
    """`also`: parties whose answer is wanted though they take no part."""
    doc = view.agreement(agreement)
    found = status(view, agreement)
    ids = list(dict.fromkeys([*found.parties, *also]))
    known = answers(view, [rule_for(agreement), *subjects_for(agreement, ids)])
    bound = bound_answers(view, doc, ids, known)
    rule = rule_of(known[rule_for(agreement)])
    began = _began(view, agreement)
    rows = rows_of(view, found, bound, rule, began, bilateral=doc.get("form") == "bilateral")
    return Table(
        doc,
        found,
        rows,
        signatories(found, view.days),
        consents(found, view.days),
        parties(rows),
        known["force", agreement],
        rule,
        bound,
    )


@shows(blueprint, "/agreements/<agreement>", "explore/agreement.html")
def agreement(here: Looking, agreement: str) -> Shown:
    view = here.view
    party = view.party(request.args["party"]) if request.args.get("party") else None
    table = table_of(view, agreement, [party] if party else [])
    found, doc = table.status, table.doc
    names = _names(view, found.parties)
    whole = _told(here, table)
    page = numbered(len(table.rows), ROWS, request.args.get("rows"), "rows")
    head = head_of(view, doc, found, table.force, table.rule)
    linked = relatives(agreement, found.whole)
    titles = view.directory.labels(
        "agreement", [each.agreement for each in linked], view.day, view.threshold, language()
    )
    alleged: list[Told] = []
    if here.includes_alleged:
        alleged = alleged_of(here.opened, here.link, agreement=agreement)
    statements = statements_of(here, found, names, request.args.get("statements"))
    title = label(doc, view.day, view.threshold, language())
    return Shown(
        title,
        {
            "doc": doc,
            "head": head,
            "kind_words": kind_said(doc),
            "kind_said": statement_kind,
            "titles": called(doc, view.threshold)[1:] and called(doc, view.threshold),
            "table": table,
            "rows": table.rows[page.start : page.end],
            "page": page,
            "letters": explained({e.letter for row in table.rows for e in row.entries}),
            "remarks": list(
                dict.fromkeys(
                    e.beside for row in table.rows for e in row.entries if len(e.beside) > LONG
                )
            ),
            "picked": party,
            "asked": asked_of(here, table.bound[party], party) if party else None,
            "participants": sorted(names.items(), key=lambda each: each[1].casefold()),
            "plot": plotted(bound_over_time(view, doc, found.parties), view.day),
            "statements": statements,
            "territories": territories_of(view, found, names),
            "rule": _rule(view, table),
            "relatives": linked,
            "title_of": lambda key: titles.get(key, key),
            "commitments": [e for e in whole if e.type in _COMMITTING],
            "happened": [e for e in whole if e.type not in _COMMITTING][:TOLD],
            "events_count": len(found.every),
            "alleged": alleged,
            "sources": _sources(view, found),
        },
        description=_description(title, table, head),
        api=f"/agreements/{agreement}/parties",
        csv=here.pinned(f"/agreements/{agreement}/status.csv"),
        subject=f"agreement:{agreement}",
        feeds=f"/agreements/{agreement}",
        alleged=bool(alleged) or any(each.alleged for each in whole),
    )


_COMMITTING = frozenset(
    {
        of.CommitmentMade.TYPE,
        *(f"conduct.assistance_{word}" for word in ("provided", "suspended", "ended")),
    }
)


def _began(view: View, agreement: str) -> Began | None:
    """When the agreement may first have been in force, and from when it was for certain."""
    lo: Day | None = None
    for run in segments(view, [("force", agreement)]):
        if "in_force" not in run["possible"]:
            continue
        begins = MIN_DAY if run["from"] is None else _day(run["from"])
        lo = begins if lo is None else lo
        if run["value"] == "in_force":
            return Began(lo, begins)
    return None if lo is None else Began(lo, MAX_DAY)


def _day(text: str) -> Day:
    year, month, day = text.rsplit("-", 2)
    return day_of(int(year), int(month), int(day))


def _names(view: View, ids: Iterable[str]) -> dict[str, str]:
    return view.directory.labels("party", ids, view.day, view.threshold, language())


def _told(here: Looking, table: Table) -> list[Told]:
    """What was done about the agreement as such, in sentences, in order of its days."""
    claims = sorted(table.status.whole, key=lambda each: (each.begins, each.position))
    documents = of_events.documents(here.view, [each.event_id for each in claims[:200]])
    told = events_told(here.view, documents, here.link)
    return [told[each.event_id] for each in claims if each.event_id in told]


def _rule(view: View, table: Table) -> dict[str, Any] | None:
    if table.rule is None:
        return None
    events = table.status.named(of.EntryIntoForceRuleSet)
    last = events[-1].event if events else None
    text = last.text if isinstance(last, of.EntryIntoForceRuleSet) else None
    article = last.article if isinstance(last, of.EntryIntoForceRuleSet) else None
    names = _names(view, table.rule.said.get("named", ()))
    return {
        "sentences": rule_said(table.rule, lambda key: names.get(key, key), text),
        "article": article,
        "n": table.rule.said.get("n"),
    }


def _sources(view: View, found: Status) -> list[tuple[str, str, str, int]]:
    """(id, title, publisher, number of events) of those cited, the most cited first."""
    cited = Counter(
        each for claim in found.every for each in {c.source for c in claim.event.sources}
    )
    docs = view.directory.docs("source", cited)
    ranked = sorted(cited.items(), key=lambda each: (-each[1], each[0]))
    return [
        (key, str(docs[key]["title"]), str(docs[key].get("publisher", "")), count)
        for key, count in ranked
        if key in docs
    ]


def _description(title: str, table: Table, head: Head) -> str:
    """One sentence for who has only the link."""
    return _(
        "%(title)s: %(force)s; signatories: %(signatories)s, parties: %(parties)s.",
        title=title,
        force=head.force_words,
        signatories=table.signatories.certain,
        parties=table.parties.certain,
    )

"""Reservations, declarations, objections with their words; and the territories that are included."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.events import participation, statements
from registry.explore.dates_said import at
from registry.explore.naming import namer_of
from registry.explore.numbered import numbered
from registry.explore.shown import Looking
from registry.explore.status_table import sorting
from registry.queries.answers import answers
from registry.queries.status import Claim, Status
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

LONG: Final = 120_000
"""So many characters of statements stand on one page, or one statement, if it is longer."""


@dataclass(frozen=True)
class Said:
    """One statement. `to`: whose statement it answers, with the id of that event.

    `stands`: made, withdrawn, open or none on the day. `withdrawn`: when, each with its event.
    """

    event_id: str
    party: str
    name: str
    kind: str
    when: str
    text: str
    articles: tuple[str, ...]
    to: tuple[str, str] | None
    opposes: bool
    note: str
    sources: tuple[str, ...]
    stands: str
    withdrawn: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Statements:
    """Those on this page, and how many pages there are."""

    declared: tuple[Said, ...]
    objected: tuple[Said, ...]
    count: int
    number: int
    last: int


@dataclass(frozen=True)
class Territory:
    party: str
    name: str
    territory: str
    words: str
    event_id: str


def statements_of(
    here: Looking, status: Status, names: Mapping[str, str], asked: str | None
) -> Statements:
    """By the name of who made them, objections after all others."""
    view = here.view
    made = [c for c in status.statements if isinstance(c.event, statements.Statement)]
    made.sort(key=lambda c: _place(c, names))
    pages = list(_pages(made))
    page = numbered(len(pages), 1, asked, "statements")
    mine = pages[page.start]
    subjects = [
        ("statement", f"{status.agreement}|{c.event.party}|{c.event_id}")  # type: ignore[attr-defined]
        for c in mine
    ]
    found = answers(view, subjects)
    whose = {c.event_id: c for c in made}
    cited = view.directory.docs("source", {s.source for c in mine for s in c.event.sources})
    said = [
        _said(c, names, whose, status, found[subject], cited)
        for c, subject in zip(mine, subjects, strict=True)
    ]
    return Statements(
        tuple(each for each in said if each.kind != OBJECTION),
        tuple(each for each in said if each.kind == OBJECTION),
        len(made),
        page.number,
        page.last,
    )


OBJECTION: Final = "objection"
_KINDS: Final = {
    statements.ReservationMade: "reservation",
    statements.DeclarationMade: "declaration",
    statements.ObjectionMade: OBJECTION,
    statements.StatementRecorded: "statement",
}
_NAMES: Final = {
    "reservation": t("Reservation"),
    "declaration": t("Declaration"),
    OBJECTION: t("Objection"),
    "statement": t("Statement whose nature the source does not tell"),
}


def kind_said(kind: str) -> str:
    return _(_NAMES[kind])


def territories_of(view: View, status: Status, names: Mapping[str, str]) -> list[Territory]:
    made: list[Territory] = []
    for claim in status.territories:
        event: Any = claim.event
        ended = isinstance(event, participation.TerritorialApplicationEnded)
        date = event.effective or event.occurred
        when = at(date) if date else _("on a day that is not recorded")
        words = _("ended %(when)s", when=when) if ended else _("extended %(when)s", when=when)
        territory = namer_of(view, parties=[event.territory]).names.party(event.territory)
        made.append(
            Territory(
                event.party, names.get(event.party, event.party), territory, words, claim.event_id
            )
        )
    return sorted(made, key=lambda each: (sorting(each.name), each.territory))


def _place(claim: Claim, names: Mapping[str, str]) -> tuple[bool, str, int, int]:
    event: Any = claim.event
    objects = isinstance(event, statements.ObjectionMade)
    return objects, sorting(names.get(event.party, event.party)), claim.begins, claim.position


def _pages(made: Iterable[Claim]) -> Iterator[list[Claim]]:
    page: list[Claim] = []
    long = 0
    for claim in made:
        size = len(getattr(claim.event, "text", None) or "") + 300
        if page and long + size > LONG:
            yield page
            page, long = [], 0
        page.append(claim)
        long += size
    yield page


def _said(
    claim: Claim,
    names: Mapping[str, str],
    whose: Mapping[str, Claim],
    status: Status,
    answer: Mapping[str, Any],
    cited: Mapping[str, Any],
) -> Said:
    event: Any = claim.event
    to = whose.get(event.to) if event.to else None
    of: Any = to.event if to else None
    possible = answer["possible"]
    return Said(
        claim.event_id,
        event.party,
        names.get(event.party, event.party),
        _KINDS[type(event)],
        _when(event),
        event.text or "",
        event.articles,
        (names.get(of.party, of.party), event.to) if of else None,
        bool(getattr(event, "opposes_entry_into_force", None)),
        event.note or "",
        tuple(str(cited[each.source]["title"]) for each in event.sources if each.source in cited),
        possible[0] if len(possible) == 1 else "open",
        tuple(_withdrawals(claim.event_id, status)),
    )


def _when(event: Any) -> str:
    said = at(event.occurred) if event.occurred else ""
    if event.effective and event.effective != event.occurred:
        effect = _("with effect %(when)s", when=at(event.effective))
        return f"{said}, {effect}" if said else effect
    return said


def _withdrawals(event_id: str, status: Status) -> Iterator[tuple[str, str]]:
    for claim in status.statements:
        event = claim.event
        if isinstance(event, statements.StatementWithdrawn) and event.to == event_id:
            date = event.effective or event.occurred
            yield (at(date) if date else _("on a day that is not recorded")), claim.event_id

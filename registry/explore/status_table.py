"""The rows of the status table: one for each spell of each participant, in words and for CSV."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.described.cells import cell
from registry.domain.dates import MAX_DAY, MIN_DAY, Day, Days, Edtf, iso
from registry.domain.entities import label
from registry.domain.entry_into_force import Rule
from registry.domain.events import participation as of
from registry.domain.events.register import StatusObserved
from registry.explore.dates_said import at, some_day
from registry.explore.letters import letter_of
from registry.queries.bound import BOUND, PROVISIONALLY
from registry.queries.status import (
    APPLIED,
    CONSENTED,
    EFFECT,
    LEFT,
    NOTIFIED,
    SIGNED,
    SUSPENDED,
    Act,
    Spell,
    Status,
    taken_back,
)
from registry.queries.view import View
from registry.web.days_said import short_day
from registry.web.languages import gettext as _
from registry.web.languages import language


@dataclass(frozen=True)
class Entry:
    """A date in a cell. `edtf`: as recorded; `events`: that say it; `beside`: what is to be known
    of it; `differs`: it is one of several accounts of one act.
    """

    words: str
    edtf: str
    letter: str = ""
    events: tuple[str, ...] = ()
    beside: str = ""
    differs: bool = False


@dataclass(frozen=True)
class Row:
    """`mark`: certain, possible or none; earlier or later for a spell that is not that of the day.

    `then`: what the participant was called when it acted, if that is another name.
    """

    party: str
    name: str
    then: str
    number: int
    signed: tuple[Entry, ...]
    consented: tuple[Entry, ...]
    effect: tuple[Entry, ...]
    notified: tuple[Entry, ...]
    left: tuple[Entry, ...]
    numbers: tuple[str, ...]
    mark: str
    mark_words: str
    gone: bool

    @property
    def entries(self) -> tuple[Entry, ...]:
        return (*self.signed, *self.consented, *self.effect, *self.notified, *self.left)


@dataclass(frozen=True)
class Counted:
    """For certain, and at most."""

    certain: int
    possible: int

    @property
    def open(self) -> bool:
        return self.possible > self.certain


@dataclass(frozen=True)
class Began:
    """Between which days the agreement itself entered into force."""

    lo: Day
    hi: Day


def rows_of(
    view: View,
    status: Status,
    bound: Mapping[str, Mapping[str, Any]],
    rule: Rule | None,
    began: Began | None,
    *,
    bilateral: bool,
) -> list[Row]:
    """In the order of the names that are valid on the day."""
    docs = view.directory.docs("party", status.parties)
    by_party: dict[str, list[Spell]] = {}
    for each in status.spells:
        by_party.setdefault(each.party, []).append(each)
    computes = _Computing(rule, began, bilateral)
    made: list[Row] = []
    for party, spells in by_party.items():
        current = _current(spells, view.day)
        name = _called(view, docs.get(party), view.day, party)
        for spell in spells:
            answer = bound[party] if spell.number == current else None
            mark, words = _marked(spell, current, answer)
            then = _called(view, docs.get(party), spell.begins, party) if spell.acts else name
            made.append(
                Row(
                    party,
                    name,
                    then if then != name else "",
                    spell.number,
                    _entries(spell.of(SIGNED)),
                    _entries((*spell.of(CONSENTED), *spell.of(APPLIED))),
                    _effects(spell, computes),
                    _notices(spell),
                    _leavings(spell),
                    _numbers(spell),
                    mark,
                    words,
                    gone=bool(spell.left) and spell.left[-1].begins <= view.day,
                )
            )
    return sorted(made, key=lambda row: (sorting(row.name), row.party, row.number))


def sorting(name: str) -> str:
    """By letters: Côte d'Ivoire among those with an o."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def signatories(status: Status, days: Days) -> Counted:
    """Participants that had signed by the day and had not withdrawn that."""
    return _counted(
        [each for spell in status.spells for each in [(spell.party, spell.of(SIGNED))]], days
    )


def consents(status: Status, days: Days) -> Counted:
    """Participants that had expressed their consent by the day, whatever came of it."""
    consenting = [
        (spell.party, [a for a in spell.of(CONSENTED) if _is_consent(a)]) for spell in status.spells
    ]
    return _counted(consenting, days)


def parties(rows: Sequence[Row]) -> Counted:
    """Participants that are bound on the day, as the rows are marked."""
    certain = sum(row.mark == "certain" for row in rows)
    return Counted(certain, certain + sum(row.mark == "possible" for row in rows))


CSV_HEAD: Final = (
    *("participant", "name", "name_then", "spell", "signature", "signature_letter"),
    *("consent", "consent_letter", "entry_into_force", "entry_into_force_basis"),
    *("withdrawal_notified", "withdrawal_effective", "notification", "bound", "events"),
)


def as_cells(row: Row) -> list[Any]:
    """One row of the CSV, in the order of the table; guarded against formulas."""

    def dates(entries: Iterable[Entry]) -> list[str]:
        return [each.edtf for each in entries]

    def letters(entries: Iterable[Entry]) -> list[str]:
        found = [each.letter for each in entries]
        return found if any(found) else []

    events = list(dict.fromkeys(e for entry in row.entries for e in entry.events))
    said = [
        *(row.party, row.name, row.then, row.number),
        *(dates(row.signed), letters(row.signed), dates(row.consented), letters(row.consented)),
        *(dates(row.effect), [each.beside for each in row.effect if each.beside]),
        *(dates(row.notified), dates(row.left), list(row.numbers), row.mark, events),
    ]
    return [cell(each) for each in said]


def _counted(acts: Iterable[tuple[str, Sequence[Act]]], days: Days) -> Counted:
    certain: set[str] = set()
    possible: set[str] = set()
    for party, mine in acts:
        if any(each.ends <= days.lo for each in mine):
            certain.add(party)
        if any(each.begins <= days.hi for each in mine):
            possible.add(party)
    return Counted(len(certain), len(possible))


def _is_consent(act: Act) -> bool:
    event = act.event
    if isinstance(event, of.ParticipationRecorded):
        return event.role == "contracting"
    return not isinstance(event, StatusObserved) or event.value in ("contracting", "party")


def _called(view: View, doc: Mapping[str, Any] | None, day: Day, party: str) -> str:
    return label(doc, day, view.threshold, language()) if doc else party


def _current(spells: Sequence[Spell], day: Day) -> int:
    """Which spell the answer for the day is about: the last that may have begun."""
    begun = [each.number for each in spells if each.begins <= day]
    return begun[-1] if begun else spells[0].number


def _marked(spell: Spell, current: int, answer: Mapping[str, Any] | None) -> tuple[str, str]:
    if answer is None:
        if spell.number < current:
            return "earlier", _("an earlier time")
        return "later", _("after this day")
    if answer["value"] == BOUND and answer["certain"]:
        return "certain", _("bound")
    if BOUND in answer["possible"]:
        return "possible", _("perhaps bound")
    if PROVISIONALLY in answer["possible"]:
        return "none", _("applied provisionally")
    return "none", _("not bound") if answer["certain"] else _("not bound, as far as recorded")


def _entries(acts: Iterable[Act], *, lettered: bool = True) -> tuple[Entry, ...]:
    """Each account of each act; what several events say alike, once."""
    made: dict[tuple[str, str, bool], Entry] = {}
    for act in acts:
        for claim in act.claims:
            event = claim.event
            date = event.over if isinstance(event, StatusObserved) else event.occurred
            date = date or event.effective
            letter = letter_of(event) if lettered else ""
            said = Entry(
                _said(date),
                date.text if date else "",
                letter,
                (claim.event_id,),
                _beside(event),
                differs=len({c.event.occurred for c in act.claims}) > 1,
            )
            _add(made, said)
    return tuple(made.values())


def _add(made: dict[tuple[str, str, bool], Entry], said: Entry) -> None:
    key = (said.edtf, said.letter, said.differs)
    if key in made:
        old = made[key]
        said = Entry(
            *(old.words, old.edtf, old.letter, (*old.events, *said.events)),
            *(old.beside or said.beside, old.differs),
        )
    made[key] = said


def _beside(event: Any) -> str:
    match event:
        case of.ParticipationRecorded() if event.mode:
            return event.mode
        case of.ProvisionalApplicationEnded():
            return _("provisional application ended")
        case of.DenunciationRetracted():
            return _("notice taken back")
        case of.PartyExpelled():
            return _("expelled")
        case of.SignatureWithdrawn():
            return _("signature withdrawn")
        case of.PartySuspended():
            return _("rights suspended")
        case of.ParticipationRestored():
            return _("restored")
        case StatusObserved():
            return _("listed as %(value)s", value=event.value.replace("_", " "))
    return ""


def _said(date: Edtf | None) -> str:
    if date is None:
        return _("on a day that is not recorded")
    if date.over.single and not date.qualifiers:
        return short_day(date.over.lo)
    return at(date)


@dataclass(frozen=True)
class _Computing:
    """The effect of a consent by the agreement's own rule, where no source states it."""

    rule: Rule | None
    began: Began | None
    bilateral: bool

    def effect(self, days: Days) -> tuple[Day, Day] | None:
        """Not before the agreement itself is in force (VCLT 24)."""
        if self.began is None:
            return None
        lo, hi = days.lo, days.hi
        if self.rule is not None and self.rule.computes_effect and not self.rule.binds_all:
            lo, hi = self.rule.later(lo), self.rule.later(hi)
        elif not self.bilateral and not (self.rule is not None and self.rule.binds_all):
            return None
        return max(lo, self.began.lo), max(hi, self.began.hi)


def _effects(spell: Spell, computes: _Computing) -> tuple[Entry, ...]:
    """Stated where an event states it, else computed."""
    made: dict[tuple[str, str, bool], Entry] = {}
    for act in (*spell.of(SIGNED), *spell.of(CONSENTED), *spell.of(EFFECT)):
        for claim in act.claims:
            event = claim.event
            date, beside = event.effective, ""
            if date is None and act.column == EFFECT:
                date, beside = event.occurred, _beside(event)
            elif date is None and isinstance(event, of.SucceededTo) and event.to == "treaty":
                date, beside = event.occurred, _("by succession")
            if date is not None and act.column != SIGNED:
                differs = len({c.event.effective for c in act.claims}) > 1
                _add(
                    made,
                    Entry(_said(date), date.text, "", (claim.event_id,), beside, differs=differs),
                )
    return tuple(made.values()) or _computed(spell, computes)


def _computed(spell: Spell, computes: _Computing) -> tuple[Entry, ...]:
    acts = [each for each in spell.of(CONSENTED) if _is_consent(each)]
    if computes.bilateral:
        acts = acts or list(spell.of(SIGNED))
    if not acts or any(claim.days is None for claim in acts[0].claims):
        return ()
    over = Days(((acts[0].begins, acts[0].ends),))
    found = computes.effect(over)
    left = spell.left
    if found is None or found[0] <= MIN_DAY or found[1] >= MAX_DAY:
        return ()
    if left and left[-1].ends < found[0]:
        return ()
    lo, hi = found
    words = short_day(lo) if lo == hi else some_day(lo, hi)
    text = iso(lo) if lo == hi else f"[{iso(lo)}..{iso(hi)}]"
    events = tuple(claim.event_id for claim in acts[0].claims)
    return (Entry(words, text, "", events, _("computed")),)


def _notices(spell: Spell) -> tuple[Entry, ...]:
    return _entries(spell.of(NOTIFIED), lettered=False)


def _leavings(spell: Spell) -> tuple[Entry, ...]:
    """When it left: what a notice says of its effect, and the leaving itself, once where alike."""
    made: dict[tuple[str, str, bool], Entry] = {}
    for act in (*spell.of(NOTIFIED), *spell.of(LEFT), *spell.of(SUSPENDED)):
        if act.column == NOTIFIED and not isinstance(act.event, of.DenunciationNotified):
            continue
        for claim in act.claims:
            date = claim.event.effective
            beside = _beside(claim.event)
            if date is None and act.column != NOTIFIED:
                date = claim.event.occurred
            if date is None:
                continue
            if act.column == NOTIFIED and taken_back(act, spell.acts):
                beside = _("did not take effect: notice taken back")
            _add(made, Entry(_said(date), date.text, "", (claim.event_id,), beside))
    return tuple(made.values())


def _numbers(spell: Spell) -> tuple[str, ...]:
    """Of the depositary's notifications, as they are recorded."""
    found: dict[str, None] = {}
    for act in spell.acts:
        for claim in act.claims:
            if number := (claim.event.external_ids or {}).get("cn"):
                found[number] = None
            if isinstance(claim.event, of.DenunciationNotified):
                notice = claim.event.notice or ""
                if notice.startswith("C.N."):
                    found[notice] = None
    return tuple(found)

"""The status of an agreement as a depositary keeps it: who did what, one spell after another.

A spell runs from a party's first act to its leaving; one that comes back begins another.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from sqlalchemy import BigInteger, Text, bindparam, select

from registry.domain.catalogue import Event
from registry.domain.dates import MAX_DAY, MIN_DAY, Day, Days
from registry.domain.events import participation as of
from registry.domain.events.register import AboutLayer, StatusObserved
from registry.domain.events.statements import Statement, StatementWithdrawn
from registry.domain.settings import closed
from registry.queries.events import standings
from registry.queries.view import View
from registry.store.direct import rows
from registry.store.tables import event, event_tag


@dataclass(frozen=True)
class Claim:
    """One account of an act. `days`: on which it may have happened; None where no day is told."""

    event_id: str
    position: int
    event: Event
    days: Days | None

    @property
    def begins(self) -> Day:
        return MIN_DAY if self.days is None else self.days.lo

    @property
    def ends(self) -> Day:
        return MAX_DAY if self.days is None else self.days.hi


@dataclass(frozen=True)
class Act:
    """What one party did once; where accounts differ, each of them."""

    column: str
    claims: tuple[Claim, ...]

    @property
    def begins(self) -> Day:
        return min(each.begins for each in self.claims)

    @property
    def ends(self) -> Day:
        return max(each.ends for each in self.claims)

    @property
    def event(self) -> Event:
        return self.claims[0].event


@dataclass(frozen=True)
class Spell:
    """A party's acts, by the columns of the table, in order; `number`: its first, its second ..."""

    party: str
    number: int = 1
    acts: tuple[Act, ...] = ()

    def of(self, column: str) -> tuple[Act, ...]:
        return tuple(each for each in self.acts if each.column == column)

    @property
    def begins(self) -> Day:
        return min((each.begins for each in self.acts), default=MIN_DAY)

    @property
    def left(self) -> tuple[Act, ...]:
        """By what it left, notices that were taken back apart."""
        return tuple(each for each in self.acts if _leaves(each, self.acts))


@dataclass(frozen=True)
class Status:
    """`whole`: what was done about the agreement as such, and what other events say of it;
    `statements` and `territories`: the acts that are about these. All in order of recording.
    """

    agreement: str
    spells: tuple[Spell, ...]
    whole: tuple[Claim, ...]
    statements: tuple[Claim, ...]
    territories: tuple[Claim, ...]
    every: tuple[Claim, ...] = field(repr=False)

    @property
    def parties(self) -> list[str]:
        return list(dict.fromkeys(each.party for each in self.spells))

    def named(self, cls: type[Event]) -> list[Claim]:
        return [each for each in self.whole if isinstance(each.event, cls)]


SIGNED, CONSENTED, APPLIED, EFFECT = "signed", "consented", "applied", "effect"
NOTIFIED, LEFT, SUSPENDED, BESIDE = "notified", "left", "suspended", "beside"

_COLUMNS: Final[Mapping[type[Event], str]] = {
    of.SignedAdReferendum: SIGNED,
    of.SignatureConfirmed: SIGNED,
    of.SignatureWithdrawn: LEFT,
    of.Ratified: CONSENTED,
    of.Accepted: CONSENTED,
    of.Approved: CONSENTED,
    of.Acceded: CONSENTED,
    of.FormallyConfirmed: CONSENTED,
    of.ConsentNotified: CONSENTED,
    of.DomesticallyApproved: BESIDE,
    of.ProvisionallyApplied: APPLIED,
    of.ProvisionalApplicationEnded: APPLIED,
    of.EnteredIntoForceFor: EFFECT,
    of.DenunciationNotified: NOTIFIED,
    of.DenunciationRetracted: NOTIFIED,
    of.Withdrew: LEFT,
    of.PartyExpelled: LEFT,
    of.PartySuspended: SUSPENDED,
    of.ParticipationRestored: EFFECT,
}
_ENTERING: Final = (SIGNED, CONSENTED, APPLIED, EFFECT)
_RANKS: Final = {SIGNED: 0, BESIDE: 1, CONSENTED: 2, APPLIED: 3, EFFECT: 4, SUSPENDED: 5}
"""Which of two acts of one day comes first; what leads out of it, last."""


def status(view: View, agreement: str) -> Status:
    """All that is on record of it at the view's threshold, whatever its day."""
    every = _claims(view, agreement)
    acts: dict[str, list[Claim]] = {}
    whole: list[Claim] = []
    statements: list[Claim] = []
    territories: list[Claim] = []
    for claim in every:
        match claim.event:
            case Statement() | StatementWithdrawn() if claim.event.agreement == agreement:
                statements.append(claim)
                acts.setdefault(claim.event.party, [])
            case of.TerritorialApplicationExtended() | of.TerritorialApplicationEnded() if (
                claim.event.agreement == agreement
            ):
                territories.append(claim)
                acts.setdefault(claim.event.party, [])
            case _ if (party := _party_of(claim.event, agreement)) is not None:
                acts.setdefault(party, []).append(claim)
            case _:
                whole.append(claim)
    return Status(
        agreement,
        tuple(spell for party, mine in acts.items() for spell in spells(party, mine)),
        tuple(whole),
        tuple(statements),
        tuple(territories),
        tuple(every),
    )


def column_of(event: Event) -> str:
    """In which column of the table an act of a party is told."""
    match event:
        case of.Signed():
            return CONSENTED if event.definitive else SIGNED
        case of.SucceededTo():
            return SIGNED if event.to == "signature" else CONSENTED
        case of.ParticipationRecorded():
            return SIGNED if event.role == "signatory" else CONSENTED
        case StatusObserved():
            return _OBSERVED.get(event.value, CONSENTED)
    return _COLUMNS.get(type(event), BESIDE)


_OBSERVED: Final = {
    "signatory": SIGNED,
    "ad_referendum": SIGNED,
    "withdrawn": LEFT,
    "expelled": LEFT,
    "suspended": SUSPENDED,
    "none": BESIDE,
}


def spells(party: str, claims: Sequence[Claim]) -> list[Spell]:
    """The acts of a party, parted wherever it takes part anew after it had left."""
    made = [Spell(party)]
    for act in _in_order(_acts(claims)):
        if act.column in _ENTERING and made[-1].left:
            made.append(Spell(party, made[-1].number + 1))
        made[-1] = replace(made[-1], acts=(*made[-1].acts, act))
    return made


def _claims(view: View, agreement: str) -> list[Claim]:
    """The live events that speak of it, as they stand; an amendment speaks for what it amends."""
    said = {"tag": f"agreement:{agreement}", "moment": view.moment}
    ids = dict.fromkeys(target or each for each, target in rows(view.conn, _FILED, said))
    found: list[Claim] = []
    for event_id, stands in standings(view, ids).items():
        content = stands.event
        if content is None or not content.confidence.counts_at(view.threshold):
            continue
        when = content.over if isinstance(content, AboutLayer) else content.occurred
        when = when or content.effective
        days = closed(when, stands.recorded_day) if when else None
        found.append(Claim(event_id, stands.record.position, content, days))
    return sorted(found, key=lambda each: each.position)


_FILED: Final = (
    select(event.c.event_id, event.c.target)
    .join(event_tag, event_tag.c.position == event.c.position)
    .where(
        event_tag.c.tag == bindparam("tag", type_=Text),
        event_tag.c.position <= bindparam("moment", type_=BigInteger),
    )
    .order_by(event.c.position)
)


def _party_of(event: Event, agreement: str) -> str | None:
    """Whose act it is, if it is one of a party to this agreement."""
    if isinstance(event, of.OfParty) and event.agreement == agreement:
        return event.party
    if isinstance(event, StatusObserved) and event.layer == "participation":
        return str(event.subject["party"]) if event.subject["agreement"] == agreement else None
    return None


def _acts(claims: Iterable[Claim]) -> list[Act]:
    """Claims about one act together: `same_act_as` holds both ways, and from one to the next."""
    groups: list[list[Claim]] = []
    for claim in claims:
        mine = [claim]
        for group in [g for g in groups if any(_same(claim, other) for other in g)]:
            groups.remove(group)
            mine = [*group, *mine]
        groups.append(mine)
    return [Act(column_of(group[0].event), tuple(group)) for group in groups]


def _same(one: Claim, other: Claim) -> bool:
    return one.event.same_act_as == other.event_id or other.event.same_act_as == one.event_id


def _in_order(acts: Iterable[Act]) -> list[Act]:
    """By day, then by the order of law, then as recorded; a stated order goes before all."""
    waiting = sorted(
        acts, key=lambda a: (a.begins, a.ends, _RANKS.get(a.column, 9), a.claims[0].position)
    )
    mine = {claim.event_id for act in waiting for claim in act.claims}
    made: list[Act] = []
    seen: set[str] = set()
    while waiting:
        ready = next((a for a in waiting if not (_follows(a) & mine) - seen), waiting[0])
        waiting.remove(ready)
        made.append(ready)
        seen |= {claim.event_id for claim in ready.claims}
    return made


def _follows(act: Act) -> set[str]:
    own = {claim.event_id for claim in act.claims}
    return {each for claim in act.claims for each in claim.event.after()} - own


def _leaves(act: Act, acts: Sequence[Act]) -> bool:
    if act.column == LEFT:
        return True
    return isinstance(act.event, of.DenunciationNotified) and not taken_back(act, acts)


def taken_back(notice: Act, acts: Sequence[Act]) -> Act | None:
    """The act by which a notice was taken back: one that names it, else the next one."""
    ids = {claim.event_id for claim in notice.claims}
    back = [a for a in acts if isinstance(a.event, of.DenunciationRetracted)]
    for each in back:
        if ids & set(each.event.after()):
            return each
    notices = [a for a in acts if isinstance(a.event, of.DenunciationNotified)]
    for each in back:
        before = [n for n in notices if n.claims[0].position < each.claims[0].position]
        if not each.event.after() and before and before[-1] is notice:
            return each
    return None

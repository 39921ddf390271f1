"""What states did: agencies, visits, assistance, sanctions, accusations, statements."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.catalogue import Event, stored
from registry.domain.dates import Edtf
from registry.domain.events.agreements import ASSISTANCE
from registry.domain.events.relations import pair_stream
from registry.domain.fields import Kind, told
from registry.domain.parties import looks_like_party
from registry.domain.sets import At, Sets


@dataclass(frozen=True, kw_only=True)
class _Agency(Event):
    sender: str = told(Kind.PARTY, "The state whose agency it is.", required=True)
    host: str = told(Kind.PARTY, "The state in which it works.", required=True)
    agency: str = told(Kind.PARTY, "The agency.", required=True)
    reason: str | None = told(Kind.TEXT, "Why, as stated.")
    deadline: str | None = told(Kind.TEXT, "By when it has to leave.")

    @property
    def stream(self) -> str:
        return pair_stream(self.sender, self.host)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.sender == self.host:
            yield "host", "expected another party than in `sender`"


@stored("conduct.agency_expelled", basis="VCDR 9, 11(2), or the enabling agreement", cameo=("166",))
class AgencyExpelled(_Agency):
    """The host expels an agency of the sender.

    With both dates it is ordered to leave at `occurred` and expelled at `effective`.
    """

    SETS = (
        Sets(
            "agency_presence",
            lambda e: "ordered_to_leave" if e.effective else "expelled",
            At.OCCURRED,
        ),
        Sets("agency_presence", "expelled", At.EFFECTIVE),
    )


@stored("conduct.agency_established", basis="the enabling agreement")
class AgencyEstablished(_Agency):
    """An agency of the sender takes up work with the host."""

    SETS = (Sets("agency_presence", "present"),)


@stored("conduct.agency_withdrawn")
class AgencyWithdrawn(_Agency):
    """The sender withdraws its agency."""

    SETS = (Sets("agency_presence", "withdrawn"),)


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who comes."""

    person: str | None = told(Kind.TEXT, "Name.")
    office: str | None = told(Kind.TEXT, "Office.")
    party: str = told(Kind.PARTY, "For which party.", required=True)


@stored("conduct.visited", cameo=("042", "043"))
class Visited(Event):
    """A representative of one party visits another."""

    visitor: Visitor = told(Kind.RECORD, "Who comes.", required=True, record=Visitor)
    host: str = told(Kind.PARTY, "The party visited.", required=True)
    until: Edtf | None = told(Kind.DATE, "The last day of the visit.")

    @property
    def stream(self) -> str:
        return pair_stream(self.visitor.party, self.host)


@dataclass(frozen=True, kw_only=True)
class _Assistance(Event):
    provider: str = told(Kind.PARTY, "Who provides.", required=True)
    recipient: str = told(Kind.PARTY, "Who receives.", required=True)
    kind: str = told(Kind.CHOICE, "What kind of help.", choices=ASSISTANCE, required=True)
    what: str | None = told(Kind.TEXT, "What exactly.")
    quantity: str | None = told(Kind.TEXT, "How much or how many.")
    under: str | None = told(Kind.AGREEMENT, "The agreement under which it is given.")

    @property
    def stream(self) -> str:
        return pair_stream(self.provider, self.recipient)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.provider == self.recipient:
            yield "recipient", "expected another party than in `provider`"


@stored("conduct.assistance_provided", cameo=("071", "072"))
class AssistanceProvided(_Assistance):
    """Assistance is provided at least once."""

    SETS = (Sets("assistance", "provided"),)


@stored("conduct.assistance_suspended", cameo=("1621",))
class AssistanceSuspended(_Assistance):
    """Assistance is suspended."""

    SETS = (Sets("assistance", "suspended"),)


@stored("conduct.assistance_ended", cameo=("1621",))
class AssistanceEnded(_Assistance):
    """Assistance ends."""

    SETS = (Sets("assistance", "ended"),)


@dataclass(frozen=True, kw_only=True)
class _Sanction(Event):
    by: str = told(Kind.PARTY, "Who imposes it.", required=True)
    on: str = told(Kind.PARTY, "On whom.", required=True)
    programme: str | None = told(Kind.LABEL, "The programme, where there are several.")
    what: str | None = told(Kind.TEXT, "The measures.")

    @property
    def stream(self) -> str:
        return pair_stream(self.by, self.on)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.by == self.on:
            yield "on", "expected another party than in `by`"


@stored("conduct.sanction_imposed", cameo=("163",))
class SanctionImposed(_Sanction):
    """Sanctions are imposed."""

    SETS = (Sets("sanctions", "imposed"),)


@stored("conduct.sanction_lifted", cameo=("085",))
class SanctionLifted(_Sanction):
    """Sanctions are lifted."""

    SETS = (Sets("sanctions", "none"),)


@stored("conduct.accusation_made", cameo=("112",))
class AccusationMade(Event):
    """Someone accuses someone. It sets nothing.

    The confidence is that of the act of accusing. The content is always shown as what is said by
    whom, never as fact.
    """

    by: str = told(
        Kind.ACTOR, "Who accuses; `not named` where the source names nobody.", required=True
    )
    against: str = told(Kind.ACTOR, "Who is accused.", required=True)
    content: str = told(Kind.PROSE, "What is said.", required=True)
    concerning: tuple[str, ...] = told(Kind.PARTY, "Other parties it speaks of.", many=True)

    @property
    def stream(self) -> str:
        return _stream_of(self.by, self.against, *self.concerning)


@stored("conduct.statement_made")
class StatementMade(Event):
    """Someone states something. It sets nothing and is shown as what is said by whom."""

    by: str = told(Kind.ACTOR, "Who states it.", required=True)
    content: str = told(Kind.PROSE, "What is said.", required=True)
    about: str | None = told(Kind.EVENT, "The event that it is about.")
    concerning: tuple[str, ...] = told(Kind.PARTY, "The parties it speaks of.", many=True)

    @property
    def stream(self) -> str:
        return _stream_of(self.by, *self.concerning)


def _stream_of(*actors: str) -> str:
    """The stream of the first two parties among these, of one, or of the named speaker."""
    parties = list(dict.fromkeys(actor for actor in actors if looks_like_party(actor)))
    if len(parties) >= 2:
        return pair_stream(*parties[:2])
    if parties:
        return f"party:{parties[0]}"
    return "said:" + re.sub(r"[^a-z0-9]+", "-", actors[0].lower()).strip("-")[:80]


def claims(event: Event) -> Iterator[tuple[str, str]]:
    """(who, what) of an event that only says that something is said."""
    if isinstance(event, AccusationMade | StatementMade):
        yield event.by, event.content

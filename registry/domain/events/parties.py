"""States, organisations, agencies and others: their names, codes, end and succession."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry.domain.catalogue import Event, stored
from registry.domain.codes import Code
from registry.domain.fields import Kind, told
from registry.domain.sets import Sets

PARTY_KINDS = ("state", "organisation", "agency", "territory", "non_state")


@dataclass(frozen=True, kw_only=True)
class AboutParty(Event):
    party: str = told(Kind.PARTY, "The party.", required=True)

    @property
    def stream(self) -> str:
        return f"party:{self.party}"


@stored("party.recorded", dated=False)
class PartyRecorded(Event):
    """The party is entered in this register; `occurred` is the beginning of its existence."""

    party: str = told(
        Kind.NEW_PARTY,
        "Its id for ever: ISO 3166-1 alpha-3 where there is one, else a stated own code.",
        required=True,
    )
    kind: str = told(Kind.CHOICE, "What it is.", choices=PARTY_KINDS, required=True)
    name: str = told(Kind.TEXT, "Its short name at the beginning of the record.", required=True)
    names: Mapping[str, str] | None = told(Kind.NAMES, "Its name in other languages.")
    codes: tuple[Code, ...] | None = told(
        Kind.CODES, "Its codes by scheme (iso3, iso2, isohist, cow, gw, wikidata), with validity."
    )
    part_of: str | None = told(Kind.PARTY, "The party of which it is part.")
    SETS = (
        Sets("name", lambda e: e.name),
        Sets("existence", lambda e: "exists" if e.occurred or e.effective else None),
    )

    @property
    def stream(self) -> str:
        return f"party:{self.party}"


@stored("party.renamed")
class PartyRenamed(AboutParty):
    """The party takes another name."""

    name: str = told(Kind.TEXT, "The new short name.", required=True)
    names: Mapping[str, str] | None = told(Kind.NAMES, "The new name in other languages.")
    SETS = (Sets("name", lambda e: e.name),)


@stored("party.succeeded_by", basis="VCSST 2, 34-35")
class PartySucceededBy(AboutParty):
    """Another party takes its place. Except by continuity nothing passes without its own event."""

    successor: str = told(Kind.PARTY, "The successor.", required=True)
    mode: str = told(
        Kind.CHOICE,
        "How.",
        choices=("continuity", "succession", "merger", "separation"),
        required=True,
    )
    SETS = (Sets("existence", lambda e: None if e.mode == "continuity" else "ended"),)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.successor == self.party:
            yield "successor", "expected another party"


@stored("party.ended")
class PartyEnded(AboutParty):
    """The party ceases to exist."""

    SETS = (Sets("existence", "ended"),)


@dataclass(frozen=True, kw_only=True)
class _Membership(AboutParty):
    organisation: str = told(Kind.PARTY, "The organisation.", required=True)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.organisation == self.party:
            yield "organisation", "expected another party than in `party`"


@stored("party.membership_joined")
class MembershipJoined(_Membership):
    """The party becomes a member of an organisation."""

    SETS = (Sets("membership", "member"),)


@stored("party.membership_left")
class MembershipLeft(_Membership):
    """The party ceases to be a member of an organisation."""

    SETS = (Sets("membership", "none"),)

"""Diplomatic and consular relations between two parties."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.catalogue import Event, stored
from registry.domain.fields import Kind, told
from registry.domain.sets import Sets


def pair_stream(first: str, second: str) -> str:
    return "pair:" + ":".join(sorted((first, second)))


@dataclass(frozen=True, kw_only=True)
class OfPair(Event):
    parties: tuple[str, ...] = told(
        Kind.PARTY, "The two parties, in any order.", required=True, many=True
    )

    @property
    def stream(self) -> str:
        return pair_stream(*self.parties)

    def objections(self) -> Iterator[tuple[str, str]]:
        if len(self.parties) != 2 or self.parties[0] == self.parties[1]:
            yield "parties", f"expected two different parties, got {list(self.parties)}"


def _both_ways(event: OfPair) -> list[tuple[str, ...]]:
    first, second = event.parties
    return [(first, second), (second, first)]


@stored("relations.established", basis="VCDR 2")
class Established(OfPair):
    """The two establish diplomatic relations."""

    instrument: str | None = told(Kind.TEXT, "By which note, communique or treaty.")
    SETS = (Sets("diplomatic_relations", "established", rank=1),)


@stored("relations.interrupted", basis="practice")
class Interrupted(OfPair):
    """Normal relations are interrupted, as when a new government is not recognised."""

    by: str | None = told(Kind.PARTY, "Who interrupts them.")
    reason: str | None = told(Kind.TEXT, "Why.")
    SETS = (Sets("diplomatic_relations", "interrupted", rank=2),)


@stored("relations.severed", basis="VCDR 45", cameo=("161",))
class Severed(OfPair):
    """Diplomatic relations are broken off.

    The missions end with them; consular posts stay (VCCR 2(3)), and so do treaties (VCLT 63).
    """

    by: str | None = told(Kind.PARTY, "Who breaks them off.")
    reason: str | None = told(Kind.TEXT, "Why.")
    SETS = (
        Sets("diplomatic_relations", "severed", rank=3),
        Sets("representation", "none", subjects=_both_ways, rank=-1),
        Sets("head_of_mission", "vacant", subjects=_both_ways, rank=-1),
    )


@stored("relations.reestablished", basis="VCDR 2")
class Reestablished(OfPair):
    """Diplomatic relations are taken up again."""

    instrument: str | None = told(Kind.TEXT, "By which note, communique or treaty.")
    SETS = (Sets("diplomatic_relations", "established", rank=4),)


@stored("relations.normalisation_agreed", basis="practice")
class NormalisationAgreed(OfPair):
    """The two agree to normalise their relations. It changes no legal layer by itself."""

    terms: str | None = told(Kind.PROSE, "What they agree.")
    instrument: str | None = told(Kind.TEXT, "In which instrument.")


@stored("relations.consular_established", basis="VCCR 2")
class ConsularEstablished(OfPair):
    """The two establish consular relations."""

    instrument: str | None = told(Kind.TEXT, "By which note, communique or treaty.")
    SETS = (Sets("consular_relations", "established"),)


@stored("relations.consular_severed", basis="VCCR 2")
class ConsularSevered(OfPair):
    """Consular relations are broken off."""

    by: str | None = told(Kind.PARTY, "Who breaks them off.")
    reason: str | None = told(Kind.TEXT, "Why.")
    SETS = (Sets("consular_relations", "severed"),)

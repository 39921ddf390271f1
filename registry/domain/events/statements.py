"""Reservations, declarations, objections: statements about an agreement and their withdrawal."""

from dataclasses import dataclass

from registry.domain.catalogue import stored
from registry.domain.events.participation import OfParty
from registry.domain.fields import Kind, told
from registry.domain.sets import At, Sets


@dataclass(frozen=True, kw_only=True)
class Statement(OfParty):
    text: str | None = told(Kind.PROSE, "Its words.")
    articles: tuple[str, ...] = told(Kind.TEXT, "The articles it is about.", many=True)
    to: str | None = told(Kind.EVENT, "The statement that it objects or replies to.")

    SETS = (Sets("statement", "made", subjects=lambda e: [(e.agreement, e.party, "@self")]),)


@stored("agreement.reservation_made", basis="VCLT 2(1)(d), 19")
class ReservationMade(Statement):
    """The party makes a reservation."""


@stored("agreement.declaration_made", basis="practice")
class DeclarationMade(Statement):
    """The party makes a declaration."""


@stored("agreement.objection_made", basis="VCLT 20-21")
class ObjectionMade(Statement):
    """The party objects to another's reservation."""

    opposes_entry_into_force: bool | None = told(
        Kind.YES_NO, "Whether it opposes the entry into force between the two."
    )


@stored("agreement.statement_recorded", basis="VCLT 19-23")
class StatementRecorded(Statement):
    """A statement whose nature the source does not tell apart."""

    kind: str = told(
        Kind.CHOICE, "Its nature.", choices=("mixed_or_unknown",), default="mixed_or_unknown"
    )


@stored("agreement.statement_withdrawn", basis="VCLT 22")
class StatementWithdrawn(OfParty):
    """The party withdraws a reservation, declaration or objection."""

    to: str = told(Kind.EVENT, "The statement that is withdrawn.", required=True)
    SETS = (
        Sets(
            "statement",
            "withdrawn",
            At.TAKES_EFFECT,
            subjects=lambda e: [(e.agreement, e.party, e.to)],
        ),
    )

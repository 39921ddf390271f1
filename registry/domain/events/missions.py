"""Missions, consular posts, protecting powers and heads of mission."""

from collections.abc import Iterator
from dataclasses import dataclass

from registry.domain.catalogue import Event, stored
from registry.domain.events.relations import pair_stream
from registry.domain.fields import Kind, told
from registry.domain.layers import LAYERS
from registry.domain.sets import At, Sets

MISSION_LEVELS = LAYERS["representation"].values[1:]
POST_LEVELS = LAYERS["consular_post"].values[1:]
CLASSES = LAYERS["head_of_mission"].values[1:]
ACTS_AD_INTERIM = (
    "VCDR 19: while the post is vacant and the mission stands, "
    "a chargé d'affaires ad interim is assumed to act"
)


@dataclass(frozen=True, kw_only=True)
class Directed(Event):
    sender: str = told(Kind.PARTY, "The sending state.", required=True)
    receiver: str = told(Kind.PARTY, "The receiving state.", required=True)

    @property
    def stream(self) -> str:
        return pair_stream(self.sender, self.receiver)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.sender == self.receiver:
            yield "receiver", "expected another party than in `sender`"


@dataclass(frozen=True, kw_only=True)
class _Mission(Directed):
    level: str | None = told(Kind.CHOICE, "The rank of the mission.", choices=MISSION_LEVELS)
    city: str | None = told(Kind.TEXT, "Its seat.")
    resident_at: str | None = told(Kind.PARTY, "For a non-resident envoy: where resident.")


def _level_or_embassy(event: _Mission) -> str:
    return event.level or "embassy"


def _level_or_none(event: _Mission) -> str:
    return event.level or "none"


@dataclass(frozen=True, kw_only=True)
class _Standing(_Mission):
    level: str = told(
        Kind.CHOICE, "The rank of the mission.", choices=MISSION_LEVELS, required=True
    )
    SETS = (Sets("representation", lambda e: e.level),)


@dataclass(frozen=True, kw_only=True)
class _Falling(_Mission):
    level: str | None = told(
        Kind.CHOICE, "What remains, where anything does.", choices=MISSION_LEVELS
    )
    SETS = (
        Sets("representation", _level_or_none),
        Sets("head_of_mission", lambda e: None if e.level else "vacant", rank=-1),
    )


@stored("mission.opened", basis="VCDR 2")
class Opened(_Standing):
    """The sender opens a mission."""


@stored("mission.closed", basis="VCDR 45")
class Closed(_Falling):
    """The sender closes its mission."""


@stored("mission.suspended", basis="VCDR 45")
class Suspended(_Falling):
    """The work of the mission is suspended."""


@stored("mission.reopened", basis="VCDR 2")
class Reopened(_Standing):
    """The sender opens its mission again."""


@stored("mission.level_changed", basis="VCDR 14")
class LevelChanged(_Standing):
    """The mission is raised or lowered in rank."""


@dataclass(frozen=True, kw_only=True)
class _Post(Directed):
    level: str = told(
        Kind.CHOICE, "The rank of the post.", choices=POST_LEVELS, default="consulate"
    )
    city: str | None = told(Kind.TEXT, "Its seat.")
    SETS = (Sets("consular_post", lambda e: e.level),)


@stored("consular_post.opened", basis="VCCR 4")
class PostOpened(_Post):
    """The sender opens a consular post."""


@stored("consular_post.closed", basis="VCCR 4")
class PostClosed(Directed):
    """The sender closes its consular post."""

    city: str | None = told(Kind.TEXT, "Its seat.")
    SETS = (Sets("consular_post", "none"),)


@stored("consular_post.changed", basis="VCCR 4")
class PostChanged(_Post):
    """The consular post changes its rank or seat."""


@stored("mission.protecting_power_appointed", basis="VCDR 45-46")
class ProtectingPowerAppointed(Directed):
    """A third state takes charge of the sender's interests with the receiver."""

    power: str = told(Kind.PARTY, "The protecting power.", required=True)
    SETS = (Sets("protecting_power", lambda e: e.power),)


@stored("mission.protecting_power_ended", basis="VCDR 45-46")
class ProtectingPowerEnded(Directed):
    """The protecting power's charge ends."""

    power: str | None = told(Kind.PARTY, "The protecting power.")
    SETS = (Sets("protecting_power", "none"),)


@dataclass(frozen=True, kw_only=True)
class _Head(Directed):
    person: str | None = told(Kind.TEXT, "Name.")
    class_: str | None = told(Kind.CHOICE, "Class or title.", choices=CLASSES)


def _in_charge() -> tuple[Sets, ...]:
    return (Sets("head_of_mission", "@in_charge", assumption=ACTS_AD_INTERIM, rank=-1),)


@stored("head_of_mission.appointed", basis="VCDR 4")
class HeadAppointed(_Head):
    """A head of mission is appointed; it changes nothing until credentials are presented."""


@stored("head_of_mission.credentials_presented", basis="VCDR 13-14")
class CredentialsPresented(_Head):
    """The head of mission presents credentials and takes up functions."""

    class_: str = told(Kind.CHOICE, "Class or title.", choices=CLASSES, default="ambassador")
    SETS = (Sets("head_of_mission", lambda e: e.class_),)


@stored("head_of_mission.charge_designated", basis="VCDR 19")
class ChargeDesignated(_Head):
    """A chargé d'affaires is put at the head of the mission."""

    SETS = (
        Sets(
            "head_of_mission",
            lambda e: e.class_ if e.class_ == "charge" else "@in_charge",
            assumption=ACTS_AD_INTERIM,
        ),
    )


@stored("head_of_mission.left", basis="VCDR 43")
class HeadLeft(_Head):
    """The head of mission leaves the post."""

    how: str | None = told(
        Kind.CHOICE,
        "How the functions ended.",
        choices=(
            "departed",
            "letters_of_recall",
            "died",
            "superseded",
            "promoted",
            "recall_requested_by_host",
            "persona_non_grata",
            "relations_broken",
            "other",
        ),
    )
    SETS = _in_charge()


@stored("head_of_mission.recalled_for_consultations", basis="VCDR 19")
class HeadRecalledForConsultations(_Head):
    """The head of mission is called home for consultations."""

    SETS = _in_charge()


@stored("head_of_mission.returned", basis="VCDR 13, 19")
class HeadReturned(_Head):
    """The head of mission returns to the post, in the class held before."""

    SETS = (Sets("head_of_mission", lambda e: e.class_ or "@class_before"),)


@stored("conduct.declared_persona_non_grata", basis="VCDR 9")
class DeclaredPersonaNonGrata(Event):
    """The receiving state declares members of the mission persona non grata.

    It never severs relations. Where it is the head of mission, from `effective`, the day of
    departure, a chargé d'affaires ad interim is assumed to act.
    """

    by: str = told(Kind.PARTY, "The receiving state, which declares it.", required=True)
    from_: str = told(Kind.PARTY, "The sending state, whose mission it is.", required=True)
    person: str | None = told(Kind.TEXT, "Name.")
    number: int | None = told(Kind.NUMBER, "How many persons, where not named.")
    is_head_of_mission: bool | None = told(Kind.YES_NO, "Whether it is the head of mission.")
    deadline: str | None = told(Kind.TEXT, "By when they have to leave.")
    SETS = (
        Sets(
            "head_of_mission",
            lambda e: "@in_charge" if e.is_head_of_mission else None,
            At.EFFECTIVE,
            subjects=lambda e: [(e.from_, e.by)],
            rank=-1,
            assumption=ACTS_AD_INTERIM + " (after departure, VCDR 9(2), 43)",
        ),
    )

    @property
    def stream(self) -> str:
        return pair_stream(self.by, self.from_)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.by == self.from_:
            yield "from", "expected another party than in `by`"

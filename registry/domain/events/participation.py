"""What one party does with regard to an agreement."""

from dataclasses import dataclass

from registry.domain.catalogue import stored
from registry.domain.events.agreements import OfAgreement
from registry.domain.fields import Kind, told
from registry.domain.layers import CONSENT
from registry.domain.sets import At, Sets

SUCCESSION = "VCSST 17-18: a successor is a party where the treaty is in force, else contracting"


@dataclass(frozen=True, kw_only=True)
class OfParty(OfAgreement):
    party: str = told(Kind.PARTY, "The party that acts.", required=True)


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """One person who signs."""

    name: str = told(Kind.TEXT, "Name.", required=True)
    capacity: str | None = told(Kind.TEXT, "In what capacity.")


@stored("agreement.signed", basis="VCLT 11-12", cameo=("057",))
class Signed(OfParty):
    """The party signs the agreement."""

    signatories: tuple[Signatory, ...] = told(
        Kind.RECORD, "Who signs for it.", many=True, record=Signatory
    )
    definitive: bool | None = told(
        Kind.YES_NO, "Whether the signature alone expresses consent to be bound."
    )
    SETS = (
        Sets(
            "participation",
            lambda e: "contracting" if e.definitive else "signatory",
            At.OCCURRED,
        ),
        Sets("participation", lambda e: "party" if e.definitive else None, At.EFFECTIVE),
        Sets("conclusion", "signed", At.OCCURRED),
    )


@stored("agreement.signed_ad_referendum", basis="VCLT 12(2)(b)")
class SignedAdReferendum(OfParty):
    """The party signs subject to confirmation by its government."""

    SETS = (Sets("participation", "ad_referendum", At.OCCURRED),)


@stored("agreement.signature_confirmed", basis="VCLT 12(2)(b)")
class SignatureConfirmed(OfParty):
    """The party confirms a signature ad referendum."""

    SETS = (Sets("participation", "signatory", At.OCCURRED, rank=CONSENT),)


@stored("agreement.signature_withdrawn", basis="VCLT 18(a)")
class SignatureWithdrawn(OfParty):
    """The party makes clear that it does not intend to become a party."""

    SETS = (Sets("participation", "none", rank=CONSENT),)


@dataclass(frozen=True, kw_only=True)
class _Consent(OfParty):
    deposited_with: str | None = told(Kind.ACTOR, "With whom the instrument is deposited.")

    SETS = (
        Sets("participation", "contracting", At.OCCURRED),
        Sets("participation", "party", At.EFFECTIVE),
    )


@stored("agreement.ratified", basis="VCLT 14, 16")
class Ratified(_Consent):
    """The party expresses its consent to be bound by ratification."""


@stored("agreement.accepted", basis="VCLT 14, 16")
class Accepted(_Consent):
    """The party expresses its consent to be bound by acceptance."""


@stored("agreement.approved", basis="VCLT 14, 16")
class Approved(_Consent):
    """The party expresses its consent to be bound by approval."""


@stored("agreement.acceded", basis="VCLT 15-16")
class Acceded(_Consent):
    """The party expresses its consent to be bound by accession."""


@stored("agreement.formally_confirmed", basis="VCLT-IO 14")
class FormallyConfirmed(_Consent):
    """An international organisation expresses its consent by an act of formal confirmation."""


@stored("agreement.consent_notified", basis="VCLT 13, 16")
class ConsentNotified(_Consent):
    """The party notifies its consent, or exchanges instruments."""


@stored("agreement.domestically_approved")
class DomesticallyApproved(OfParty):
    """An organ of the party approves the agreement at home.

    Press reports of a "ratification" often mean this. It sets nothing: consent is expressed by
    deposit, exchange or notification (VCLT 16).
    """

    organ: str | None = told(Kind.TEXT, "The organ: parliament, senate, court.")
    instrument: str | None = told(Kind.TEXT, "The law or decree.")


@stored("agreement.participation_recorded", basis="VCLT 11")
class ParticipationRecorded(OfParty):
    """A list records the party's participation by means that it does not name further."""

    mode: str | None = told(Kind.TEXT, "The means, in the source's word or letter.")
    verbatim_header: str | None = told(Kind.TEXT, "The column of the source, verbatim.")
    role: str = told(
        Kind.CHOICE,
        "What it amounts to.",
        choices=("contracting", "signatory", "unknown"),
        default="unknown",
    )
    SETS = (
        Sets(
            "participation",
            lambda e: e.role if e.role != "unknown" else None,
            At.OCCURRED,
        ),
        Sets("participation", lambda e: "party" if e.role == "contracting" else None, At.EFFECTIVE),
    )


@stored("agreement.succeeded_to", basis="VCSST 17-18")
class SucceededTo(OfParty):
    """A successor state takes over its predecessor's participation."""

    predecessor: str | None = told(Kind.PARTY, "The predecessor state.")
    to: str = told(
        Kind.CHOICE,
        "What it succeeds to: the treaty, or the signature.",
        choices=("treaty", "signature"),
        default="treaty",
    )
    SETS = (
        Sets("participation", lambda e: "signatory" if e.to == "signature" else None),
        Sets(
            "participation",
            lambda e: "party" if e.to == "treaty" else None,
            assumption=SUCCESSION,
        ),
    )


@stored("agreement.provisionally_applied", basis="VCLT 25")
class ProvisionallyApplied(OfParty):
    """The party applies the agreement provisionally."""

    SETS = (Sets("provisional_application", "applied"),)


@stored("agreement.provisional_application_ended", basis="VCLT 25")
class ProvisionalApplicationEnded(OfParty):
    """The party's provisional application ends."""

    SETS = (Sets("provisional_application", "none"),)


@stored("agreement.entered_into_force_for", basis="VCLT 24(3)")
class EnteredIntoForceFor(OfParty):
    """The agreement enters into force for the party."""

    SETS = (Sets("participation", "party"),)


@stored("agreement.territorial_application_extended", basis="VCLT 29")
class TerritorialApplicationExtended(OfParty):
    """The party extends its participation to a territory."""

    territory: str = told(Kind.ACTOR, "The territory.", required=True)
    SETS = (Sets("territories", "applied"),)


@stored("agreement.territorial_application_ended", basis="VCLT 29")
class TerritorialApplicationEnded(OfParty):
    """The party's participation no longer extends to a territory."""

    territory: str = told(Kind.ACTOR, "The territory.", required=True)
    SETS = (Sets("territories", "none"),)


@stored("agreement.denunciation_notified", basis="VCLT 54, 56, 65, 67")
class DenunciationNotified(OfParty):
    """The party gives notice of denunciation or withdrawal.

    With `effective` it leaves on that day, unless it retracts the notice before.
    """

    notice: str | None = told(Kind.TEXT, "The period of notice, or the number of the notification.")
    SETS = (
        Sets("denunciation", "notified", At.OCCURRED),
        Sets("participation", "withdrawn", At.EFFECTIVE, cancellable=True),
    )


@stored("agreement.denunciation_retracted", basis="VCLT 68")
class DenunciationRetracted(OfParty):
    """The party takes its notice back before it takes effect.

    `follows` or `responds_to` names the notice; else the last one recorded before is meant.
    """

    SETS = (
        Sets("denunciation", "none", At.OCCURRED),
        Sets("participation", "@notice_retracted", At.OCCURRED),
    )


@stored("agreement.withdrew", basis="VCLT 54, 70")
class Withdrew(OfParty):
    """The party leaves the agreement."""

    SETS = (
        Sets("participation", "withdrawn"),
        Sets("denunciation", "none"),
    )


@dataclass(frozen=True, kw_only=True)
class _Measure(OfParty):
    by: str | None = told(Kind.ACTOR, "Who decides it.")


@stored("agreement.party_suspended", basis="provision")
class PartySuspended(_Measure):
    """The party's rights are suspended."""

    SETS = (Sets("participation", "suspended"),)


@stored("agreement.party_expelled", basis="provision")
class PartyExpelled(_Measure):
    """The party is expelled."""

    SETS = (Sets("participation", "expelled"),)


@stored("agreement.participation_restored", basis="provision")
class ParticipationRestored(_Measure):
    """The party's participation is restored."""

    SETS = (Sets("participation", "party", rank=6),)

"""Events in the life of an agreement as a whole."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from registry.domain.catalogue import Event, stored
from registry.domain.dates import Edtf
from registry.domain.fields import Kind, told
from registry.domain.layers import LAYERS
from registry.domain.sets import At, Sets

KINDS = (
    "treaty",
    "convention",
    "agreement",
    "protocol",
    "amendment",
    "constitution",
    "covenant",
    "memorandum",
    "exchange_of_notes",
    "declaration",
    "joint_declaration",
    "arrangement",
    "other",
    "unknown",
)
ASSISTANCE = ("training", "equipment", "funding", "intelligence", "imagery", "personnel", "other")
RULES = ("on_signature", "on_date", "on_nth_consent", "on_exchange", "named_parties", "stated")


@dataclass(frozen=True, kw_only=True)
class OfAgreement(Event):
    agreement: str = told(Kind.AGREEMENT, "The agreement, by its slug.", required=True)

    @property
    def stream(self) -> str:
        return f"agreement:{self.agreement}"


@dataclass(frozen=True, kw_only=True)
class Delay:
    """How long after its condition an effect begins."""

    days: int | None = told(Kind.NUMBER, "That many days after.")
    months: int | None = told(Kind.NUMBER, "That many calendar months after.")
    first_of_next_month: bool | None = told(
        Kind.YES_NO, "On the first day of the month that follows (the days and months above)."
    )


@stored("agreement.recorded", dated=False)
class Recorded(Event):
    """The agreement is entered in this register."""

    agreement: str = told(Kind.NEW_SLUG, "Its slug in this register, for ever.", required=True)
    title: str = told(Kind.TEXT, "Its title.", required=True)
    kind: str = told(Kind.CHOICE, "What it calls itself.", choices=KINDS, default="unknown")
    binding: str = told(
        Kind.CHOICE,
        "Whether it binds under international law.",
        choices=("yes", "no", "disputed", "unknown"),
        default="unknown",
    )
    form: str | None = told(
        Kind.CHOICE,
        "Between how many it is made.",
        choices=("bilateral", "plurilateral", "multilateral"),
    )
    topics: tuple[str, ...] = told(Kind.TEXT, "What it is about.", many=True)
    parties: tuple[str, ...] = told(Kind.PARTY, "The negotiating parties.", many=True)
    depositary: str | None = told(Kind.ACTOR, "Who keeps the original.")

    SETS = (Sets("depositary", lambda e: e.depositary, At.TAKES_EFFECT),)

    @property
    def stream(self) -> str:
        return f"agreement:{self.agreement}"


@stored("agreement.announced")
class Announced(OfAgreement):
    """The intention to conclude the agreement is made public."""

    parties: tuple[str, ...] = told(Kind.PARTY, "Those who announce it.", many=True)
    SETS = (Sets("conclusion", "announced", At.OCCURRED),)


@stored("agreement.negotiation_opened", basis="VCLT 9-10")
class NegotiationOpened(OfAgreement):
    """Negotiation of the text begins."""

    forum: str | None = told(Kind.TEXT, "Where it is negotiated.")
    SETS = (Sets("conclusion", "negotiating", At.OCCURRED),)


@stored("agreement.initialled", basis="VCLT 10")
class Initialled(OfAgreement):
    """The negotiators initial the text."""

    forum: str | None = told(Kind.TEXT, "Where it is initialled.")
    SETS = (Sets("conclusion", "initialled", At.OCCURRED),)


@stored("agreement.text_adopted", basis="VCLT 9")
class TextAdopted(OfAgreement):
    """The text is adopted."""

    forum: str | None = told(Kind.TEXT, "The conference or organ that adopts it.")
    vote: str | None = told(Kind.TEXT, "The vote, for - against - abstaining.")
    SETS = (Sets("conclusion", "adopted", At.OCCURRED),)


@stored("agreement.signature_opened", basis="final clauses")
class SignatureOpened(OfAgreement):
    """The agreement is opened for signature."""

    until: Edtf | None = told(Kind.DATE, "Until when it stands open.")


@stored("agreement.signature_closed", basis="final clauses")
class SignatureClosed(OfAgreement):
    """The agreement is closed for signature."""

    until: Edtf | None = told(Kind.DATE, "Until when it stood open.")


def _rule(event: "EntryIntoForceRuleSet") -> str:
    """The rule as one stable text, read back by `entry_into_force`."""
    told_rule = {
        "rule": event.rule,
        "n": event.n,
        "on": event.on.text if event.on else None,
        "named": sorted(event.named),
        "delay": asdict(event.delay) if event.delay else None,
        "later_delay": asdict(event.later_delay) if event.later_delay else None,
        "binds_all": event.binds_all,
    }
    return json.dumps({name: value for name, value in told_rule.items() if value}, sort_keys=True)


@stored("agreement.entry_into_force_rule_set", basis="VCLT 24", dated=False)
class EntryIntoForceRuleSet(OfAgreement):
    """The condition on which the agreement enters into force."""

    rule: str = told(Kind.CHOICE, "The kind of condition.", choices=RULES, required=True)
    n: int | None = told(Kind.NUMBER, "How many consents are needed (on_nth_consent).")
    on: Edtf | None = told(Kind.DATE, "The day named in the text (on_date).")
    named: tuple[str, ...] = told(
        Kind.PARTY, "The parties whose consent is needed (named_parties, on_exchange).", many=True
    )
    delay: Delay | None = told(Kind.RECORD, "From the condition to the effect.", record=Delay)
    later_delay: Delay | None = told(
        Kind.RECORD, "For a party that consents later: from its consent.", record=Delay
    )
    text: str | None = told(Kind.PROSE, "The clause in words (stated: never computed).")
    article: str | None = told(Kind.TEXT, "The article.")
    binds_all: bool | None = told(
        Kind.YES_NO, "Whether, once in force, it binds all that have consented."
    )
    SETS = (Sets("entry_into_force_rule", _rule, At.TAKES_EFFECT),)

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.rule == "on_nth_consent" and (self.n is None or self.n < 1):
            yield "n", "expected the number of consents, 1 or more"
        if self.rule == "on_date" and self.on is None:
            yield "on", "expected the day on which it enters into force"
        if self.rule in ("named_parties", "on_exchange") and not self.named:
            yield "named", "expected the parties whose consent is needed"


@stored("agreement.entered_into_force", basis="VCLT 24")
class EnteredIntoForce(OfAgreement):
    """The agreement enters into force."""

    stated: bool | None = told(Kind.YES_NO, "Whether a source states it (else someone derived it).")
    SETS = (Sets("force", "in_force"),)


@stored("agreement.provisionally_in_force", basis="VCLT 25")
class ProvisionallyInForce(OfAgreement):
    """The agreement as a whole is applied provisionally."""

    SETS = (Sets("force", "provisional"),)


@stored("agreement.amended", basis="VCLT 39-41")
class Amended(OfAgreement):
    """An amendment of the agreement is adopted."""

    by: str | None = told(Kind.AGREEMENT, "The amending agreement.")
    SETS = (
        Sets(
            "lineage",
            "linked",
            subjects=lambda e: [(e.agreement, e.by, "amended_by")] if e.by else [],
        ),
    )


@stored("agreement.amendment_entered_into_force", basis="VCLT 39-41")
class AmendmentEnteredIntoForce(OfAgreement):
    """An amendment of the agreement enters into force."""

    by: str | None = told(Kind.AGREEMENT, "The amending agreement.")
    SETS = (
        Sets(
            "lineage",
            "linked",
            subjects=lambda e: [(e.agreement, e.by, "amended_by_in_force")] if e.by else [],
        ),
    )


def _until(event: "TermSet | Extended") -> str:
    return event.until.text


@stored("agreement.term_set", basis="provision")
class TermSet(OfAgreement):
    """The agreement is made for a term."""

    until: Edtf = told(Kind.DATE, "Until when it is to hold.", required=True)
    SETS = (Sets("term", _until),)


@stored("agreement.extended", basis="provision")
class Extended(OfAgreement):
    """The term of the agreement is extended."""

    until: Edtf = told(Kind.DATE, "Until when it is to hold now.", required=True)
    SETS = (Sets("term", _until),)


@stored("agreement.abandoned")
class Abandoned(OfAgreement):
    """The plan to conclude the agreement is given up."""


@stored("agreement.text_corrected", basis="VCLT 79")
class TextCorrected(OfAgreement):
    """An error in the text is corrected."""


def _pairs_between(event: "Suspended | SuspensionEnded") -> list[tuple[str, ...]]:
    named = sorted(set(event.between))
    return [
        (first, second, event.agreement)
        for place, first in enumerate(named)
        for second in named[place + 1 :]
    ]


@dataclass(frozen=True, kw_only=True)
class _Suspension(OfAgreement):
    between: tuple[str, ...] = told(
        Kind.PARTY, "Between which parties only; none named: for all.", many=True
    )

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.between and len(set(self.between)) < 2:
            yield "between", "expected two parties or more, or none"


@stored("agreement.suspended", basis="VCLT 57-58")
class Suspended(_Suspension):
    """The operation of the agreement is suspended."""

    SETS = (
        Sets("force", lambda e: None if e.between else "suspended"),
        Sets("suspension_between", "suspended", subjects=_pairs_between),
    )


@stored("agreement.suspension_ended", basis="VCLT 57-58")
class SuspensionEnded(_Suspension):
    """The operation of the agreement is resumed."""

    SETS = (
        # not the rank of an entry into force: it comes after the suspension of the same day
        Sets(
            "force",
            lambda e: None if e.between else "in_force",
            rank=LAYERS["force"].rank("suspended"),
        ),
        Sets("suspension_between", "none", subjects=_pairs_between),
    )


@stored("agreement.terminated", basis="VCLT 54-64")
class Terminated(OfAgreement):
    """The agreement comes to its end."""

    ground: str | None = told(
        Kind.CHOICE,
        "Why it ended.",
        choices=(
            "expiry",
            "consent",
            "denunciation",
            "breach",
            "superseded",
            "impossibility",
            "other",
        ),
    )
    SETS = (Sets("force", "terminated"),)


@stored("agreement.declared_invalid", basis="VCLT 46-53, 65-68")
class DeclaredInvalid(OfAgreement):
    """The agreement is declared invalid. A party's own claim alone sets nothing."""

    ground: str | None = told(Kind.TEXT, "The ground of invalidity.")
    by: str | None = told(Kind.ACTOR, "Who declares it.")
    established_by: str | None = told(
        Kind.CHOICE, "What established it.", choices=("all_parties", "court")
    )
    SETS = (Sets("force", lambda e: "void" if e.established_by else None),)


@stored("agreement.linked", basis="VCLT 30, 59", dated=False)
class Linked(OfAgreement):
    """The agreement stands in a relation to another."""

    to: str = told(Kind.AGREEMENT, "The other agreement.", required=True)
    relation: str = told(
        Kind.CHOICE,
        "How it stands to it.",
        choices=("amends", "protocol_to", "implements", "replaces", "supersedes", "cites"),
        required=True,
    )
    SETS = (Sets("lineage", "linked", subjects=lambda e: [(e.agreement, e.to, e.relation)]),)


@stored("agreement.depositary_designated", basis="VCLT 76", dated=False)
class DepositaryDesignated(OfAgreement):
    """A depositary is designated."""

    depositary: str = told(Kind.ACTOR, "The depositary.", required=True)
    SETS = (Sets("depositary", lambda e: e.depositary),)


@stored("agreement.retitled")
class Retitled(OfAgreement):
    """The agreement is given another title."""

    title: str = told(Kind.TEXT, "The new title.", required=True)


@dataclass(frozen=True, kw_only=True)
class _Entered(OfAgreement):
    number: str | None = told(Kind.TEXT, "The number given.")
    volume: str | None = told(Kind.TEXT, "The volume of the series.")
    by: str | None = told(Kind.ACTOR, "Who had it registered.")


@stored("agreement.registered", basis="UN Charter 102, VCLT 80")
class Registered(_Entered):
    """The agreement is registered with the Secretariat."""

    SETS = (Sets("registration", lambda e: e.number or "registered"),)


@stored("agreement.filed_and_recorded", basis="UN Charter 102, VCLT 80")
class FiledAndRecorded(_Entered):
    """The agreement is filed and recorded by the Secretariat."""

    SETS = (Sets("registration", lambda e: e.number or "filed_and_recorded"),)


@stored("agreement.published")
class Published(OfAgreement):
    """The text is published in a series."""

    series: str | None = told(Kind.TEXT, "The series.")
    number: str | None = told(Kind.TEXT, "The number in it.")


@stored("agreement.commitment_made", basis="the text", dated=False)
class CommitmentMade(OfAgreement):
    """The agreement commits one party to provide something to another."""

    provider: str = told(Kind.PARTY, "Who is to provide.", required=True)
    recipient: str = told(Kind.PARTY, "Who is to receive.", required=True)
    kind: str = told(Kind.CHOICE, "What kind of help.", choices=ASSISTANCE, required=True)
    what: str | None = told(Kind.TEXT, "What exactly.")
    quantity: str | None = told(Kind.TEXT, "How much or how many.")
    article: str | None = told(Kind.TEXT, "The article.")
    SETS = (
        Sets(
            "assistance",
            "pledged",
            subjects=lambda e: [(e.provider, e.recipient, e.kind, e.agreement)],
        ),
    )

    def objections(self) -> Iterator[tuple[str, str]]:
        if self.provider == self.recipient:
            yield "recipient", "expected another party than in `provider`"

"""What the register says about itself: sources, observations, coverage, corrections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.domain.catalogue import Correction, Event, stored
from registry.domain.confidence import Confidence
from registry.domain.dates import Edtf
from registry.domain.events.relations import pair_stream
from registry.domain.fields import Kind, told
from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.domain.parties import looks_like_party
from registry.domain.sets import At, Sets

SOURCE_KINDS = (
    "depositary",
    "gazette",
    "official_statement",
    "court",
    "press",
    "dataset",
    "leak",
)


@stored("source.recorded", dated=False)
class SourceRecorded(Event):
    """A source is entered in this register and can be cited."""

    source: str = told(Kind.NEW_SLUG, "Its slug in this register, for ever.", required=True)
    kind: str = told(Kind.CHOICE, "What it is.", choices=SOURCE_KINDS, required=True)
    title: str = told(Kind.TEXT, "Its title.", required=True)
    publisher: str | None = told(Kind.TEXT, "Who published it.")
    author: str | None = told(Kind.TEXT, "Who wrote it.")
    url: str | None = told(Kind.URL, "Where it is.")
    archived_url: str | None = told(Kind.URL, "Where an archived copy is.")
    content_sha256: str | None = told(Kind.HASH, "SHA-256 of the copy that was read.")
    published: Edtf | None = told(Kind.DATE, "When it was published.")
    accessed: Edtf | None = told(Kind.DATE, "When it was read.")
    language: str | None = told(Kind.LANGUAGE, "Its language.")

    @property
    def stream(self) -> str:
        return f"source:{self.source}"


@dataclass(frozen=True, kw_only=True)
class AboutLayer(Event):
    layer: str = told(Kind.LAYER, "The layer.", required=True)
    subject: Mapping[str, Any] = told(
        Kind.SUBJECT, "The subject, named by its parts.", required=True
    )
    over: Edtf = told(Kind.DATE, "The time it speaks of.", required=True)

    @property
    def stream(self) -> str:
        return stream_of_subject(self.subject)

    def objections(self) -> Iterator[tuple[str, str]]:
        layer = LAYERS[self.layer]
        try:
            layer.key_of(self.subject)
        except KeyError as missing:
            yield "subject", f"the layer {layer.name} wants {missing}, as in {list(layer.parts)}"
        for part in sorted(self.subject.keys() - set(layer.parts)):
            yield "subject", f"the layer {layer.name} has no {part!r}, as in {list(layer.parts)}"


def stream_of_subject(subject: Mapping[str, Any]) -> str:
    """An agreement's stream where the subject has one, else a pair's, else a party's."""
    if "agreement" in subject:
        return f"agreement:{subject['agreement']}"
    if "pair" in subject:
        return pair_stream(*subject["pair"])
    parties = [str(value) for name, value in subject.items() if name in _DIRECTIONS and value]
    return pair_stream(*parties[:2]) if len(parties) >= 2 else f"party:{parties[0]}"


_DIRECTIONS = (
    *("sender", "receiver", "host", "provider", "recipient"),
    *("by", "on", "from", "to", "party", "organisation"),
)


@stored("status.observed", dated=False)
class StatusObserved(AboutLayer):
    """A source says that the value held; the act that brought it about is not recorded."""

    value: str = told(Kind.TEXT, "The value that held.", required=True)
    SETS = (
        Sets(
            "*",
            lambda e: e.value,
            At.OVER,
            assumption="observed, act not recorded",
        ),
    )

    def objections(self) -> Iterator[tuple[str, str]]:
        yield from super().objections()
        values = LAYERS[self.layer].values
        if values and self.value not in values:
            yield "value", f"not a value of {self.layer}: {self.value!r} (one of {list(values)})"
        elif self.layer == "entry_into_force_rule":
            yield "layer", "a rule is recorded by agreement.entry_into_force_rule_set"
        elif self.layer == "protecting_power" and not self.protector and self.value != "none":
            yield "value", f"expected none or a party, got {self.value!r}"
        elif self.value in (NOT_APPLICABLE, "unknown") or self.value.startswith("@"):
            yield "value", f"not a value that a source can observe: {self.value!r}"

    @property
    def protector(self) -> str | None:
        """The party that the value names, where it names one."""
        if self.layer != "protecting_power" or self.value == "none":
            return None
        return self.value if looks_like_party(self.value) else None


@stored("coverage.stated", dated=False)
class CoverageStated(AboutLayer):
    """A source's list is complete for a period: silence inside it is an answer.

    The subject may be a whole agreement: `{"agreement": ...}` covers every party of it.
    """

    complete: bool = told(Kind.YES_NO, "Whether the list is complete.", default=True)

    def objections(self) -> Iterator[tuple[str, str]]:
        if set(self.subject) == {"agreement"} and LAYERS[self.layer].parts[0] == "agreement":
            return
        yield from super().objections()


@stored("gap.stated", dated=False)
class GapStated(AboutLayer):
    """It was searched for and nothing was found: shown instead of silence."""

    searched: str | None = told(Kind.PROSE, "What was searched, and where.")


@dataclass(frozen=True, kw_only=True)
class _Correcting(Correction):
    target: str = told(Kind.EVENT, "The event that is corrected.", required=True)
    reason: str = told(Kind.PROSE, "Why.", required=True)

    @property
    def stream(self) -> str:
        """The target's; the one who records knows it."""
        return ""


@stored("event.amended", dated=False)
class EventAmended(_Correcting):
    """The target's content is replaced, from now on, by the content given here."""

    event: Mapping[str, Any] = told(Kind.CONTENT, "The whole new event.", required=True)


@stored("event.retracted", dated=False)
class EventRetracted(_Correcting):
    """The target never happened, from now on. A retraction may itself be retracted."""


@stored("event.confidence_changed", dated=False)
class EventConfidenceChanged(_Correcting):
    """The target counts with another confidence from now on."""

    to: Confidence = told(Kind.CONFIDENCE, "The new confidence.", required=True)


@stored("event.erased", dated=False)
class EventErased(_Correcting):
    """The target's content is gone on request; the proof that it was there stays."""


@stored("log.key_rotated", dated=False)
class KeyRotated(Event):
    """From now on checkpoints are signed by another key."""

    key: str = told(Kind.TEXT, "The new public key.", required=True)
    reason: str | None = told(Kind.PROSE, "Why.")

    @property
    def stream(self) -> str:
        return "log:keys"

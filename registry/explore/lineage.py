"""How an agreement stands to others, told from its own side: amends, amended by, protocols."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from registry.domain.events.agreements import Amended, AmendmentEnteredIntoForce, Linked
from registry.queries.status import Claim
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t


@dataclass(frozen=True)
class Relative:
    """Another agreement, by the words for how this one stands to it, and who says so."""

    words: str
    agreement: str
    events: tuple[str, ...]


def relatives(agreement: str, whole: Iterable[Claim]) -> list[Relative]:
    """From its own events and from those of others that name it; each relation once."""
    found: dict[tuple[str, str], list[str]] = {}
    for claim in whole:
        for words, other in _told(agreement, claim):
            found.setdefault((words, other), []).append(claim.event_id)
    made = [Relative(_(words), other, tuple(ids)) for (words, other), ids in found.items()]
    return sorted(made, key=lambda each: each.words)


def _told(agreement: str, claim: Claim) -> Iterable[tuple[str, str]]:
    event = claim.event
    match event:
        case Linked():
            if event.agreement == agreement:
                yield _TO[event.relation], event.to
            elif event.to == agreement:
                yield _FROM[event.relation], event.agreement
        case AmendmentEnteredIntoForce() | Amended() if event.by:
            if event.agreement == agreement:
                yield t("Amended by"), event.by
            elif event.by == agreement:
                yield t("Amends"), event.agreement


_TO: Final = {
    "amends": t("Amends"),
    "protocol_to": t("Is a protocol to"),
    "implements": t("Implements"),
    "replaces": t("Replaces"),
    "supersedes": t("Supersedes"),
    "cites": t("Refers to"),
}
_FROM: Final = {
    "amends": t("Amended by"),
    "protocol_to": t("Has the protocol"),
    "implements": t("Implemented by"),
    "replaces": t("Replaced by"),
    "supersedes": t("Superseded by"),
    "cites": t("Referred to by"),
}

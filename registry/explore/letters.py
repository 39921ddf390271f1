"""The letter behind a date that says by which act a party consented, as the United Nations print it."""

from typing import Final

from registry.domain.catalogue import Event
from registry.domain.events import participation as of
from registry.domain.events.register import StatusObserved
from registry.web.languages import gettext as _
from registry.web.languages import text_of

_LETTERS: Final[dict[type[Event], str]] = {
    of.Acceded: "a",
    of.Accepted: "A",
    of.Approved: "AA",
    of.FormallyConfirmed: "c",
    of.SucceededTo: "d",
    of.ProvisionallyApplied: "n",
    of.ConsentNotified: "P",
    of.ParticipationRecorded: "P",
    of.SignatureConfirmed: "C",
}
"""As in the columns that `registry.ingest.profiles.un_mtdsg` reads; ratification has none."""

_WORDS: Final = {
    "": text_of("no letter: signature, or ratification"),
    "a": text_of("accession"),
    "A": text_of("acceptance"),
    "AA": text_of("approval"),
    "c": text_of("formal confirmation, by an international organisation"),
    "d": text_of("succession"),
    "s": text_of("definitive signature"),
    "n": text_of("notification of provisional application"),
    "P": text_of("participation: consent notified, or recorded without its means"),
    "C": text_of("confirmation of a signature ad referendum"),
    "r": text_of("signature ad referendum, to be confirmed"),
    "o": text_of("observed by a source, the act itself not recorded"),
}


def letter_of(event: Event) -> str:
    """Empty for a ratification, and for a signature that is only one."""
    if isinstance(event, of.Signed):
        return "s" if event.definitive else ""
    if isinstance(event, of.SignedAdReferendum):
        return "r"
    if isinstance(event, StatusObserved):
        return "o"
    return _LETTERS.get(type(event), "")


def explained(letters: set[str]) -> list[tuple[str, str]]:
    """Those that are used, in the order of the list, each with what it means."""
    return [(each, _(words)) for each, words in _WORDS.items() if each in letters]

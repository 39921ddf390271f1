"""Layers, subjects and values as a person reads them, parties and agreements by their names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.domain.parties import looks_like_party
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import language, text_of

Subject = tuple[str, str]


@dataclass(frozen=True)
class Names:
    """What parties and agreements are called; an id stands for itself where none is known."""

    parties: Mapping[str, str]
    agreements: Mapping[str, str]

    def party(self, key: str) -> str:
        return self.parties.get(key, key)

    def agreement(self, key: str) -> str:
        return self.agreements.get(key, key)


def names_of(view: View, subjects: Iterable[Subject], more: Iterable[str] = ()) -> Names:
    """The names that the subjects need, on the day of the view, in the reader's language.

    `more`: ids of other parties.
    """
    parties = {each for each in more if each}
    agreements = set()
    for layer, key in subjects:
        parties |= set(LAYERS[layer].party_parts(key))
        for name, part in LAYERS[layer].subject(key).items():
            if name in _AGREEMENTS:
                agreements.add(str(part))
    called = (view.day, view.threshold, language())
    return Names(
        view.directory.labels("party", parties, *called),
        view.directory.labels("agreement", agreements, *called),
    )


_AGREEMENTS: Final = ("agreement", "to_agreement", "under")


OVER: Final = frozenset(
    {
        *("none", "ended", "terminated", "void", "withdrawn", "expelled", "vacant", "severed"),
        *("interrupted", "suspended", "refused", "ordered_to_leave"),
    }
)
"""Values that say that something does not hold, or no longer."""


def layer_words(layer: str) -> str:
    """`diplomatic_relations` as Diplomatic relations."""
    words = layer.replace("_", " ")
    return words[:1].upper() + words[1:]


def subject_words(layer: str, subject: Mapping[str, Any], names: Names) -> str:
    """The Republic of Bolivia and the United States; Bolivia, in the Single Convention."""
    said: list[str] = []
    for name, part in subject.items():
        if name == "pair":
            said.append(" and ".join(names.party(each) for each in part))
        elif name in _AGREEMENTS:
            said.append(names.agreement(str(part)))
        elif name in _PARTIES:
            said.append(names.party(str(part)))
        else:
            said.append(str(part).replace("_", " "))
    if LAYERS[layer].parts[0] in _FROM and len(said) > 1:
        said[:2] = [f"{said[0]} {_FROM[LAYERS[layer].parts[0]]} {said[1]}"]
    return ", ".join(said)


_PARTIES: Final = (
    *("party", "sender", "receiver", "host", "agency", "provider", "recipient"),
    *("by", "on", "from", "to", "organisation", "territory"),
)
_FROM: Final = {"sender": "in", "from": "towards", "provider": "to", "by": "on"}


def value_words(layer: str, value: str, names: Names) -> str:
    """A value as it is said; what a layer keeps as free text stays as it is."""
    if value == NOT_APPLICABLE:
        return "not in existence"
    if layer == "protecting_power" and looks_like_party(value):
        return names.party(value)
    if value in ("", "unknown"):
        return "unknown"
    if LAYERS[layer].values or value in ("none", LAYERS[layer].default):
        return value.replace("_", " ")
    return value


def answer_words(layer: str, possible: Sequence[str], names: Names, *, certain: bool) -> str:
    """`established`, `perhaps established`, `established or severed`."""
    said = [value_words(layer, each, names) for each in possible]
    if not said:
        return "nothing on record"
    if len(said) == 1:
        return said[0] if certain or said[0] == "unknown" else f"perhaps {said[0]}"
    return f"{', '.join(said[:-1])} or {said[-1]}"


def doubt_words(code: str, message: str) -> str:
    """A doubt as a sentence."""
    said = _DOUBTS.get(code) or message[:1].upper() + message[1:]
    return _(said if said.endswith(".") else f"{said}.")


_DOUBTS: Final = {
    "order_set_aside": text_of(
        "An order that was stated between two events contradicts their dates or "
        "other orders, so it is left out of account."
    ),
    "ended_before_entry": text_of("It ended before it entered into force."),
}
MESSAGES: Final = (
    text_of("Consent to be bound is dated before the signature."),
    text_of("Withdrawn before any consent or effect on record."),
    text_of("Expelled before any consent or effect on record."),
    text_of("Suspended before any consent or effect on record."),
    text_of("Re-established, but no interruption or severance before is on record."),
    text_of("In force before any signature or consent on record."),
    text_of("The stated entry into force is not on a day that the recorded rule computes."),
    text_of("Ended before it began to exist."),
)
"""Messages of the domain as sentences, named here to be translated."""

"""What the fields of events are called, in the reader's language."""

from typing import Final

from registry.described.forms import label
from registry.web.languages import gettext, text_of

LABELS: Final = {
    "occurred": text_of("When it happened"),
    "effective": text_of("When it took effect"),
    "layer": text_of("Which question it answers"),
    "follows": text_of("Comes after"),
    "responds_to": text_of("Answers"),
    "same_act_as": text_of("Another account of the same act as"),
    "claimed_by": text_of("Asserted by"),
    "external_ids": text_of("Numbers elsewhere"),
    "confidence_reason": text_of("Why this confidence"),
    "url": text_of("Web address"),
    "archived_url": text_of("Web address of an archived copy"),
    "via": text_of("Known through"),
}
"""Those whose name in the catalogue would not say enough."""


def labelled(wire: str) -> str:
    return gettext(LABELS.get(wire) or label(wire))

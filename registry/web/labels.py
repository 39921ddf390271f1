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
    "content_sha256": text_of("SHA-256 of the copy that was read"),
    "n": text_of("How many consents are needed"),
    "is_head_of_mission": text_of("Whether it is the head of mission"),
    "de_jure": text_of("Whether it is recognised de jure"),
    "definitive": text_of("Whether the signature alone binds"),
    "binds_all": text_of("Whether it binds all that have consented"),
    "first_of_next_month": text_of("From the first day of the month that follows"),
    "later_delay": text_of("Delay for those that consent later"),
    "verbatim_header": text_of("Column of the source, verbatim"),
}
"""Those whose name in the catalogue would not say enough."""


def labelled(wire: str) -> str:
    return gettext(LABELS.get(wire) or label(wire))

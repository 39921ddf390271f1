"""What the columns of a table may hold, and what a column with a certain name probably does."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from registry.described import columns
from registry.described.forms import label
from registry.domain.catalogue import CATALOGUE, Correction, Event
from registry.ingest.generic import ADDED, known_columns
from registry.ingest.template import hint
from registry.web.pages import plain

CLOSE: Final = 84
"""Of 100; names less alike than so are not suggested."""
_SHORT: Final = 4
"""Letters; shorter words stand in many names by chance."""
_SAME: Final = {
    "agreement": ("treaty", "treaty id", "agreement id", "convention"),
    "party": ("country", "state", "participant", "party id", "party name", "state party"),
    "parties": ("countries", "states", "participants"),
    "occurred": ("date", "day", "when", "date of act", "event date", "on"),
    "effective": ("effective date", "in force", "entry into force", "takes effect"),
    "source": ("source id", "reference"),
    "locator": ("page", "pages", "paragraph"),
    "quote": ("quotation", "in their words"),
    "note": ("notes", "remark", "remarks", "comment", "comments"),
    "id": ("number", "no", "row", "our number"),
}
"""What people call them."""


@dataclass(frozen=True)
class Choice:
    """A field that a column may hold."""

    name: str
    label: str
    needed: bool
    about: str


def types_offered() -> dict[str, list[tuple[str, str]]]:
    """The types of event a table may be of, by family, in plain words."""
    made: dict[str, list[tuple[str, str]]] = {}
    for name, cls in CATALOGUE.items():
        if not issubclass(cls, Correction) and name not in ("event.erased", "log.key_rotated"):
            family, _, verb = name.partition(".")
            made.setdefault(plain(family).capitalize(), []).append((name, plain(verb)))
    return {family: sorted(made[family], key=lambda each: each[1]) for family in sorted(made)}


def offered(type_: str, found: Sequence[str]) -> list[Choice]:
    """The fields of the type; where it is empty a column says the types, which are those `found`."""
    by_column = not type_
    classes = [CATALOGUE[each] for each in (found if by_column else [type_]) if each in CATALOGUE]
    told = {each.name: each for cls in classes for each in columns(cls)}
    made = [
        Choice(
            name,
            label(name),
            not by_column and name in told and told[name].required,
            hint(told[name]) if name in told else "Records as the register writes them.",
        )
        for name in known_columns(classes)
    ]
    own = [Choice("id", "Your own number of the row", needed=False, about=_ID)]
    if by_column:
        own.insert(0, Choice("type", "Type of event", needed=True, about=_TYPE))
    return [*own[:-1], *made, own[-1]]


_ID: Final = "If rows have one: a row that is given again with it is found again."
_TYPE: Final = "As the register names it, agreement.signed for example."


def suggested(header: Sequence[str], choices: Iterable[Choice]) -> dict[str, str]:
    """What each column most probably holds, each field at most once; empty: to be left out."""
    fields = {each.name: each.label for each in choices}
    scored = sorted(
        (
            (_likeness(column, name, words), place, column, name)
            for place, column in enumerate(header)
            for name, words in fields.items()
        ),
        key=lambda each: (-each[0], each[1]),
    )
    found: dict[str, str] = {}
    for score, _, column, name in scored:
        if score >= CLOSE and column not in found and name not in found.values():
            found[column] = name
    return {column: column if is_added(column) else found.get(column, "") for column in header}


def is_added(column: str) -> bool:
    """Whether the register itself writes such a column in its answers: it is let be."""
    return column in ADDED


def missing(cls: type[Event], held: Iterable[str]) -> list[str]:
    """The fields without which there is no such event, and which no column holds."""
    there = set(held)
    return [
        label(each.name)
        for each in columns(cls)
        if each.required and each.name not in there and each.path[0] not in there
    ]


def _likeness(column: str, name: str, words: str) -> float:
    said = _bare(column)
    known = [_bare(name), _bare(words), *_SAME.get(name, ())]
    if said in known:
        return 101.0 if said == _bare(name) else 100.0
    return max(_alike(said, each) for each in known)


def _alike(said: str, known: str) -> float:
    """As a whole, or all words of one among those of the other: `date of signature` is a date."""
    whole = fuzz.ratio(said, known)
    if len(known) < _SHORT:
        return whole
    return max(whole, 0.86 * fuzz.token_set_ratio(said, known) + 0.1 * whole)


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()

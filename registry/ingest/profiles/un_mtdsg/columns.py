"""What a cell of a participant table means: its column's words, and its letter if it has one.

A column names one act or several, told apart by a letter behind the date: "Ratification,
Accession(a), Succession(d)". The same letter means something else in another column, so a letter
is read in its own column only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from registry.domain import dates
from registry.domain.errors import Invalid

_NEXT: Final = re.compile(r", (?=[A-Z])")
_LETTERED: Final = re.compile(r"(.*\S)(?:(?<!\)) )?\(([A-Za-z]{1,2})\)")
"""Not "article 7 (1) (b)": there the letter belongs to the article."""
_CELL: Final = re.compile(r"(\d{1,2} [A-Za-z]+ \d{4})(?: ([A-Za-z]{1,2}))?")

_LISTED: Final = "agreement.participation_recorded"
_ACTS: Final[Mapping[str, tuple[str, Mapping[str, Any]]]] = {
    "Signature ad referendum": ("agreement.signed_ad_referendum", {}),
    "Confirmation of signature ad referendum": ("agreement.signature_confirmed", {}),
    "Succession to signature": ("agreement.succeeded_to", {"to": "signature"}),
    "Definitive signature": ("agreement.signed", {"definitive": True}),
    "Definitive acceptance": ("agreement.accepted", {}),
    "Signature": ("agreement.signed", {}),
    "Ratification": ("agreement.ratified", {}),
    "Acceptance": ("agreement.accepted", {}),
    "Approval": ("agreement.approved", {}),
    "Accession": ("agreement.acceded", {}),
    "Succession": ("agreement.succeeded_to", {}),
    "Formal confirmation": ("agreement.formally_confirmed", {}),
    "Consent to be bound": ("agreement.consent_notified", {}),
    "Provisional application": ("agreement.provisionally_applied", {}),
}
_BELOW_CONSENT: Final = frozenset(
    {
        "Signature ad referendum",
        "Confirmation of signature ad referendum",
        "Succession to signature",
    }
    | {"Signature", "Provisional application"}
)


@dataclass(frozen=True)
class Meaning:
    """The type of event that a cell stands for, with what the column adds to it."""

    type: str
    fields: Mapping[str, Any] = field(default_factory=dict)

    def wire(self) -> dict[str, Any]:
        return {"type": self.type, **self.fields}

    @property
    def is_plain(self) -> bool:
        """Whether the column says what the act amounts to."""
        return self.type != _LISTED or self.fields.get("role") != "unknown"


@dataclass(frozen=True)
class Cell:
    """A cell that holds a date: the day in EDTF, and the letter behind it ("" for none)."""

    day: str
    letter: str


@lru_cache(maxsize=20_000)  # half of what is told was told before, and the tables are read twice
def read_cell(verbatim: str) -> Cell:
    """Invalid for what is no day: registration numbers, pages, resolutions."""
    found = _CELL.fullmatch(verbatim)
    if found is None:
        raise Invalid("a number or words where a day should be")
    return Cell(dates.from_human(found[1]).text, found[2] or "")


@lru_cache(maxsize=1_000)
def parts(header: str) -> tuple[tuple[str, str], ...]:
    """The acts that a column names, each with its letter ("" for the one without)."""
    found = [(each, _LETTERED.fullmatch(each)) for each in _NEXT.split(header)]
    return tuple((m[1], m[2]) if m else (each, "") for each, m in found)


@lru_cache(maxsize=1_000)
def meaning(header: str, letter: str) -> Meaning | None:
    """What a cell with this letter means in this column; None: the column has no such letter.

    Where several acts share a letter, or have none, the cell says that the party takes part and
    not by which of them.
    """
    named = parts(header)
    meant = [words for words, own in named if own == letter]
    if not meant and not letter and len(named) == 1:
        meant = [named[0][0]]
    if not meant:
        return None
    acts = [_act(words) for words in meant]
    if all(each == acts[0] for each in acts):
        return acts[0] if acts[0].type != _LISTED else _listed(header, meant, acts[0].fields)
    consents = all(_is_consent(words) for words in meant)
    return _listed(header, meant, {"role": "contracting" if consents else "unknown"})


def _listed(header: str, meant: list[str], fields: Mapping[str, Any]) -> Meaning:
    said = {"mode": " | ".join(meant), "verbatim_header": header}
    fits = {name: text for name, text in said.items() if len(text) <= _TEXT_LIMIT}
    return Meaning(_LISTED, {**fields, **fits})


_TEXT_LIMIT: Final = 500


def _act(words: str) -> Meaning:
    head = _head(words)
    if head is None:
        return Meaning(_LISTED, {"role": "unknown"})
    if words.startswith(f"{head} or "):
        return Meaning(_LISTED, {"role": "contracting" if _is_consent(words) else "unknown"})
    return Meaning(*_ACTS[head])


def _is_consent(words: str) -> bool:
    head = _head(words)
    return head is not None and head not in _BELOW_CONSENT


def _head(words: str) -> str | None:
    return next((each for each in _ACTS if words == each or words.startswith(f"{each} ")), None)

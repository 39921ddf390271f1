"""The cells of the two files: their dates, their sentinel, the slug that a treatyID makes."""

import hashlib
import re
from functools import cache
from typing import Final

from registry.domain import dates
from registry.ingest.files import File, Row
from registry.ingest.profile import given

AGREEMENTS: Final = File(
    "ggo_agreements.csv",
    (
        *("treatyID", "Title", "End", "Signature", "Force", "TypeDomain", "TypeAgree"),
        *("TypeAmbit", "TypeSubject", "Depository", "Comments"),
    ),
)
PARTIES: Final = File(
    "ggo_parties.csv",
    (
        *("treatyID", "stateID", "End", "StateSignature", "StateRatification"),
        *("StateForce", "StateEnd", "Comments"),
    ),
)
SOURCE: Final = "ggo-manytreaties"
NEVER: Final = "9999-12-31"
"""Of an end: none, it is still in force. Of any other act: it never came about."""
FIELDS: Final = ("StateSignature", "StateRatification", "StateForce", "StateEnd")
_ID: Final = r"[A-Z0-9]+(?:-[A-Z0-9]+)*_[A-Z0-9]+"
_PLAIN: Final = re.compile(f"{_ID}(?::{_ID})?")


def slug_of(treaty: str) -> str:
    """The agreement's slug: readable, and another one for every treatyID."""
    text = re.sub(r"[^a-z0-9-]", "-", treaty.lower().replace(":", "--").replace("_", "-"))
    if _PLAIN.fullmatch(treaty) and len(text) <= 90:
        return f"ggo-{text}"
    return f"ggo-{text[:80]}-{hashlib.sha256(treaty.encode()).hexdigest()[:8]}"


@cache
def dated(verbatim: str) -> dates.Edtf | str:
    """The date, or why it is none."""
    try:
        return dates.parse_messy(verbatim)
    except dates.NotADate as refusal:
        return str(refusal)


def beginning(when: dates.Edtf) -> str:
    """The time that begins then; a set of days cannot begin an interval, and stands as it is."""
    return when.text if any(mark in when.text for mark in "[{/") else f"{when.text}/.."


def odd(row: Row, first: str, second: str) -> str:
    """That the second certainly came before the first, where it did."""
    if NEVER in (row[first], row[second]):
        return ""
    begun, ended = dated(row[first]), dated(row[second])
    if isinstance(begun, str) or isinstance(ended, str) or ended.latest >= begun.earliest:
        return ""
    return f"{second} {row[second]} is before {first} {row[first]}: recorded as it stands"


def cited(file: str, treaty: str, quote: str = "", state: str = "") -> dict[str, str]:
    where = f"{file}: {treaty}, {state}" if state else f"{file}: {treaty}"
    return given({"source": SOURCE, "locator": where, "quote": quote})

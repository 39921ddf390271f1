"""The index of treaties: each an agreement, with what its participant table is complete in."""

import re
from collections.abc import Mapping
from typing import Any, Final

from registry.ingest.files import Row

_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,60}")
_KINDS: Final[Mapping[str, str]] = {
    "treaty": "treaty",
    "convention": "convention",
    "conventions": "convention",
    "agreement": "agreement",
    "protocol": "protocol",
    "amendment": "amendment",
    "amendments": "amendment",
    "constitution": "constitution",
    "covenant": "covenant",
    "memorandum": "memorandum",
    "declaration": "declaration",
    "declarations": "declaration",
    "arrangement": "arrangement",
}
_HEAD_ENDS: Final = re.compile(
    r"[,.]|\b(?:of|on|to|for|in|against|amending|concerning|establishing|relating|relative|regarding)\b"
)
CUT_SHORT: Final = (
    "The copy that was read has no footnotes. Withdrawals, a participation that ended before the "
    "table was read, earlier accessions of those that came back, acts of predecessor states and "
    "territorial extensions stand there only."
)


def agreement_of(row: Row, cited: Mapping[str, Any], slug: str) -> dict[str, Any]:
    """`agreement.recorded` of a row of the index."""
    title = row["title_verbatim"]
    said: dict[str, Any] = {
        "type": "agreement.recorded",
        "agreement": slug,
        "title": title,
        "kind": kind_of(title),
        "form": "multilateral",
        "depositary": "Secretary-General of the United Nations",
        "external_ids": {"mtdsg": row["treaty_id"]},
        "sources": [dict(cited)],
    }
    if row["chapter_name"]:
        said["topics"] = [row["chapter_name"]]
    if place := _place(title, row["date_in_title_verbatim"]):
        said["place"] = place
    return said


def coverage_of(slug: str, until: str, cited: Mapping[str, Any]) -> dict[str, Any]:
    """`coverage.stated`: who is not in the table takes no part, as far as the table goes."""
    return {
        "type": "coverage.stated",
        "layer": "participation",
        "subject": {"agreement": slug},
        "over": f"../{until}",
        "sources": [dict(cited)],
        "note": f"The depositary's table names every participant of the day {until}. {CUT_SHORT}",
    }


def slug_of(prefix: str, treaty_id: str) -> str | None:
    """The slug that a treaty gets where none is on record; None: its number makes none."""
    return f"{prefix}-{treaty_id}" if _SLUG.fullmatch(treaty_id) else None


def kind_of(title: str) -> str:
    """What it calls itself, where the title begins with that: the last such word of its head."""
    head = _HEAD_ENDS.split(title, maxsplit=1)[0].lower().split()
    return next((_KINDS[word] for word in reversed(head) if word in _KINDS), "unknown")


def _place(title: str, day: str) -> str | None:
    """The place that the title ends with, before its day; one place and one day only."""
    before, found, _ = title.rpartition(f", {day}") if day else ("", "", "")
    place = before.rpartition(". ")[2]
    return place if found and title.endswith(day) and not re.search(r"\d|,$", place) else None

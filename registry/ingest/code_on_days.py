"""Whom a cell's code means: one that meant several parties over time, by the days of its row."""

from collections.abc import Iterable

from registry.ingest.coded import Codes
from registry.ingest.files import Row
from registry.ingest.profile import Held, Reading


def party_coded(
    reading: Reading, codes: Codes, row: Row, column: str, scheme: str, days: Iterable[int]
) -> str | Held:
    """The party whose code it was on every one of these days; Held if that is nobody or several."""
    found = reading.party(row, column, scheme)
    if isinstance(found, str):
        return found
    each_day = [
        {meant.party for meant in codes.meant(scheme, row[column], day, day)} for day in days
    ]
    meant = set.intersection(*each_day) if each_day else set()
    return meant.pop() if len(meant) == 1 else found

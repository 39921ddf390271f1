"""Whom a state list's number means, and when: a number can pass from one party to another."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from registry.domain import dates
from registry.domain.dates import Days
from registry.ingest.files import Row
from registry.ingest.profile import Held, Reading


@dataclass(frozen=True, slots=True)
class Meant:
    """The party that a number means, and the days (of those asked about) on which it does."""

    party: str
    lo: int
    hi: int


class Codes:
    """The numbers of all parties on record, each with the days on which it is theirs."""

    def __init__(self, parties: Mapping[str, Mapping[str, Any]]) -> None:
        self._held: dict[tuple[str, str], list[tuple[str, Days]]] = defaultdict(list)
        for party, doc in parties.items():
            for each in doc.get("codes", ()):
                valid = each.get("valid")
                days = dates.parse(valid).over if valid else Days.ALWAYS
                self._held[each["scheme"], each["code"].upper()].append((party, days))

    def known(self, scheme: str, code: str) -> bool:
        """Whether it is anybody's number at any time."""
        return (scheme, code.upper()) in self._held

    def meant(self, scheme: str, code: str, lo: int, hi: int) -> list[Meant]:
        """The parties that it means from one day to another, in order of time.

        Days on which it is nobody's are in none of them.
        """
        asked = Days(((lo, hi),))
        return sorted(
            (
                Meant(party, first, last)
                for party, days in self._held.get((scheme, code.upper()), ())
                for first, last in (days & asked).intervals
            ),
            key=lambda each: (each.lo, each.party),
        )


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

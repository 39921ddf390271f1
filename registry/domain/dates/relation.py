"""How a date stands to a day, and to another date."""

from typing import Literal

from registry.domain.dates.edtf import Edtf
from registry.domain.dates.gregorian import Day


def happened_by(date: Edtf, day: Day) -> Literal["certain", "possible", "impossible"]:
    """Whether it had happened (or begun, if it lasts) by the end of that day."""
    begins = date.begins
    if begins.hi <= day:
        return "certain"
    return "possible" if begins.lo <= day else "impossible"


def compare(a: Edtf, b: Edtf) -> Literal["before", "after", "overlaps"]:
    """Whether all of `a` lies before or after all of `b`; sets that interlock overlap."""
    if a.latest < b.earliest:
        return "before"
    return "after" if a.earliest > b.latest else "overlaps"

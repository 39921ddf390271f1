"""Vague dates: EDTF text, the set of days it may mean, and how people write it."""

from registry.domain.dates.days import Days
from registry.domain.dates.edtf import Edtf, parse, parse_day
from registry.domain.dates.gregorian import MAX_DAY, MIN_DAY, Day, day_of, iso
from registry.domain.dates.human import human
from registry.domain.dates.messy import parse_messy
from registry.domain.dates.reading import from_human
from registry.domain.dates.refusal import NotADate
from registry.domain.dates.relation import compare, happened_by

__all__ = [
    "MAX_DAY",
    "MIN_DAY",
    "Day",
    "Days",
    "Edtf",
    "NotADate",
    "compare",
    "day_of",
    "from_human",
    "happened_by",
    "human",
    "iso",
    "parse",
    "parse_day",
    "parse_messy",
]

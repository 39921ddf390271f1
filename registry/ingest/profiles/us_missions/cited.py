"""What the dataset cites, whom its slugs mean, and how its days are written."""

import re
from typing import Final

from registry.domain import dates
from registry.domain.dates import Days
from registry.domain.errors import Invalid
from registry.ingest.coded import Codes
from registry.ingest.files import Row
from registry.ingest.profile import Held, Reading, Refused

MISSIONS: Final = "kenkel-us-missions"
GUIDE: Final = "us-rdcr-guide"
OFFICERS: Final = "us-pocom-chiefs"
TRAVELS: Final = "us-official-travels"

_HISTORIAN: Final = "U.S. Department of State, Office of the Historian"
SOURCES: Final = (
    {
        "source": MISSIONS,
        "kind": "dataset",
        "title": "U.S. diplomatic missions, version 0.1",
        "author": "Brenton Kenkel",
        "url": "https://github.com/brentonk/us_diplomatic_missions",
        "published": "2026",
        "language": "en",
    },
    {
        "source": GUIDE,
        "kind": "dataset",
        "title": "A Guide to the United States' History of Recognition, Diplomatic, and Consular "
        "Relations, by Country, since 1776",
        "publisher": _HISTORIAN,
        "url": "https://history.state.gov/countries",
        "language": "en",
    },
    {
        "source": OFFICERS,
        "kind": "dataset",
        "title": "Principal Officers and Chiefs of Mission",
        "publisher": _HISTORIAN,
        "url": "https://history.state.gov/departmenthistory/people/chiefsofmission",
        "language": "en",
    },
    {
        "source": TRAVELS,
        "kind": "dataset",
        "title": "Travels of the President and of the Secretary of State",
        "publisher": _HISTORIAN,
        "url": "https://history.state.gov/departmenthistory/travels",
        "language": "en",
    },
)

PASSING: Final = {
    "kingdom-of-serbiayugoslavia": (("cow", "345"),),
    "yugoslavia": (("cow", "345"),),
    "north-yemen": (("gw", "678"),),
    "yemen": (("gw", "678"),),
    "vietnam": (("cow", "816"), ("cow", "817")),
}
"""Slugs that mean one party after another, or two at a time, by their numbers in the state lists."""

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_PART: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_SENTINEL: Final = "9999"


def party_of(reading: Reading, row: Row, column: str, date: str = "") -> str | Held:
    """The party that a slug names: its words as the name it has today, else a stated alias.

    `date`: the day by which a slug is settled that passed from one party to another.
    """
    slug = row[column]
    if slug in PASSING and date:
        return _on_its_day(reading, row, column, date)
    spelled = reading.names.party(slug.replace("-", " "))
    if isinstance(spelled, str):
        return spelled
    return reading.party(row, column)


def _on_its_day(reading: Reading, row: Row, column: str, date: str) -> str | Held:
    """Whom the slug means on all days of the date, told from the state number that it stands for."""
    slug, days = row[column], dates.parse(date).over
    numbers = Codes(reading.names.parties)
    lasting = [
        each
        for scheme, code in PASSING[slug]
        for each in numbers.meant(scheme, code, days.lo, days.hi)
        if _lasts(reading, each.party, days)
    ]
    meant = {each.party for each in lasting}
    if len(meant) == 1:
        return meant.pop()
    several = "several parties on record at that time" if meant else "nobody on record at that time"
    return Held(column, slug, several, tuple(sorted(meant)))


def _lasts(reading: Reading, party: str, days: Days) -> bool:
    """Whether it can have existed on any of these days."""
    doc = reading.names.parties[party]
    began = [dates.parse(doc["began"]).earliest] if doc.get("began") else []
    ended = [dates.parse(each).latest for each in doc.get("ended", ())]
    return all(day <= days.hi for day in began) and all(days.lo <= day for day in ended)


def day_of(row: Row, column: str) -> int | Refused:
    """The day that a cell names, which has to be whole."""
    read = date_of(row, column)
    if isinstance(read, Refused):
        return read
    if not _DAY.fullmatch(read):
        return Refused(column, row[column], "not a whole day: expected YYYY-MM-DD")
    return dates.parse(read).earliest


def date_of(row: Row, column: str) -> str | Refused:
    """A day, month or year as EDTF has it, which is how it is written."""
    verbatim = row[column]
    if not _PART.fullmatch(verbatim):
        return Refused(column, verbatim, "not a date: expected YYYY, YYYY-MM or YYYY-MM-DD")
    if verbatim.startswith(_SENTINEL):
        return Refused(column, verbatim, "the year 9999 stands for something else than a date")
    try:
        dates.parse(verbatim)
    except Invalid as wrong:
        return Refused(column, verbatim, wrong.message)
    return verbatim

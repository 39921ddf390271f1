"""Lists of states: spells of membership in the state system, and codes.

A spell says that the state existed over that time by the list's own test, not by which act it began
or ended: it is an observation. Membership in a list is narrower than existence, so no list is stated
as complete coverage of existence. The two versions of the Correlates of War list stand side by side,
each as a source of its own: where they differ, both are shown. Nobody is entered from these files.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from registry.domain import dates
from registry.ingest.coded import Codes, party_coded
from registry.ingest.files import File, Row
from registry.ingest.profile import Act, Held, Outcome, Profile, Reading, Refused, Said, There

_COW: Final = (
    *("stateabb", "ccode", "statenme", "styear", "stmonth", "stday"),
    *("endyear", "endmonth", "endday", "version"),
)
COW_2016: Final = File("cow_states_2016.csv", _COW)
COW_2024: Final = File("cow_states_2024.csv", _COW)
GW: Final = File("gw_states.csv", ("stateID", "StateName", "Begin", "End", "cowNR"))
ISD: Final = File("isd_states.csv", ("stateID", "StateName", "Begin", "End", "cowNR"))
GGO: Final = File("ggo_states.csv", ("stateID", "StateName", "Begin", "End"))
ISO: Final = File("country_codes_iso.csv", ("ISO3166-1-Alpha-3", "ISO3166-1-Alpha-2"))
NOT_ENDED: Final = "9999-12-31"

_LISTS: Final = (
    (COW_2016, "cow-states-2016", (("ccode", "cow"),)),
    (COW_2024, "cow-states-2024", (("ccode", "cow"),)),
    (GW, "gleditsch-ward-states", (("cowNR", "cow"),)),
    (ISD, "international-system-dataset", (("cowNR", "cow"),)),
    (GGO, "ggo-states", (("stateID", "iso3"), ("stateID", "id"))),
)


def read(reading: Reading) -> Iterator[Said]:
    """The spells of each list, then the codes."""
    codes = Codes(reading.names.parties)
    for file, source, schemes in _LISTS:
        seen: dict[str, int] = {}
        for row in reading.rows(file.name):
            yield Said(row, [_spell(reading, codes, row, source, schemes, seen)])
    for row in reading.rows(ISO.name):
        yield Said(row, list(_codes(reading, row)))


def _spell(
    reading: Reading,
    codes: Codes,
    row: Row,
    source: str,
    schemes: tuple[tuple[str, str], ...],
    seen: dict[str, int],
) -> Outcome:
    begin = _begin(row)
    if isinstance(begin, Refused):
        return begin
    end = _end(row)
    if isinstance(end, Refused):
        return end
    column, verbatim, began = begin
    end_column, end_verbatim, ended = end
    if ended is not None and ended.latest < began.earliest:
        return Refused(end_column, end_verbatim, f"ends before it begins ({verbatim})")
    party = _party(reading, codes, row, schemes, began.earliest)
    if isinstance(party, Held):
        return party
    if (doubt := _outside(reading, party, began, ended)) is not None:
        return Held(column, verbatim, doubt, (party,))
    key = f"{source}|{row[schemes[0][0]]}|{_name(row)}|{verbatim}|{end_verbatim}"
    if key in seen:
        return There(f"the same as line {seen[key]}", column, verbatim)
    seen[key] = row.line
    said = {
        "type": "status.observed",
        "layer": "existence",
        "subject": {"party": party},
        "value": "exists",
        "over": f"{began.text}/{ended.text if ended else '..'}",
        "sources": [
            {
                "source": source,
                "locator": f"{row[schemes[0][0]]}, {_name(row)}",
                "quote": f"{verbatim} to {end_verbatim}",
            }
        ],
    }
    remark = "censored: begun by then" if verbatim.startswith("..") else ""
    return Act(key, said, column, verbatim, remark)


def _name(row: Row) -> str:
    return row["statenme"] if "statenme" in row.cells else row["StateName"]


_Bound = tuple[str, str, dates.Edtf]


def _begin(row: Row) -> _Bound | Refused:
    """The first day of the spell; of one begun before the list does, the day the list begins."""
    if "styear" in row.cells:
        found = _ymd(row, "styear", "stmonth", "stday")
        return found if isinstance(found, Refused) else ("styear", *found)
    verbatim = row["Begin"]
    if not verbatim:
        return Refused("Begin", verbatim, "from when is not said")
    if verbatim == NOT_ENDED:
        return Refused("Begin", verbatim, "never begun: nothing to record")
    when = _date(verbatim.removeprefix(".."))
    return Refused("Begin", verbatim, when) if isinstance(when, str) else ("Begin", verbatim, when)


def _end(row: Row) -> tuple[str, str, dates.Edtf | None] | Refused:
    """The last day of the spell; None where it has not ended or no end is said.

    The day on which a list was closed is the last that it observed.
    """
    if "endyear" in row.cells:
        found = _ymd(row, "endyear", "endmonth", "endday")
        return found if isinstance(found, Refused) else ("endyear", *found)
    verbatim = row["End"]
    if verbatim in ("", NOT_ENDED):
        return "End", verbatim, None
    when = _date(verbatim.removesuffix(".."))
    return Refused("End", verbatim, when) if isinstance(when, str) else ("End", verbatim, when)


def _ymd(row: Row, *columns: str) -> tuple[str, dates.Edtf] | Refused:
    cells = [row[each] for each in columns]
    verbatim = "-".join(cells)
    if not all(re.fullmatch(r"\d{1,4}", each) for each in cells):
        return Refused(columns[0], verbatim, "expected year, month and day in numbers")
    try:
        day = date(*(int(each) for each in cells))
    except ValueError as wrong:
        return Refused(columns[0], verbatim, f"no day of the calendar: {wrong}")
    return verbatim, dates.parse(day.isoformat())


def _date(verbatim: str) -> dates.Edtf | str:
    """The day, vague as it may be, or why it cannot bound a spell."""
    try:
        return dates.parse(verbatim)
    except dates.NotADate as refusal:
        return str(refusal)


def _party(
    reading: Reading, codes: Codes, row: Row, schemes: tuple[tuple[str, str], ...], day: int
) -> str | Held:
    held: Held | None = None
    for column, scheme in schemes:
        found = party_coded(reading, codes, row, column, scheme, [day])
        if isinstance(found, str):
            if reading.names.kind(found) == "state":
                return found
            kind = reading.names.kind(found)
            found = Held(column, row[column], f"on record as {kind}, not as a state", (found,))
        held = held or found
    assert held is not None  # noqa: S101 - every list has a scheme
    return held


def _outside(
    reading: Reading, party: str, began: dates.Edtf, ended: dates.Edtf | None
) -> str | None:
    """Why the spell cannot be the party's as it is recorded, but another state's of that code."""
    doc = reading.names.parties[party]
    if ended is not None and doc.get("began"):
        start = dates.parse(doc["began"])
        first = start.latest if start.earliest <= dates.MIN_DAY else start.earliest
        if ended.latest < first:
            return f"over before the register has {party} in existence ({start.text})"
    ends = [dates.parse(text).latest for text in doc.get("ended", ()) if text]
    if ends and began.earliest > max(ends):
        return f"begins after the end of {party} on record"
    return None


def _codes(reading: Reading, row: Row) -> Iterator[Outcome]:
    """Whether the register has the codes, and for one and the same party."""
    alpha3, alpha2 = row["ISO3166-1-Alpha-3"], row["ISO3166-1-Alpha-2"]
    found = reading.party(row, "ISO3166-1-Alpha-3", "iso3")
    if isinstance(found, Held):
        yield found
        return
    other = reading.names.party(alpha2, "iso2")
    if other == found:
        yield There(f"on record as codes of {found}", "ISO3166-1-Alpha-3", alpha3)
    else:
        reason = f"{alpha3} is a code of {found} on record, this one is not"
        yield Held("ISO3166-1-Alpha-2", alpha2, reason, (found,))


def _source(slug: str, title: str, publisher: str, url: str) -> dict[str, str]:
    said = {"source": slug, "kind": "dataset", "title": title, "publisher": publisher, "url": url}
    return said | {"language": "en"}


PROFILE: Final = Profile(
    name="states",
    title="Lists of states: Correlates of War, Gleditsch-Ward, ISD, GGO, and ISO codes",
    files=(COW_2016, COW_2024, GW, ISD, GGO, ISO),
    sources=(
        _source(
            "cow-states-2016",
            "State System Membership List, version 2016",
            "Correlates of War Project",
            "https://correlatesofwar.org/data-sets/state-system-membership/",
        ),
        _source(
            "cow-states-2024",
            "State System Membership List, version 2024",
            "Correlates of War Project",
            "https://correlatesofwar.org/data-sets/state-system-membership/",
        ),
        _source(
            "gleditsch-ward-states",
            "List of Independent States",
            "Kristian Skrede Gleditsch and Michael D. Ward",
            "http://ksgleditsch.com/statelist.html",
        ),
        _source(
            "international-system-dataset",
            "International System(s) Dataset",
            "Ryan Griffiths and Charles Butcher",
            "https://github.com/globalgov/manystates",
        ),
        _source(
            "ggo-states",
            "manystates 1.0.3: GGO list of states",
            "PANARCHIC project, globalgov",
            "https://github.com/globalgov/manystates",
        ),
    ),
    read=read,
    names_as_of="2024",
    aliases="states.yaml",
)

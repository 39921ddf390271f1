"""UK Treaties Online: treaties of the United Kingdom, who is listed for them, and to which places.

All dates are of the treaty as a whole, day/month/year. Those listed have no dates: that they took
part is recorded as known by the day of the catalogue, without saying in what role. Names in
capitals are states and organisations, others are territories; only those that were under the
United Kingdom are recorded as its extension of the treaty, for the rest the list does not say whose.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from registry.ingest.files import File, Row
from registry.ingest.profile import (
    Act,
    Held,
    Outcome,
    Profile,
    Reading,
    Refused,
    Said,
    There,
    given,
)

TREATIES: Final = File(
    "treaties.csv",
    (
        *("uuid", "record_id", "type_code", "subject", "title_verbatim"),
        *("signed_location_verbatim", "signed_event_date"),
        *("adopted_event_date", "adopted_event_effective_date"),
        *("provisional_eif_event_date", "definitive_eif_event_date"),
        *("definitive_eif_event_effective_date", "terminated_event_date"),
        *("terminated_event_effective_date", "withdrawn_event_date"),
        *("withdrawn_event_effective_date", "unofficial_info_event_date"),
        "unofficial_info_event_effective_date",
    ),
)
PARTIES: Final = File("treaty_parties.csv", ("uuid", "ordinal", "party_verbatim"))
CITATIONS: Final = File("citations.csv", ("uuid", "ordinal", "citation_verbatim", "url"))
SOURCE: Final = "uk-treaties-online"
UNITED_KINGDOM: Final = "GBR"
BY_THE_CATALOGUE: Final = "[..2022-03-31]"
TITLE_LIMIT: Final = 500

_ACTS: Final = (
    ("adopted_event", "agreement.text_adopted"),
    ("provisional_eif_event", "agreement.provisionally_in_force"),
    ("definitive_eif_event", "agreement.entered_into_force"),
    ("terminated_event", "agreement.terminated"),
    ("withdrawn_event", "agreement.withdrew"),
)
_SERIES: Final = re.compile(
    r"(?P<series>(?:European Communities |Country |Miscellaneous |United Nations |Canadian "
    r"|League of Nations |Australian |New Zealand |South African |Eire |United States |"
    r"European Union )?(?:Treaty )?Series(?: \(\w+\))?|Command Paper|British State Papers \(BSP\)"
    r"|Hertslet's Commercial Treaties)\s+(?P<number>\S.*)"
)
_STATES: Final = (
    "ATG AUS BHR BHS BLZ BRB BRN BWA CAN COK CYP DMA EGY FJI GHA GMB GRD GUY IND IRL JAM JOR KEN "
    "KIR KNA KWT LCA LKA LSO MLT MMR MUS MWI MYS NGA NRU NZL PAK PNG PSE QAT SGP SLB SLE SWZ SYC TON "
    "TTO TUV TZA UGA VCT VUT WSM YEM ZAF ZANZIBAR ZMB ZWE"
)
_ONCE_UNDER_THE_UK: Final = frozenset(_STATES.split())
"""States of today that the list names as territories: they were the United Kingdom's then."""
_PLACES: Final = (
    "Aden Colony; Aden Protectorate; Akrotiri &  Dhekelia; Alderney; "
    "All Territories under UK Sovereignty; Ascension Island; Ashanti; British African "
    "Protectorates; British Antarctic Territory; British East Africa; British North Borneo; "
    "British Togoland; British West Africa; Cape Of Good Hope; Channel Islands; Falkland "
    "Island Dependencies; Gilbert & Ellice Colony; Gilbert And Ellice Islands; Herm; Jethou; "
    "Johore; Kelantan; Labuan; Leeward Islands; Malay States; Malay States, Federated; Malay "
    "States, Unfederated; Natal; New South Wales; Newfoundland (UK); Nigeria, North; "
    "Nigeria, South; North Borneo; Northern Ireland; Orange River Colony; Palestine (inc. "
    "Trans-Jordan); Perlis; Queensland; Rhodesia And Nyasaland; Sarawak; Scotland; Somaliland "
    "Protectorate; South Georgia And South Sandwich Islands; Sovereign Base Areas; "
    "St Helena And Ascension; St Helena And Dependencies; St Helena, Ascension & Tristan; "
    "Straits Settlements; Tasmania; Trenganu; Tristan Da Cunha; Trucial States; "
    "UK Responsibility Territories; Western Pacific High Commsn Territories; Weihaiwei; "
    "Windward Islands"
)
_PLACES_OF_THE_UK: Final = frozenset(_PLACES.split("; "))
"""Parts of the United Kingdom and its territories that are no parties of the register's."""


def read(reading: Reading) -> Iterator[Said]:
    """The treaties, those listed for them, then where they are printed."""
    printed: dict[str, list[str]] = defaultdict(list)
    for row in reading.rows(CITATIONS.name):
        printed[row["uuid"]].append(row["citation_verbatim"])
    listed = Counter(
        row["uuid"] for row in reading.rows(PARTIES.name) if not _is_place(row["party_verbatim"])
    )
    treaties: dict[str, tuple[str, Row]] = {}
    for row in reading.rows(TREATIES.name):
        yield Said(row, list(_treaty(reading, row, treaties, printed, listed)))
    seen: dict[str, int] = {}
    for row in reading.rows(PARTIES.name):
        yield Said(row, [_listed(reading, row, treaties, seen)])
    for row in reading.rows(CITATIONS.name):
        yield Said(row, [_printed(row, treaties, seen)])


def _treaty(
    reading: Reading,
    row: Row,
    treaties: dict[str, tuple[str, Row]],
    printed: Mapping[str, list[str]],
    listed: Mapping[str, int],
) -> Iterator[Outcome]:
    uuid, number = row["uuid"], row["record_id"]
    if not uuid or not re.fullmatch(r"[0-9A-Za-z]{1,40}", number):
        yield Refused("record_id", row.cells["record_id"], "expected a uuid and a record's number")
        return
    if uuid in treaties:
        before = treaties[uuid][1]
        same = before.cells == row.cells
        where = f"line {before.line}"
        reason = f"the same as {where}" if same else f"the uuid of {where}, which says otherwise"
        yield There(reason, "uuid", uuid) if same else Held("uuid", uuid, reason)
        return
    own = f"uk-{number.lower()}"
    slug = reading.agreements.get(("uk", number), own)
    treaties[uuid] = (slug, row)
    if slug != own:
        yield There(f"on record as {slug}", "record_id", number)
    else:
        yield _recorded(row, slug, printed.get(uuid, []), listed[uuid])
    yield from _dates(row, slug)


def _recorded(row: Row, slug: str, printed: list[str], listed: int) -> Act:
    title = row["title_verbatim"] or f"UK treaty {row['record_id']}"
    notes = []
    remark = ""
    if len(title) > TITLE_LIMIT:
        notes.append(f"Title in full: {title}")
        remark = f"title of {len(title)} characters, shortened; whole in the note"
        title = title[: TITLE_LIMIT - 4].rstrip() + " ..."
    if printed:
        notes.append("Cited as: " + "; ".join(printed))
    form = {"BI": "bilateral" if listed == 2 else None, "MULTI": "multilateral"}
    said = {
        "type": "agreement.recorded",
        "agreement": slug,
        "title": title,
        "form": form.get(row["type_code"]),
        "topics": [row["subject"]] if row["subject"] else [],
        "external_ids": {"uk": row["record_id"]},
        "note": "\n".join(notes),
        "sources": [_cited(row["uuid"], f"type_code: {row['type_code']}")],
    }
    return Act(f"{row['uuid']}|recorded", given(said), "record_id", row["record_id"], remark)


def _dates(row: Row, slug: str) -> Iterator[Outcome]:
    signed = _day(row["signed_event_date"])
    if isinstance(signed, str):
        yield Refused("signed_event_date", row["signed_event_date"], signed)
    elif signed is not None:
        yield _signed(row, slug, signed)
    for prefix, type_ in _ACTS:
        columns = [f"{prefix}_date", f"{prefix}_effective_date"]
        cells = {each: row[each] for each in columns if each in row.cells and row[each]}
        days = {each: _day(cell) for each, cell in cells.items()}
        wrong = [each for each, day in days.items() if isinstance(day, str)]
        for each in wrong:
            yield Refused(each, cells[each], str(days[each]))
        good = [day.isoformat() for day in days.values() if isinstance(day, date)]
        if not good:
            continue
        said: dict[str, Any] = {
            "type": type_,
            "agreement": slug,
            "party": UNITED_KINGDOM if type_ == "agreement.withdrew" else None,
            "occurred": good[0],
            "effective": good[1] if len(good) == 2 and good[1] != good[0] else None,
            "sources": [_cited(row["uuid"], _quoted(cells))],
        }
        at = next(each for each in days if each not in wrong)
        remark = ""
        if isinstance(signed, date) and good[-1] < signed.isoformat():
            remark = f"before signature on {row['signed_event_date']}: recorded as it stands"
        yield Act(f"{row['uuid']}|{prefix}", given(said), at, cells[at], remark)
    for column in ("unofficial_info_event_date", "unofficial_info_event_effective_date"):
        if row[column]:
            yield Held(column, row[column], "what happened on this day is not said")


def _signed(row: Row, slug: str, day: date) -> Act:
    place = row["signed_location_verbatim"]
    said = {
        "type": "status.observed",
        "layer": "conclusion",
        "subject": {"agreement": slug},
        "value": "signed",
        "over": f"{day.isoformat()}/..",
        "place": place,
        "sources": [_cited(row["uuid"], f"signed_event_date: {row['signed_event_date']}")],
    }
    several = "several places in one cell, kept as they stand" if "/" in place else ""
    key = f"{row['uuid']}|signed"
    return Act(key, given(said), "signed_event_date", row["signed_event_date"], several)


def _day(verbatim: str) -> date | str | None:
    """The day, why it is none, or None where the cell is empty."""
    if not verbatim:
        return None
    parts = re.fullmatch(r"(\d{2})/(\d{2})/(\d{4})", verbatim)
    if parts is None:
        return f"not a date as this file writes them (day/month/year): {verbatim!r}"
    try:
        return date(int(parts[3]), int(parts[2]), int(parts[1]))
    except ValueError as wrong:
        return f"no day of the calendar: {verbatim!r} ({wrong})"


def _listed(
    reading: Reading,
    row: Row,
    treaties: Mapping[str, tuple[str, Row]],
    seen: dict[str, int],
) -> Outcome:
    verbatim = row["party_verbatim"]
    if row["uuid"] not in treaties:
        return Held("uuid", row["uuid"], f"no treaty of that uuid in {TREATIES.name}")
    slug = treaties[row["uuid"]][0]
    found = reading.party(row, "party_verbatim")
    said: dict[str, Any]
    if _is_place(verbatim):
        named = _territory(reading, row, found)
        if isinstance(named, Held):
            return named
        said = {
            "type": "agreement.territorial_application_extended",
            "party": named[0],
            "territory": named[1],
        }
    elif isinstance(found, Held):
        return found
    else:
        said = {
            "type": "agreement.participation_recorded",
            "party": found,
            "verbatim_header": "party_verbatim",
            "role": "unknown",
        }
    key = f"{row['uuid']}|party|{verbatim}"
    if key in seen:
        return There(f"the same as line {seen[key]}", "party_verbatim", verbatim)
    seen[key] = row.line
    said |= {
        "agreement": slug,
        "occurred": BY_THE_CATALOGUE,
        "sources": [_cited(row["uuid"], f"party_verbatim: {verbatim}")],
    }
    return Act(key, said, "party_verbatim", verbatim)


def _is_place(verbatim: str) -> bool:
    """Names that are not all in capitals are places to which a treaty was extended."""
    return verbatim != verbatim.upper()


def _territory(reading: Reading, row: Row, found: str | Held) -> tuple[str, str] | Held:
    """By whom, and to which territory, the treaty was extended."""
    verbatim = row["party_verbatim"]
    if isinstance(found, Held):
        if verbatim in _PLACES_OF_THE_UK:
            return UNITED_KINGDOM, verbatim
        return found
    if found in _ONCE_UNDER_THE_UK or found == "HKG":
        return UNITED_KINGDOM, found
    holder = reading.names.parties[found].get("part_of")
    if holder:
        return str(holder), found
    reason = "a place to which the treaty was extended: the list does not say by whom"
    return Held("party_verbatim", verbatim, reason, (found,))


def _printed(row: Row, treaties: Mapping[str, tuple[str, Row]], seen: dict[str, int]) -> Outcome:
    verbatim = row["citation_verbatim"]
    if row["uuid"] not in treaties:
        return Held("uuid", row["uuid"], f"no treaty of that uuid in {TREATIES.name}")
    series = _SERIES.fullmatch(verbatim)
    if series is None:
        reason = "no numbered series: kept word for word in the note of the agreement's entry"
        return There(reason, "citation_verbatim", verbatim)
    key = f"{row['uuid']}|published|{verbatim}"
    if key in seen:
        return There(f"the same as line {seen[key]}", "citation_verbatim", verbatim)
    seen[key] = row.line
    said = {
        "type": "agreement.published",
        "agreement": treaties[row["uuid"]][0],
        "series": series["series"],
        "number": series["number"],
        "occurred": BY_THE_CATALOGUE,
        "sources": [_cited(row["uuid"], verbatim, row["url"])],
    }
    return Act(key, said, "citation_verbatim", verbatim)


def _quoted(cells: Mapping[str, str]) -> str:
    return "\n".join(f"{column}: {cell}" for column, cell in cells.items())


def _cited(uuid: str, quote: str, url: str = "") -> dict[str, str]:
    said = {"source": SOURCE, "locator": uuid, "quote": quote}
    return said | ({"url": url} if re.fullmatch(r"https?://[^\s<>\"\\^`{|}]+", url) else {})


PROFILE: Final = Profile(
    name="uk-treaties",
    title="UK Treaties Online: treaties involving the United Kingdom",
    files=(TREATIES, PARTIES, CITATIONS),
    sources=(
        {
            "source": SOURCE,
            "kind": "depositary",
            "title": "UK Treaties Online",
            "publisher": "Foreign, Commonwealth and Development Office",
            "url": "https://treaties.fcdo.gov.uk/",
            "accessed": "2022-03",
            "language": "en",
        },
    ),
    read=read,
    names_as_of="2022-03",
    aliases="uk-treaties.yaml",
)

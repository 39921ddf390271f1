"""Chiefs of mission: who was appointed, took up the post and left it, as the lists have it."""

import re
from collections.abc import Iterator
from typing import Any, Final

from registry.domain import dates
from registry.ingest.files import Row
from registry.ingest.profile import Act, Held, Outcome, Reading, Refused, Said
from registry.ingest.profiles.us_missions.cited import OFFICERS, date_of, party_of

FILE: Final = (
    "chiefs_of_mission.csv",
    (
        *("country_slug", "list", "chief_id", "person_id", "role_title_id"),
        *("appointed_date", "appointed_note", "started_date", "started_note"),
        *("ended_date", "ended_note", "note"),
    ),
    True,
)

CLASSES: Final = {
    "ambassador-e-p": "ambassador",
    "envoy-extraordinary-minister-plenipotentiary": "envoy",
    "envoy-extraordinary-minister-plenipotentiary-consul-general": "envoy",
    "minister-plenipotentiary": "envoy",
    "minister": "envoy",
    "minister-resident": "minister_resident",
    "minister-resident-consul-general": "minister_resident",
    "minister-resident-and-extraordinary": "minister_resident",
    "minister-resident-foreign-service-officer": "minister_resident",
    "charge-daffaires": "charge",
    "charge-daffaires-consul-general": "charge",
    "charge-daffaires-ad-interim": "charge_ad_interim",
    "charge-daffaires-pro-tem": "charge_ad_interim",
    "agent": "diplomatic_agent",
    "agent-consul-general": "diplomatic_agent",
    "diplomatic-agent": "diplomatic_agent",
    "diplomatic-agent-consul-general": "diplomatic_agent",
    "principal-officer": "principal_officer",
    "acting-principal-officer": "principal_officer",
}
_CHARGES: Final = ("charge", "charge_ad_interim")

# Read from a note only where its words leave no choice; the first that fits.
_HOW: Final = (
    (re.compile(r"\bpersona non grata\b", re.IGNORECASE), "persona_non_grata"),
    (re.compile(r"\b(recall|departure) requested by\b", re.IGNORECASE), "recall_requested_by_host"),
    (
        re.compile(
            r"\b(severed|broke)\b.*\brelations\b|\brelations\b.*\binterrupted\b", re.IGNORECASE
        ),
        "relations_broken",
    ),
    (re.compile(r"^(died|assassinated|killed)\b", re.IGNORECASE), "died"),
    (re.compile(r"^promoted\b", re.IGNORECASE), "promoted"),
    (re.compile(r"^superseded\b", re.IGNORECASE), "superseded"),
    (re.compile(r"^(presented|transmitted) recall\b", re.IGNORECASE), "letters_of_recall"),
    (re.compile(r"^(left|departed)\b", re.IGNORECASE), "departed"),
)
_TAIPEI: Final = re.compile(r"\bTaipei\b")
_ABOUT: Final = re.compile(
    r"\b(about|approximately|shortly|soon|probably|or before)\b", re.IGNORECASE
)


def said(reading: Reading) -> Iterator[Said]:
    """Each row: up to three acts, of the one title in the one country that it speaks of."""
    if reading.has(FILE[0]):
        for row in reading.rows(FILE[0]):
            yield Said(row, list(_outcomes(reading, row)))


def _outcomes(reading: Reading, row: Row) -> Iterator[Outcome]:
    dated = next((d for d in ("started_date", "appointed_date", "ended_date") if row[d]), None)
    if dated is None:
        yield Refused("note", row["note"], "no date of an appointment, of taking up or of leaving")
        return
    day = date_of(row, dated)
    party = party_of(reading, row, "country_slug", "" if isinstance(day, Refused) else day)
    if isinstance(party, Held):
        yield party
        return
    if _TAIPEI.search(row["note"]):
        reason = "accredited to China and resident at Taipei: open which party that is"
        yield Held("note", row["note"], reason, (party, "TWN"))
        return
    if party == "USA":
        yield Refused("country_slug", row["country_slug"], "no state has a mission to itself")
        return
    klass = CLASSES.get(row["role_title_id"])
    taken_up: Act | None = None
    if row["appointed_date"]:
        yield _act(row, "appointed", "head_of_mission.appointed", party, klass)
    if row["started_date"]:
        if klass is None:
            reason = f"started {row['started_date']}: no class of heads of mission has this title"
            yield Held("role_title_id", row["role_title_id"], reason)
        else:
            type_ = "charge_designated" if klass in _CHARGES else "credentials_presented"
            made = _act(row, "started", f"head_of_mission.{type_}", party, klass)
            taken_up = made if isinstance(made, Act) else None
            yield made
    if row["ended_date"]:
        left = _act(row, "ended", "head_of_mission.left", party, klass)
        if isinstance(left, Act) and taken_up is not None and _in_order(taken_up, left):
            said_ = {**left.said, "follows": [reading.event_id(taken_up.key)]}
            left = Act(left.key, said_, left.column, left.verbatim)
        yield left


def _act(row: Row, what: str, type_: str, party: str, klass: str | None) -> Act | Refused:
    column = f"{what}_date"
    date = date_of(row, column)
    if isinstance(date, Refused):
        return date
    told = row[f"{what}_note"]
    event: dict[str, Any] = {
        "type": type_,
        "sender": "USA",
        "receiver": party,
        "person": row["person_id"],
        "occurred": f"{date}~" if _ABOUT.search(told) else date,
        "sources": [{"source": OFFICERS, "locator": f"{row['chief_id']}, {row['list']}"}],
    }
    if klass is not None:
        event["class"] = klass
    if what == "ended" and (how := _how(told)) is not None:
        event["how"] = how
    title = "" if klass else f"Title: {row['role_title_id']}."
    if note := "\n".join(each for each in (told, row["note"], title) if each):
        event["note"] = note
    key = f"chief:{row['country_slug']}:{row['list']}:{row['chief_id']}:{what}"
    return Act(key, event, column, row[column])


def _how(note: str) -> str | None:
    """How the functions ended, where the note says so plainly; None where there is no note."""
    if not note:
        return None
    return next((how for words, how in _HOW if words.search(note)), "other")


def _in_order(first: Act, second: Act) -> bool:
    """Whether the second can have come after the first."""
    began, ended = (dates.parse(each.said["occurred"]) for each in (first, second))
    return began.earliest <= ended.latest

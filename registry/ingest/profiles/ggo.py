"""GGO (manytreaties): agreements and what states did about them, in dates that are often vague.

StateSignature, StateRatification, StateForce and StateEnd of a row are acts. Begin, End, Signature
and Force beside them are derived from other rows, so nothing is recorded from them; the same
columns of the agreements' own file speak of the agreement as a whole. StateRatification mixes
ratification, acceptance and accession: what kind of consent it was is not said. A StateEnd that
only repeats the row's derived End says that participation was over, not by which act.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from registry.domain import dates
from registry.ingest.coded import Codes, party_coded
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
TITLE_LIMIT: Final = 500
NEVER: Final = "9999-12-31"
"""Of an end: none, it is still in force. Of any other act: it never came about."""

_KINDS: Final = {
    "agreement": "agreement",
    "amendment": "amendment",
    "protocol": "protocol",
    "mou": "memorandum",
}
_FORMS: Final = {"bilateral": "bilateral", "multilateral": "multilateral"}
_FIELDS: Final = ("StateSignature", "StateRatification", "StateForce", "StateEnd")
_ORDERS: Final = (("StateRatification", "StateForce"), ("StateForce", "StateEnd"))
_ID: Final = r"[A-Z0-9]+(?:-[A-Z0-9]+)*_[A-Z0-9]+"
_PLAIN: Final = re.compile(f"{_ID}(?::{_ID})?")
_Pair = tuple[str, str]
_Same = tuple[str, str, str, str]
"""treatyID, party, column and cell: one act, whatever code and however often it is told."""


def read(reading: Reading) -> Iterator[Said]:
    """The agreements, then the acts of their parties."""
    entered: dict[str, tuple[Row, str]] = {}
    for row in reading.rows(AGREEMENTS.name):
        yield Said(row, list(_agreement(reading, row, entered)))
    pairs = _survey(reading, entered)
    codes = Codes(reading.names.parties)
    lines: dict[_Same, tuple[int, str]] = {}
    untitled: set[str] = set()
    for row in reading.rows(PARTIES.name):
        yield Said(row, list(_participation(reading, row, entered, untitled, pairs, codes, lines)))


def slug_of(treaty: str) -> str:
    """The agreement's slug: readable, and another one for every treatyID."""
    text = re.sub(r"[^a-z0-9-]", "-", treaty.lower().replace(":", "--").replace("_", "-"))
    if _PLAIN.fullmatch(treaty) and len(text) <= 90:
        return f"ggo-{text}"
    return f"ggo-{text[:80]}-{hashlib.sha256(treaty.encode()).hexdigest()[:8]}"


def _agreement(
    reading: Reading, row: Row, entered: dict[str, tuple[Row, str]]
) -> Iterator[Outcome]:
    treaty = row["treatyID"]
    if not treaty:
        yield Refused("treatyID", row.cells["treatyID"], "no treatyID: names no agreement")
        return
    if treaty in entered:
        first = entered[treaty][0]
        if all(first[each] == row[each] for each in AGREEMENTS.columns):
            yield There(f"the same as line {first.line}", "treatyID", treaty)
        else:
            reason = f"the treatyID of line {first.line} too, which says otherwise: one or two?"
            yield Held("treatyID", treaty, reason)
        return
    slug = reading.agreements.get(("ggo", treaty), slug_of(treaty))
    entered[treaty] = (row, slug)
    if slug != slug_of(treaty):
        yield There(f"on record as {slug}", "treatyID", treaty)
    else:
        yield _recorded(treaty, slug, row)
    yield from _treaty_dates(treaty, slug, row)


def _recorded(treaty: str, slug: str, row: Row) -> Act:
    title = row["Title"] or f"GGO {treaty}"
    notes = [f"TypeAmbit: {row['TypeAmbit']}" if row["TypeAmbit"] else "", row["Comments"]]
    remark = ""
    if len(title) > TITLE_LIMIT:
        remark = f"title of {len(title)} characters, shortened; whole in the note"
        notes.insert(0, f"Title in full: {title}")
        title = title[: TITLE_LIMIT - 4].rstrip() + " ..."
    said: dict[str, Any] = {
        "type": "agreement.recorded",
        "agreement": slug,
        "title": title,
        "kind": _KINDS.get(row["TypeAgree"].lower(), "other" if row["TypeAgree"] else "unknown"),
        "form": _FORMS.get(row["TypeAmbit"].lower()),
        "topics": [each for each in (row["TypeDomain"], row["TypeSubject"]) if each],
        "depositary": _actor(row["Depository"]),
        "external_ids": {"ggo": treaty},
        "note": "\n".join(each for each in notes if each) or None,
        "sources": [_cited(AGREEMENTS.name, treaty)],
    }
    return Act(f"{treaty}|recorded", given(said), "treatyID", treaty, remark)


def _actor(verbatim: str) -> str | None:
    """In plain words; a short code would be taken for a party's id."""
    plain = 3 < len(verbatim) <= 120 and verbatim != verbatim.upper()
    return verbatim if plain else None


def _treaty_dates(treaty: str, slug: str, row: Row) -> Iterator[Outcome]:
    for column in ("Signature", "Force", "End"):
        verbatim = row[column]
        if not verbatim:
            continue
        if verbatim == NEVER:
            what = "still in force" if column == "End" else "it never came about"
            yield There(f"{what}: no act to record", column, verbatim)
            continue
        when = _date(verbatim)
        if isinstance(when, str):
            yield Refused(column, verbatim, when)
            continue
        said: dict[str, Any] = {
            "sources": [_cited(AGREEMENTS.name, treaty, f"{column}: {verbatim}")]
        }
        if column == "Signature":
            said |= {
                "type": "status.observed",
                "layer": "conclusion",
                "subject": {"agreement": slug},
                "value": "signed",
                "over": _from(when),
            }
        else:
            type_ = "entered_into_force" if column == "Force" else "terminated"
            said |= {"type": f"agreement.{type_}", "agreement": slug, "occurred": when.text}
        remark = _odd(row, "Force", "End") if column == "End" else ""
        yield Act(f"{treaty}|{column}|{verbatim}", said, column, verbatim, remark)


@dataclass
class _Told:
    """All that the rows of one treaty and state say: what one act is told by several of them."""

    values: dict[str, dict[str, dates.Edtf]] = field(default_factory=dict)
    quotes: dict[tuple[str, str], set[str]] = field(default_factory=dict)
    notes: dict[tuple[str, str], set[str]] = field(default_factory=dict)

    def rival(self, column: str, verbatim: str) -> str | None:
        """The value told before that is another claim about the same act.

        Two acts, not two claims, if between them participation ended (or, of ends, began).
        """
        told = self.values[column]
        mine = told[verbatim].earliest
        parting = self.values.get("StateForce" if column == "StateEnd" else "StateEnd", {})
        for other, when in told.items():
            if other == verbatim:
                return None
            lo, hi = sorted((mine, when.earliest))
            if not any(lo <= each.earliest < hi for each in parting.values()):
                return other
        return None


def _survey(reading: Reading, entered: Mapping[str, tuple[Row, str]]) -> Mapping[_Pair, _Told]:
    """What is told of each pair, so that neither the order of rows nor a doubled row matters."""
    pairs: dict[_Pair, _Told] = {}
    for row in reading.rows(PARTIES.name):
        told = pairs.setdefault((row["treatyID"], row["stateID"]), _Told())
        acts = _acts(row, entered)
        for column in acts:
            at = (column, row[column])
            when = _date(row[column])
            if isinstance(when, dates.Edtf):
                told.values.setdefault(column, {}).setdefault(row[column], when)
            told.quotes.setdefault(at, set())
            told.notes.setdefault(at, set())
            if row["Comments"]:
                told.notes[at].add(row["Comments"])
        if acts:
            told.quotes[acts[-1], row[acts[-1]]] |= {
                f"{each}: {row[each]}" for each in _FIELDS if row[each] == NEVER
            }
    return pairs


def _acts(row: Row, entered: Mapping[str, tuple[Row, str]]) -> list[str]:
    """The columns of the row that tell an act of this party."""
    return [
        each
        for each in _FIELDS
        if row[each]
        and row[each] != NEVER
        and not isinstance(_date(row[each]), str)
        and not (each == "StateEnd" and _is_the_agreements(row, entered))
    ]


def _is_the_agreements(row: Row, entered: Mapping[str, tuple[Row, str]]) -> bool:
    """Whether the row only repeats the end of the agreement as a whole."""
    known = entered.get(row["treatyID"])
    return known is not None and row["StateEnd"] == row["End"] == known[0]["End"]


def _participation(
    reading: Reading,
    row: Row,
    entered: dict[str, tuple[Row, str]],
    untitled: set[str],
    pairs: Mapping[_Pair, _Told],
    codes: Codes,
    lines: dict[_Same, tuple[int, str]],
) -> Iterator[Outcome]:
    treaty, state = row["treatyID"], row["stateID"]
    if not treaty:
        yield Refused("treatyID", row.cells["treatyID"], "no treatyID: names no agreement")
        return
    broken = [each for each in _FIELDS if row[each] and isinstance(_date(row[each]), str)]
    for column in broken:
        yield Refused(column, row[column], str(_date(row[column])))
    party = _party(reading, codes, row)
    if isinstance(party, Held):
        yield party
        return
    slug = entered[treaty][1] if treaty in entered else slug_of(treaty)
    slug = reading.agreements.get(("ggo", treaty), slug)
    if treaty not in entered and treaty not in untitled and slug == slug_of(treaty):
        untitled.add(treaty)
        yield _untitled(treaty, slug)
    acts = _acts(row, entered)
    remarks = _remarks(row)
    for column in acts:
        same = (treaty, party, column, row[column])
        if same in lines:
            reason = f"the same as line {lines[same][0]}"
            yield There(_also(reason, remarks), column, row[column])
        else:
            key = f"{treaty}|{state}|{column}|{row[column]}"
            told = pairs[treaty, state]
            rival = told.rival(column, row[column])
            other = lines.get((treaty, party, column, rival)) if rival else None
            said = _said(row, column, slug, party, told)
            if other is not None:
                said["same_act_as"] = reading.event_id(other[1])
            lines[same] = (row.line, key)
            yield Act(key, said, column, row[column], remarks)
        remarks = ""
    if _is_the_agreements(row, entered) and row["StateEnd"] and row["StateEnd"] != NEVER:
        if "StateEnd" not in broken:
            reason = _also("the end of the agreement itself, recorded once", remarks)
            yield There(reason, "StateEnd", row["StateEnd"])
    elif not acts and not broken:
        cell = next((each for each in _FIELDS if row[each]), "StateSignature")
        yield Refused(cell, row[cell], remarks or "no date in any column: nothing to record")


def _party(reading: Reading, codes: Codes, row: Row) -> str | Held:
    """By the ISO code, one that meant several by the days of the row; else by our own id."""
    days = [
        when.earliest
        for each in _FIELDS
        if row[each] != NEVER and isinstance(when := _date(row[each]), dates.Edtf)
    ]
    found = party_coded(reading, codes, row, "stateID", "iso3", days)
    if isinstance(found, str) or "several" in found.reason:
        return found
    own = reading.names.party(row["stateID"], "id")
    return own if isinstance(own, str) else found


def _untitled(treaty: str, slug: str) -> Act:
    said = {
        "type": "agreement.recorded",
        "agreement": slug,
        "title": f"GGO {treaty}",
        "external_ids": {"ggo": treaty},
        "note": f"Its title is not in {AGREEMENTS.name}: known by its treatyID only.",
        "sources": [_cited(PARTIES.name, treaty)],
    }
    remark = f"not in {AGREEMENTS.name}: recorded without its title"
    return Act(f"{treaty}|recorded", said, "treatyID", treaty, remark)


def _said(row: Row, column: str, slug: str, party: str, told: _Told) -> dict[str, Any]:
    treaty, state, verbatim = row["treatyID"], row["stateID"], row[column]
    when = told.values[column][verbatim]
    quote = "\n".join([f"{column}: {verbatim}", *sorted(told.quotes[column, verbatim])])
    said: dict[str, Any] = {
        **_act(column, when, slug, party, copied=verbatim == row["End"]),
        "sources": [_cited(PARTIES.name, treaty, quote, state)],
        "note": "\n".join(sorted(told.notes[column, verbatim])) or None,
    }
    return given(said)


def _act(column: str, when: dates.Edtf, slug: str, party: str, *, copied: bool) -> dict[str, Any]:
    if column == "StateEnd" and copied:
        return {
            "type": "status.observed",
            "layer": "participation",
            "subject": {"agreement": slug, "party": party},
            "value": "withdrawn",
            "over": _from(when),
        }
    said = {"agreement": slug, "party": party, "occurred": when.text}
    if column == "StateRatification":
        return {
            **said,
            "type": "agreement.participation_recorded",
            "mode": "ratification",
            "verbatim_header": column,
            "role": "contracting",
        }
    types = {
        "StateSignature": "agreement.signed",
        "StateForce": "agreement.entered_into_force_for",
        "StateEnd": "agreement.withdrew",
    }
    return {**said, "type": types[column]}


def _remarks(row: Row) -> str:
    """What the report says of the row beside its acts: sentinels, and dates out of order."""
    never = [
        f"{each} {NEVER}: "
        + ("still in force, no end recorded" if each == "StateEnd" else "it never came about")
        for each in _FIELDS
        if row[each] == NEVER
    ]
    return "; ".join([*never, *filter(None, (_odd(row, *each) for each in _ORDERS))])


def _odd(row: Row, first: str, second: str) -> str:
    """That the second certainly came before the first, where it did."""
    if NEVER in (row[first], row[second]):
        return ""
    begun, ended = _date(row[first]), _date(row[second])
    if isinstance(begun, str) or isinstance(ended, str) or ended.latest >= begun.earliest:
        return ""
    return f"{second} {row[second]} is before {first} {row[first]}: recorded as it stands"


@cache
def _date(verbatim: str) -> dates.Edtf | str:
    """The date, or why it is none."""
    try:
        return dates.parse_messy(verbatim)
    except dates.NotADate as refusal:
        return str(refusal)


def _from(when: dates.Edtf) -> str:
    """The time that begins then; a set of days cannot begin an interval, and stands as it is."""
    return when.text if any(mark in when.text for mark in "[{/") else f"{when.text}/.."


def _cited(file: str, treaty: str, quote: str = "", state: str = "") -> dict[str, str]:
    where = f"{file}: {treaty}, {state}" if state else f"{file}: {treaty}"
    return given({"source": SOURCE, "locator": where, "quote": quote})


def _also(reason: str, remarks: str) -> str:
    return f"{reason}; {remarks}" if remarks else reason


PROFILE: Final = Profile(
    name="ggo",
    title="GGO: agreements of states and their parties, with vague dates (manytreaties)",
    files=(AGREEMENTS, PARTIES),
    sources=(
        {
            "source": SOURCE,
            "kind": "dataset",
            "title": "manytreaties 1.0.0: GGO agreements and parties",
            "publisher": "PANARCHIC project, globalgov",
            "url": "https://github.com/globalgov/manytreaties",
            "language": "en",
        },
    ),
    read=read,
    names_as_of="2024",
    aliases="ggo.yaml",
)

"""What a row of the parties' file says: the acts of one state with regard to one treaty."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from registry.domain import dates
from registry.ingest.coded import Codes, party_coded
from registry.ingest.files import Row
from registry.ingest.profile import Act, Held, Outcome, Reading, Refused, There, given
from registry.ingest.profiles.ggo.cells import (
    AGREEMENTS,
    FIELDS,
    NEVER,
    PARTIES,
    beginning,
    cited,
    dated,
    odd,
    slug_of,
)
from registry.ingest.profiles.ggo.told import Pair, Told, acts_of, is_the_agreements

_ORDERS: Final = (("StateRatification", "StateForce"), ("StateForce", "StateEnd"))
Same = tuple[str, str, str, str]
"""treatyID, party, column and cell: one act, whatever code and however often it is told."""


def of_party(
    reading: Reading,
    row: Row,
    entered: dict[str, tuple[Row, str]],
    untitled: set[str],
    pairs: Mapping[Pair, Told],
    codes: Codes,
    lines: dict[Same, tuple[int, str]],
) -> Iterator[Outcome]:
    treaty, state = row["treatyID"], row["stateID"]
    if not treaty:
        yield Refused("treatyID", row.cells["treatyID"], "no treatyID: names no agreement")
        return
    broken = [each for each in FIELDS if row[each] and isinstance(dated(row[each]), str)]
    for column in broken:
        yield Refused(column, row[column], str(dated(row[column])))
    party = _party(reading, codes, row)
    if isinstance(party, Held):
        yield party
        return
    slug = entered[treaty][1] if treaty in entered else slug_of(treaty)
    slug = reading.agreements.get(("ggo", treaty), slug)
    if treaty not in entered and treaty not in untitled and slug == slug_of(treaty):
        untitled.add(treaty)
        yield _untitled(treaty, slug)
    acts = acts_of(row, entered)
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
    if is_the_agreements(row, entered) and row["StateEnd"] and row["StateEnd"] != NEVER:
        if "StateEnd" not in broken:
            reason = _also("the end of the agreement itself, recorded once", remarks)
            yield There(reason, "StateEnd", row["StateEnd"])
    elif not acts and not broken:
        cell = next((each for each in FIELDS if row[each]), "StateSignature")
        yield Refused(cell, row[cell], remarks or "no date in any column: nothing to record")


def _party(reading: Reading, codes: Codes, row: Row) -> str | Held:
    """By the ISO code, one that meant several by the days of the row; else by our own id."""
    days = [
        when.earliest
        for each in FIELDS
        if row[each] != NEVER and isinstance(when := dated(row[each]), dates.Edtf)
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
        "sources": [cited(PARTIES.name, treaty)],
    }
    remark = f"not in {AGREEMENTS.name}: recorded without its title"
    return Act(f"{treaty}|recorded", said, "treatyID", treaty, remark)


def _said(row: Row, column: str, slug: str, party: str, told: Told) -> dict[str, Any]:
    treaty, state, verbatim = row["treatyID"], row["stateID"], row[column]
    when = told.values[column][verbatim]
    quote = "\n".join([f"{column}: {verbatim}", *sorted(told.quotes[column, verbatim])])
    said: dict[str, Any] = {
        **_act(column, when, slug, party, copied=verbatim == row["End"]),
        "sources": [cited(PARTIES.name, treaty, quote, state)],
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
            "over": beginning(when),
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
        for each in FIELDS
        if row[each] == NEVER
    ]
    return "; ".join([*never, *filter(None, (odd(row, *each) for each in _ORDERS))])


def _also(reason: str, remarks: str) -> str:
    return f"{reason}; {remarks}" if remarks else reason

"""Events that a program extracted from prose: claims about the transitions of the ranges."""

from collections.abc import Iterator
from typing import Any, Final

from registry.domain import dates
from registry.ingest.files import Row
from registry.ingest.profile import Act, Held, Outcome, Reading, Refused, Said
from registry.ingest.profiles.us_missions.cited import (
    GUIDE,
    MISSIONS,
    OFFICERS,
    date_of,
    party_of,
)
from registry.ingest.profiles.us_missions.ranges import Ranges
from registry.queries.ladder import STATUSES, layers_of

FILE: Final = (
    "mission_events_extracted.csv",
    (
        *("country_slug", "ordinal", "date_verbatim", "new_status", "confidence", "source_type"),
        *("description", "quote_verbatim"),
    ),
    True,
)
_FROM: Final = {"rdcr": GUIDE, "pocom": OFFICERS}


def said(reading: Reading, ranges: Ranges) -> Iterator[Said]:
    """Each row: a competing claim of the transition that it can speak of, else an allegation."""
    if reading.has(FILE[0]):
        for row in reading.rows(FILE[0]):
            yield Said(row, list(_outcomes(reading, row, ranges)))


def _outcomes(reading: Reading, row: Row, ranges: Ranges) -> Iterator[Outcome]:
    status, date = row["new_status"], date_of(row, "date_verbatim")
    if isinstance(date, Refused):
        yield date
        return
    party = party_of(reading, row, "country_slug", date)
    if status not in STATUSES:
        reason = f"not a status: expected one of {', '.join(STATUSES)}"
        yield Refused("new_status", status, reason)
        return
    if isinstance(party, Held):
        yield party
        return
    days = dates.parse(date).begins
    found = ranges.transition(party, status, days.lo, days.hi)
    remark = ""
    if found is None:
        remark = (
            f"the status ranges have no transition to {status} that this can speak of"
            if ranges.knows(party)
            else "the status ranges have nothing on this country"
        )
    for layer, value in layers_of(status):
        event: dict[str, Any] = {
            "type": "status.observed",
            "layer": layer,
            "subject": {"sender": "USA", "receiver": party},
            "value": value,
            "over": date,
            "sources": [_cited(row)],
            "note": f"{row['description']} (Confidence as coded: {row['confidence']}.)".strip(),
        }
        if found is None:
            coded = f"coded with confidence {row['confidence']}"
            event |= {"confidence": "alleged", "confidence_reason": f"{remark}; {coded}"}
        else:
            event["same_act_as"] = reading.event_id(found.first.key(layer))
        key = f"extracted:{row['country_slug']}:{row['ordinal']}:{layer}"
        yield Act(key, event, "new_status", status, remark)


def _cited(row: Row) -> dict[str, str]:
    locator = f"extracted, {row['country_slug']} {row['ordinal']}"
    origin = _FROM.get(row["source_type"])
    cited = {"source": origin or MISSIONS, "locator": locator}
    if origin:
        cited["via"] = MISSIONS
    if row["quote_verbatim"]:
        cited["quote"] = row["quote_verbatim"]
    return cited

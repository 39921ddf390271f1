"""Official travels: visits of Presidents and Secretaries of State, one row a country."""

from collections.abc import Iterator
from typing import Any, Final

from registry.domain.dates import iso
from registry.ingest.files import Row
from registry.ingest.profile import Act, Held, Outcome, Reading, Refused, Said
from registry.ingest.profiles.us_missions.cited import TRAVELS, day_of, party_of

FILE: Final = (
    "official_travels.csv",
    (
        *("trip_id", "role", "name", "start_date", "end_date", "country_id", "locale"),
        "remarks_verbatim",
    ),
    True,
)
OFFICES: Final = {"president": "President", "secretary": "Secretary of State"}


def said(reading: Reading) -> Iterator[Said]:
    if reading.has(FILE[0]):
        for row in reading.rows(FILE[0]):
            yield Said(row, [_outcome(reading, row)])


def _outcome(reading: Reading, row: Row) -> Outcome:
    start, end = day_of(row, "start_date"), day_of(row, "end_date")
    if isinstance(start, Refused):
        return start
    if isinstance(end, Refused):
        return end
    if end < start:
        return Refused("end_date", row["end_date"], f"ends before it begins: {row['start_date']}")
    host = party_of(reading, row, "country_id", iso(start))
    if isinstance(host, Held):
        return host
    visitor = {"person": row["name"], "party": "USA"}
    visitor["office"] = OFFICES.get(row["role"], row["role"])
    event: dict[str, Any] = {
        "type": "conduct.visited",
        "visitor": {name: value for name, value in visitor.items() if value},
        "host": host,
        "occurred": iso(start),
        "until": iso(end),
        "sources": [{"source": TRAVELS, "locator": f"trip {row['trip_id']}"}],
    }
    if row["locale"]:
        event["place"] = row["locale"]
    if row["remarks_verbatim"]:
        event["note"] = row["remarks_verbatim"]
    return Act(f"trip:{row['trip_id']}", event, "country_id", row["country_id"])

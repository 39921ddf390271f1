"""One cell of a participant table as the act of a party, citing the cell."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.errors import Invalid
from registry.ingest.files import Row
from registry.ingest.profile import Act, Held, Reading, Refused
from registry.ingest.profiles.un_mtdsg.columns import Cell, meaning, parts, read_cell

LIST, COPY = "un-mtdsg", "untreaties-2015"
MARKER: Final = "mtdsg_marker"
"""The letter of the cell, kept so that a cell can be told from another of the same day."""

_CELL, _HEADER = "cell_verbatim", "column_header_verbatim"

SOURCES: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "source": LIST,
        "kind": "depositary",
        "title": "Multilateral Treaties Deposited with the Secretary-General: status of treaties",
        "publisher": "United Nations Treaty Collection",
        "url": "https://treaties.un.org/pages/participationstatus.aspx",
        "language": "en",
    },
    {
        "source": COPY,
        "kind": "dataset",
        "title": "untreaties: participant tables of the UN Treaty Collection as read in 2013-2015",
        "author": "Zachary M. Jones",
        "url": "https://github.com/zmjones/untreaties",
        "published": "2015-03-14",
        "language": "en",
    },
)


@dataclass(frozen=True)
class Found:
    """A cell that says an act: whose, on what day, with what letter, as what event."""

    party: str
    cell: Cell
    said: Mapping[str, Any]


def cited(locator: str, observed: str, quote: str = "") -> dict[str, str]:
    """The depositary's list, through the copy in which it was read."""
    said = {"source": LIST, "via": COPY, "locator": locator, "observed": observed}
    return said | {"quote": quote} if quote else said


def act_of(
    reading: Reading, row: Row, agreement: str | None, observed: str
) -> Found | Held | Refused:
    """What a row of the table of events says, or why it says no act."""
    header, verbatim = row[_HEADER], row[_CELL]
    if agreement is None:
        return Refused("treaty_id", row["treaty_id"], "the index has no treaty of that number")
    try:
        cell = read_cell(verbatim)
    except Invalid as wrong:
        return Refused(_CELL, verbatim, f"under {header!r}: {wrong.message}")
    if cell.day > observed:
        return Held(_CELL, verbatim, f"after the day on which the table was read, {observed}")
    meant = meaning(header, cell.letter)
    if meant is None:
        letters = ", ".join(letter or "none" for _, letter in parts(header))
        reason = f"the column {header!r} explains no letter {cell.letter!r} (it has {letters})"
        return Held(_CELL, verbatim, reason)
    party = reading.party(row, "participant_verbatim")
    if isinstance(party, Held):
        return party
    said = {
        **meant.wire(),
        "agreement": agreement,
        "party": party,
        "occurred": cell.day,
        "sources": [cited(_locator(row), observed, verbatim)],
    }
    if cell.letter:
        said["external_ids"] = {MARKER: cell.letter}
    return Found(party, cell, said)


def key_of(row: Row) -> str:
    """The natural key of a cell: its treaty, its row and column in the table, what it holds."""
    names = ("treaty_id", "participant_verbatim", _HEADER, _CELL)
    return "\x1f".join(row[name] for name in names)


def as_act(row: Row, said: Mapping[str, Any], key: str = "") -> Act:
    return Act(key or key_of(row), said, _CELL, row[_CELL])


def _locator(row: Row) -> str:
    where = f"{row['treaty_id']}, {row['participant_verbatim']}"
    column = f"{where}: {row[_HEADER]}"
    return column if len(column) <= 500 else where[:500]

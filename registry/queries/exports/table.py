"""What a table is: its columns, the layers it tells of, and how its rows are read."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.described.tables import Column
from registry.queries.view import View


@dataclass(frozen=True)
class Asked:
    """`rule`: by which a year's days become one row; empty where there are no years."""

    layers: tuple[str, ...]
    rule: str


def _anything(_view: View) -> None:
    return None


@dataclass(frozen=True)
class Table:
    """`layers`: those it tells of unless others are chosen."""

    name: str
    doc: str
    columns: tuple[Column, ...]
    layers: tuple[str, ...]
    rows: Callable[[View, Asked], Iterator[dict[str, Any]]]
    check: Callable[[View], None] = _anything


SAID = (
    Column("certain", "yes_no", "Whether it held in every possible world, on all the days."),
    Column("possible", "many", "Every value that may have held."),
    Column(
        "basis",
        "text",
        "events; default where nothing is recorded; coverage where a list that is stated to be "
        "complete is silent.",
    ),
    Column(
        "covered_until",
        "day",
        "The last day of the coverage that is stated; `open` where it has no end; empty where none "
        "is stated.",
    ),
    Column("since_earliest", "day", "The first day on which the present value may have begun."),
    Column("since_latest", "day", "The last such day."),
)
EVIDENCE = Column("evidence", "many", "The ids of the events that say so.")
AS_OF = Column("as_of", "text", "The day or days asked about, in EDTF.")


def said_in_row(said: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of SAID from the answer of a layer."""
    since = said["since"] or {}
    covered = (said["covered_until"] or "open") if "covered_until" in said else None
    return {
        "certain": said["certain"],
        "possible": said["possible"],
        "basis": said["basis"],
        "covered_until": covered,
        "since_earliest": since.get("earliest"),
        "since_latest": since.get("latest"),
    }

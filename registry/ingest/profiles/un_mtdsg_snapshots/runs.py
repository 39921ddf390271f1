"""Cells over the snapshots: for how long one stood, under which names, and what corrected it."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.ingest.files import Row

Cell = tuple[str, str, str, str]
"""A dated cell as the snapshots tell cells apart: treaty, party, day, letter."""


@dataclass(frozen=True)
class Seen:
    """One row about a cell, which stood in the snapshots from `first` to `last`.

    `said`: the cell as an act; None where no row tells in which column it stood.
    """

    row: Row
    cell: Cell
    first: int
    last: int
    key: str
    said: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Run:
    """A cell from the snapshot in which it appeared to the last one before it was gone."""

    rows: Sequence[Seen]

    @property
    def head(self) -> Seen:
        return self.rows[0]

    @property
    def cell(self) -> Cell:
        return self.head.cell

    @property
    def first(self) -> int:
        return self.head.first

    @property
    def last(self) -> int:
        return max(each.last for each in self.rows)


def runs_of(seen: Iterable[Seen]) -> list[Run]:
    """A cell that only changed the name of its party goes on; one that came back begins anew."""
    same: dict[Cell, list[Seen]] = defaultdict(list)
    for each in seen:
        same[each.cell].append(each)
    return [run for group in same.values() for run in _joined(group)]


def _joined(group: Sequence[Seen]) -> Iterator[Run]:
    if all(each.said is not None for each in group):
        # the same day and letter in two columns of the latest table: two cells
        yield from (Run([each]) for each in group)
        return
    going: list[Seen] = []
    for each in sorted(group, key=lambda one: one.first):
        if not going:
            going = [each]
        elif any(one.said is not None for one in going) and each.said is not None:
            yield Run([each])
        elif each.first <= Run(going).last + 1:
            going.append(each)
        else:
            yield Run(going)
            going = [each]
    yield Run(going)


def corrections(runs: Sequence[Run]) -> dict[str, Run]:
    """By the key of a run: the one it corrects.

    Where one cell of a party vanished and one appeared in the same snapshot, with the same letter
    or of the same day, and there is no other that could be meant on either side.
    """
    begun: dict[tuple[str, str, int], list[Run]] = defaultdict(list)
    ended: dict[tuple[str, str, int], list[Run]] = defaultdict(list)
    for run in runs:
        treaty, party, _, _ = run.cell
        begun[treaty, party, run.first].append(run)
        ended[treaty, party, run.last + 1].append(run)
    found: dict[str, Run] = {}
    for place, gone in ended.items():
        for run in gone:
            mine = [new for new in begun.get(place, ()) if _is_like(new, run)]
            if len(mine) == 1 and sum(_is_like(mine[0], each) for each in gone) == 1:
                found[mine[0].head.key] = run
    return found


def _is_like(one: Run, other: Run) -> bool:
    return one.cell[2] == other.cell[2] or one.cell[3] == other.cell[3]

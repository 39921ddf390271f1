"""What many events would change in sum: they are recorded, counted by what they touch, and taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn

from sqlalchemy import Engine

from registry.domain.doubts import Doubt
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.domain.layers import LAYERS
from registry.projections.plan import Plan
from registry.projections.tables import entity, remark, setting, span
from registry.record import Recorded, Submission, record
from registry.store.engine import writing


@dataclass(frozen=True)
class Sum:
    """`layers`: how many subjects of each are touched; `entered`: how many entries of each kind."""

    layers: Mapping[str, int]
    entered: Mapping[str, int]
    doubts: tuple[Doubt, ...] = ()
    problems: tuple[Invalid, ...] = ()


def summed(engine: Engine, submissions: Sequence[Submission], recorded_by: str) -> Sum:
    """As if they were recorded now; nothing of it stays."""
    plans: list[Plan] = []
    try:
        with writing(engine) as conn:
            made = record(conn, submissions, recorded_by, written=plans.append)
            _take_back(_sum(made, plans))
    except _TakenBack as end:
        return end.sum
    except Problems as wrong:
        return Sum({}, {}, problems=wrong.each)
    except Invalid as wrong:
        return Sum({}, {}, problems=(wrong,))
    except (NotFound, Conflict) as wrong:
        return Sum({}, {}, problems=(Invalid(str(wrong)),))


class _TakenBack(Exception):
    """Ends the transaction without an error."""

    def __init__(self, seen: Sum) -> None:
        super().__init__()
        self.sum = seen


def _take_back(seen: Sum) -> NoReturn:
    raise _TakenBack(seen)


def _sum(made: Iterable[Recorded], plans: Sequence[Plan]) -> Sum:
    subjects: set[tuple[str, str]] = set()
    entries: set[tuple[str, str]] = set()
    for each in plans:
        for table in (setting, span, remark):
            change = each.changes.get(table)
            for row in (*change.closed, *change.insert) if change else ():
                subjects.add((str(row["layer"]), str(row["subject"])))
        change = each.changes.get(entity)
        for row in (*change.closed, *change.insert) if change else ():
            entries.add((str(row["kind"]), str(row["key"])))
    doubts = [doubt for each in made for doubt in each.doubts]
    doubts += [doubt for each in plans for doubt in each.doubts]
    layers = [layer for layer, _ in subjects]
    kinds = [kind for kind, _ in entries]
    return Sum(
        {each: layers.count(each) for each in LAYERS if each in layers},
        {each: kinds.count(each) for each in sorted(set(kinds))},
        tuple(dict.fromkeys(doubts)),
    )

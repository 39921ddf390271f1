"""A spot check: some subjects folded anew from their events alone, beside what is kept of them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from operator import itemgetter
from random import Random
from typing import Any, Final

from sqlalchemy import Connection, Engine, Table, select

from registry.projections.at_random import subjects_at_random
from registry.projections.building import Building
from registry.projections.compare import Differences, columns_of
from registry.projections.concerning import events_concerning
from registry.projections.parts import home_of
from registry.projections.plan import Subject
from registry.projections.tables import finding, setting, span
from registry.projections.write import live_generation
from registry.store.among import among, parameter
from registry.store.engine import reading
from registry.store.log import Stored
from registry.store.verify import first_changed

TOGETHER: Final = 50
"""So many subjects are folded in one go: what they share is read once."""

Progress = Callable[[int, int], None]
Rows = Counter[tuple[Table, tuple[Any, ...]]]
"""Rows with their table, as `columns_of` has them: the last two are from when, and until when, the
register knew them.
"""


@dataclass(frozen=True)
class Sampled:
    """`events`: on which the subjects rest. `first_bad`: the first position from which on what is
    kept of the subject differs, or whose event is not what was recorded.
    """

    seed: int
    subjects: int = 0
    events: int = 0
    layer: str | None = None
    subject: str | None = None
    first_bad: int | None = None
    problem: str | None = None

    @property
    def sound(self) -> bool:
        return self.problem is None


def sample(
    engine: Engine, many: int, seed: int, progress: Progress = lambda _at, _of: None
) -> Sampled:
    """Check so many subjects, or all where there are fewer; stops at the first that differs.

    The events that they rest on are hashed anew. The rest of the log is not looked at.
    """
    made = Sampled(seed)
    with reading(engine) as conn:
        live = live_generation(conn)
        chance = Random(seed)  # noqa: S311 - to be repeated, not to be kept secret
        drawn = islice(subjects_at_random(conn, live, chance), many)
        while group := list(islice(drawn, TOGETHER)):
            stored = events_concerning(conn, (home_of(*each) for each in group))
            made = replace(
                made, subjects=made.subjects + len(group), events=made.events + len(stored)
            )
            changed = first_changed(conn, [each.position for each in stored])
            if changed is not None:
                return replace(made, first_bad=changed[0], problem=changed[1])
            for subject, bad, problem in _differing(conn, live, group, stored):
                return replace(
                    made, layer=subject[0], subject=subject[1], first_bad=bad, problem=problem
                )
            progress(made.subjects, many)
    return made


def _differing(
    conn: Connection, live: int, group: Sequence[Subject], stored: Sequence[Stored]
) -> Iterator[tuple[Subject, int, str]]:
    """The subjects of which other rows are kept than follow from the events, in their order."""
    building = Building(conn, _NOWHERE, 0)
    building.follow(stored)
    made = building.take()
    folded, kept = defaultdict[Subject, Rows](Counter), defaultdict[Subject, Rows](Counter)
    for table in (setting, span, finding):
        columns = [column.name for column in columns_of(table)]
        if table.name in made.columns:
            chosen = itemgetter(*map(made.columns[table.name].index, columns))
            _count(folded, table, map(chosen, made.opened[table.name]))
        _count(kept, table, _rows(conn, live, table, group))
    for subject in group:
        differences, since = Differences(), set[int]()
        for where, rows in (
            ("live", kept[subject] - folded[subject]),
            ("refolded", folded[subject] - kept[subject]),
        ):
            for table, row in rows.elements():
                differences.add(table, where, [row])
                since.add(row[-2])
        if differences:
            yield subject, min(since), differences.shown[0]


_NOWHERE: Final = 0
"""A generation that has no rows, and gets none."""


def _rows(
    conn: Connection, live: int, table: Table, group: Sequence[Subject]
) -> Iterable[tuple[Any, ...]]:
    mine = (table.c.generation == live, among(conn, table.c.subject))
    said = {"keys": parameter(conn, sorted({key for _, key in group}))}
    return map(tuple, conn.execute(select(*columns_of(table)).where(*mine), said))


def _count(by_subject: dict[Subject, Rows], table: Table, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = [column.name for column in columns_of(table)]
    subject = itemgetter(columns.index("layer"), columns.index("subject"))
    for row in rows:
        by_subject[subject(row)][table, row] += 1

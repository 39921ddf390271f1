"""Write a plan: close what is gone, insert what is new, touch nothing else."""

from sqlalchemy import Connection

from registry.projections.plan import Plan
from registry.projections.tables import LIVE, MAX_POSITION
from registry.store import direct
from registry.store.bulk import Change, Rows

RULES = 1
"""Version of the fold and of the answers' format. A change of either raises it."""


def changes(made: Plan, generation_id: int, moment: int) -> tuple[list[Rows], list[Change]]:
    """`moment`: the position at which the register came to know it."""
    new: list[Rows] = []
    closed: list[Change] = []
    known = (generation_id, moment, MAX_POSITION)
    for table, change in made.changes.items():
        if change.close:
            closed.append(Change(table, "known_to", moment, change.close))
        if change.insert:
            columns = (*change.insert[0], "generation", "known_from", "known_to")
            rows = [(*row.values(), *known) for row in change.insert]
            new.append(Rows(table, columns, rows))
    return new, closed


def live_generation(conn: Connection) -> int:
    """The generation that answers questions."""
    return int(direct.rows(conn, LIVE, {})[0][0])

"""A plan made for one place in the log is moved to the place that it got.

Where nothing that it rests on has moved, only the positions of its own events are others: they
still come after all that is known, in the same order, so every fold is the same.
"""

from registry.projections.plan import Plan
from registry.projections.tables import claim, setting


def shift(made: Plan, after: int, by: int) -> None:
    """`after`: the last position that was known when the plan was made."""
    for table in (setting, claim):
        if table not in made.changes:
            continue
        for row in made.changes[table].insert:
            for column in ("position", "act"):
                if row[column] is not None and row[column] > after:
                    row[column] += by

"""Write a plan: close what is gone, insert what is new, touch nothing else."""

from sqlalchemy import Connection, insert, select, update

from registry.projections.plan import Plan
from registry.projections.tables import MAX_POSITION, generation
from registry.store.log import CHUNK

RULES = 1
"""Version of the fold and of the answers' format. A change of either raises it."""


_LIVE = select(generation.c.id).where(generation.c.state == "live")


def write(conn: Connection, made: Plan, generation_id: int, moment: int) -> None:
    """`moment`: the position at which the register came to know it."""
    for table, change in made.changes.items():
        for at in range(0, len(change.close), CHUNK):
            conn.execute(
                update(table)
                .where(table.c.id.in_(change.close[at : at + CHUNK]))
                .values(known_to=moment)
            )
        if change.insert:
            known = {"generation": generation_id, "known_from": moment, "known_to": MAX_POSITION}
            conn.execute(insert(table), [row | known for row in change.insert])


def live_generation(conn: Connection) -> int:
    """The generation that answers questions."""
    return int(conn.execute(_LIVE).scalar_one())

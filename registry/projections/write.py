"""Write a plan: close what is gone, insert what is new, touch nothing else."""

from sqlalchemy import BigInteger, Connection, Table, Update, bindparam, select, update

from registry.projections.plan import Plan
from registry.projections.tables import MAX_POSITION, generation
from registry.store.among import among, parameter
from registry.store.bulk import insert_rows
from registry.store.log import CHUNK

RULES = 1
"""Version of the fold and of the answers' format. A change of either raises it."""


_LIVE = select(generation.c.id).where(generation.c.state == "live")


def write(conn: Connection, made: Plan, generation_id: int, moment: int) -> None:
    """`moment`: the position at which the register came to know it."""
    for table, change in made.changes.items():
        for at in range(0, len(change.close), CHUNK):
            part = parameter(conn, change.close[at : at + CHUNK])
            conn.execute(_closing(conn, table), {"keys": part, "moment": moment})
        if change.insert:
            columns = (*change.insert[0], "generation", "known_from", "known_to")
            known = (generation_id, moment, MAX_POSITION)
            insert_rows(conn, table, columns, [(*row.values(), *known) for row in change.insert])


_BUILT: dict[tuple[str, Table], Update] = {}


def _closing(conn: Connection, table: Table) -> Update:
    key = (conn.dialect.name, table)
    if key not in _BUILT:
        _BUILT[key] = (
            update(table)
            .where(among(conn, table.c.id))
            .values(known_to=bindparam("moment", type_=BigInteger))
        )
    return _BUILT[key]


def live_generation(conn: Connection) -> int:
    """The generation that answers questions."""
    return int(conn.execute(_LIVE).scalar_one())

"""Drop generations that no longer answer, a little at a time: writers get in between."""

from typing import Final

from sqlalchemy import Engine, delete, func, select

from registry.projections.batches import TABLES
from registry.projections.tables import generation
from registry.store.engine import reading, writing

AT_ONCE: Final = 5_000
"""So many rows go in one transaction: writers wait no longer than that takes."""


def drop_generations(engine: Engine, *states: str) -> int:
    """Drop all generations in these states; how many there were."""
    with reading(engine) as conn:
        wanted = select(generation.c.id).where(generation.c.state.in_(states))
        ids = list(conn.execute(wanted).scalars())
    for each in ids:
        drop_generation(engine, each)
    return len(ids)


def drop_generation(engine: Engine, which: int) -> None:
    """Its rows, then itself: broken off, it is still there to be dropped."""
    for table in TABLES:
        mine = table.c.generation == which
        with reading(engine) as conn:
            ends = select(func.min(table.c.id), func.max(table.c.id)).where(mine)
            first, last = conn.execute(ends).one()
        if first is None:
            continue
        for at in range(first, last + 1, AT_ONCE):
            with writing(engine) as conn:
                conn.execute(delete(table).where(mine, table.c.id.between(at, at + AT_ONCE - 1)))
    with writing(engine) as conn:
        conn.execute(delete(generation).where(generation.c.id == which))

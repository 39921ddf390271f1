"""How the store stands, in numbers that are looked at all day."""

from typing import Final

from sqlalchemy import Connection, func, select

from registry.projections.tables import generation
from registry.store import direct, log

_GENERATIONS: Final = select(generation.c.state, func.max(generation.c.position)).group_by(
    generation.c.state
)
Measures = dict[str, tuple[str, float]]
"""By name, what it is in words, and its value."""


def measures(conn: Connection) -> Measures:
    """The head of the log, when it was last appended to, and how far a rebuild is."""
    head = log.head(conn)
    found: Measures = {
        "registry_position": ("The last position of the log.", head.position),
        "registry_recorded_seconds": (
            "When the last event was recorded: seconds since 1970, UTC.",
            head.recorded_at / 1_000_000,
        ),
    }
    building = dict(direct.rows(conn, _GENERATIONS, {})).get("building")
    if building is not None:
        done = int(building)
        found["registry_rebuild_position"] = ("How far a rebuild is: a position.", done)
    return found

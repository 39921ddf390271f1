"""How the store stands, in numbers that are looked at all day."""

from typing import Final

from sqlalchemy import Connection, func, select

from registry.projections.tables import generation
from registry.store import direct, log
from registry.store.webhook_tables import dead_letter, webhook

_GENERATIONS: Final = select(generation.c.state, func.max(generation.c.position)).group_by(
    generation.c.state
)
_WEBHOOKS: Final = select(
    func.count(webhook.c.paused),
    func.min(webhook.c.position).filter(webhook.c.paused.is_(None)),
    select(func.count()).select_from(dead_letter).scalar_subquery(),
)
Measures = dict[str, tuple[str, float]]
"""By name, what it is in words, and its value."""


def measures(conn: Connection) -> Measures:
    """The head of the log, when it was last appended to, how far a rebuild and webhooks are."""
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
    ((paused, slowest, given_up),) = direct.rows(conn, _WEBHOOKS, {})
    behind = 0 if slowest is None else max(head.position - int(slowest), 0)
    found["registry_webhooks_behind"] = (
        "Positions that the webhook that is farthest behind was not told, of those not paused.",
        behind,
    )
    found["registry_webhooks_paused"] = ("Webhooks that are paused.", int(paused))
    found["registry_webhooks_given_up"] = ("Events put aside for a webhook.", int(given_up))
    return found

"""On SQLite the log refuses to be replaced without a journal of every statement."""

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

revision: str = "2026_11_25_refused_unjournaled"
down_revision: str | None = "2026_11_25_the_world_on_a_day"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = ("event", "event_tag", "event_payload")


def upgrade() -> None:
    # A trigger that may ABORT has SQLite copy every page that an insert changes, so that the
    # statement can be undone alone: two thirds of the time of an insert into the log. With FAIL the
    # row is refused all the same; it is said before the row is touched, so there is nothing to undo.
    _say("RAISE(ABORT,", "RAISE(FAIL,")


def downgrade() -> None:
    _say("RAISE(FAIL,", "RAISE(ABORT,")


def _say(old: str, new: str) -> None:
    conn = op.get_bind()
    if conn.dialect.name != "sqlite":
        return
    for table in TABLES:
        name = f"{table}_no_replace"
        written = text("SELECT sql FROM sqlite_master WHERE type = 'trigger' AND name = :name")
        trigger = str(conn.execute(written, {"name": name}).scalar_one())
        op.execute(f"DROP TRIGGER {name}")
        op.execute(trigger.replace(old, new))

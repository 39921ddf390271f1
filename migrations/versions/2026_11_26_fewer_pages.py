"""An event touches fewer pages: indexes that another one serves as well are gone."""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: str = "2026_11_26_fewer_pages"
down_revision: str | None = "2026_11_26_proofs"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

OPEN: Final = sa.text("known_to = 9007199254740991")
OPEN_AND_TIED: Final = sa.text("known_to = 9007199254740991 AND tied = 1")
TARGETED: Final = sa.text("target IS NOT NULL")
SUBJECT: Final = ("generation", "subject", "layer")
LOG: Final = ("event", "event_payload")


def upgrade() -> None:
    for table, name in (
        ("setting", "ix_setting_open"),
        ("setting", "ix_setting_near"),
        ("setting", "ix_setting_tied"),
        ("setting", "ix_setting_act"),
        ("span", "ix_span_open"),
        ("span", "ix_span_subject"),
        ("event", "ix_event_target"),
    ):
        op.drop_index(name, table)
    _index("ix_setting_open", "setting", [*SUBJECT, "lo", "tied", "confidence"], OPEN)
    _index("ix_span_subject", "span", [*SUBJECT, "known_to", "day_from"])
    _index("ix_event_target", "event", ["target"], TARGETED)
    _keyed_by("position BIGINT", "position INTEGER")


def downgrade() -> None:
    _keyed_by("position INTEGER", "position BIGINT")
    op.drop_index("ix_setting_open", "setting")
    op.drop_index("ix_span_subject", "span")
    op.drop_index("ix_event_target", "event")
    _index("ix_event_target", "event", ["target"])
    _index("ix_span_subject", "span", [*SUBJECT, "day_from"])
    _index("ix_span_open", "span", [*SUBJECT, "day_from"], OPEN)
    _index("ix_setting_act", "setting", ["generation", "act"])
    _index("ix_setting_tied", "setting", SUBJECT, OPEN_AND_TIED)
    _index("ix_setting_near", "setting", [*SUBJECT, "lo"], OPEN)
    _index("ix_setting_open", "setting", [*SUBJECT, "confidence"], OPEN)


def _index(
    name: str, table: str, columns: Sequence[str], where: sa.TextClause | None = None
) -> None:
    op.create_index(name, table, list(columns), sqlite_where=where, postgresql_where=where)


def _keyed_by(old: str, new: str) -> None:
    """On SQLite, have the log's rows in the order of their positions, or have an index beside.

    Nothing but the order of the rows changes; what refuses to let it be edited is put aside for it.
    """
    conn = op.get_bind()
    if conn.dialect.name != "sqlite":
        return
    written = sa.text(
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE tbl_name IN ('event', 'event_payload', 'event_tag') AND sql IS NOT NULL"
    )
    made = {(row.type, row.name): str(row.sql) for row in conn.execute(written)}
    triggers = {name: sql for (kind, name), sql in made.items() if kind == "trigger"}
    for name in triggers:
        op.execute(f"DROP TRIGGER {name}")
    indexes = [sql for (kind, _), sql in made.items() if kind == "index" and _of_log(sql)]
    for table in LOG:
        sql = made["table", table]
        op.execute(f"CREATE TABLE log_moved {sql[sql.index('(') :].replace(old, new)}")
        op.execute(f"INSERT INTO log_moved SELECT * FROM {table} ORDER BY position")
        op.execute(f"DROP TABLE {table}")
        op.execute(f"ALTER TABLE log_moved RENAME TO {table}")
    for sql in (*indexes, *triggers.values()):
        op.execute(sa.text(sql.replace(":", "\\:")))


def _of_log(sql: str) -> bool:
    return any(f" ON {table} " in sql for table in LOG)

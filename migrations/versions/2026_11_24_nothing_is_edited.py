"""The log refuses to be edited: triggers on both engines."""

from collections.abc import Sequence

from alembic import op

revision: str = "2026_11_24_nothing_is_edited"
down_revision: str | None = "2026_11_24_the_log"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A payload may go once an event.erased names its event; nothing else ever may.
ERASED = (
    "EXISTS (SELECT 1 FROM event AS erasure JOIN event AS erased "
    "ON erasure.target = erased.event_id "
    "WHERE erasure.type = 'event.erased' AND erased.position = OLD.position)"
)
TABLES = ("event", "event_tag", "event_payload")

# INSERT OR REPLACE deletes without firing delete triggers, so it is caught as an insert.
SQLITE_TAKEN = {
    "event": (
        "SELECT 1 FROM event WHERE position = NEW.position OR event_id = NEW.event_id "
        "OR (stream = NEW.stream AND stream_version = NEW.stream_version)"
    ),
    "event_tag": "SELECT 1 FROM event_tag WHERE tag = NEW.tag AND position = NEW.position",
    "event_payload": "SELECT 1 FROM event_payload WHERE position = NEW.position",
}


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        _sqlite()
    else:
        _postgresql()


def _sqlite() -> None:
    for table in TABLES:
        allowed = f"WHEN NOT {ERASED}" if table == "event_payload" else ""
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'the log is insert-only: {table}'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {allowed} "
            f"BEGIN SELECT RAISE(ABORT, 'the log is insert-only: {table}'); END"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS ({SQLITE_TAKEN[table]}) "
            f"BEGIN SELECT RAISE(ABORT, 'the log is insert-only: {table}'); END"
        )


def _postgresql() -> None:
    op.execute(
        "CREATE FUNCTION log_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ "
        "BEGIN RAISE EXCEPTION 'the log is insert-only: %', TG_TABLE_NAME; END $$"
    )
    op.execute(
        "CREATE FUNCTION log_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$ "
        f"BEGIN IF {ERASED} THEN RETURN OLD; END IF; "
        "RAISE EXCEPTION 'the log is insert-only: %', TG_TABLE_NAME; END $$"
    )
    for table in TABLES:
        refuse = "log_refuse_unless_erased" if table == "event_payload" else "log_refuse"
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION log_refuse()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {refuse}()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION log_refuse()"
        )


def downgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in TABLES:
        for name in ("no_update", "no_delete", "no_replace" if sqlite else "no_truncate"):
            op.execute(f"DROP TRIGGER {table}_{name}" + ("" if sqlite else f" ON {table}"))
    if not sqlite:
        op.execute("DROP FUNCTION log_refuse()")
        op.execute("DROP FUNCTION log_refuse_unless_erased()")

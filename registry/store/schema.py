"""Bring a database to the present schema, with the migrations that ship with this package."""

import re
from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from registry.domain.errors import Invalid
from registry.store.engine import connect, is_sqlite

LOG_TABLES: Final = ("event", "event_payload", "event_tag", "tree_node")
"""The tables that are only ever inserted into."""
_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def migrate(database_url: str) -> str:
    """Upgrade to the newest revision, and say which that is."""
    engine = connect(database_url)
    try:
        with engine.begin() as conn:
            config = configuration()
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
            return MigrationContext.configure(conn).get_current_revision() or ""
    finally:
        engine.dispose()


def grant(database_url: str, role: str) -> None:
    """Let a PostgreSQL role serve: it may insert into the log but never edit it, and it may
    write everything that follows from the log. The owner of the tables keeps all rights.
    """
    engine = connect(database_url)
    try:
        if is_sqlite(engine):
            raise Invalid("SQLite has no roles: a serving role is for PostgreSQL")
        if not _ROLE.fullmatch(role):
            raise Invalid(f"not a role: {role!r} (expected small letters, digits and underscores)")
        with engine.begin() as conn:
            every = inspect(conn).get_table_names()
            inserted = [table for table in every if table in LOG_TABLES]
            written = [table for table in every if table not in (*LOG_TABLES, "alembic_version")]
            for sql in (
                f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
                f"GRANT USAGE ON SCHEMA public TO {role}",
                f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {role}",
                f"GRANT INSERT ON {', '.join(inserted)} TO {role}",
                f"GRANT INSERT, UPDATE, DELETE ON {', '.join(written)} TO {role}",
                f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
            ):
                conn.execute(text(sql))
    finally:
        engine.dispose()


def is_current(engine: Engine) -> bool:
    """Whether the database has every migration of this package."""
    newest = ScriptDirectory.from_config(configuration()).get_current_head()
    with engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision() == newest


def revision(engine: Engine) -> str:
    """The migration that the database is at."""
    with engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision() or "none"


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_migrations()).replace("%", "%%"))
    return config


def _migrations() -> Path:
    """Beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "_migrations"
    return inside if inside.is_dir() else package.parent / "migrations"

"""Bring a database to the present schema, with the migrations that ship with this package."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from registry.store import serving_roles
from registry.store.engine import connect


def migrate(database_url: str) -> str:
    """Upgrade to the newest revision, and say which that is. A role that served serves on."""
    engine = connect(database_url)
    try:
        with engine.begin() as conn:
            serving = serving_roles.serving(conn)
            config = configuration()
            config.attributes["connection"] = conn
            command.upgrade(config, "head")
            for role in serving:
                serving_roles.let_serve(conn, role)
            return MigrationContext.configure(conn).get_current_revision() or ""
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

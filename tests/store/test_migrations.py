"""The migrations make exactly the tables that the code declares, on both engines."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text

from registry.projections import tables as _projections  # noqa: F401 - fills the metadata
from registry.store import people_tables as _people  # noqa: F401 - fills the metadata
from registry.store import webhook_tables as _webhooks  # noqa: F401 - fills the metadata
from registry.store import word_tables
from registry.store.engine import is_sqlite
from registry.store.schema import configuration, is_current, migrate
from registry.store.tables import metadata
from tests.store.given import opened


def test_there_is_one_newest_migration() -> None:
    scripts = ScriptDirectory.from_config(configuration())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_the_database_is_what_the_tables_declare(engine: Engine) -> None:
    assert is_current(engine)
    with engine.connect() as conn:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_object": word_tables.compared(engine.dialect.name),
        }
        context = MigrationContext.configure(conn, opts=options)
        assert compare_metadata(context, metadata) == []


def test_indexes_and_keys_are_those_declared(engine: Engine) -> None:
    """Alembic compares neither partial conditions nor primary keys."""
    found, on = inspect(engine), engine.dialect.name
    for table in metadata.sorted_tables:
        if is_sqlite(engine) and table is word_tables.search_text:
            continue  # FTS5 has its own
        key = found.get_pk_constraint(table.name)["constrained_columns"]
        assert key == [column.name for column in table.primary_key], table.name
        partial = {
            index["name"]: f"{on}_where" in (index.get("dialect_options") or {})
            for index in found.get_indexes(table.name)
            if not index.get("duplicates_constraint")
        }
        declared = {
            index.name: index.dialect_options[on]["where"] is not None for index in table.indexes
        }
        assert {name: partial[name] for name in declared} == declared, table.name


def test_every_step_may_be_taken_again_and_back(empty: Engine) -> None:
    url = empty.url.render_as_string(hide_password=False)
    newest = migrate(url)
    assert migrate(url) == newest
    before = _schema(empty)
    config = configuration()
    with empty.begin() as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, "base")
    assert set(_schema(empty)) <= {"alembic_version"}
    migrate(url)
    assert _schema(empty) == before
    assert is_current(empty)


@pytest.fixture
def empty(engine: Engine, tmp_path: Path) -> Iterator[Engine]:
    """A database in which nothing was ever made."""
    if is_sqlite(engine):
        with opened(f"sqlite:///{tmp_path / 'empty.db'}") as fresh:
            yield fresh
        return
    with engine.begin() as conn:
        conn.execute(text("DROP SCHEMA public CASCADE"))
        conn.execute(text("CREATE SCHEMA public"))
    yield engine


def _schema(engine: Engine) -> dict[str, list[str]]:
    found = inspect(engine)
    made = {
        name: sorted(f"{c['name']} {c['type']} {c['nullable']}" for c in found.get_columns(name))
        for name in found.get_table_names()
    }
    triggers = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY 1"
        if is_sqlite(engine)
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1"
    )
    with engine.connect() as conn:
        names = [str(name) for name in conn.execute(text(triggers)).scalars()]
    return made | ({"triggers": names} if names else {})

"""The role that serves on PostgreSQL has no right to edit the log, triggers or not."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from alembic import command
from sqlalchemy import Engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ProgrammingError

from registry.domain.errors import Invalid
from registry.store.schema import configuration, migrate
from registry.store.serving_roles import grant
from tests.conftest import Databases
from tests.store.given import opened

EDITS = (
    "UPDATE event SET recorded_by = 'somebody else'",
    "DELETE FROM event",
    "TRUNCATE event",
    "UPDATE event_payload SET data = '{}'",
    "DELETE FROM event_payload",
    "DELETE FROM event_tag",
)


def test_the_serving_role_may_append_and_project_but_never_edit(databases: Databases) -> None:
    with databases.fresh("postgresql") as url:
        plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(plain, autocommit=True) as conn:
            conn.execute("DROP ROLE IF EXISTS registry_serves")
            conn.execute("CREATE ROLE registry_serves")
            grant(url, "registry_serves")
            conn.execute("SET ROLE registry_serves")
            for edit in EDITS:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    conn.execute(edit)
            conn.execute("UPDATE log_head SET position = position")
            conn.execute("DELETE FROM span")
            conn.execute("SELECT count(*) FROM event")
            conn.execute("RESET ROLE")
            conn.execute("DROP OWNED BY registry_serves")
            conn.execute("DROP ROLE registry_serves")


def test_a_role_that_served_serves_on_after_an_upgrade_that_brings_tables(
    databases: Databases,
) -> None:
    with databases.fresh("postgresql") as url, opened(url) as engine:
        _back_to(engine, "2026_11_26_fewer_pages")
        with _role(engine, "registry_serves_on"):
            grant(url, "registry_serves_on")
            migrate(url)
            with engine.begin() as conn:
                conn.execute(text("SET LOCAL ROLE registry_serves_on"))
                conn.execute(text("DELETE FROM webhook"))
                with pytest.raises(ProgrammingError, match="permission denied"):
                    conn.execute(text("DELETE FROM event"))


def test_a_role_that_was_granted_less_is_given_no_more_by_an_upgrade(databases: Databases) -> None:
    with databases.fresh("postgresql") as url, opened(url) as engine:
        _back_to(engine, "2026_11_26_fewer_pages")
        with _role(engine, "registry_reads"):
            grant(url, "registry_reads")
            with engine.begin() as conn:
                conn.execute(text("REVOKE DELETE ON account FROM registry_reads"))
            migrate(url)
            with engine.begin() as conn:
                conn.execute(text("SET LOCAL ROLE registry_reads"))
                with pytest.raises(ProgrammingError, match="permission denied"):
                    conn.execute(text("SELECT * FROM webhook"))


def test_a_serving_role_is_refused_where_there_are_no_roles(databases: Databases) -> None:
    with databases.fresh("sqlite") as url, pytest.raises(Invalid, match="PostgreSQL"):
        grant(url, "registry_serves")


def test_a_role_is_a_name_and_nothing_else(databases: Databases) -> None:
    with databases.fresh("postgresql") as url, pytest.raises(Invalid, match="not a role"):
        grant(url, "x; DROP TABLE event")


def _back_to(engine: Engine, revision: str) -> None:
    config = configuration()
    with engine.begin() as conn:
        config.attributes["connection"] = conn
        command.downgrade(config, revision)


@contextmanager
def _role(engine: Engine, name: str) -> Iterator[None]:
    with engine.begin() as conn:
        conn.execute(text(f"CREATE ROLE {name}"))
    try:
        yield
    finally:
        with engine.begin() as conn:
            conn.execute(text(f"DROP OWNED BY {name}"))
            conn.execute(text(f"DROP ROLE {name}"))

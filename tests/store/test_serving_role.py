"""The role that serves on PostgreSQL has no right to edit the log, triggers or not."""

import psycopg
import pytest
from sqlalchemy.engine import make_url

from registry.domain.errors import Invalid
from registry.store.schema import grant
from tests.conftest import Databases

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


def test_a_serving_role_is_refused_where_there_are_no_roles(databases: Databases) -> None:
    with databases.fresh("sqlite") as url, pytest.raises(Invalid, match="PostgreSQL"):
        grant(url, "registry_serves")


def test_a_role_is_a_name_and_nothing_else(databases: Databases) -> None:
    with databases.fresh("postgresql") as url, pytest.raises(Invalid, match="not a role"):
        grant(url, "x; DROP TABLE event")

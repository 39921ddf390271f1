"""PostgreSQL roles that serve: they add to the log and write what follows from it, and edit nothing."""

import re
from collections.abc import Iterator
from typing import Final

from sqlalchemy import Connection, inspect, text

from registry.domain.errors import Invalid
from registry.store.engine import connect, is_sqlite

LOG_TABLES: Final = ("event", "event_payload", "event_tag", "tree_node")
"""The tables that are only ever inserted into."""
_ROLE: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")


def grant(database_url: str, role: str) -> None:
    """Let a PostgreSQL role serve, and take from it whatever else it was granted on the tables.

    The owner of the tables keeps all rights.
    """
    engine = connect(database_url)
    try:
        if is_sqlite(engine):
            raise Invalid("SQLite has no roles: a serving role is for PostgreSQL")
        if not _ROLE.fullmatch(role):
            raise Invalid(f"not a role: {role!r} (expected small letters, digits and underscores)")
        with engine.begin() as conn:
            conn.execute(text(f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}"))
            let_serve(conn, role)
    finally:
        engine.dispose()


def let_serve(conn: Connection, role: str) -> None:
    """Give it what it needs on the tables that are there now."""
    conn.execute(text(f"GRANT USAGE ON SCHEMA public TO {role}"))
    conn.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}"))
    for table, rights in _needed(conn):
        conn.execute(text(f"GRANT {rights} ON {table} TO {role}"))


def serving(conn: Connection) -> list[str]:
    """Who may do all that serving needs on the tables that are there now, because it was granted.

    A role with less than that was given less on purpose. On SQLite there is nobody.
    """
    if is_sqlite(conn.engine) or not inspect(conn).has_table("event"):
        return []
    named = conn.execute(text(_NAMED)).scalars()
    needed = list(_needed(conn))
    return [role for role in named if _ROLE.fullmatch(role) and _may(conn, role, needed)]


_NAMED: Final = """
SELECT DISTINCT role.rolname
FROM pg_class AS told, aclexplode(told.relacl) AS given, pg_roles AS role
WHERE told.oid = 'public.event'::regclass AND given.privilege_type = 'INSERT'
  AND role.oid = given.grantee AND given.grantee <> told.relowner
ORDER BY role.rolname
"""


def _may(conn: Connection, role: str, needed: list[tuple[str, str]]) -> bool:
    asked = text("SELECT has_table_privilege(:role, :table, :right)")
    return all(
        conn.execute(asked, {"role": role, "table": table, "right": right}).scalar_one()
        for table, rights in needed
        for right in rights.split(", ")
    )


def _needed(conn: Connection) -> Iterator[tuple[str, str]]:
    for table in inspect(conn).get_table_names():
        if table == "alembic_version":
            yield table, "SELECT"
        elif table in LOG_TABLES:
            yield table, "SELECT, INSERT"
        else:
            yield table, "SELECT, INSERT, UPDATE, DELETE"

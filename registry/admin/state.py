"""How the register is: its log, what was built from it, its tables, and the settings that matter."""

import platform
from importlib.metadata import version
from typing import Any, Final

from sqlalchemy import Connection, Table, func, select, text

from registry import __version__
from registry.admin import oidc
from registry.admin.desk import blueprint, engine, rules
from registry.projections.tables import entity, finding, generation, setting, span
from registry.projections.write import RULES
from registry.store import log, schema
from registry.store.engine import is_sqlite, reading
from registry.store.merkle import root
from registry.store.people_tables import access, account, draft, upload, visit
from registry.store.tables import api_token
from registry.web.pages import page
from registry.web.visiting import needs

_FEW: Final[dict[str, Table]] = {
    "accounts": account,
    "visits": visit,
    "tokens": api_token,
    "acts of access": access,
    "drafts": draft,
    "import runs": upload,
}
_MANY: Final[dict[str, Table]] = {
    "settings of layers": setting,
    "spans of time": span,
    "names and titles": entity,
    "doubts and assumptions": finding,
}
_LIBRARIES: Final = ("sqlalchemy", "flask", "marshmallow", "granian", "argon2-cffi")


@blueprint.get("/state", endpoint="state")
@needs("admin")
def state_page() -> Any:
    """Show the state of the register."""
    with reading(engine()) as conn:
        head = log.head(conn)
        generations = conn.execute(select(generation).order_by(generation.c.id.desc())).all()
        counts = [("events", head.position, True)]
        counts += [(words, _about(conn, table), False) for words, table in _MANY.items()]
        counts += [(words, _exactly(conn, table), True) for words, table in _FEW.items()]
        database = _database(conn)
    return page(
        "admin/state.html",
        title="State of the register",
        head=head,
        root=root(head.frontier).hex(),
        generations=generations,
        rules_now=RULES,
        counts=counts,
        migrated=schema.is_current(engine()),
        revision=schema.revision(engine()),
        versions=[
            ("agreement-registry", __version__),
            ("Python", platform.python_version()),
            database,
            *((name, version(name)) for name in _LIBRARIES),
        ],
        settings=sorted(rules().shown.items()),
        provider=oidc.offered(),
    )


def _exactly(conn: Connection, table: Table) -> int:
    return conn.execute(select(func.count()).select_from(table)).scalar_one()


def _about(conn: Connection, table: Table) -> int:
    """Without reading them all: the last number given, or what PostgreSQL believes."""
    if is_sqlite(conn):
        return conn.execute(select(func.max(table.c.id))).scalar_one() or 0
    believed = conn.execute(
        text("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass(:name)"),
        {"name": table.name},
    ).scalar_one()
    return int(believed) if believed >= 0 else _exactly(conn, table)


def _database(conn: Connection) -> tuple[str, str]:
    if is_sqlite(conn):
        return "SQLite", str(conn.execute(text("SELECT sqlite_version()")).scalar_one())
    return "PostgreSQL", str(conn.execute(text("SHOW server_version")).scalar_one())

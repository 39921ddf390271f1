"""Alembic's entry: runs on the connection handed over, or on REGISTRY_DATABASE_URL."""

import os

from alembic import context
from sqlalchemy import Connection

from registry.projections import tables as _projections  # noqa: F401 - fills the metadata
from registry.store import people_tables as _people  # noqa: F401 - fills the metadata
from registry.store import webhook_tables as _webhooks  # noqa: F401 - fills the metadata
from registry.store import word_tables as _words
from registry.store.engine import connect
from registry.store.tables import metadata


def _run(conn: Connection) -> None:
    context.configure(
        connection=conn,
        target_metadata=metadata,
        render_as_batch=conn.dialect.name == "sqlite",
        compare_type=True,
        include_object=_words.compared(conn.dialect.name),
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    _run(given)
else:
    with connect(os.environ["REGISTRY_DATABASE_URL"]).begin() as own:
        _run(own)

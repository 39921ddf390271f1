"""Whose upload it is: everybody who records sees how far it is, only who gave it goes on with it."""

from flask import url_for

from registry.admin.desk import engine, me
from registry.domain.errors import Forbidden, NotFound
from registry.store import uploads
from registry.store.engine import reading
from registry.store.uploads import Upload


def seen(upload_id: str) -> Upload:
    with reading(engine()) as conn:
        found = uploads.one(conn, upload_id)
    if found is None:
        raise NotFound("There is no such import.")
    return found


def mine(upload_id: str) -> Upload:
    """To change it; Forbidden for the uploads of others."""
    found = seen(upload_id)
    if not is_mine(found):
        raise Forbidden(f"This file was given by {found.by}, who alone goes on with it.")
    return found


def is_mine(upload: Upload) -> bool:
    return upload.account == me().id


def next_page(upload: Upload) -> str:
    """Where its owner goes on."""
    if upload.state == uploads.TRIED:
        return url_for("admin.import_check", upload_id=upload.id)
    if upload.state == uploads.GIVEN and upload.said["form"] != "jsonl":
        return url_for("admin.import_columns", upload_id=upload.id)
    if upload.state == uploads.GIVEN:
        return url_for("admin.import_check", upload_id=upload.id)
    return url_for("admin.import_run", upload_id=upload.id)


STATES = {
    uploads.GIVEN: "its columns are to be named",
    uploads.TRIED: "tried, not imported",
    uploads.RUNNING: "being imported",
    uploads.STOPPED: "broken off",
    uploads.DONE: "imported",
    uploads.DROPPED: "file thrown away",
}
"""What a state is called."""

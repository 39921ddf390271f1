"""The imports there were, and the page on which a file is given."""

from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from flask import current_app, redirect, request, url_for

from registry.admin.desk import blueprint, engine, me
from registry.admin.wizard import columns, door, running, whose
from registry.domain.catalogue import CATALOGUE
from registry.domain.errors import Invalid
from registry.record import clock
from registry.store import uploads
from registry.store.engine import reading, writing
from registry.web.pages import page
from registry.web.visiting import needs

_FRAME: Final = 10_000
"""Bytes of a request beside the file."""


@blueprint.get("/imports")
@needs("recorder")
def imports() -> Any:
    """List the imports, the latest first."""
    now = clock()
    with reading(engine()) as conn:
        old = uploads.are_old(conn, now)
        listed = uploads.listed(conn)
    if old:
        with writing(engine()) as conn:
            uploads.drop_old(conn, now)
            listed = uploads.listed(conn)
    return page("admin/import_list.html", title="Import", uploads=listed, states=whose.STATES)


@blueprint.route("/imports/new", methods=["GET", "POST"])
@needs("recorder")
def import_new() -> Any:
    """Give a file."""
    if request.method == "GET":
        return _ask("", [])
    type_ = request.form.get("type", "")
    try:
        found, name, content = _given(type_)
    except Invalid as wrong:
        return _ask(type_, [(wrong.field or "file", wrong.message)], 422)
    upload_id = _keep(found, name, content, type_)
    upload = whose.seen(upload_id)
    if found.kind == "jsonl":
        with suppress(Invalid):  # what is wrong is told where it is tried again
            running.try_out(engine(), upload)
    return redirect(whose.next_page(whose.seen(upload_id)), 303)


def _given(type_: str) -> tuple[door.Found, str, bytes]:
    if type_ and type_ not in CATALOGUE:
        raise Invalid("Choose the type of event from the list.", "type")
    file = request.files.get("file")
    if file is None or not file.filename:
        raise Invalid("Choose a file.")
    content = file.stream.read(door.MOST_BYTES + 1)
    return door.look_at(content), _shown(file.filename), content


def _shown(name: str) -> str:
    """What the file is called, to be shown only: no file is ever written under it."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(each for each in last if each.isprintable())[:100] or "a file without a name"


def _keep(found: door.Found, name: str, content: bytes, type_: str) -> str:
    """The file with what is known of its columns: from the last time, or else by their names."""
    now = clock()
    with writing(engine()) as conn:
        uploads.drop_old(conn, now)
        last = uploads.remembered(conn, found.header) or {}
        by_column = "type" in found.header
        type_ = type_ or last.get("type", "")
        fields: dict[str, str] = {}
        if last and last.get("type", "") == type_:
            fields = last["columns"]
        elif type_ or by_column:
            fields = columns.suggested(found.header, columns.offered(type_, found.types))
        said = {
            "form": found.kind,
            "type": type_,
            "by_column": not type_ and by_column,
            "columns": fields,
            "parties": {},
            "found": asdict(found),
            "remembered": bool(last) and last.get("type", "") == type_,
        }
        return uploads.add(
            conn, me(), name=name, content=content, said=said, of=found.rows, now=now
        )


def _ask(type_: str, errors: list[tuple[str, str]], status: int = 200) -> Any:
    most = min(door.MOST_BYTES, (current_app.config["MAX_CONTENT_LENGTH"] or 0) - _FRAME)
    return page(
        "admin/import_new.html",
        status,
        title="Give a file",
        types=columns.types_offered(),
        type_=type_,
        most=door.megabytes(most),
        rows=f"{door.MOST_ROWS:,}",
        errors=errors,
        back=url_for("admin.imports"),
    )

"""Say what each column of a file holds; it is remembered for the next file with the same columns."""

from collections.abc import Mapping
from typing import Any, Final

from flask import redirect, request, url_for

from registry.admin.desk import blueprint, engine
from registry.admin.wizard import columns, door, running, whose
from registry.domain.catalogue import CATALOGUE
from registry.domain.errors import Conflict, Invalid
from registry.record import clock
from registry.store import uploads
from registry.store.engine import writing
from registry.store.uploads import Upload
from registry.web.pages import page
from registry.web.visiting import kept_fields, needs

_BY_COLUMN: Final = "by column"
Errors = list[tuple[str, str]]


@blueprint.route("/imports/<upload_id>/columns", methods=["GET", "POST"])
@needs("recorder")
def import_columns(upload_id: str) -> Any:
    """Name the columns, and try the import."""
    upload = whose.mine(upload_id)
    if upload.state not in uploads.OPEN or upload.said["form"] == "jsonl":
        return redirect(whose.next_page(upload), 303)
    found = _found(upload)
    if request.method == "GET":
        kept = dict(kept_fields() or ())
        said = _said(upload, found, kept) if kept else upload.said
        return _ask(upload, found, said, [])
    said = _said(upload, found, request.form)
    if request.form.get("act") == "type":
        said["columns"] = _suggested(said, found)
        _say(upload, said)
        return redirect(url_for("admin.import_columns", upload_id=upload_id), 303)
    if errors := _wrong(said, found):
        return _ask(upload, found, said, errors, 422)
    _say(upload, said)
    try:
        running.try_out(engine(), whose.mine(upload_id))
    except Invalid as wrong:
        words = door.in_words(wrong.message).replace(" (or say one for all rows: --type)", "")
        return _ask(upload, found, said, [("type", words)], 422)
    with writing(engine()) as conn:
        what = {"type": said["type"], "columns": said["columns"]}
        uploads.remember(conn, found.header, what, clock())
    return redirect(whose.next_page(whose.mine(upload_id)), 303)


def _found(upload: Upload) -> door.Found:
    """What was seen of the file when it was given."""
    if upload.made_at < clock() - uploads.LASTS:
        raise Conflict("The file is no longer kept: give it again.")
    return door.Found(**upload.said["found"])


def _said(upload: Upload, found: door.Found, typed: Mapping[str, str]) -> dict[str, Any]:
    """What is said of the upload now; names that were settled before stay settled."""
    type_ = typed.get("type", "")
    by_column = type_ == _BY_COLUMN and "type" in found.header
    return {
        **upload.said,
        "type": type_ if type_ in CATALOGUE else "",
        "by_column": by_column,
        "columns": {
            column: column if columns.is_added(column) else typed.get(f"c{place}", "")
            for place, column in enumerate(found.header)
        },
        "remembered": False,
    }


def _suggested(said: Mapping[str, Any], found: door.Found) -> dict[str, str]:
    if not (said["type"] or said["by_column"]):
        return {}
    return columns.suggested(found.header, columns.offered(said["type"], found.types))


def _say(upload: Upload, said: dict[str, Any]) -> None:
    with writing(engine()) as conn:
        if not uploads.say(conn, upload.id, said):
            raise Conflict("This file is imported already, or just now.")


def _wrong(said: Mapping[str, Any], found: door.Found) -> Errors:
    if not (said["type"] or said["by_column"]):
        return [("type", "Choose what each row tells.")]
    errors: Errors = []
    offered = {each.name: each for each in columns.offered(said["type"], found.types)}
    held: dict[str, str] = {}
    for place, column in enumerate(found.header):
        field = said["columns"][column]
        if not field or columns.is_added(column):
            continue
        if field not in offered:
            errors.append((f"c{place}", f"Choose what “{column}” holds from the list."))
        elif field in held:
            words = f"“{held[field]}” and “{column}” cannot both be “{offered[field].label}”."
            errors.append((f"c{place}", words))
        held.setdefault(field, column)
    if said["by_column"] and "type" not in held:
        errors.append(("columns", "Choose the column that says the type of event."))
    if said["type"] and (lacking := columns.missing(CATALOGUE[said["type"]], held)):
        for each in lacking:
            errors.append(("columns", f"Choose the column that holds “{each}”: it is needed."))
    return errors


def _ask(
    upload: Upload,
    found: door.Found,
    said: Mapping[str, Any],
    errors: Errors,
    status: int = 200,
) -> Any:
    chosen = bool(said["type"] or said["by_column"])
    return page(
        "admin/import_columns.html",
        status,
        title="What the columns hold",
        upload=upload,
        found=found,
        said=said,
        types=columns.types_offered(),
        by_column=_BY_COLUMN,
        offered=columns.offered(said["type"], found.types) if chosen else [],
        added=[each for each in found.header if columns.is_added(each)],
        errors=errors,
    )

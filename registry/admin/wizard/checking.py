"""What an import would do, before it does it: the report of its dry run, and the refusals as a file."""

from typing import Any

from flask import Response, redirect, request

from registry.admin.desk import blueprint, engine, me, rules
from registry.admin.wizard import door, report, running, whose
from registry.described.tables import as_csv
from registry.domain.errors import Conflict, Invalid
from registry.store import uploads
from registry.store.engine import writing
from registry.store.uploads import Upload
from registry.web.pages import page
from registry.web.visiting import needs

MOST_SHOWN = 200
"""Rows on the page; all are in the file."""


@blueprint.route("/imports/<upload_id>/check", methods=["GET", "POST"])
@needs("recorder")
def import_check(upload_id: str) -> Any:
    """Show what would become of each row; try it once more where asked."""
    if request.method == "POST":
        upload = whose.mine(upload_id)
        try:
            _try_again(upload)
        except Invalid as wrong:
            return _show(upload, door.in_words(wrong.message), 422)
        return redirect(whose.next_page(whose.seen(upload_id)), 303)
    upload = whose.seen(upload_id)
    if upload.state not in uploads.OPEN:
        return redirect(whose.next_page(upload), 303)
    return _show(upload)


@blueprint.get("/imports/<upload_id>/refusals.csv")
@needs("recorder")
def import_refusals(upload_id: str) -> Response:
    """The rows that are not taken in, as a table; no cell of it is computed by a spreadsheet."""
    upload = whose.seen(upload_id)
    answer = Response(
        b"".join(as_csv(report.COLUMNS, report.table(upload.report))),
        content_type="text/csv; charset=utf-8",
    )
    answer.headers["Content-Disposition"] = 'attachment; filename="refusals.csv"'
    answer.headers["Cache-Control"] = "no-store"
    return answer


def needs_review(upload: Upload) -> bool:
    """Whether a second person must approve any of its events: then all of them wait."""
    families = upload.report.get("families", ())
    return any(rules().review.needed(me().role, each) for each in families)


def _try_again(upload: Upload) -> None:
    said = {**upload.said, "amend": bool(request.form.get("amend"))}
    with writing(engine()) as conn:
        if not uploads.say(conn, upload.id, said):
            raise Conflict("This file is imported already, or just now.")
    running.try_out(engine(), whose.mine(upload.id))


def _show(upload: Upload, problem: str = "", status: int = 200) -> Any:
    return page(
        "admin/import_check.html",
        status,
        title="What the import would do",
        upload=upload,
        counts=report.counts(upload.report),
        events=upload.report.get("events", {}),
        lines=upload.report.get("lines", [])[:MOST_SHOWN],
        names=report.unknown_names(upload.report),
        is_mine=whose.is_mine(upload),
        review=needs_review(upload),
        tried=upload.state == uploads.TRIED,
        errors=[("check", problem)] if problem else [],
    )

"""Start an import, show how far it is, and its result; loading the page takes the import further."""

from typing import Any

from flask import redirect, request, url_for

from registry.admin.desk import blueprint, engine, me, rules
from registry.admin.wizard import checking, report, running, whose
from registry.domain.errors import Conflict
from registry.store import uploads
from registry.store.engine import writing
from registry.store.uploads import Upload
from registry.web.pages import page, plain
from registry.web.visiting import needs

MOST_LINKS = 100


@blueprint.route("/imports/<upload_id>", methods=["GET", "POST"])
@needs("recorder")
def import_run(upload_id: str) -> Any:
    """Start it by POST; each GET of the one who started it does about a second of the work.

    A GET only carries on what a POST with its proof began, and says nothing that changes it.
    """
    if request.method == "POST":
        return _do(whose.mine(upload_id), request.form.get("act", ""))
    upload = whose.seen(upload_id)
    if whose.is_mine(upload):
        if upload.state in uploads.OPEN:
            return redirect(whose.next_page(upload), 303)
        if upload.state == uploads.RUNNING and request.method == "GET":
            running.go_on(engine(), upload, me(), review=rules().review)
            upload = whose.seen(upload_id)
    return _show(upload)


def _do(upload: Upload, act: str) -> Any:
    here = url_for("admin.import_run", upload_id=upload.id)
    with writing(engine()) as conn:
        match act:
            case "start":
                begun = running.begin(conn, upload, review=checking.needs_review(upload))
                if not begun and upload.state == uploads.GIVEN:
                    raise Conflict("Try the import before you start it.")
            case "again":
                uploads.take_up(conn, upload.id)
            case "drop":
                if uploads.drop(conn, upload.id):
                    return redirect(url_for("admin.imports"), 303)
            case _:
                raise Conflict("Choose what to do.")
    now = whose.seen(upload.id)
    if now.state == uploads.RUNNING:
        running.go_on(engine(), now, me(), review=rules().review)
    return redirect(here, 303)


def _show(upload: Upload) -> Any:
    recorded = upload.report.get("recorded", [])
    return page(
        "admin/import_run.html",
        title=f"Import of {upload.name}",
        upload=upload,
        state=whose.STATES[upload.state],
        running=upload.state == uploads.RUNNING,
        is_mine=whose.is_mine(upload),
        counts=report.counts(upload.report),
        events=upload.report.get("events", {}),
        lines=upload.report.get("lines", [])[: checking.MOST_SHOWN],
        recorded=[(line, plain(type_), id_) for line, type_, id_ in recorded[:MOST_LINKS]],
        more=max(0, len(recorded) - MOST_LINKS),
        problem=upload.report.get("problem", ""),
        drafts=upload.report.get("drafts", 0),
    )

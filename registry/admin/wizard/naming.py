"""Settle whom the names in a file mean that are nobody's for certain: each by a person, for this file."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import redirect, request

from registry.admin.desk import blueprint, engine
from registry.admin.wizard import door, report, running, whose
from registry.domain.confidence import Confidence
from registry.domain.entities import label
from registry.domain.errors import Conflict, Invalid
from registry.ingest.names import plain
from registry.projections.directory import Directory
from registry.projections.known import day_recorded
from registry.projections.write import live_generation
from registry.record import clock
from registry.store import log, uploads
from registry.store.engine import reading, writing
from registry.store.uploads import Upload
from registry.web.pages import page
from registry.web.visiting import kept_fields, needs


@dataclass(frozen=True)
class Asked:
    """A name, the parties it may mean (id and words), and whom it was said to mean."""

    name: str
    rows: int
    offers: tuple[tuple[str, str], ...]
    chosen: str


@blueprint.route("/imports/<upload_id>/names", methods=["GET", "POST"])
@needs("recorder")
def import_names(upload_id: str) -> Any:
    """Choose for each name whom it means, or none of them; then the import is tried again."""
    upload = whose.mine(upload_id)
    if upload.state not in uploads.OPEN:
        return redirect(whose.next_page(upload), 303)
    asked = _asked(upload)
    if request.method == "GET":
        return _ask(upload, asked, dict(kept_fields() or ()))
    parties: dict[str, dict[str, Any]] = {}
    errors: list[tuple[str, str]] = []
    for place, each in enumerate(asked):
        chosen = request.form.get(f"n{place}", "")
        about, known = request.form.get(f"name{place}", ""), dict(each.offers)
        if about != each.name or (chosen and chosen not in known):
            errors.append((f"n{place}", f"Choose again whom “{each.name}” means."))
        elif chosen:
            parties[each.name] = {"party": chosen, "offers": [one for one, _ in each.offers]}
    if errors:
        return _ask(upload, asked, request.form.to_dict(), errors, 422)
    with writing(engine()) as conn:
        if not uploads.say(conn, upload.id, {**upload.said, "parties": parties}):
            raise Conflict("This file is imported already, or just now.")
    try:
        running.try_out(engine(), whose.mine(upload_id))
    except Invalid as wrong:
        return _ask(upload, asked, {}, [("n0", door.in_words(wrong.message))], 422)
    return redirect(whose.next_page(whose.mine(upload_id)), 303)


def _asked(upload: Upload) -> list[Asked]:
    """The names that are open, and those that were settled before."""
    settled = upload.said.get("parties", {})
    open_ = report.unknown_names(upload.report)
    known = {plain(each.name) for each in open_}
    names = [(each.name, each.rows, each.offers, "") for each in open_]
    names += [
        (name, 0, tuple(each["offers"]), each["party"])
        for name, each in settled.items()
        if plain(name) not in known
    ]
    words = _words({offer for _, _, offers, _ in names for offer in offers})
    return [
        Asked(name, rows, tuple((o, words[o]) for o in offers if o in words), chosen)
        for name, rows, offers, chosen in sorted(names, key=lambda each: plain(each[0]))
    ]


def _words(parties: Iterable[str]) -> dict[str, str]:
    today = day_recorded(clock())
    with reading(engine()) as conn:
        directory = Directory(conn, live_generation(conn), log.head(conn).position)
        docs = directory.docs("party", parties)
    return {
        key: f"{label(doc, today, Confidence.REPORTED)} ({key}), {str(doc['kind']).replace('_', ' ')}"
        for key, doc in docs.items()
    }


def _ask(
    upload: Upload,
    asked: list[Asked],
    typed: dict[str, str],
    errors: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Any:
    chosen = [typed.get(f"n{place}", each.chosen) for place, each in enumerate(asked)]
    return page(
        "admin/import_names.html",
        status,
        title="Whom the names mean",
        upload=upload,
        asked=asked,
        chosen=chosen,
        errors=errors or [],
    )

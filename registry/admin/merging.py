"""Two that are one: choose the one that stays, look at what follows, and merge them by events."""

import re
import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from flask import redirect, request, url_for

from registry.admin import picking, saving
from registry.admin.asking import Choice
from registry.admin.desk import blueprint, engine, me
from registry.admin.events import Listed, listed
from registry.admin.preview import Preview, preview
from registry.admin.saving import Entry, Meanwhile
from registry.admin.typed import picked
from registry.domain.entities import label
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.domain.fields import Kind
from registry.queries import events as of_events
from registry.queries.view import View, open_view
from registry.record import new_event_id
from registry.record.merging import KINDS, Merge, merge_of, reason_of, said_by
from registry.store import log
from registry.store.engine import reading
from registry.web.pages import page, plain
from registry.web.visiting import kept_fields, needs

STAYS, WHY, CODES, ID, SEEN = "stays", "why", "codes", "form.id", "form.seen"
SHOWN: Final = 100
"""Events that are listed; of the others only their number is told."""
LONGEST: Final = 5_000
Errors = list[tuple[str, str]]
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass
class _Form:
    """What was typed, who is meant by it, and what is wrong."""

    kind: str
    gone: str
    typed: str
    why: str
    event_id: str
    seen: int
    codes: bool
    stays: str = ""
    errors: Errors = field(default_factory=list)
    offers: tuple[Choice, ...] = ()


@dataclass(frozen=True)
class _Count:
    words: str
    number: int


@dataclass(frozen=True)
class _Found:
    """What a merge would do, as the page tells it."""

    merge: Merge
    counts: tuple[_Count, ...]
    changed: tuple[Listed, ...]
    odd: tuple[tuple[Listed, str], ...]

    @property
    def more(self) -> int:
        return len(self.merge.changes) - len(self.changed)


@blueprint.route("/merge/<kind>/<gone>", methods=["GET", "POST"])
@needs("reviewer")
def merge(kind: str, gone: str) -> Any:
    """Merge a duplicate into the one that stays."""
    if kind not in KINDS:
        raise NotFound("There is nothing of that kind to merge.")
    form = _form(kind, gone)
    if request.method == "POST" and (done := _done(form)):
        return done
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        name = _name(view, kind, gone)
        if form.typed or request.method == "POST":
            _settle(view, form)
        found = _found(view, form) if form.stays and not form.errors else None
    if request.method == "GET":
        return _show(form, name, found, 200)
    if found is None or found.merge.odd:
        return _show(form, name, found, 422)
    entry = _entry(form, found.merge, name)
    if request.form.get("action") != "save":
        seen = preview(engine(), saving.submitted(entry), me().name)
        return _show(form, name, found, 422 if seen.problems else 200, seen)
    return _save(form, name, found, entry)


def _form(kind: str, gone: str) -> _Form:
    posted = request.method == "POST"
    said = request.form if posted else dict(kept_fields() or request.args)
    typed = (said.get(f"{STAYS}.pick") or said.get(STAYS) or "").replace("\x00", "").strip()[:500]
    event_id, seen = said.get(ID) or "", said.get(SEEN) or ""
    with reading(engine()) as conn:
        head = log.head(conn).position
    return _Form(
        kind,
        gone,
        typed,
        (said.get(WHY) or "").replace("\r\n", "\n").strip(),
        event_id if _UUID.fullmatch(event_id) else new_event_id(),
        int(seen) if seen.isdigit() and len(seen) < 16 else head,
        CODES in said or ID not in said,
    )


def _done(form: _Form) -> Any:
    """Where to go if this very form was sent before; None if it was not."""
    with reading(engine()) as conn:
        stored = log.by_ids(conn, [form.event_id]).get(form.event_id)
    if stored is None:
        return None
    if stored.type != "event.retracted" or stored.recorded_by != me().name:
        raise Conflict("this form was recorded before with other content")
    return _gone_to(form.kind, picked(Kind(form.kind), form.typed), form.gone)


def _gone_to(kind: str, stays: str, gone: str) -> Any:
    return redirect(page_of(kind, stays, merged=gone), 303)


def page_of(kind: str, key: str, **more: str) -> str:
    """The page of a party or source; for an agreement the list in which it stands."""
    match kind:
        case "party":
            return url_for("admin.party", party=key, **more)  # type: ignore[arg-type]
        case "source":
            return url_for("admin.source", source=key, **more)  # type: ignore[arg-type]
    return url_for("admin.entities", kind=kind, q=key, **more)  # type: ignore[arg-type]


def _name(view: View, kind: str, key: str) -> str:
    docs = view.directory.docs(kind, [key])
    if key not in docs:
        raise NotFound(f"There is no {kind} on record as “{key[:60]}”.")
    doc = docs[key]
    return str(doc["title"] if kind == "source" else label(doc, view.day, view.threshold))


def _settle(view: View, form: _Form) -> None:
    """Who is meant by what was typed; what may be meant, where that is not clear."""
    if not form.typed:
        form.errors.append((STAYS, "The one that stays: choose one"))
    else:
        try:
            form.typed = picking.settle(view, Kind(form.kind), form.typed, STAYS)
            form.stays = picked(Kind(form.kind), form.typed)
        except Invalid as wrong:
            words = wrong.message.partition(": ")[2] or wrong.message
            form.errors.append((STAYS, f"The one that stays: {words}"))
            form.offers = tuple((each, each) for each in wrong.offers)
    if len(form.why) > LONGEST:
        form.errors.append((WHY, f"How you know: at most {LONGEST:,} characters"))


def _found(view: View, form: _Form) -> _Found | None:
    try:
        made = merge_of(view.conn, form.kind, form.gone, form.stays)
    except Invalid as wrong:
        form.errors.append((STAYS, f"The one that stays: {wrong.message}"))
        return None
    counts = Counter(plain(each.before.TYPE) for each in made.changes)
    shown = [each.event_id for each in made.changes[:SHOWN]]
    odd = made.odd[:SHOWN]
    if odd:
        first = f"{_events(len(made.odd))} must be corrected first: see below"
        form.errors.append(("odd", first))
    return _Found(
        made,
        tuple(_Count(words, number) for words, number in counts.most_common()),
        tuple(_listed(view, shown)),
        tuple(
            zip(
                _listed(view, [each.event_id for each in odd]),
                [each.why for each in odd],
                strict=True,
            )
        ),
    )


def _listed(view: View, ids: Iterable[str]) -> list[Listed]:
    return listed(view, of_events.documents(view, ids).values())


def _events(count: int) -> str:
    return "1 event" if count == 1 else f"{count:,} events"


def _entry(form: _Form, made: Merge, name: str) -> Entry:
    """Every event under an id that follows from the form's, so that sending it twice is the same."""
    reason = reason_of(form.stays, form.why)
    *changes, (_, last) = said_by(made, reason, codes=form.codes)
    main = uuid.UUID(form.event_id)
    events = [(str(uuid.uuid5(main, target)), said) for target, said in changes]
    title = f"Merge {name} [{form.gone}] into {form.typed}"
    return Entry([*events, (form.event_id, last)], form.seen, title)


def _save(form: _Form, name: str, found: _Found, entry: Entry) -> Any:
    try:
        saved = saving.save(me(), entry, confirmed=False)
    except Problems as wrong:
        form.errors += [("top", each.message) for each in wrong.each]
        return _show(form, name, found, 422)
    except (Conflict, NotFound) as wrong:
        form.errors.append(("top", str(wrong)))
        return _show(form, name, found, 409)
    if isinstance(saved, Meanwhile):
        form.seen = saved.seen
        return _show(form, name, found, 409, meanwhile=saved)
    if saved.draft:
        return redirect(url_for("admin.waiting", draft_id=saved.draft), 303)
    return _gone_to(form.kind, form.stays, form.gone)


def _show(
    form: _Form,
    name: str,
    found: _Found | None,
    status: int,
    seen: Preview | None = None,
    meanwhile: Meanwhile | None = None,
) -> Any:
    return page(
        "admin/merge.html",
        status,
        title=f"Merge {name}",
        kind=form.kind,
        gone=form.gone,
        name=name,
        back=page_of(form.kind, form.gone),
        form=form,
        errors=form.errors,
        found=found,
        preview=seen,
        others=_others(meanwhile),
        codes=[f"{each.scheme}: {each.code}" for each in found.merge.new_codes] if found else [],
        hidden=[(ID, form.event_id), (SEEN, str(form.seen))],
    )


def _others(meanwhile: Meanwhile | None) -> list[Listed]:
    if meanwhile is None:
        return []
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        return _listed(view, [each.event_id for each in meanwhile.events])

"""The author changes a draft: back in the form of the event, and then it waits again."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from flask import redirect, request, url_for

from registry.admin import approving, date_boxes, entering, picking
from registry.admin.asking import inputs
from registry.admin.desk import blueprint, engine, me
from registry.admin.reading_dates import echoes
from registry.admin.record import MORE, Form, refuse_said, shown
from registry.admin.saving import (
    Entry,
    Meanwhile,
    Moved,
    called,
    others_since,
    submitted,
    try_out,
)
from registry.admin.typed import Typed, picked, said_of, typed_of
from registry.domain.catalogue import CATALOGUE, Correction, Event
from registry.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problems
from registry.domain.events.register import EventAmended
from registry.record import clock
from registry.store import drafts as store
from registry.store import log
from registry.store.drafts import Draft, Said
from registry.store.engine import reading, writing
from registry.web.pages import page, plain
from registry.web.visiting import kept_fields, needs

REASON: Final = "form.reason"
_OWN: Final = ("event_id", "seen", "changed", "action", "csrf_token", "kept")


@dataclass(frozen=True)
class Changing:
    """One event of a draft on its way: `form` is about its content, of a correction's what it says
    instead. `folded`: the events of the draft that are asked for in place.
    """

    draft: Draft
    place: int
    form: Form
    changed: int
    folded: Mapping[str, str]

    @property
    def event_id(self) -> str:
        return self.draft.events[self.place][0]

    @property
    def said(self) -> dict[str, Any]:
        return self.draft.events[self.place][1]

    @property
    def amends(self) -> bool:
        return bool(self.said["type"] == EventAmended.TYPE)

    @property
    def corrects(self) -> bool:
        return issubclass(CATALOGUE[self.said["type"]], Correction)


@blueprint.route("/drafts/<draft_id>/change/<int:place>", methods=["GET", "POST"])
@needs("recorder")
def draft_edit(draft_id: str, place: int) -> Any:
    """The form of one event of a draft of mine, filled with what it says."""
    with reading(engine()) as conn:
        draft = store.one(conn, draft_id)
    if draft is None or place >= len(draft.events):
        raise NotFound("There is no such draft.")
    if draft.author != me().id:
        raise Forbidden("Only its author changes a draft; you can send it back with a remark.")
    if not draft.is_open:
        raise Conflict("It is decided, and cannot be changed any more.")
    changing = _opened(draft, place)
    action = request.form.get("action", "")
    if request.method == "GET":
        return _show(changing, meanwhile=_unseen(draft))
    if action.startswith(MORE):
        return _show(changing)
    entry = _entry(changing)
    if entry is None:
        return _show(changing, 422)
    if action == "save":
        return _save(changing, entry)
    return _preview(changing, entry)


def _opened(draft: Draft, place: int) -> Changing:
    """As it was posted, as it was typed when a visit was over, or as the draft says it."""
    event_id, said = draft.events[place]
    content = said["event"] if said["type"] == EventAmended.TYPE else said
    cls = CATALOGUE[content["type"]]
    begin = typed_of(cls, content)
    folded = _fold(draft, place, cls, begin)
    posted = request.method == "POST"
    sent = list(request.form.items(multi=True)) if posted else kept_fields()
    typed = Typed([(n, v) for n, v in sent if n not in _OWN]) if sent is not None else begin
    if sent is None and said.get("reason"):
        typed[REASON] = str(said["reason"])
    carried = dict(sent or ())
    with reading(engine()) as conn:
        head = log.head(conn).position
        typed.pop("target", None)
        typed, problems = picking.settled(conn, cls, typed, event_id)
    form = Form(cls, typed, event_id, _whole(carried.get("seen"), head), title=draft.title)
    if posted and not request.form.get("action", "").startswith(MORE):
        form.refuse(problems)
    return Changing(draft, place, form, _whole(carried.get("changed"), draft.changed_at), folded)


def _unseen(draft: Draft) -> Meanwhile:
    """What the author did not see yet: from now on she has."""
    with reading(engine()) as conn:
        return approving.meanwhile(conn, draft)


def _fold(draft: Draft, place: int, cls: type[Event], typed: Typed) -> dict[str, str]:
    """Put what was entered in place back into its inputs; ids of its events by kind and name."""
    entered = {
        (kind, said[kind]): (event_id, said)
        for event_id, said in draft.events
        for kind in entering.ASKED
        if said["type"] == f"{kind}.recorded"
    }
    folded: dict[str, str] = {}
    for at, kind in list(picking.places(cls, typed)):
        name = entering.ENTERED.get(kind)
        key = (str(name), picked(kind, typed.get(at, "")))
        if key not in entered or entered[key][0] == draft.events[place][0]:
            continue
        event_id, said = entered[key]
        folded[":".join(key)] = event_id
        del typed[at]
        for part in entering.ASKED[key[0]]:
            value = said[key[0]] if part == "slug" else said.get(part)
            if value:
                text = date_boxes.in_words_or_edtf(value) if part == "published" else str(value)
                typed[f"{at}.new.{part}"] = text
    return folded


def _entry(changing: Changing) -> Entry | None:
    """The whole draft with what the form says; None with `errors` where it cannot be read."""
    form = changing.form
    said, problems = said_of(form.cls, form.typed)
    form.refuse(problems)
    events = dict(changing.draft.events)
    kept: set[str] = set()
    new: dict[str, dict[str, Any]] = {}
    for at, kind in entering.places(form.cls, form.typed):
        entered, wrong = entering.said_of_new(kind, at, form.typed)
        form.refuse(wrong)
        known = changing.folded.get(f"{kind}:{entered[kind]}")
        event_id = known or entering.event_id_of(form.event_id, at)
        kept.add(event_id)
        new[event_id] = entered
    if len(changing.draft.events) == 1 + len(changing.folded):
        for event_id in set(changing.folded.values()) - kept:
            del events[event_id]  # something on record is named instead
    made: list[Said] = []
    for event_id, each in events.items():
        if event_id == changing.event_id:
            made += [(i, entered) for i, entered in new.items() if i not in events]
            made.append((event_id, _whole_said(changing, said)))
        else:
            made.append((event_id, new.get(event_id, each)))
    entry = Entry(made, form.seen, changing.draft.title)
    if not form.errors:
        try:
            submitted(entry)
        except Problems as wrong_said:
            _refuse(changing, entry, wrong_said)
    return None if form.errors else entry


def _whole_said(changing: Changing, said: dict[str, Any]) -> dict[str, Any]:
    """The event of the draft with what the form says in it."""
    if not changing.corrects:
        return said
    reason = changing.form.typed.get(REASON, "").replace("\r\n", "\n").strip()
    if not reason:
        changing.form.refuse([Invalid("Why: give a reason", REASON)])
    before = changing.said
    if changing.amends:
        return {**before, "event": said, "reason": reason}
    return {**before, **said, "target": before["target"], "reason": reason}


def _refuse(changing: Changing, entry: Entry, wrong: Problems) -> None:
    """Beside the inputs that it belongs to; what is wrong with other events of the draft on top."""
    form = changing.form
    ids = [event_id for event_id, _ in entry.events]
    entered = [
        changing.folded.get(f"{kind}:{entering.slug_of(form.typed, at)}")
        or entering.event_id_of(form.event_id, at)
        for at, kind in entering.places(form.cls, form.typed)
    ]
    known: list[Invalid] = []
    for each in wrong.each:
        found = _EVENT.match(each.field or "")
        event_id = ids[int(found[1])] if found and int(found[1]) < len(ids) else ""
        path = found[2] if found else ""
        if event_id == changing.event_id and path in ("reason", "target"):
            form.refuse([Invalid(each.message, REASON)])
        elif event_id == changing.event_id:
            inner = path.removeprefix("event.") if changing.amends else path
            known.append(Invalid(each.message, f"events[{len(entered)}].{inner}", each.offers))
        elif event_id in entered:
            at = entered.index(event_id)
            known.append(Invalid(each.message, f"events[{at}].{path}", each.offers))
        else:
            form.refuse([Invalid(each.message, "top")])
    if known:
        refuse_said(form, Problems(known))


_EVENT: Final = re.compile(r"events\[([0-9]+)\]\.(.*)")


def _preview(changing: Changing, entry: Entry) -> Any:
    from registry.admin.preview import preview  # noqa: PLC0415 - folds only when asked

    found = preview(engine(), submitted(entry), me().name)
    if found.problems:
        _refuse(changing, entry, Problems(list(found.problems)))
        return _show(changing, 422)
    return _show(changing, preview=found)


def _save(changing: Changing, entry: Entry) -> Any:
    try:
        done, now = _rewrite(changing, entry)
    except Moved as moved:
        changing.form.seen = moved.meanwhile.seen
        return _show(changing, 409, meanwhile=moved.meanwhile)
    except Problems as wrong:
        _refuse(changing, entry, wrong)
        return _show(changing, 422)
    except (Invalid, NotFound, Conflict) as wrong:
        changing.form.refuse([Invalid(str(wrong), "top")])
        return _show(changing, 422)
    same = now is not None and now.is_open and list(now.events) == entry.events
    if not done and not same:
        words = "It was sent back, changed or decided meanwhile: look at the draft, then save again"
        changing.form.refuse([Invalid(words, "top")])
        return _show(replace(changing, changed=now.changed_at if now else 0), 409)
    return redirect(url_for("admin.draft", draft_id=changing.draft.id, done="saved"), 303)


def _rewrite(changing: Changing, entry: Entry) -> tuple[bool, Draft | None]:
    """Whether it was done, and the draft as it is now; Moved where others recorded meanwhile."""
    submissions = submitted(entry)
    with writing(engine()) as conn:
        if others := others_since(conn, entry.seen, me().name, submissions):
            raise Moved(Meanwhile(others, log.head(conn).position))
        try_out(conn, submissions, me().name)
        done = store.rewrite(
            conn,
            changing.draft.id,
            changing.changed,
            me(),
            title=called(conn, entry),
            events=entry.events,
            seen=entry.seen,
            now=clock(),
        )
        return done, store.one(conn, changing.draft.id)


def _show(
    changing: Changing, status: int = 200, preview: Any = None, meanwhile: Meanwhile | None = None
) -> Any:
    form = changing.form
    only = None
    if changing.corrects and not changing.amends:
        only = {"to"}
    return page(
        "admin/draft_edit.html",
        status,
        title=f"Change: {plain(form.cls.TYPE)}",
        draft=changing.draft,
        changed=changing.changed,
        sections=inputs(form.cls, form.typed, form.errors, form.offers, only, echoes(form.typed)),
        errors=form.errors,
        seen=form.seen,
        reason=(REASON, form.typed.get(REASON, "")) if changing.corrects else None,
        preview=preview,
        meanwhile=shown(meanwhile),
        fresh=request.method == "GET" and not request.args.get("kept"),
    )


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else otherwise

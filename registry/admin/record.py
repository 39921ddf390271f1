"""Choose what happened, fill in its form, look at what it would change, and save it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from inspect import cleandoc
from typing import Any, Final

from flask import redirect, request, url_for

from registry import codec
from registry.admin import entering, picking
from registry.admin.asking import Choice, Errors, inputs
from registry.admin.desk import PREFIX, blueprint, engine, me
from registry.admin.reading_dates import echoes
from registry.admin.saving import Entry, Meanwhile, Saved, save, submitted
from registry.admin.typed import Typed, errors_of, named, plainly, said_of, typed_of
from registry.described import effects
from registry.domain import dates
from registry.domain.catalogue import CATALOGUE, Correction, Event, family
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.domain.fields import told_by
from registry.record import new_event_id
from registry.store import drafts, log
from registry.store.engine import reading
from registry.web.pages import page, plain
from registry.web.visiting import kept_fields, needs

FAMILIES: Final = {
    "agreement": "Agreements and who takes part in them",
    "relations": "Relations between states",
    "recognition": "Recognition of states and governments",
    "mission": "Diplomatic missions",
    "head_of_mission": "Heads of mission",
    "consular_post": "Consular posts",
    "conduct": "What they did: visits, assistance, sanctions, expulsions",
    "party": "States, organisations and other parties",
    "source": "Sources",
    "status": "What a source says held, without the act",
    "coverage": "What a source covers completely",
    "gap": "What was looked for and not found",
}
KEPT_FOR_ANOTHER: Final = ("agreement", "sources", "confidence", "confidence_reason")
MORE: Final = "more."
"""The action of a button that asks for another row, or goes on with what was chosen."""


@dataclass
class Form:
    """One form on its way: what was typed, and what is wrong with it."""

    cls: type[Event]
    typed: Typed
    event_id: str
    seen: int
    errors: Errors = field(default_factory=list)
    offers: dict[str, tuple[Choice, ...]] = field(default_factory=dict)
    title: str = ""

    def refuse(self, problems: Iterable[Invalid]) -> None:
        for each in problems:
            at = each.field or "top"
            if at not in [known for known, _ in self.errors]:
                self.errors.append((at, _sentence(each.message)))
            if each.offers:
                self.offers[at] = tuple((offer, _offered(offer)) for offer in each.offers)


@blueprint.get("/record")
@needs("recorder")
def record() -> Any:
    """Choose what happened."""
    asked = request.args.get("q", "").strip()[:200]
    return page(
        "admin/record_choose.html",
        title="Record",
        asked=asked,
        families=_families(asked),
        found=sum(len(types) for _, types in _families(asked)),
    )


@blueprint.route("/record/<type_>", methods=["GET", "POST"])
@needs("recorder")
def record_form(type_: str) -> Any:
    """Fill in the form of one type."""
    cls = type_of(type_)
    if request.method == "GET":
        return _show(opened(cls))
    form = sent(cls)
    action = request.form.get("action", "preview")
    if action.startswith(MORE):
        return _show(form)
    entry = entry_of(form)
    if entry is None:
        return _show(form, 422)
    if action == "preview":
        return _show(form, preview=_previewed(form, entry))
    return _save(form, entry, another=action == "another")


@blueprint.get("/record/waiting/<draft_id>")
@needs("recorder")
def waiting(draft_id: str) -> Any:
    """Say that what was entered waits for a second person."""
    with reading(engine()) as conn:
        draft = drafts.one(conn, draft_id)
    if draft is None or draft.author != me().id:
        raise NotFound("There is no such draft of yours.")
    if draft.state != drafts.WAITING:  # the form was sent again, after it was looked at
        return redirect(url_for("admin.draft", draft_id=draft.id), 303)
    return page("admin/waiting.html", title="Waits for review", draft=draft)


def type_of(name: str) -> type[Event]:
    if name not in CATALOGUE:
        raise NotFound(f"There is no kind of event called {name[:60]!r}.")
    return CATALOGUE[name]


def opened(cls: type[Event]) -> Form:
    """A form that is shown for the first time, with what the address says already filled in."""
    kept = kept_fields()
    typed: Typed = Typed()
    if kept:
        typed = Typed([(name, value) for name, value in kept if name not in _OWN])
    elif source := request.args.get("from", ""):
        typed = _like(cls, source)
    else:
        typed = Typed(
            (name, value[:500]) for name, value in request.args.items() if name not in _OWN
        )
    said = dict(kept or ())
    with reading(engine()) as conn:
        seen = log.head(conn).position
        typed, _ = picking.settled(conn, cls, typed)
    return Form(cls, typed, said.get("event_id") or new_event_id(), _whole(said.get("seen"), seen))


_OWN: Final = ("event_id", "seen", "action", "csrf_token", "kept", "from")


def sent(cls: type[Event]) -> Form:
    """The form as it was posted, with everything on record by name and id."""
    typed = Typed([(n, v) for n, v in request.form.items(multi=True) if n not in _OWN])
    event_id = request.form.get("event_id", "")
    if not _is_id(event_id):
        event_id = new_event_id()
    with reading(engine()) as conn:
        typed, problems = picking.settled(conn, cls, typed, event_id)
        seen = _whole(request.form.get("seen"), log.head(conn).position)
    form = Form(cls, typed, event_id, seen)
    if not request.form.get("action", "").startswith(MORE):
        form.refuse(problems)
    return form


def entry_of(form: Form) -> Entry | None:
    """What the form says, to be saved; None with `errors` where it cannot be read."""
    said, problems = said_of(form.cls, form.typed)
    form.refuse(problems)
    events: list[tuple[str, dict[str, Any]]] = []
    for at, kind in entering.places(form.cls, form.typed):
        new, wrong = entering.said_of_new(kind, at, form.typed)
        form.refuse(
            Invalid(f"{named(e.field or at)}: {e.message}", e.field, e.offers) for e in wrong
        )
        events.append((entering.event_id_of(form.event_id, at), new))
    entry = Entry([*events, (form.event_id, said)], form.seen, title_of(said))
    try:
        submitted(entry)
    except Problems as wrong_said:
        refuse_said(form, wrong_said)
    return None if form.errors else entry


def refuse_said(form: Form, wrong: Problems) -> None:
    """Put what codec and register say beside the inputs that it belongs to."""
    new = list(entering.places(form.cls, form.typed))
    main = f"events[{len(new)}]."
    own = [each for each in wrong.each if (each.field or "").startswith(main)]
    known = {at.rsplit(".", 1)[0] for at, _ in form.errors} | {at for at, _ in form.errors}
    for at, words in errors_of(form.cls, form.typed, own, main):
        if at not in known and at.removesuffix(".year") not in known:
            form.errors.append((at, words))
    for place, (at, kind) in enumerate(new):
        begins = f"events[{place}]."
        for each in wrong.each:
            if (each.field or "").startswith(begins):
                path = (each.field or "").removeprefix(begins)
                name = entering.place_of(kind, at, path)
                form.refuse([Invalid(f"{named(name)}: {plainly(each.message)}", name)])
    if not form.errors:
        form.refuse(wrong.each)


def title_of(said: Mapping[str, Any]) -> str:
    """What an entry is called in a list: agreement: ratified, Bolivia, 2011."""
    parts = [plain(str(said["type"]))]
    parts += [str(said[each]) for each in ("agreement", "party") if said.get(each)]
    parts += [str(each) for each in said.get("parties") or ()]
    if when := said.get("occurred"):
        try:
            parts.append(dates.human(dates.parse(str(when))))
        except Invalid:
            parts.append(str(when))
    return ", ".join(parts)[:300]


def first_sentence(cls: type[Event]) -> str:
    text = " ".join(cleandoc(cls.__doc__ or "").split("\n\n")[0].split())
    return text.split(". ")[0].rstrip(".") + "."


def can_be_recorded(cls: type[Event]) -> bool:
    """Corrections are made from the page of an event; two kinds by the register itself."""
    return not issubclass(cls, Correction) and cls.TYPE not in ("event.erased", "log.key_rotated")


def _families(asked: str) -> list[tuple[str, list[dict[str, str]]]]:
    words = asked.casefold().split()
    made: dict[str, list[dict[str, str]]] = {}
    for name, cls in CATALOGUE.items():
        if not can_be_recorded(cls):
            continue
        group = FAMILIES.get(family(name), plain(family(name)).capitalize())
        layers = ", ".join(sorted({plain(each.layer) for each in effects(cls)}))
        item = {
            "type": name,
            "title": plain(name.split(".", 1)[1]).capitalize(),
            "words": first_sentence(cls),
            "sets": layers,
        }
        text = " ".join((group, plain(name), item["words"], layers)).casefold()
        if all(word in text for word in words):
            made.setdefault(group, []).append(item)
    ordered = [each for each in FAMILIES.values() if each in made]
    return [(each, made[each]) for each in (*ordered, *(m for m in made if m not in ordered))]


def _show(
    form: Form, status: int = 200, preview: Any = None, meanwhile: Meanwhile | None = None
) -> Any:
    cls = form.cls
    return page(
        "admin/record_form.html",
        status,
        title=plain(cls.TYPE).capitalize(),
        type_=cls.TYPE,
        about=first_sentence(cls),
        sections=inputs(cls, form.typed, form.errors, form.offers, echoes=echoes(form.typed)),
        errors=form.errors,
        event_id=form.event_id,
        seen=form.seen,
        preview=preview,
        meanwhile=shown(meanwhile),
        fresh=request.method == "GET" and not request.args.get("kept"),
        by_hand=can_be_recorded(cls),
        has_rows=has_rows(cls),
        of_agreement="agreement" in {one.name for one in told_by(cls)},
    )


def has_rows(cls: type[Event]) -> bool:
    """Whether many parties of one agreement can be entered on one page."""
    declared = {each.name: each for each in told_by(cls)}
    return "agreement" in declared and "party" in declared and not declared["party"].many


def _previewed(form: Form, entry: Entry) -> Any:
    from registry.admin.preview import preview  # noqa: PLC0415 - folds only when asked

    found = preview(engine(), submitted(entry), me().name)
    if found.problems:
        refuse_said(form, Problems(list(found.problems)))
    return found


def _save(form: Form, entry: Entry, *, another: bool) -> Any:
    try:
        saved = save(me(), entry, confirmed=False)
    except Problems as wrong:
        refuse_said(form, wrong)
        return _show(form, 422)
    except (Conflict, NotFound) as wrong:
        form.refuse([Invalid(str(wrong), "top")])
        return _show(form, 409 if isinstance(wrong, Conflict) else 422)
    if isinstance(saved, Meanwhile):
        form.seen = saved.seen
        return _show(form, 409, meanwhile=saved)
    if another:
        source = saved.draft or saved.event_id
        here = url_for("admin.record_form", type_=form.cls.TYPE)
        return redirect(f"{here}?from={source}", 303)
    if saved.draft:
        return redirect(url_for("admin.waiting", draft_id=saved.draft), 303)
    return redirect(told_of_saving(saved), 303)


def event_page(event_id: str) -> str:
    return f"{PREFIX}/events/{event_id}"


def told_of_saving(saved: Saved) -> str:
    """The event's page, which says that it is recorded, or was already."""
    return f"{event_page(saved.event_id)}?done={'already' if saved.already else 'recorded'}"


def _like(cls: type[Event], source: str) -> Typed:
    """The agreement, the sources and the confidence of an event of mine, or of my draft."""
    if not _is_id(source):
        return Typed()
    with reading(engine()) as conn:
        stored = log.by_ids(conn, [source]).get(source)
        draft = drafts.one(conn, source)
    if stored is not None and stored.data is not None:
        event = codec.restored(stored.type, stored.type_version, stored.data)
        said = codec.write(event)
    elif draft is not None and draft.author == me().id:
        said = dict(draft.events[-1][1])
    else:
        return Typed()
    return typed_of(cls, {name: said[name] for name in KEPT_FOR_ANOTHER if name in said})


def shown(meanwhile: Meanwhile | None) -> list[dict[str, Any]]:
    """What others recorded, for the page that asks whether to go on."""
    return [_shown(each) for each in meanwhile.events] if meanwhile else []


def _shown(stored: log.Stored) -> dict[str, Any]:
    return {
        "id": stored.event_id,
        "url": event_page(stored.event_id),
        "words": picking.event_words(stored),
        "by": stored.recorded_by,
        "at": stored.recorded_at,
    }


def _offered(offer: str) -> str:
    try:
        return dates.human(dates.parse(offer))
    except Invalid:
        return offer


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _is_id(text: str) -> bool:
    return picking.is_id(text)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() and len(text) < 16 else otherwise

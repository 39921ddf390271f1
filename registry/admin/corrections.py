"""From any event: amend, refine the date, change confidence, state a competing claim, retract."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from flask import Response, redirect, request, url_for
from sqlalchemy import Connection

from registry.admin import entering, picking, saving
from registry.admin.desk import blueprint, engine, me
from registry.admin.events import Listed, listed
from registry.admin.fields import Typed, errors_of, inputs, said_of, typed_of
from registry.admin.preview import Preview, preview
from registry.admin.saving import Entry, Meanwhile
from registry.admin.telling import teller
from registry.domain.catalogue import CATALOGUE, Correction, Event
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.queries import events as of_events
from registry.queries.view import View, open_view
from registry.record import new_event_id
from registry.store import log
from registry.store.engine import reading
from registry.web.pages import page
from registry.web.telling import Difference, content_of
from registry.web.visiting import kept_fields, needs

Said = dict[str, Any]
Errors = list[tuple[str, str]]
ID, SEEN, REASON = "form.id", "form.seen", "form.reason"
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Way:
    """One way to correct. `asks`: the fields of the event's own form, None for all of them;
    `says`: what is recorded, from the target, the reason and the content that was typed;
    `inside`: where in that the content stands.
    """

    title: str
    lead: str
    why: str
    button: str
    asks: frozenset[str] | None
    says: Callable[[str, str, Said], Said]
    inside: str = ""
    begins_with: Callable[[Said, str], Said] = lambda said, _: said


def _amended(target: str, reason: str, said: Said) -> Said:
    return {"type": "event.amended", "target": target, "reason": reason, "event": said}


def _retracted(target: str, reason: str, _: Said) -> Said:
    return {"type": "event.retracted", "target": target, "reason": reason}


def _another_confidence(target: str, reason: str, said: Said) -> Said:
    to = said.get("confidence")
    return {"type": "event.confidence_changed", "target": target, "reason": reason, "to": to}


def _another_claim(_: str, reason: str, said: Said) -> Said:
    note = "\n".join(each for each in (said.get("note"), f"Competing claim: {reason}") if each)
    return {**said, "note": note}


def _other_account(said: Said, target: str) -> Said:
    """The same act as another source may tell it: what the first one rests on is left out."""
    without = ("sources", "external_ids", "confidence_reason", "note", "same_act_as")
    return {n: v for n, v in said.items() if n not in without} | {"same_act_as": target}


AMEND: Final = Way(
    "Amend",
    "Change whatever is wrong or missing. What it said before stays on record, with your reason.",
    "Why it is amended",
    "Save the amendment",
    None,
    _amended,
    "event.",
)
REFINE: Final = Way(
    "Refine the date",
    "Give the date as exactly as you know it now. All else stays as it is.",
    "How you know",
    "Save the date",
    frozenset(("occurred", "effective")),
    _amended,
    "event.",
)
CONFIDENCE: Final = Way(
    "Change how sure it is",
    "What the event says stays the same; it counts with another confidence from now on.",
    "Why",
    "Save the confidence",
    frozenset(("confidence",)),
    _another_confidence,
)
CLAIM: Final = Way(
    "State a competing claim",
    "Another source tells the same act otherwise: with another day, say, or another place. Both "
    "accounts are kept side by side, and answers show that they differ.",
    "What they differ in, and why it matters",
    "Save the claim",
    None,
    _another_claim,
    begins_with=_other_account,
)
RETRACT: Final = Way(
    "Retract",
    "It will not count any more, as if it had not been recorded. It stays on record that it was, "
    "and that you retracted it, with your reason. A retraction can itself be retracted.",
    "Why it is retracted",
    "Retract it",
    frozenset(),
    _retracted,
)


@blueprint.route("/events/<event_id>/amend", methods=["GET", "POST"])
@needs("recorder")
def amend(event_id: str) -> Any:
    return _corrected(AMEND, event_id)


@blueprint.route("/events/<event_id>/date", methods=["GET", "POST"])
@needs("recorder")
def refine(event_id: str) -> Any:
    return _corrected(REFINE, event_id)


@blueprint.route("/events/<event_id>/confidence", methods=["GET", "POST"])
@needs("recorder")
def confidence(event_id: str) -> Any:
    return _corrected(CONFIDENCE, event_id)


@blueprint.route("/events/<event_id>/claim", methods=["GET", "POST"])
@needs("recorder")
def claim(event_id: str) -> Any:
    return _corrected(CLAIM, event_id)


@blueprint.route("/events/<event_id>/retract", methods=["GET", "POST"])
@needs("recorder")
def retract(event_id: str) -> Any:
    return _corrected(RETRACT, event_id)


@dataclass(frozen=True)
class _Form:
    """What is corrected, and what the form holds by now. `problems` name inputs."""

    way: Way
    target: str
    cls: type[Event]
    present: Said
    typed: Typed
    head: int
    sent_before: bool = False
    problems: tuple[Invalid, ...] = ()
    said: Said = field(default_factory=dict)

    @property
    def event_id(self) -> str:
        return self.typed[ID]

    @property
    def seen(self) -> int:
        text = self.typed.get(SEEN, "")
        return int(text) if text.isdigit() and len(text) < 16 else self.head

    @property
    def reason(self) -> str:
        return self.typed.get(REASON, "").replace("\r\n", "\n").strip()

    def entry(self, title: str) -> Entry:
        """All that is recorded: what is entered in place first, the correction last."""
        events: list[tuple[str, Said]] = []
        if self.way.asks is None:
            for at, kind in entering.places(self.cls, self.typed):
                said, _ = entering.said_of_new(kind, at, self.typed)
                events.append((entering.event_id_of(self.event_id, at), said))
        said = self.way.says(self.target, self.reason, self.said)
        return Entry([*events, (self.event_id, said)], self.seen, title)


def _corrected(way: Way, event_id: str) -> Any:
    posted = request.method == "POST"
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        document = of_events.one(view, event_id)
        form = _form(conn, way, document, posted=posted)
        about = listed(view, [document])[0]
    if not posted:
        return _shown(form, about, [])
    title = f"{way.title}: {about.title}"
    errors = _errors(form)
    if errors:
        return _shown(form, about, errors, status=422)
    entry = form.entry(title)
    try:
        submissions = saving.submitted(entry)
        if request.form.get("action") != "save":
            seen = preview(engine(), submissions, me().name)
            if seen.problems:
                return _shown(form, about, _refused(form, entry, seen.problems), status=422)
            return _shown(form, about, [], seen=seen, differences=_differences(form))
        saved = saving.save(me(), entry, confirmed=False)
    except Problems as wrong:
        return _shown(form, about, _refused(form, entry, wrong.each), status=422)
    except Invalid as wrong:
        return _shown(form, about, _refused(form, entry, (wrong,)), status=422)
    except (NotFound, Conflict) as wrong:
        return _shown(form, about, [(REASON, str(wrong))], status=409)
    if isinstance(saved, Meanwhile):
        return _shown(_looked_again(form, saved), about, [], status=409, meanwhile=saved)
    done = "draft" if saved.draft else "already" if saved.already else "recorded"
    shown = event_id if way.inside or way in (CONFIDENCE, RETRACT) or saved.draft else entry.main
    return redirect(url_for("admin.event", event_id=shown, done=done), 303)


def _form(conn: Connection, way: Way, document: Mapping[str, Any], *, posted: bool) -> _Form:
    cls = CATALOGUE[document["type"]]
    if issubclass(cls, Correction) and way is not RETRACT:
        raise Invalid("a correction can only be retracted: correct the event that it is about")
    target, present = document["event_id"], content_of(document)
    head = log.head(conn).position
    begin = way.begins_with(present, target)
    kept = None if posted else kept_fields()
    typed = Typed(request.form if posted else kept or typed_of(cls, begin))
    if (posted or kept) and way.asks is not None:
        typed = _only(way.asks, typed, typed_of(cls, present))
    if not _UUID.fullmatch(typed.get(ID, "")):
        typed[ID] = new_event_id()
    typed.setdefault(SEEN, str(head))
    before = bool(log.by_ids(conn, [typed[ID]]))
    form = _Form(way, target, cls, present, typed, head, before)
    if way.asks == frozenset():
        return replace(form, said=present)
    named, problems = picking.settled(conn, cls, typed, form.event_id)
    said, more = said_of(cls, named)
    if way.asks is None and posted:
        for at, kind in entering.places(cls, named):
            more += entering.said_of_new(kind, at, named)[1]
    return replace(form, typed=named, said=said, problems=(*problems, *more))


def _only(asks: Iterable[str], typed: Typed, present: Typed) -> Typed:
    """What is on record, with only these fields as they were typed."""
    begins = tuple(f"{each}." for each in asks)
    asked = {*asks}
    made = Typed(
        [
            (n, v)
            for n, v in present.items(multi=True)
            if n not in asked and not n.startswith(begins)
        ]
    )
    for name, value in typed.items(multi=True):
        if name in asked or name.startswith((*begins, "form.")):
            made.add(name, value)
    return made


def _errors(form: _Form) -> Errors:
    """What is wrong with the form itself, before the register is asked."""
    errors = [(each.field or "fields", each.message) for each in form.problems]
    if not form.reason:
        errors.append((REASON, f"{form.way.why}: give a reason"))
    elif len(form.reason) > _LONGEST:
        errors.append((REASON, f"{form.way.why}: at most {_LONGEST} characters"))
    if not (form.problems or form.sent_before or form.way.asks == frozenset()):
        same = form.said == form.present
        if form.way is CONFIDENCE:
            same = form.said.get("confidence") == form.present.get("confidence")
        if same:
            errors.append(("fields", "Nothing is different from what is on record"))
    return errors


_LONGEST: Final = 10_000


def _refused(form: _Form, entry: Entry, problems: Iterable[Invalid]) -> Errors:
    """What the register says of the events, beside the inputs that it belongs to."""
    place = len(entry.events) - 1
    main, content = f"events[{place}].", f"events[{place}].{form.way.inside}"
    entered = list(entering.places(form.cls, form.typed))
    errors: Errors = []
    for each in problems:
        at = each.field or ""
        if at == f"{main}reason":
            errors.append((REASON, f"{form.way.why}: {each.message}"))
        elif at == f"{main}target":
            errors.append((REASON, each.message))
        elif at == f"{main}to":
            errors.append(("confidence", each.message))
        elif at.startswith(content):
            errors += errors_of(form.cls, form.typed, [each], content)
        elif found := _ENTERED.match(at):
            where, kind = entered[int(found[1])]
            errors.append((entering.place_of(kind, where, found[2]), each.message))
        else:
            errors.append(("fields", each.message))
    return errors


_ENTERED: Final = re.compile(r"events\[([0-9]+)\]\.(.*)")


def _differences(form: _Form) -> list[Difference]:
    if form.way.asks == frozenset():
        return []
    after = form.said
    if form.way is CONFIDENCE:
        after = {**form.present, "confidence": form.said.get("confidence")}
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        return teller(view, [form.present, after], _titles(view, after)).differences(
            form.present, after
        )


def _titles(view: View, said: Said) -> list[tuple[str, Said]]:
    named = [*said.get("follows", []), said.get("responds_to"), said.get("same_act_as")]
    found = of_events.documents(view, [each for each in named if each])
    return [(each, content_of(document)) for each, document in found.items()]


def _looked_again(form: _Form, meanwhile: Meanwhile) -> _Form:
    """The form as somebody sends it who has seen what others recorded."""
    typed = Typed(form.typed)
    typed[SEEN] = str(meanwhile.seen)
    return replace(form, typed=typed)


def _shown(
    form: _Form,
    about: Listed,
    errors: Errors,
    *,
    status: int = 200,
    seen: Preview | None = None,
    differences: Iterable[Difference] = (),
    meanwhile: Meanwhile | None = None,
) -> Response:
    offers = {
        each.field: tuple((offer, offer) for offer in each.offers)
        for each in form.problems
        if each.field and each.offers
    }
    none = form.way.asks == frozenset()
    return page(
        "admin/correct.html",
        status,
        title=f"{form.way.title}: {about.title}",
        way=form.way,
        about=about,
        sections=[] if none else inputs(form.cls, form.typed, errors, offers, form.way.asks),
        errors=errors,
        hidden=[(ID, form.event_id), (SEEN, str(form.seen))],
        reason=(REASON, form.typed.get(REASON, "")),
        preview=seen,
        differences=list(differences),
        others=_others(meanwhile),
    )


def _others(meanwhile: Meanwhile | None) -> list[Listed]:
    if meanwhile is None:
        return []
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        found = of_events.documents(view, [each.event_id for each in meanwhile.events])
        return listed(view, found.values())

"""Review: the drafts that wait, and one of them, to be remarked upon, sent back or approved."""

from dataclasses import dataclass
from typing import Any, Final

from flask import redirect, request, url_for
from sqlalchemy import Connection

from registry.admin import record, telling_drafts
from registry.admin.approving import (
    Looked,
    already,
    approve,
    events_of,
    is_own,
    meanwhile,
    what_happened,
)
from registry.admin.desk import blueprint, engine, me
from registry.admin.saving import Meanwhile
from registry.admin.typed import plainly
from registry.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problems
from registry.queries.view import open_view
from registry.record import clock
from registry.store import accounts, draft_lists, log
from registry.store import drafts as store
from registry.store.accounts import Account, DraftAct
from registry.store.draft_lists import Sought
from registry.store.drafts import Draft
from registry.store.engine import reading, writing
from registry.web import visiting
from registry.web.pages import page
from registry.web.visiting import kept_fields, needs

Errors = list[tuple[str, str]]
PAGE: Final = 50
LONGEST: Final = 10_000
LISTS: Final = {
    "waiting": "To review",
    "sent_back": "Sent back to you",
    "mine": "Yours",
    "decided": "Decided",
}
STATES: Final = {
    store.WAITING: "waits",
    store.SENT_BACK: "sent back",
    store.APPROVED: "approved",
    store.WITHDRAWN: "withdrawn",
}


@dataclass(frozen=True)
class May:
    """What the visitor may do with a draft."""

    decide: bool
    own: bool
    remark: bool


@blueprint.get("/drafts", endpoint="drafts")
@needs("recorder")
def listed() -> Any:
    """What waits for review, what was sent back to me, mine, and what is decided."""
    reviews = me().may("reviewer")
    lists = {name: words for name, words in LISTS.items() if reviews or name != "waiting"}
    shown = request.args.get("list", "")
    words = request.args.get("q", "").strip()[:200].replace("\x00", "")
    number = _whole(request.args.get("page"))
    with reading(engine()) as conn:
        counts = draft_lists.counts(conn, me())
        if shown not in lists:
            shown = next((each for each in lists if counts[each]), next(iter(lists)))
        sought = Sought(shown, me(), words)
        rows, more = draft_lists.listed(conn, sought, number, PAGE)
        handed = draft_lists.handed_in(conn, sought) if shown == "waiting" and not number else []
    return page(
        "admin/drafts.html",
        title="Review",
        lists=lists,
        counts=counts,
        shown=shown,
        words=words,
        rows=rows,
        handed=handed,
        states=STATES,
        newer=number - 1 if number else None,
        older=number + 1 if more else None,
    )


@blueprint.route("/drafts/<draft_id>", methods=["GET", "POST"])
@needs("recorder")
def draft(draft_id: str) -> Any:
    """One draft: what it says, what it would change now, and what was said about it."""
    with reading(engine()) as conn:
        found = seen(conn, me(), draft_id)
    if request.method == "GET":
        kept = dict(kept_fields() or ())
        return _show(found, remark=kept.get("remark", ""))
    try:
        return _do(found, request.form.get("act", ""))
    except Problems as wrong:
        return _show(found, 422, errors=_refused(wrong))
    except (Invalid, NotFound) as wrong:
        return _show(found, 422, errors=[("top", str(wrong))])
    except Conflict as wrong:
        return _show(found, 409, errors=[("top", str(wrong))])


def seen(conn: Any, account: Account, draft_id: str) -> Draft:
    """The draft, to its author and to those who review; NotFound where there is none."""
    found = store.one(conn, draft_id)
    if found is None:
        raise NotFound("There is no such draft.")
    if found.author != account.id and not account.may("reviewer"):
        raise Forbidden("A draft is seen by its author and by those who review.")
    return found


def may(found: Draft, account: Account) -> May:
    own = is_own(found, account)
    decide = found.state == store.WAITING and not own and account.may("reviewer")
    return May(decide, found.author == account.id, found.is_open)


def note(conn: Connection, found: Draft, act: DraftAct) -> None:
    """Let the audit list tell who decided what was never recorded."""
    accounts.note(conn, me().name, act, found.title, visiting.address(), clock())


def _do(found: Draft, act: str) -> Any:
    here = url_for("admin.draft", draft_id=found.id)
    match act:
        case "approve":
            return _approve(found, here)
        case "send_back":
            return _send_back(found, here)
        case "remark":
            return _remark(found, here)
        case "withdraw":
            return _withdraw(found, here)
        case _:
            raise Invalid("Choose what to do with it.")


def _refused(wrong: Problems) -> Errors:
    """Why the register would not take it now; the preview on the page tells the same."""
    words = dict.fromkeys(plainly(each.message) for each in wrong.each)
    return [("preview", f"It is not approved: {each}") for each in words]


def _approve(found: Draft, here: str) -> Any:
    _refuse_who_may_not(found)
    looked = Looked(
        _whole(request.form.get("changed")),
        _whole(request.form.get("seen")),
        bool(request.form.get("looked")),
    )
    try:
        moved = approve(me(), found.id, looked)
    except Conflict:
        if already(me(), found.id):
            return redirect(f"{here}?done=already", 303)
        raise
    if isinstance(moved, Meanwhile):
        words = "Look at what was recorded meanwhile, and say that you did"
        return _show(found, 409, errors=[("looked", words)])
    return redirect(f"{here}?done=approved", 303)


def _send_back(found: Draft, here: str) -> Any:
    _refuse_who_may_not(found)
    words, wrong = _words("Remark: say what its author should change")
    if wrong:
        return _show(found, 422, errors=[("remark", wrong)], remark=words)
    changed = _whole(request.form.get("changed"))
    with writing(engine()) as conn:
        done = store.send_back(conn, found.id, changed, me(), words, clock())
        if done:
            note(conn, found, "sent back a draft")
        now = store.one(conn, found.id)
    if not done:
        return _show(found, 409, errors=[("top", what_happened(now))], remark=words)
    return redirect(f"{here}?done=sent_back", 303)


def _remark(found: Draft, here: str) -> Any:
    words, wrong = _words("Remark: write something")
    if not wrong and not found.is_open:
        wrong = "It is decided: no remark is added any more"
    if wrong:
        return _show(found, 422, errors=[("remark", wrong)], remark=words)
    with writing(engine()) as conn:
        last = store.remarks(conn, found.id)[-1:]
        if not last or (last[0].by, last[0].text) != (me().name, words):  # a double click
            store.remark(conn, found.id, me(), words, clock())
    return redirect(f"{here}?done=remark#remarks-title", 303)


def _withdraw(found: Draft, here: str) -> Any:
    if found.author != me().id:
        raise Forbidden("Only its author withdraws a draft; you can send it back.")
    with writing(engine()) as conn:
        done = store.withdraw(conn, found.id, me(), clock())
        if done:
            note(conn, found, "withdrew a draft")
        now = store.one(conn, found.id)
    if not done and (now is None or now.state != store.WITHDRAWN):
        raise Conflict(what_happened(now))
    return redirect(f"{here}?done=withdrawn", 303)


def _refuse_who_may_not(found: Draft) -> None:
    if is_own(found, me()):
        raise Forbidden("Nobody reviews her own draft: a second person has to.")
    if not me().may("reviewer"):
        raise Forbidden(f"This is for people of role reviewer; yours is {me().role}.")


def _words(missing: str) -> tuple[str, str]:
    """The remark, and what is wrong with it."""
    words = request.form.get("remark", "").replace("\r\n", "\n").strip()
    if not words:
        return words, missing
    if len(words) > LONGEST:
        return words, f"Remark: at most {LONGEST} characters"
    if any(ord(each) < 32 and each not in "\n\t" for each in words):
        return words, "Remark: there are characters in it that are no text"
    return words, ""


def _show(found: Draft, status: int = 200, errors: Errors | None = None, remark: str = "") -> Any:
    from registry.admin.preview import preview  # noqa: PLC0415 - folds only when asked

    with reading(engine()) as conn:
        found = store.one(conn, found.id) or found
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        told = telling_drafts.told(view, found.events)
        moved = meanwhile(conn, found) if found.is_open else Meanwhile((), 0)
        remarks = store.remarks(conn, found.id)
        recorded = log.by_ids(conn, [event_id for event_id, _ in found.events])
    tried = preview(engine(), events_of(found), found.author_name) if found.is_open else None
    return page(
        "admin/draft.html",
        status,
        title=found.title,
        draft=found,
        state=STATES[found.state],
        told=told,
        preview=tried,
        meanwhile=record.shown(moved),
        seen=moved.seen,
        remarks=remarks,
        remark=remark,
        may=may(found, me()),
        done=request.args.get("done", ""),
        errors=errors or [],
        recorded=recorded,
    )


def _whole(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 18 else 0

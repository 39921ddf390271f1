"""The drafts of one import: looked at in sum, and approved all together or one by one."""

from dataclasses import dataclass
from typing import Any, Final

from flask import redirect, request, url_for

from registry.admin import approving
from registry.admin.approving import Looked
from registry.admin.desk import blueprint, engine, me
from registry.admin.drafts import STATES, note
from registry.admin.saving import Meanwhile
from registry.admin.summing import Sum, summed
from registry.admin.typed import plainly
from registry.domain.errors import Conflict, Forbidden, Invalid, NotFound, Problems
from registry.record import clock
from registry.store import drafts as store
from registry.store.drafts import Draft
from registry.store.engine import reading, writing
from registry.web.pages import page, plain
from registry.web.visiting import needs
from registry.web.wording import layer_words

SECONDS: Final = 5
MOST: Final = 1_000
"""Events that are looked at in sum."""
MOST_DOUBTS: Final = 30
_SECOND: Final = 1_000_000


@dataclass(frozen=True)
class Stopped:
    """A draft that was not approved, after which none was tried; `words`: why."""

    draft: Draft
    words: str


@blueprint.route("/drafts/import/<upload_id>", methods=["GET", "POST"])
@needs("recorder")
def drafts_of_import(upload_id: str) -> Any:
    """What the import would change in sum, and each of its drafts."""
    with reading(engine()) as conn:
        every = store.of_upload(conn, upload_id, tuple(STATES))
    if not every:
        raise NotFound("There are no drafts of such an import.")
    if every[0].author != me().id and not me().may("reviewer"):
        raise Forbidden("A draft is seen by its author and by those who review.")
    if request.method == "GET":
        return _show(every)
    here = url_for("admin.drafts_of_import", upload_id=upload_id)
    if request.form.get("act") == "withdraw":
        _withdraw_all(every)
        return redirect(here, 303)
    if not me().may("reviewer"):
        raise Forbidden(f"This is for people of role reviewer; yours is {me().role}.")
    if approving.is_own(every[0], me()):
        raise Forbidden("Nobody reviews her own draft: a second person has to.")
    done, stopped = _approve_all(every, _whole(request.form.get("upto", "")))
    if stopped:
        with reading(engine()) as conn:
            every = store.of_upload(conn, upload_id, tuple(STATES))
        return _show(every, 409, done, stopped)
    return redirect(f"{here}?done={done}", 303)


def _withdraw_all(every: list[Draft]) -> None:
    if every[0].author != me().id:
        raise Forbidden("Only its author withdraws a draft; you can send it back.")
    with writing(engine()) as conn:
        for each in every:
            if store.withdraw(conn, each.id, me(), clock()):
                note(conn, each, "withdrew a draft")


def _approve_all(every: list[Draft], looked_at: int) -> tuple[int, Stopped | None]:
    """In their order, each in a transaction of its own, for some seconds; how many.

    `looked_at`: the latest change of any draft that the reviewer saw on the page.
    """
    until, done = clock() + SECONDS * _SECOND, 0
    for draft in every:
        if draft.state != store.WAITING:
            continue
        if draft.changed_at > looked_at:
            return done, Stopped(draft, "Its author changed it meanwhile: look at it first.")
        try:
            moved = approving.approve(me(), draft.id, Looked(draft.changed_at, 0, confirmed=False))
        except Problems as wrong:
            words = "; ".join(dict.fromkeys(plainly(each.message) for each in wrong.each[:5]))
            return done, Stopped(draft, f"The register would refuse it now: {words}.")
        except (Invalid, NotFound, Conflict) as wrong:
            if approving.already(me(), draft.id):
                continue
            return done, Stopped(draft, str(wrong))
        if isinstance(moved, Meanwhile):
            words = "Others recorded something of the same meanwhile: open it to see what."
            return done, Stopped(draft, words)
        done += 1
        if clock() > until:
            break
    return done, None


def _show(
    every: list[Draft], status: int = 200, done: int = 0, stopped: Stopped | None = None
) -> Any:
    waiting = [each for each in every if each.state == store.WAITING]
    events = [said for each in waiting for said in each.events]
    first = every[0]
    looked, problem = _sum(waiting)
    counts: dict[str, int] = {}
    for _, said in events:
        words = plain(said["type"])
        counts[words] = counts.get(words, 0) + 1
    told = request.args.get("done", "")
    return page(
        "admin/import_drafts.html",
        status,
        title=f"Import: {first.title.rsplit(', part ', 1)[0]}",
        first=first,
        drafts=every,
        waiting=waiting,
        states=STATES,
        events=len(events),
        types=sorted(counts.items(), key=lambda each: (-each[1], each[0])),
        sum=looked,
        layers=[(layer_words(name), n) for name, n in looked.layers.items()] if looked else [],
        doubts=looked.doubts[:MOST_DOUBTS] if looked else (),
        most=MOST,
        problem=problem,
        upto=max((each.changed_at for each in waiting), default=0),
        may=me().may("reviewer") and not approving.is_own(first, me()),
        done=done or _whole(told),
        asked=bool(told),
        withdraws=first.author == me().id and any(each.is_open for each in every),
        errors=[("drafts", f"{stopped.draft.title}: {stopped.words}")] if stopped else [],
    )


def _sum(waiting: list[Draft]) -> tuple[Sum | None, str]:
    """Of the first drafts that wait, as many as are looked at in sum; and why it would be refused."""
    taken: list[Draft] = []
    for each in waiting:
        if taken and sum(len(one.events) for one in (*taken, each)) > MOST:
            break
        taken.append(each)
    if not taken:
        return None, ""
    try:
        found = summed(engine(), approving.events_of(*taken), taken[0].author_name)
    except Problems as wrong:
        return None, plainly(wrong.message)
    if found.problems:
        return None, plainly(found.problems[0].message)
    return found, ""


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0

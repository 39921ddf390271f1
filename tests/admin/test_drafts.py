"""Review: a draft is no part of the register until a second person has approved it, once."""

import re
import threading
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import unquote

import pytest
from sqlalchemy import select, update

from registry.record import clock, new_event_id
from registry.store import accounts, drafts, visits
from registry.store.engine import reading, writing
from registry.store.people_tables import account as account_table
from registry.store.people_tables import draft as draft_table
from tests.admin.office import Office, Visitor
from tests.admin.test_wizard import TREATY, imported, sheet, tried

RATIFIED = "/admin/record/agreement.ratified"
KNOWN = {
    "agreement": "un-single-convention-1961",
    "party": "PSE",
    "occurred.when": "on",
    "occurred.year": "2011",
    "confidence": "reported",
}
NEW = {
    "agreement.new.title": "Agreement on the fight against illicit drugs",
    "agreement.new.kind": "agreement",
    "party": "BOL",
    "occurred.when": "on",
    "occurred.year": "2011",
    "confidence": "reported",
    "sources.0.source.new.title": "Gaceta Oficial 254",
    "sources.0.source.new.kind": "gazette",
    "sources.0.locator": "p. 3",
}
SEVERED = {"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009", "by": "BOL"}
NASTY = "<script>alert(1)</script>"
_HIDDEN = re.compile(
    r'<input type="hidden" name="(event_id|seen|changed|upto|form\.id|form\.seen)" value="([^"]*)"'
)
_FILLED = re.compile(r'<(?:input|textarea)[^>]* name="([^"]+)"[^>]*?(?: value="([^"]*)")?[^>]*>')


@pytest.fixture
def office(office_with: Callable[[str], Office]) -> Office:
    """Where what recorders enter waits for a reviewer."""
    return office_with("recorder")


def hidden(page: Any) -> dict[str, str]:
    return {name: unescape(value) for name, value in _HIDDEN.findall(page.text)}


def entered(visitor: Visitor, typed: dict[str, str], path: str = RATIFIED) -> str:
    """The address of the draft that this entry makes."""
    said = {**hidden(visitor.get(path)), **typed, "action": "save"}
    answer = visitor.post(path, said)
    assert answer.status_code == 303, answer.text
    return f"/admin/drafts/{answer.location.rsplit('/', 1)[1]}"


def act(visitor: Visitor, path: str, what: str, **more: str) -> Any:
    """Open the draft and press a button."""
    page = visitor.get(path)
    assert page.status_code == 200, page.text
    return visitor.post(path, {**hidden(page), **more, "act": what})


def state(office: Office, path: str) -> str:
    with reading(office.engine) as conn:
        found = drafts.one(conn, path.rsplit("/", 1)[1])
    assert found is not None
    return found.state


def ids(office: Office, path: str) -> list[str]:
    with reading(office.engine) as conn:
        found = drafts.one(conn, path.rsplit("/", 1)[1])
    assert found is not None
    return [event_id for event_id, _ in found.events]


def test_a_draft_lives_from_entry_over_remarks_and_change_to_approval(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    before = office.position()
    path = entered(ana, NEW)
    draft_ids = ids(office, path)
    assert len(draft_ids) == 3

    assert path in luz.get("/admin/").text
    assert path in luz.get("/admin/drafts").text
    page = luz.get(path).text
    assert "Agreement on the fight against illicit drugs" in page
    assert "Gaceta Oficial 254" in page
    assert "What this would change" in page
    assert act(luz, path, "remark", remark="Which gazette?").status_code == 303
    assert act(ana, path, "remark", remark="The one of May.").status_code == 303
    assert act(luz, path, "send_back", remark="The year is 2012.").status_code == 303
    assert state(office, path) == "sent_back"
    page = ana.get(path).text
    said = [page.index(each) for each in ("Which gazette?", "The one of May.", "The year is 2012.")]
    assert said == sorted(said)
    assert path in ana.get("/admin/drafts?list=sent_back").text
    assert path in ana.get("/admin/").text
    assert path not in luz.get("/admin/drafts?list=waiting").text

    edit = f"{path}/change/2"
    form = ana.get(edit)
    assert form.status_code == 200
    assert "Agreement on the fight against illicit drugs" in form.text
    typed = {**NEW, "agreement.new.slug": "agreement-fight-against-illicit-drugs"}
    typed |= {"sources.0.source.new.slug": "gaceta-oficial-254", "occurred.year": "2012"}
    looked = ana.post(edit, {**hidden(form), **typed, "action": "preview"})
    assert looked.status_code == 200
    assert "What this would change" in looked.text
    saved = ana.post(edit, {**hidden(form), **typed, "action": "save"})
    assert saved.status_code == 303, saved.text
    assert state(office, path) == "waiting"
    assert ids(office, path) == draft_ids
    assert office.position() == before

    answer = act(luz, path, "approve")
    assert answer.status_code == 303, answer.text
    assert state(office, path) == "approved"
    assert office.position() == before + 3
    for event_id in draft_ids:
        event = office.event(event_id)
        assert event["recorded_by"] == "Ana Flores"
        assert event["reviewed_by"] == "Luz Rojas"
    assert office.event(draft_ids[-1])["occurred"] == "2012"
    page = ana.get(f"{path}?done=approved").text
    assert "approved by Luz Rojas" in page
    assert f"/admin/events/{draft_ids[-1]}" in page
    assert path in ana.get("/admin/drafts?list=decided").text


def test_the_preview_of_a_draft_is_against_the_present_state(office: Office) -> None:
    luz = office.client("reviewer")
    path = entered(office.client("recorder"), KNOWN)
    told = re.compile(r"What holds today.*?</table>", re.DOTALL)
    first = told.search(luz.get(path).text)
    office.told(
        {
            "type": "agreement.acceded",
            "agreement": "un-single-convention-1961",
            "party": "PSE",
            "occurred": "2010",
        }
    )
    page = luz.get(path).text
    second = told.search(page)
    assert first is not None
    assert second is None or first[0] != second[0]
    assert "Meanwhile others recorded this about the same" in page
    assert "the other desk" in page


def test_nobody_approves_her_own(office: Office) -> None:
    ana = office.client("recorder")
    path, before = entered(ana, KNOWN), office.position()
    fields = hidden(ana.get(path))
    assert "Approve and record" not in ana.get(path).text
    for _ in range(2):
        refused = office.client("recorder").post(path, {**fields, "act": "approve"})
        assert refused.status_code == 403
    for role in ("reviewer", "admin"):
        with writing(office.engine) as conn:
            conn.execute(
                update(account_table).where(account_table.c.id == ana.account.id).values(role=role)
            )
        again = office.client("recorder")
        page = again.get(path)
        assert "Approve and record" not in page.text
        assert path not in again.get("/admin/drafts?list=waiting").text
        for what in ("approve", "send_back"):
            said = {**hidden(page), "act": what, "remark": "Good.", "looked": "yes"}
            refused = again.post(path, {**said, "changed": changed(office, path)})
            assert refused.status_code == 403
            assert "Nobody reviews her own" in refused.text
    assert state(office, path) == "waiting"
    assert office.position() == before


def changed(office: Office, path: str) -> str:
    with reading(office.engine) as conn:
        found = drafts.one(conn, path.rsplit("/", 1)[1])
    assert found is not None
    return str(found.changed_at)


def test_the_store_itself_lets_no_author_approve(office: Office) -> None:
    ana = office.client("recorder")
    path = entered(ana, KNOWN)
    draft_id, at = path.rsplit("/", 1)[1], int(changed(office, path))
    with writing(office.engine) as conn:
        assert drafts.approve(conn, draft_id, at, ana.account, clock()) is None
        assert not drafts.send_back(conn, draft_id, at, ana.account, "Mine.", clock())
    assert state(office, path) == "waiting"


def test_a_reviewer_may_not_change_what_she_is_to_approve(office: Office) -> None:
    path = entered(office.client("recorder"), KNOWN)
    luz = office.client("reviewer")
    assert luz.get(f"{path}/change/0").status_code == 403
    assert luz.post(f"{path}/change/0", {**KNOWN, "action": "save"}).status_code == 403
    assert act(luz, path, "withdraw").status_code == 403


def test_a_draft_is_seen_by_its_author_and_reviewers_only(office: Office) -> None:
    path = entered(office.client("recorder"), KNOWN)
    other = office.client("second")
    assert other.get(path).status_code == 403
    assert other.post(path, {"act": "approve"}).status_code == 403
    assert path not in other.get("/admin/drafts?list=decided").text
    assert path not in other.get("/admin/drafts?list=mine").text
    assert office.client("reader").get("/admin/drafts").status_code == 403
    assert office.client("admin").get(path).status_code == 200
    assert office.client("admin").get(f"/admin/drafts/{new_event_id()}").status_code == 404


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """All of them started together."""
    ready, answers = threading.Barrier(len(deeds)), []

    def run(deed: Callable[[], Any]) -> None:
        ready.wait()
        answers.append(deed())

    threads = [threading.Thread(target=run, args=(each,)) for each in deeds]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return answers


def test_two_reviewers_at_once_record_once(office: Office) -> None:
    luz, eva = office.client("reviewer"), office.client("admin")
    path, before = entered(office.client("recorder"), KNOWN), office.position()
    forms = [hidden(each.get(path)) for each in (luz, eva)]
    answers = at_once(
        lambda: luz.post(path, {**forms[0], "act": "approve"}),
        lambda: eva.post(path, {**forms[1], "act": "approve"}),
    )
    assert sorted(each.status_code for each in answers) == [303, 409]
    assert office.position() == before + 1
    late = next(each for each in answers if each.status_code == 409)
    assert "approved it already; nothing was recorded twice" in late.text
    assert office.event(ids(office, path)[0])["reviewed_by"] in ("Luz Rojas", "Eva Morales")


def test_a_double_click_on_approve_records_once(office: Office) -> None:
    luz = office.client("reviewer")
    path, before = entered(office.client("recorder"), KNOWN), office.position()
    form = {**hidden(luz.get(path)), "act": "approve"}
    first, second = luz.post(path, form), luz.post(path, form)
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location.endswith("done=already")
    assert office.position() == before + 1


def test_what_moved_meanwhile_is_shown_and_has_to_be_confirmed(office: Office) -> None:
    luz = office.client("reviewer")
    path = entered(office.client("recorder"), KNOWN)
    form = {**hidden(luz.get(path)), "act": "approve"}
    acceded = {
        "type": "agreement.acceded",
        "agreement": "un-single-convention-1961",
        "party": "PSE",
        "occurred": "2010",
    }
    office.told(acceded)
    before = office.position()
    page = luz.post(path, form)
    assert page.status_code == 409
    assert "Meanwhile others recorded this about the same" in page.text
    assert 'href="#looked"' in page.text

    seen = {**hidden(page), "act": "approve", "looked": "yes"}
    office.told({**acceded, "party": "ISR"})
    again = luz.post(path, seen)
    assert again.status_code == 409
    assert office.position() == before + 1
    assert state(office, path) == "waiting"
    assert luz.post(path, {**hidden(again), "act": "approve"}).status_code == 409
    done = luz.post(path, {**hidden(again), "act": "approve", "looked": "yes"})
    assert done.status_code == 303
    assert office.position() == before + 2


def test_what_its_author_changed_meanwhile_is_not_approved_unseen(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    path = entered(ana, KNOWN)
    form = {**hidden(luz.get(path)), "act": "approve"}
    edit = f"{path}/change/0"
    typed = {**hidden(ana.get(edit)), **KNOWN, "occurred.year": "2013", "action": "save"}
    assert ana.post(edit, typed).status_code == 303
    page = luz.post(path, form)
    assert page.status_code == 409
    assert "Ana Flores changed it meanwhile" in page.text
    assert "2013" in page.text
    assert state(office, path) == "waiting"
    assert luz.post(path, {**form, "act": "send_back", "remark": "No."}).status_code == 409
    assert luz.post(path, {**hidden(page), "act": "approve"}).status_code == 303
    assert office.event(ids(office, path)[0])["occurred"] == "2013"


def test_what_the_register_would_refuse_now_stays_waiting_with_clear_words(
    office: Office,
) -> None:
    luz = office.client("reviewer")
    source = {"type": "source.recorded", "source": "gaceta-7", "title": "Gaceta 7"}
    receipt = office.told({**source, "kind": "gazette"})
    path = entered(office.client("recorder"), {**KNOWN, "sources.0.source": "gaceta-7"})
    form = {**hidden(luz.get(path)), "act": "approve"}
    retracted = office.sent(
        f"/api/v1/events/{receipt['event_id']}/retraction", {"reason": "No such issue."}, "admin"
    )
    assert retracted.status_code == 201, retracted.text
    before = office.position()
    page = luz.post(path, {**form, "looked": "yes"})
    assert page.status_code == 422
    assert "It is not approved: no source is on record as “gaceta-7”" in page.text
    assert state(office, path) == "waiting"
    assert office.position() == before
    page = luz.get(path)
    assert "It cannot be approved as it is" in page.text
    assert "Approve and record" not in page.text
    assert act(luz, path, "send_back", remark="The source is gone.").status_code == 303


def test_a_draft_is_not_sent_back_without_a_word(office: Office) -> None:
    luz = office.client("reviewer")
    path = entered(office.client("recorder"), KNOWN)
    page = act(luz, path, "send_back", remark="  ")
    assert page.status_code == 422
    assert 'href="#remark"' in page.text
    assert 'id="remark-error"' in page.text
    assert state(office, path) == "waiting"
    assert act(luz, path, "send_back", remark="x" * 10_001).status_code == 422
    assert act(luz, path, "nonsense").status_code == 422


def test_a_withdrawn_draft_cannot_be_approved_or_changed(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    path, before = entered(ana, KNOWN), office.position()
    form = hidden(luz.get(path))
    edit = hidden(ana.get(f"{path}/change/0"))
    assert act(ana, path, "withdraw").status_code == 303
    assert act(ana, path, "withdraw").status_code == 303
    refused = luz.post(path, {**form, "act": "approve"})
    assert refused.status_code == 409
    assert "withdrew it" in refused.text
    assert act(luz, path, "remark", remark="Too late.").status_code == 422
    changed_ = ana.post(f"{path}/change/0", {**edit, **KNOWN, "action": "save"})
    assert changed_.status_code == 409
    assert office.position() == before
    assert path in ana.get("/admin/drafts?list=decided").text


def test_the_audit_list_tells_who_sent_back_and_who_withdrew(office: Office) -> None:
    ana, luz, eva = (office.client(each) for each in ("recorder", "reviewer", "admin"))
    path = entered(ana, KNOWN)
    assert act(luz, path, "send_back", remark="Which year?").status_code == 303
    assert act(ana, path, "withdraw").status_code == 303
    assert act(ana, path, "withdraw").status_code == 303
    rows = eva.get("/admin/audit.csv?kind=drafts").text.splitlines()[1:]
    told = [row.split(",")[1:4] for row in rows]
    assert told == [
        ["Ana Flores", "", "withdrew a draft"],
        ["Luz Rojas", "", "sent back a draft"],
    ]
    assert "withdrew a draft" in eva.get("/admin/audit").text


def test_a_correction_that_waits_shows_what_it_corrects_and_is_changed_in_the_form_of_the_event(
    office: Office,
) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    target = office.told(SEVERED)["event_id"]
    way = f"/admin/events/{target}/date"
    typed = hidden(ana.get(way)) | {
        "form.reason": "Seen in the gazette.",
        "occurred.when": "on",
        "occurred.year": "2009",
        "occurred.month": "1",
        "action": "save",
    }
    assert ana.post(way, typed).location.endswith("done=draft")
    with reading(office.engine) as conn:
        path = f"/admin/drafts/{conn.execute(select(draft_table.c.id)).scalar_one()}"
    page = luz.get(path).text
    assert f"/admin/events/{target}" in page
    assert "January 2009" in page
    assert "Seen in the gazette." in page
    assert act(luz, path, "send_back", remark="Give the day.").status_code == 303

    edit = f"{path}/change/0"
    form = ana.get(edit)
    assert "Seen in the gazette." in form.text
    again = {
        **hidden(form),
        "parties.0": "BOL",
        "parties.1": "ISR",
        "by": "BOL",
        "confidence": "reported",
        "occurred.when": "on",
        "occurred.year": "2009",
        "occurred.month": "1",
        "occurred.day": "14",
        "action": "save",
    }
    missing = ana.post(edit, again)
    assert missing.status_code == 422
    assert 'href="#form.reason"' in missing.text
    saved = ana.post(edit, {**again, "form.reason": "Seen in the gazette of that day."})
    assert saved.status_code == 303, saved.text
    assert act(luz, path, "approve").status_code == 303
    event = office.event(target)
    assert event["occurred"] == "2009-01-14"
    assert event["corrections"][0]["reviewed_by"] == "Luz Rojas"
    assert event["corrections"][0]["reason"] == "Seen in the gazette of that day."


def test_a_retraction_that_waits_is_approved_as_such(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    target = office.told(SEVERED)["event_id"]
    way = f"/admin/events/{target}/retract"
    typed = hidden(ana.get(way)) | {"form.reason": "Another pair.", "action": "save"}
    assert ana.post(way, typed).status_code == 303
    with reading(office.engine) as conn:
        path = f"/admin/drafts/{conn.execute(select(draft_table.c.id)).scalar_one()}"
    form = ana.get(f"{path}/change/0")
    assert "Another pair." in form.text
    said = {**hidden(form), "form.reason": "Another pair was meant.", "action": "save"}
    saved = ana.post(f"{path}/change/0", said)
    assert saved.status_code == 303, saved.text
    assert act(luz, path, "approve").status_code == 303
    event = office.event(target)
    assert event["standing"]["state"] == "retracted"
    assert event["corrections"][0]["reason"] == "Another pair was meant."


def test_one_row_of_many_is_changed_and_all_ids_stay(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    rows = {
        "agreement.new.title": "Convention on Transit in the Andes",
        "agreement.new.kind": "convention",
        "confidence": "reported",
        "rows.0.party": "BOL",
        "rows.0.occurred": "2014",
        "rows.1.party": "PER",
        "rows.1.occurred": "2015",
    }
    path = entered(ana, rows, f"{RATIFIED}/rows")
    before, made = office.position(), ids(office, path)
    assert len(made) == 3
    form = ana.get(f"{path}/change/1")
    assert "Convention on Transit in the Andes" in form.text
    typed = {
        "agreement.new.title": "Convention on Transit in the High Andes",
        "agreement.new.kind": "convention",
        "agreement.new.slug": "convention-transit-andes",
        "party": "BOL",
        "occurred.when": "on",
        "occurred.year": "2016",
        "confidence": "reported",
        "action": "save",
    }
    saved = ana.post(f"{path}/change/1", {**hidden(form), **typed})
    assert saved.status_code == 303, saved.text
    assert ids(office, path) == made
    assert act(luz, path, "approve").status_code == 303
    assert office.position() == before + 3
    told = [office.event(each) for each in made]
    assert told[0]["title"] == "Convention on Transit in the High Andes"
    assert [each["occurred"] for each in told[1:]] == ["2016", "2015"]


def test_an_agreement_on_record_takes_the_place_of_one_entered_for_a_draft(
    office: Office,
) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    path = entered(ana, {n: v for n, v in NEW.items() if not n.startswith("sources")})
    before = office.position()
    form = hidden(ana.get(f"{path}/change/1"))
    saved = ana.post(f"{path}/change/1", {**form, **KNOWN, "action": "save"})
    assert saved.status_code == 303, saved.text
    assert len(ids(office, path)) == 1
    assert act(luz, path, "approve").status_code == 303
    assert office.position() == before + 1


def test_a_remark_typed_when_the_visit_was_over_is_there_after_signing_in(
    office: Office,
) -> None:
    luz = office.client("reviewer")
    path = entered(office.client("recorder"), KNOWN)
    form = hidden(luz.get(path))
    with writing(office.engine) as conn:
        visits.end_all(conn, luz.account.id, clock())
    over = luz.post(path, {**form, "act": "send_back", "remark": "Which page of it?"})
    assert over.status_code == 303
    again = office.client("reviewer")
    page = again.get(unquote(over.location.split("next=")[1]))
    assert "Which page of it?" in page.text
    assert state(office, path) == "waiting"


def test_a_file_handed_in_twice_is_recorded_once_with_clear_words(office: Office) -> None:
    luz = office.client("reviewer")
    rows = [ratified(1), ratified(2)]
    first, second = handed_in(office, rows), handed_in(office, rows)
    assert luz.post(first, {**hidden(luz.get(first)), "act": "approve"}).status_code == 303
    before = office.position()
    page = luz.get(second)
    assert page.status_code == 200
    refused = luz.post(second, {**hidden(page), "act": "approve"})
    assert refused.status_code == 409
    assert "recorded already" in refused.text or "already recorded" in refused.text
    assert office.position() == before


def test_a_mistake_in_a_changed_draft_stands_beside_its_input(office: Office) -> None:
    ana = office.client("recorder")
    path = entered(ana, NEW)
    edit = f"{path}/change/2"
    typed = {**NEW, "party": "Atlantis", "occurred.year": "", "action": "save"}
    page = ana.post(edit, {**hidden(ana.get(edit)), **typed})
    assert page.status_code == 422
    assert 'href="#party"' in page.text
    assert "Atlantis" in page.text
    assert state(office, path) == "waiting"


def test_script_in_every_field_of_a_draft_is_shown_as_text(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    typed = {
        **NEW,
        "agreement.new.title": NASTY,
        "agreement.new.slug": "nasty",
        "sources.0.source.new.title": NASTY,
        "sources.0.source.new.slug": "nasty-source",
        "sources.0.source.new.publisher": NASTY,
        "sources.0.locator": NASTY,
        "sources.0.quote": NASTY,
        "note": NASTY,
        "place": NASTY,
        "confidence_reason": NASTY,
    }
    path = entered(ana, typed)
    with writing(office.engine) as conn:
        conn.execute(update(draft_table).values(title=NASTY, author_name=NASTY))
    assert act(luz, path, "remark", remark=NASTY).status_code == 303
    places = (path, "/admin/drafts", "/admin/", f"{path}/change/2", f"{path}?done={NASTY}")
    for where in (*places, f"/admin/drafts?q={NASTY}&list={NASTY}&page={NASTY}"):
        for visitor in (ana, luz):
            assert NASTY not in visitor.get(where).text
    assert "&lt;script&gt;" in luz.get(path).text
    wrong = luz.post(path, {"act": "send_back", "remark": NASTY * 500, "changed": NASTY})
    assert wrong.status_code == 422
    assert NASTY not in wrong.text
    assert NASTY not in luz.post(path, {"act": NASTY, "seen": NASTY, "changed": NASTY}).text


def test_the_list_is_filtered_by_words_and_paged(office: Office) -> None:
    luz = office.client("reviewer")
    ana = office.people["recorder"]
    with writing(office.engine) as conn:
        for number in range(60):
            drafts.add(
                conn,
                draft_id=new_event_id(),
                author=ana,
                title=f"Ratification no. {number}",
                events=[],
                seen=0,
                now=clock(),
            )
    first = luz.get("/admin/drafts").text
    assert "Ratification no. 0<" in first
    assert "Ratification no. 55<" not in first
    assert "Ratification no. 55<" in luz.get("/admin/drafts?list=waiting&page=1").text
    found = luz.get("/admin/drafts?q=no.+55").text
    assert "Ratification no. 55<" in found
    assert "Ratification no. 0<" not in found
    assert "Ratification no. 0<" in luz.get("/admin/drafts?q=ana+flores").text
    assert "No draft is like that." in luz.get("/admin/drafts?q=100%25").text


def ratified(number: int, **more: str) -> tuple[str, dict[str, str]]:
    said = {
        "type": "agreement.ratified",
        "agreement": "un-single-convention-1961",
        "party": "PSE",
        "occurred": f"{1970 + number}",
        "note": f"row {number}",
    }
    return new_event_id(), {**said, **more}


def handed_in(office: Office, *parts: list[tuple[str, dict[str, str]]]) -> str:
    upload = new_event_id()
    with writing(office.engine) as conn:
        for number, part in enumerate(parts, start=1):
            drafts.add(
                conn,
                draft_id=new_event_id(),
                author=office.people["recorder"],
                title=f"ours.csv, part {number} of {len(parts)}",
                events=part,
                seen=office.position(),
                now=clock(),
                upload=upload,
            )
    return f"/admin/drafts/import/{upload}"


def test_an_import_is_looked_at_in_sum_and_approved_together(office: Office) -> None:
    luz = office.client("reviewer")
    parts = [[ratified(3 * n + each) for each in range(3)] for n in range(11)]
    path, before = handed_in(office, *parts), office.position()
    listed = luz.get("/admin/drafts").text
    assert path in listed
    assert "part 2 of 11" not in listed
    page = luz.get(path)
    assert "11 drafts, of which 11 with 33 events wait" in page.text
    assert "Agreement: ratified" in page.text
    assert re.search(r"Participation</th><td class=\"number\">1<", page.text)
    assert office.position() == before
    titles = re.findall(r"part (\d+) of 11", page.text)
    assert titles == [str(number) for number in range(1, 12)]

    assert office.client("recorder").post(path, {**hidden(page), "act": "approve"}).status_code in (
        303,
        403,
    )
    assert office.position() == before
    answer = luz.post(path, {**hidden(page), "act": "approve"})
    assert answer.status_code == 303, answer.text
    assert office.position() == before + 33
    assert "11 drafts are approved and recorded" in luz.get(answer.location).text
    event = office.event(parts[10][2][0])
    assert (event["recorded_by"], event["reviewed_by"]) == ("Ana Flores", "Luz Rojas")
    again = luz.post(path, {**hidden(page), "act": "approve"})
    assert again.status_code == 303
    assert office.position() == before + 33


def test_a_spreadsheet_of_a_recorder_is_recorded_when_a_reviewer_approves_it(
    office: Office,
) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    office.told(TREATY)
    before = office.position()
    address = tried(office, ana, sheet(130))
    assert "wait for review" in imported(ana, address)
    assert office.position() == before
    path = f"/admin/drafts/import/{address.rsplit('/', 1)[1]}"
    listed = luz.get("/admin/drafts").text
    assert path in listed
    assert "ours.csv" in listed
    page = luz.get(path)
    assert "2 drafts, of which 2 with 130 events wait" in page.text
    part = re.findall(r'href="(/admin/drafts/[0-9a-f-]{36})"', page.text)[0]
    assert luz.get(part).status_code == 200
    answer = luz.post(path, {**hidden(page), "act": "approve"})
    assert answer.status_code == 303, answer.text
    assert office.position() == before + 130
    event = office.event(ids(office, part)[0])
    assert (event["recorded_by"], event["reviewed_by"]) == ("Ana Flores", "Luz Rojas")


def test_of_an_import_one_part_is_approved_alone_and_what_is_refused_stops_the_rest(
    office: Office,
) -> None:
    luz = office.client("reviewer")
    good, late = [ratified(1)], [ratified(2)]
    bad = [ratified(3, agreement="no-such-agreement")]
    path, before = handed_in(office, good, bad, late), office.position()
    page = luz.get(path)
    assert "The register would refuse it as it is" in page.text
    refused = luz.post(path, {**hidden(page), "act": "approve"})
    assert refused.status_code == 409
    assert "part 2 of 3" in refused.text
    assert "no agreement is on record as “no-such-agreement”" in refused.text
    assert "1 draft is approved and recorded" in refused.text
    assert office.position() == before + 1
    links = re.findall(r'href="(/admin/drafts/[0-9a-f-]{36})"', refused.text)
    assert act(luz, links[2], "approve").status_code == 303
    assert office.position() == before + 2
    assert act(luz, links[1], "send_back", remark="No such agreement.").status_code == 303
    assert "of which 0 with 0 events" in luz.get(path).text
    assert office.client("second").get(path).status_code == 403
    assert luz.get(f"/admin/drafts/import/{new_event_id()}").status_code == 404


def test_an_import_that_others_overtook_is_not_approved_unseen(office: Office) -> None:
    luz = office.client("reviewer")
    path = handed_in(office, [ratified(1)], [ratified(2)])
    form = hidden(luz.get(path))
    office.told(ratified(9)[1])
    before = office.position()
    stopped = luz.post(path, {**form, "act": "approve"})
    assert stopped.status_code == 409
    assert "Others recorded something of the same meanwhile" in stopped.text
    assert office.position() == before


def test_an_author_withdraws_what_is_not_decided_of_her_import(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    path = handed_in(office, [ratified(1)], [ratified(2)])
    links = re.findall(r'href="(/admin/drafts/[0-9a-f-]{36})"', luz.get(path).text)
    assert act(luz, links[0], "approve").status_code == 303
    assert luz.post(path, {"act": "withdraw"}).status_code == 403
    assert "Withdraw all" not in luz.get(path).text
    assert ana.post(path, {"act": "withdraw"}).status_code == 303
    assert [state(office, each) for each in links] == ["approved", "withdrawn"]


def test_the_start_page_shows_an_import_as_one_and_what_was_sent_back(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    path = handed_in(office, [ratified(1)], [ratified(2)])
    single = entered(ana, KNOWN)
    start = luz.get("/admin/").text
    assert path in start
    assert single in start
    assert "part 2 of 2" not in start
    assert path not in ana.get("/admin/").text
    assert act(luz, single, "send_back", remark="The year?").status_code == 303
    assert "sent back to you" in ana.get("/admin/").text
    assert single not in luz.get("/admin/").text


def test_a_form_sent_again_leads_to_what_became_of_its_draft(office: Office) -> None:
    ana, luz = office.client("recorder"), office.client("reviewer")
    said = {**hidden(ana.get(RATIFIED)), **KNOWN, "action": "save"}
    waits = ana.post(RATIFIED, said).location
    path = f"/admin/drafts/{waits.rsplit('/', 1)[1]}"
    assert path in ana.get(waits).text
    assert act(luz, path, "approve").status_code == 303
    before = office.position()
    assert ana.post(RATIFIED, said).location == waits
    assert ana.get(waits).location == path
    assert office.position() == before


def test_an_author_approves_no_import_of_her_own(office: Office) -> None:
    path, before = handed_in(office, [ratified(1)]), office.position()
    ana = office.people["recorder"]
    with writing(office.engine) as conn:
        accounts.note(conn, ana.name, "changed the role", ana.login, "", clock())
        conn.execute(update(account_table).where(account_table.c.id == ana.id).values(role="admin"))
    visitor = office.client("recorder")
    page = visitor.get(path)
    assert "nobody approves her own" in page.text
    assert visitor.post(path, {"upto": str(clock()), "act": "approve"}).status_code == 403
    assert office.position() == before

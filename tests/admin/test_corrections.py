"""Correcting from the page of an event: nothing is erased, each correction has its reason."""

import re
from typing import Any

import pytest

from registry.record import new_event_id
from tests.admin.office import Office, Visitor

SEVERED = {
    "type": "relations.severed",
    "parties": ["BOL", "ISR"],
    "occurred": "2009",
    "by": "BOL",
    "note": "Over the war in Gaza.",
}
_HIDDEN = re.compile(r'name="(form\.(?:id|seen))" value="([^"]*)"')


def hidden(visitor: Visitor, path: str) -> dict[str, Any]:
    """What the form carries along."""
    page = visitor.get(path)
    assert page.status_code == 200, page.text
    return dict(_HIDDEN.findall(page.text))


@pytest.fixture
def severed(office: Office) -> str:
    """Told by another desk: Bolivia broke relations with Israel in 2009."""
    return str(office.told(SEVERED)["event_id"])


def dated(reason: str, year: str, month: str = "", day: str = "") -> dict[str, str]:
    return {
        "form.reason": reason,
        "occurred.when": "on",
        "occurred.year": year,
        "occurred.month": month,
        "occurred.day": day,
    }


def test_a_refined_date_amends_and_leaves_all_else_as_it_was(office: Office, severed: str) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/date"
    typed = hidden(ana, path) | dated("The ministry's note is of that day.", "2009", "1", "14")
    seen = ana.post(path, typed | {"action": "preview"})
    assert seen.status_code == 200
    assert "What this would change" in seen.text
    assert "14 January 2009" in seen.text
    assert "event.amended" not in [each["type"] for each in office.events("party=ISR")]

    answer = ana.post(path, typed | {"action": "save"})
    assert answer.status_code == 303, answer.text
    event = office.event(severed)
    assert event["occurred"] == "2009-01-14"
    assert event["note"] == SEVERED["note"]
    amendment = event["corrections"][0]
    assert amendment["recorded_by"] == "Ana Flores"
    assert amendment["reason"] == "The ministry's note is of that day."
    page = ana.get(f"/admin/events/{severed}").text
    assert "Amended" in page
    assert "the other desk" in page
    assert "The ministry&#39;s note is of that day." in page


def test_a_form_that_is_sent_twice_records_once(office: Office, severed: str) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/date"
    typed = hidden(ana, path) | dated("Seen in the gazette.", "2009", "1") | {"action": "save"}
    assert ana.post(path, typed).location.endswith("done=recorded")
    position = office.position()
    assert ana.post(path, typed).location.endswith("done=already")
    assert office.position() == position


def test_an_amendment_shows_field_by_field_what_it_changes(office: Office, severed: str) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/amend"
    typed = (
        hidden(ana, path)
        | dated("A slip of the pen.", "2009")
        | {
            "parties.0": "BOL",
            "parties.1": "ISR",
            "by": "ISR",
            "note": str(SEVERED["note"]),
            "confidence": "reported",
            "action": "preview",
        }
    )
    seen = ana.post(path, typed)
    assert seen.status_code == 200, seen.text
    changed = seen.text[seen.text.index("What you change") : seen.text.index("What this would")]
    assert "Plurinational State of Bolivia" in changed
    assert "Israel" in changed
    assert "Gaza" not in changed
    assert ana.post(path, typed | {"action": "save"}).status_code == 303
    assert office.event(severed)["by"] == "ISR"


def test_a_retraction_is_recorded_with_its_reason_and_can_itself_be_retracted(
    office: Office, severed: str
) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/retract"
    typed = hidden(ana, path) | {"form.reason": "Another pair was meant.", "action": "save"}
    assert ana.post(path, typed).status_code == 303
    event = office.event(severed)
    assert event["standing"]["state"] == "retracted"
    retraction = event["corrections"][0]["event_id"]

    page = ana.get(f"/admin/events/{retraction}").text
    assert f"/admin/events/{retraction}/retract" in page
    assert f"/admin/events/{retraction}/amend" not in page
    path = f"/admin/events/{retraction}/retract"
    typed = hidden(ana, path) | {"form.reason": "It was this pair after all.", "action": "save"}
    assert ana.post(path, typed).status_code == 303
    assert office.event(severed)["standing"]["state"] == "live"
    page = ana.get(f"/admin/events/{severed}").text
    assert "Another pair was meant." in page
    assert "It was this pair after all." in page


def test_confidence_is_changed_without_touching_the_content(office: Office, severed: str) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/confidence"
    typed = hidden(ana, path) | {"confidence": "confirmed", "form.reason": "The note was seen."}
    assert "What this would change" in ana.post(path, typed | {"action": "preview"}).text
    assert ana.post(path, typed | {"action": "save"}).status_code == 303
    event = office.event(severed)
    assert event["confidence"] == "confirmed"
    assert event["occurred"] == "2009"


def test_a_competing_claim_is_another_event_about_the_same_act(
    office: Office, severed: str
) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/claim"
    typed = (
        hidden(ana, path)
        | dated("Another paper has the day before.", "2009", "1", "13")
        | {
            "parties.0": "BOL",
            "parties.1": "ISR",
            "by": "BOL",
            "confidence": "reported",
            "same_act_as": severed,
            "action": "save",
        }
    )
    answer = ana.post(path, typed)
    assert answer.status_code == 303, answer.text
    made = office.event(str(typed["form.id"]))
    assert made["same_act_as"] == severed
    assert made["occurred"] == "2009-01-13"
    assert "Another paper has the day before." in made["note"]
    assert office.event(severed)["standing"]["state"] == "live"
    assert str(typed["form.id"]) in ana.get(f"/admin/events/{severed}").text


@pytest.mark.parametrize("way", ["amend", "date", "confidence", "claim", "retract"])
def test_no_correction_goes_without_a_reason(office: Office, severed: str, way: str) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/{way}"
    position = office.position()
    for action in ("preview", "save"):
        page = ana.post(path, hidden(ana, path) | {"action": action})
        assert page.status_code == 422
        assert 'href="#form.reason"' in page.text
        assert 'id="form.reason-error"' in page.text
    assert office.position() == position


def test_what_others_recorded_meanwhile_is_shown_and_nothing_is_lost(
    office: Office, severed: str
) -> None:
    ana, path = office.client("recorder"), f"/admin/events/{severed}/date"
    typed = hidden(ana, path) | dated("Seen in the gazette.", "2009", "1") | {"action": "save"}
    office.told(
        {
            "type": "event.confidence_changed",
            "target": severed,
            "reason": "Both sides confirm it.",
            "to": "confirmed",
        }
    )
    page = ana.post(path, typed)
    assert page.status_code == 409
    assert "Meanwhile somebody else recorded something here" in page.text
    assert "Seen in the gazette." in page.text
    assert office.event(severed)["occurred"] == "2009"
    again = typed | dict(_HIDDEN.findall(page.text))
    assert again["form.id"] == typed["form.id"]
    assert ana.post(path, again).status_code == 303
    assert office.event(severed)["occurred"] == "2009-01"


def test_a_reader_sees_the_event_without_the_ways_to_correct_it(
    office: Office, severed: str
) -> None:
    rosa = office.client("reader")
    page = rosa.get(f"/admin/events/{severed}")
    assert page.status_code == 200
    assert "Over the war in Gaza." in page.text
    assert "/retract" not in page.text
    for way in ("amend", "date", "confidence", "claim", "retract"):
        assert rosa.get(f"/admin/events/{severed}/{way}").status_code == 403
        assert rosa.post(f"/admin/events/{severed}/{way}").status_code == 403


def test_a_correction_where_review_is_on_waits_as_a_draft(office_with: Any) -> None:
    office = office_with("recorder")
    target = office.told(SEVERED)["event_id"]
    ana, path = office.client("recorder"), f"/admin/events/{target}/retract"
    typed = hidden(ana, path) | {"form.reason": "Another pair was meant.", "action": "save"}
    position = office.position()
    assert ana.post(path, typed).location.endswith("done=draft")
    assert office.position() == position


def test_the_list_is_filtered_by_kind_party_person_and_date(office: Office, severed: str) -> None:
    ana = office.client("recorder")
    link = f"/admin/events/{severed}"
    every = {"type": "relations.severed", "party": "ISR", "when": "2009", "by": "the other desk"}
    assert link in ana.get("/admin/events", query_string=every).text
    for name, other in [("when", "before 2000"), ("by", "Ana Flores"), ("party", "IRN")]:
        assert link not in ana.get("/admin/events", query_string=every | {name: other}).text
    wrong = ana.get("/admin/events", query_string={"when": "early 2011", "party": "Atlantis"})
    assert wrong.status_code == 422
    assert 'href="#when"' in wrong.text
    assert 'href="#party"' in wrong.text


def test_every_event_of_the_seeds_has_a_page(small_office: Office) -> None:
    rosa = small_office.client("reader")
    kinds: dict[str, str] = {}
    for after in (0, 500, 1000):
        for each in small_office.events(f"limit=500&after={after}"):
            kinds.setdefault(each["type"], each["event_id"])
    assert len(kinds) > 20
    for event_id in kinds.values():
        assert rosa.get(f"/admin/events/{event_id}").status_code == 200


def test_script_in_what_was_recorded_is_shown_as_text(office: Office) -> None:
    nasty = "<script>alert(1)</script>"
    target = office.told({**SEVERED, "note": nasty})["event_id"]
    ana = office.client("recorder")
    for path in ("", "/amend", "/retract"):
        page = ana.get(f"/admin/events/{target}{path}").text
        assert nasty not in page
    assert "&lt;script&gt;" in ana.get(f"/admin/events/{target}").text


def test_an_unknown_event_is_told_as_not_found(office: Office) -> None:
    ana = office.client("recorder")
    assert ana.get(f"/admin/events/{new_event_id()}").status_code == 404
    assert ana.get(f"/admin/events/{new_event_id()}/amend").status_code == 404


def test_the_start_page_shows_what_was_recorded_last_and_doubts(office: Office) -> None:
    office.told({"type": "relations.reestablished", "parties": ["BOL", "ISR"], "occurred": "2019"})
    page = office.client("reader").get("/admin/").text
    assert "Relations: reestablished" in page
    assert "Re-established, but no interruption or severance before is on record." in page

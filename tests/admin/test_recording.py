"""Recording by the forms of data entry."""

import re
import time
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from werkzeug.test import TestResponse

from registry.admin.fields import said_of, typed_of
from registry.described.examples import example
from registry.domain.catalogue import CATALOGUE
from tests.admin.office import Office, Visitor

RATIFIED = "/admin/record/agreement.ratified"
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
KNOWN = {
    "agreement": "un-single-convention-1961",
    "party": "PSE",
    "occurred.when": "on",
    "occurred.year": "2011",
    "confidence": "reported",
}


def hidden(page: TestResponse) -> dict[str, str]:
    """What the form carries to be recorded once."""
    found = {}
    for name in ("event_id", "seen"):
        match = re.search(rf'name="{name}" value="([^"]+)"', page.text)
        assert match is not None, page.text
        found[name] = match[1]
    return found


def fill(visitor: Visitor, path: str, typed: dict[str, Any], action: str) -> TestResponse:
    """Open the form, fill it in and press a button."""
    return visitor.post(path, {**hidden(visitor.get(path)), **typed, "action": action})


def summary(page: TestResponse) -> dict[str, str]:
    """The mistakes in the summary on top: id of the input, words."""
    block = re.search(r'id="summary".*?</div>', page.text, re.DOTALL)
    assert block is not None, page.text
    return {at: unescape(words) for at, words in re.findall(r'href="#([^"]+)">([^<]+)<', block[0])}


def recorded(answer: TestResponse) -> str:
    """The id of the event whose page the answer leads to."""
    return re.sub(r"\?.*$", "", answer.headers["Location"]).rsplit("/", 1)[1]


def test_each_person_signs_in_with_her_own_role(office: Office) -> None:
    for role in ("reader", "recorder", "reviewer", "admin"):
        visitor = office.client(role)
        assert visitor.account.name in visitor.get("/admin/").text
        assert f"({role})" in visitor.get("/admin/").text


@pytest.mark.parametrize("type_", CATALOGUE)
@pytest.mark.parametrize("whole", [False, True], ids=["short", "whole"])
def test_a_form_filled_with_an_event_says_the_same_event(type_: str, whole: bool) -> None:
    cls = CATALOGUE[type_]
    said = example(cls, whole=whole)
    assert said_of(cls, typed_of(cls, said)) == (said, [])


def test_every_type_has_a_form_and_the_menu_leads_to_it(small_office: Office) -> None:
    ana = small_office.client("recorder")
    choose = ana.get("/admin/record").text
    for type_ in CATALOGUE:
        page = ana.get(f"/admin/record/{type_}")
        assert page.status_code == 200, type_
        corrects = type_ == "log.key_rotated" or type_.startswith("event.")
        assert (f'href="/admin/record/{type_}"' in choose) is not corrects, type_
    assert ana.get("/admin/record/agreement.celebrated").status_code == 404


def test_words_of_what_happened_find_its_form_without_script(small_office: Office) -> None:
    found = small_office.client("recorder").get("/admin/record?q=ratified").text
    assert 'href="/admin/record/agreement.ratified"' in found
    assert 'href="/admin/record/conduct.visited"' not in found


def test_a_vague_ratification_of_a_new_agreement_from_a_new_source_is_recorded_at_once(
    office: Office,
) -> None:
    before = office.position()
    answer = fill(office.client("recorder"), RATIFIED, NEW, "save")
    assert answer.status_code == 303, answer.text
    assert office.position() == before + 3
    event = office.event(recorded(answer))
    assert event["type"] == "agreement.ratified"
    assert event["occurred"] == "2011"
    assert event["party"] == "BOL"
    assert event["agreement"] == "agreement-fight-against-illicit-drugs"
    assert event["recorded_by"] == "Ana Flores"
    assert event["sources"][0]["source"] == "gaceta-oficial-254"
    assert event["sources"][0]["locator"] == "p. 3"


def test_a_second_sending_of_the_same_form_records_nothing(office: Office) -> None:
    ana = office.client("recorder")
    said = {**hidden(ana.get(RATIFIED)), **NEW, "action": "save"}
    first = ana.post(RATIFIED, said)
    after = office.position()
    again = ana.post(RATIFIED, said)
    assert (again.status_code, recorded(again)) == (303, recorded(first))
    assert "recorded already" in ana.get(again.headers["Location"]).text
    assert office.position() == after


def test_a_form_sent_again_with_other_words_is_refused_and_not_recorded(office: Office) -> None:
    ana = office.client("recorder")
    said = {**hidden(ana.get(RATIFIED)), **KNOWN, "action": "save"}
    assert ana.post(RATIFIED, said).status_code == 303
    after = office.position()
    again = ana.post(RATIFIED, {**said, "occurred.year": "2012"})
    assert again.status_code == 409
    assert "recorded before with other content" in again.text
    assert office.position() == after


def test_what_is_missing_is_said_beside_the_input_and_on_top(office: Office) -> None:
    before = office.position()
    page = fill(office.client("recorder"), RATIFIED, {"occurred.month": "3"}, "save")
    assert page.status_code == 422
    errors = summary(page)
    assert errors["occurred.year"] == "When it happened, year: give at least the year"
    assert errors["party"] == "Party: fill this in"
    assert errors["agreement"] == "Agreement: fill this in"
    for at in errors:
        assert f'id="{at}"' in page.text
        assert f'id="{at}-error"' in page.text
    assert 'value="3"' in page.text
    assert office.position() == before


def test_early_2011_is_refused_with_readings_to_choose_from(office: Office) -> None:
    ana = office.client("recorder")
    typed = {k: v for k, v in KNOWN.items() if not k.startswith("occurred")}
    page = fill(ana, RATIFIED, {**typed, "occurred.text": "early 2011"}, "save")
    assert page.status_code == 422
    assert "choose below which is meant" in summary(page)["occurred.text"]
    assert 'name="occurred.pick"' in page.text
    assert "first half of 2011" in page.text
    chosen = {**typed, "occurred.text": "early 2011", "occurred.pick": "2011-40"}
    answer = fill(ana, RATIFIED, chosen, "save")
    assert answer.status_code == 303, answer.text
    assert office.event(recorded(answer))["occurred"] == "2011-40"


def test_a_date_of_the_old_calendar_is_kept_as_written_beside_its_reading(office: Office) -> None:
    typed = {
        "parties.0": "RUS",
        "parties.1": "France",
        "occurred.year": "1700",
        "occurred.month": "February",
        "occurred.day": "29",
        "occurred.julian": "yes",
        "note": "From the embassy's own register.",
    }
    path = "/admin/record/relations.established"
    answer = fill(office.client("recorder"), path, typed, "save")
    assert answer.status_code == 303, answer.text
    event = office.event(recorded(answer))
    assert event["occurred"] == "1700-03-11"
    assert event["note"] == (
        "From the embassy's own register.\n"
        'As written: occurred "29 February 1700, Julian calendar".'
    )


def test_the_reading_of_a_date_is_said_back(small_office: Office) -> None:
    ana = small_office.client("recorder")
    asked = "/admin/dates?at=occurred&occurred."
    assert ana.get(f"{asked}year=2011").json == {
        "ok": True,
        "words": "Read as: some day between 1 January and 31 December 2011",
        "offers": [],
    }
    refused = ana.get(f"{asked}text=early+2011").json
    assert refused is not None
    assert not refused["ok"]
    assert refused["offers"][0]["words"] == "first half of 2011"


def test_a_name_that_is_not_exact_is_offered_to_choose_from(office: Office) -> None:
    ana = office.client("recorder")
    page = fill(ana, RATIFIED, {**KNOWN, "party": "Bolivia"}, "save")
    assert page.status_code == 422
    assert "choose below which party is meant" in summary(page)["party"]
    values = re.findall(r'name="party.pick" id="[^"]+" value="([^"]+)"', page.text)
    assert "Plurinational State of Bolivia [BOL]" in values
    chosen = {**KNOWN, "party": "Bolivia", "party.pick": "Plurinational State of Bolivia [BOL]"}
    answer = fill(ana, RATIFIED, chosen, "save")
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("at", ["party", "agreement", "sources.0.source"])
def test_a_page_of_text_in_place_of_a_name_is_refused_at_once(office: Office, at: str) -> None:
    ana = office.client("recorder")
    began = time.perf_counter()
    page = fill(ana, RATIFIED, {**KNOWN, at: "x" * 400_000}, "save")
    assert page.status_code == 422
    assert at in summary(page)
    assert time.perf_counter() - began < 5


def test_parties_are_found_by_the_name_of_their_day(small_office: Office) -> None:
    ana = small_office.client("recorder")
    then = ana.get("/admin/pick/party?q=Zaire&on=1980").json
    assert then is not None
    assert then["items"][0]["value"] == "Zaire [COD]"


def test_what_others_recorded_meanwhile_is_shown_before_saving(office: Office) -> None:
    ana = office.client("recorder")
    carried = hidden(ana.get(RATIFIED))
    office.told(
        {
            "type": "agreement.signed",
            "agreement": KNOWN["agreement"],
            "party": "PSE",
            "occurred": "2010",
        }
    )
    before = office.position()
    page = ana.post(RATIFIED, {**carried, **KNOWN, "action": "save"})
    assert page.status_code == 409
    assert "Somebody recorded this meanwhile" in page.text
    assert "the other desk" in page.text
    assert office.position() == before
    again = ana.post(RATIFIED, {**hidden(page), **KNOWN, "action": "save"})
    assert again.status_code == 303
    assert hidden(page)["event_id"] == carried["event_id"]
    assert office.position() == before + 1


def test_another_with_the_same_agreement_begins_with_agreement_sources_and_confidence(
    office: Office,
) -> None:
    ana = office.client("recorder")
    answer = fill(ana, RATIFIED, {**NEW, "confidence": "alleged"}, "another")
    assert answer.status_code == 303, answer.text
    page = ana.get(answer.headers["Location"]).text
    assert "[agreement-fight-against-illicit-drugs]" in page
    assert "[gaceta-oficial-254]" in page
    assert 'value="alleged" checked' in page
    assert "State of Bolivia [BOL]" not in page


def test_where_review_is_on_nothing_is_recorded_but_a_draft_waits(
    office_with: Callable[[str], Office],
) -> None:
    office = office_with("recorder")
    before = office.position()
    ana = office.client("recorder")
    said = {**hidden(ana.get(RATIFIED)), **NEW, "action": "save"}
    answer = ana.post(RATIFIED, said)
    assert answer.status_code == 303, answer.text
    assert "Waits for review" in ana.get(answer.headers["Location"]).text
    assert office.position() == before
    assert ana.post(RATIFIED, said).headers["Location"] == answer.headers["Location"]
    other = office.client("second").get(answer.headers["Location"])
    assert other.status_code == 404
    recorded = fill(office.client("reviewer"), RATIFIED, KNOWN, "save")
    assert recorded.status_code == 303
    assert office.position() == before + 1


def test_what_was_typed_when_the_visit_was_over_is_there_after_signing_in(office: Office) -> None:
    ana = office.client("recorder")
    said = {**hidden(ana.get(RATIFIED)), **KNOWN, "place": "Ramallah", "action": "save"}
    office.client("recorder").post("/admin/sign-out")
    from registry.record import clock  # noqa: PLC0415
    from registry.store import visits  # noqa: PLC0415
    from registry.store.engine import writing  # noqa: PLC0415

    with writing(office.engine) as conn:
        visits.end_all(conn, ana.account.id, clock())
    over = ana.post(RATIFIED, said)
    assert over.status_code == 303
    assert "kept" in over.headers["Location"]
    again = office.client("recorder")
    following = unescape(re.sub(r"^.*next=", "", over.headers["Location"]))
    from urllib.parse import unquote  # noqa: PLC0415

    page = again.get(unquote(following))
    assert 'value="Ramallah"' in page.text
    assert hidden(page)["event_id"] == said["event_id"]


ROWS = {
    "agreement": "un-single-convention-1961",
    "confidence": "confirmed",
    "rows.0.party": "PSE",
    "rows.0.occurred": "2 April 2014",
    "rows.1.party": "Kosovo",
    "rows.1.occurred": "about 2015",
}


def test_many_parties_of_one_agreement_are_recorded_together(office: Office) -> None:
    before = office.position()
    ana = office.client("recorder")
    path = f"{RATIFIED}/rows"
    said = {**hidden(ana.get(path)), **ROWS, "action": "save"}
    assert ana.post(path, said).status_code == 303
    assert office.position() == before + 2
    assert ana.post(path, said).status_code == 303
    assert office.position() == before + 2
    event = office.events("type=agreement.ratified&party=XKX&limit=1")[0]
    assert (event["occurred"], event["confidence"]) == ("2015~", "confirmed")


def test_one_wrong_cell_keeps_all_rows_from_being_recorded(office: Office) -> None:
    before = office.position()
    typed = {**ROWS, "rows.1.occurred": "9/11/2008"}
    page = fill(office.client("recorder"), f"{RATIFIED}/rows", typed, "save")
    assert page.status_code == 422
    assert "choose below which is meant" in summary(page)["rows.1.occurred"]
    assert 'id="rows.1.occurred"' in page.text
    assert "2 April 2014" in page.text
    assert office.position() == before


def test_rows_of_a_spreadsheet_are_put_into_the_grid(office: Office) -> None:
    pasted = "Party\tWhen it happened\r\nPSE\t2014\r\nKosovo\tabout 2015\r\n"
    typed = {"agreement": KNOWN["agreement"], "pasted": pasted}
    page = fill(office.client("recorder"), f"{RATIFIED}/rows", typed, "paste")
    assert page.status_code == 200, summary(page)
    assert 'name="rows.1.party" value="Kosovo"' in page.text
    assert 'name="rows.1.occurred" value="about 2015"' in page.text


def test_a_button_adds_a_row_without_script(small_office: Office) -> None:
    ana = small_office.client("recorder")
    page = fill(ana, RATIFIED, {"sources.0.locator": "p. 3"}, "more.sources")
    assert page.status_code == 200
    assert 'name="sources.1.source"' in page.text
    assert 'value="p. 3"' in page.text


def test_a_reader_does_not_get_the_forms(small_office: Office) -> None:
    rosa = small_office.client("reader")
    for path in ("/admin/record", RATIFIED, f"{RATIFIED}/rows", "/admin/pick/party?q=bol"):
        assert rosa.get(path).status_code == 403

"""The API is no way around the second person who must approve what a role records."""

from collections.abc import Callable

import pytest

from tests.admin.office import Office

EVENTS = "/api/v1/events"
SEVERED = {"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009", "by": "BOL"}
SOURCE = {
    "type": "source.recorded",
    "source": "gaceta-254",
    "title": "Gaceta 254",
    "kind": "gazette",
}


def test_a_token_of_a_role_under_review_records_nothing(
    office_with: Callable[[str], Office],
) -> None:
    office = office_with("recorder")
    before = office.position()
    answer = office.sent(EVENTS, SEVERED, "recorder")
    assert answer.status_code == 403
    assert answer.mimetype == "application/problem+json"
    assert "waits for a second person's approval" in answer.get_json()["detail"]
    assert "relations" in answer.get_json()["detail"]
    assert office.position() == before
    assert office.sent(EVENTS, SEVERED, "reviewer").status_code == 201
    assert office.position() == before + 1


def test_only_the_families_under_review_are_refused_alone_and_in_lists(
    office_with: Callable[[str], Office],
) -> None:
    office = office_with("recorder,admin:relations")
    before = office.position()
    assert office.sent(EVENTS, [SOURCE, SEVERED], "recorder").status_code == 403
    assert office.sent(EVENTS, SEVERED, "admin").status_code == 403
    assert office.position() == before
    assert office.sent(EVENTS, SOURCE, "recorder").status_code == 201


@pytest.mark.parametrize("way", ["amendment", "retraction"])
def test_a_correction_of_what_needs_review_needs_it_too(
    office_with: Callable[[str], Office], way: str
) -> None:
    office = office_with("recorder:relations")
    target = office.told(SEVERED)["event_id"]
    said = {"reason": "A slip."} | ({"event": SEVERED} if way == "amendment" else {})
    answer = office.sent(f"{EVENTS}/{target}/{way}", said, "recorder")
    assert answer.status_code == 403, answer.text
    assert office.event(target)["corrections"] == []
    assert office.sent(f"{EVENTS}/{target}/{way}", said, "admin").status_code == 201

"""A request sent again under its key is answered again, and not done again."""

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import orjson
import pytest

from registry.app import create_app
from registry.settings import Settings
from registry.store import log
from registry.store.engine import writing
from tests.api.desk import LIST, SEVERED, Desk, assert_problem

PARTY = {"type": "party.recorded", "party": "ATL", "name": "Atlantis", "kind": "state"}


def test_the_first_answer_is_given_again(desk: Desk) -> None:
    first = desk.post(LIST, SEVERED, Idempotency_Key="desk-1")
    after = desk.position()
    again = desk.post(LIST, SEVERED, Idempotency_Key="desk-1")
    assert (again.status_code, again.data) == (201, first.data)
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    assert desk.position() == after


def test_a_list_and_a_correction_are_repeated_alike(embedded: Desk) -> None:
    first = embedded.post(LIST, [SEVERED, SEVERED], Idempotency_Key="k")
    assert embedded.post(LIST, [SEVERED, SEVERED], Idempotency_Key="k").data == first.data
    url = f"{LIST}/{first.json['items'][0]['event_id']}/retraction"
    done = embedded.post(url, {"reason": "twice"}, Idempotency_Key="k")
    assert done.status_code == 201
    assert embedded.post(url, {"reason": "twice"}, Idempotency_Key="k").data == done.data


def test_what_is_recorded_already_by_the_same_request_is_no_conflict(desk: Desk) -> None:
    first = desk.post(LIST, PARTY, Idempotency_Key="atl")
    assert first.status_code == 201, first.text
    assert desk.post(LIST, PARTY, Idempotency_Key="atl").data == first.data
    assert_problem(desk.post(LIST, PARTY, Idempotency_Key="other"), 409)


def test_a_key_is_for_one_request(desk: Desk) -> None:
    desk.post(LIST, SEVERED, Idempotency_Key="k")
    before = desk.position()
    other = {**SEVERED, "occurred": "2009-01-15"}
    assert_problem(desk.post(LIST, other, Idempotency_Key="k"), 422, "Idempotency-Key")
    guarded = desk.post(LIST, SEVERED, Idempotency_Key="k", If_Match='"pair:BOL:ISR@0"')
    assert_problem(guarded, 422, "Idempotency-Key")
    assert desk.position() == before


def test_a_key_belongs_to_its_token(embedded: Desk) -> None:
    embedded.post(LIST, SEVERED, Idempotency_Key="k")
    before = embedded.position()
    other = embedded.post(LIST, SEVERED, token=embedded.make_token("admin"), Idempotency_Key="k")
    assert other.status_code == 201
    assert embedded.position() == before + 1


def test_a_refused_request_may_be_mended_under_its_key(embedded: Desk) -> None:
    wrong = {**SEVERED, "parties": ["BOL", "ATL"]}
    assert_problem(embedded.post(LIST, wrong, Idempotency_Key="k"), 422)
    embedded.told(PARTY)
    assert embedded.post(LIST, wrong, Idempotency_Key="k").status_code == 201


@pytest.mark.parametrize(
    "key", ["", "two words", "k" * 201, "ключ".encode().decode("latin-1"), "\t"]
)
def test_a_key_that_is_none_is_refused(library: Desk, key: str) -> None:
    before = library.position()
    assert_problem(library.post(LIST, SEVERED, Idempotency_Key=key), 422, "Idempotency-Key")
    assert library.position() == before


@pytest.mark.parametrize("said", [SEVERED, PARTY], ids=["event", "party"])
def test_of_many_at_once_one_is_done_and_all_are_answered_alike(desk: Desk, said: object) -> None:
    before = desk.position()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: desk.post(LIST, said, Idempotency_Key="once"), range(16)))
    assert {each.status_code for each in answers} == {201}
    assert len({each.data for each in answers}) == 1
    assert sum("Idempotency-Replayed" not in each.headers for each in answers) == 1
    assert desk.position() == before + 1


def test_a_repeat_waits_for_the_one_in_flight(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first holds the head of the log while the second arrives."""
    held, go_on = Event(), Event()
    append = log.append

    def slowly(*args: object, **more: object) -> object:
        held.set()
        assert go_on.wait(10)
        return append(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(log, "append", slowly)
    before = desk.position()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(desk.post, LIST, SEVERED, Idempotency_Key="slow")
        assert held.wait(10)
        second = pool.submit(desk.post, LIST, SEVERED, Idempotency_Key="slow")
        time.sleep(0.2)  # the second is waiting by now; were it not, it would find the answer
        go_on.set()
        assert first.result(20).status_code == 201
        assert second.result(20).data == first.result().data
    assert "Idempotency-Replayed" in second.result().headers
    assert desk.position() == before + 1


def test_after_the_lock_timeout_it_is_asked_to_come_again(desk: Desk) -> None:
    url = desk.engine.url.render_as_string(hide_password=False)
    app = create_app(Settings(url, lock_timeout_seconds=0.2))
    hasty = Desk(app, app.extensions["registry"], desk.token)
    with writing(desk.engine) as conn:
        log.hold(conn)
        response = hasty.post(LIST, SEVERED, Idempotency_Key="k")
        assert_problem(response, 409)
        assert response.headers["Retry-After"]
        assert_problem(hasty.post(LIST, SEVERED), 503)
    assert hasty.post(LIST, SEVERED, Idempotency_Key="k").status_code == 201
    hasty.engine.dispose()


def test_the_kept_answer_is_the_one_that_was_sent(embedded: Desk) -> None:
    sent = embedded.post(LIST, SEVERED, Idempotency_Key="k")
    with embedded.engine.connect() as conn:
        kept = conn.exec_driver_sql("SELECT status, answer FROM idempotency").one()
    assert (kept.status, orjson.loads(kept.answer)) == (201, sent.json)

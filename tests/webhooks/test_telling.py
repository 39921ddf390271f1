"""A real receiver is told every event, in order, at least once, whatever breaks."""

import io
import signal
from http.server import BaseHTTPRequestHandler

import pytest
from sqlalchemy import Engine, text

from registry.app import create_app
from registry.domain.errors import Conflict
from registry.ingest import backing_up
from registry.record import clock, erasing
from registry.settings import Settings
from registry.store import alone, webhooks
from registry.store.engine import is_sqlite, reading, writing
from registry.webhooks.turn import pause_after
from tests.conftest import ENGINES, Databases
from tests.store.given import BROKEN_OFF, opened, tell
from tests.webhooks.conftest import SOURCE, Publisher, added, head, place, started
from tests.webhooks.receiver import Receiver, answer, is_signed, receiving


def test_every_event_is_told_once_in_order_and_signed(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    webhook, secret = added(engine, receiver.url)
    publisher.once()
    publisher.once()
    assert receiver.positions == list(range(1, head(engine) + 1))
    for each in receiver.got:
        assert each.headers["content-type"] == "application/cloudevents+json"
        assert each.headers["webhook-id"] == each.event["id"]
        assert is_signed(secret, each.headers, each.body)
        assert not is_signed(secret, each.headers, each.body + b" ")
    assert publisher.said == [f"{webhook} was told up to position {head(engine)}"]


def test_what_is_told_is_what_the_feed_gives(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    added(engine, receiver.url)
    publisher.once()
    app = create_app(Settings(engine.url.render_as_string(hide_password=False)))
    feed = app.test_client().get("/api/v1/events?format=cloudevents", base_url=SOURCE).get_json()
    app.extensions["registry"].dispose()
    assert [each.event for each in receiver.got] == feed


def test_what_is_recorded_meanwhile_is_told_as_it_comes(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    before = head(engine)
    added(engine, receiver.url, after=before)
    with publisher.running():
        for year in ("1970", "1980", "1990"):
            tell(engine, BROKEN_OFF | {"occurred": year})
        receiver.wait_for(3)
    assert receiver.positions == [before + 1, before + 2, before + 3]
    assert [each.event["data"]["occurred"] for each in receiver.got] == ["1970", "1980", "1990"]


def test_each_webhook_is_told_what_it_is_for(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    with receiving() as other:
        one, _ = added(engine, receiver.url, "agreement.recorded")
        added(engine, other.url, "agreement.recorded", "party.recorded", party="IRN")
        publisher.once()
        assert [each.event["type"] for each in receiver.got] == ["registry.agreement.recorded"] * 2
        assert [each.event["subject"] for each in other.got] == [
            "party:IRN",
            "agreement:bol-irn-2012-counternarcotics",
        ]
    assert place(engine, one) == head(engine)
    publisher.once()
    assert len(receiver.got) == 2


@pytest.mark.parametrize("name", ENGINES)
def test_killed_between_telling_and_keeping_the_place_it_tells_the_same_again(
    databases: Databases, name: str
) -> None:
    """The receiver has the third event and kills the publisher before it answers."""
    with databases.fresh(name) as url, opened(url) as engine, receiving() as receiver:
        tell(
            engine,
            *(
                {"type": "party.recorded", "party": p, "kind": "state", "name": p}
                for p in ("BOL", "USA")
            ),
        )
        for year in range(1950, 1960):
            tell(engine, BROKEN_OFF | {"occurred": str(year)})
        webhook, _ = added(engine, receiver.url)

        def kill(_: BaseHTTPRequestHandler) -> None:
            working.send_signal(signal.SIGKILL)
            working.wait(30)

        receiver.answers = [204, 204, kill]
        working = started(url, "publish", "webhooks")
        working.communicate(timeout=120)
        assert working.returncode == -signal.SIGKILL
        assert receiver.positions == [1, 2, 3]
        assert place(engine, webhook) == 2
        again = started(url, "publish", "webhooks", "--once")
        _, said = again.communicate(timeout=120)
        assert again.returncode == 0, said
        assert receiver.positions == [1, 2, 3, *range(3, 13)]
        third, once_more = receiver.got[2:4]
        assert third.headers["webhook-id"] == once_more.headers["webhook-id"]
        assert third.body == once_more.body


def test_asked_to_end_it_keeps_what_was_taken_and_goes_on_from_there(
    engine: Engine, receiver: Receiver
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    webhook, _ = added(engine, receiver.url)

    def end(handler: BaseHTTPRequestHandler) -> None:
        working.send_signal(signal.SIGTERM)
        answer(handler, 204)

    receiver.answers = [204, end]
    working = started(url, "publish", "webhooks")
    working.communicate(timeout=120)
    assert working.returncode == 0
    assert place(engine, webhook) == len(receiver.got)
    started(url, "publish", "webhooks", "--once").communicate(timeout=120)
    assert receiver.positions == list(range(1, head(engine) + 1))


@pytest.mark.usefixtures("at_once")
def test_an_event_that_failed_is_tried_again_before_the_next_one(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    added(engine, receiver.url)
    receiver.answers = [204, 500, 503, 204]
    with publisher.running():
        receiver.wait_for(head(engine) + 2)
    assert receiver.positions == [1, 2, 2, 2, *range(3, head(engine) + 1)]
    assert len({each.headers["webhook-id"] for each in receiver.got[1:4]}) == 1
    assert "answered 500; try 1 of 4" in publisher.said[0]


def test_the_pauses_grow_twofold_up_to_an_hour_and_are_never_quite_the_same() -> None:
    for tries, longest in ((1, 1), (2, 2), (3, 4), (12, 2_048), (13, 3_600), (99, 3_600)):
        pauses = {pause_after(tries) for _ in range(50)}
        assert all(longest / 2 <= each <= longest for each in pauses)
        assert len(pauses) > 1


@pytest.mark.usefixtures("at_once")
def test_a_receiver_says_when_it_wants_to_be_asked_again(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    added(engine, receiver.url)
    receiver.answers = [lambda handler: answer(handler, 429, Retry_After="2")]
    with publisher.running():
        receiver.wait_for(2)
    assert receiver.positions[:2] == [1, 1]
    assert receiver.got[1].at - receiver.got[0].at >= 2


def test_a_pause_outlives_the_publisher(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    added(engine, receiver.url)
    receiver.answers = [lambda handler: answer(handler, 503, Retry_After="3600")]
    publisher.once()
    publisher.once()
    assert receiver.positions == [1]


def test_who_is_gone_is_told_nothing_more_until_somebody_resumes(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    webhook, _ = added(engine, receiver.url)
    receiver.answers = [204, 410]
    publisher.once()
    publisher.once()
    assert receiver.positions == [1, 2]
    with reading(engine) as conn:
        assert webhooks.listed(conn)[0]["paused"] == "the receiver answered 410 Gone"
    with writing(engine) as conn:
        webhooks.resume(conn, webhook)
    publisher.once()
    assert receiver.positions == [1, 2, *range(2, head(engine) + 1)]


@pytest.mark.usefixtures("at_once")
def test_an_event_that_is_given_up_holds_back_no_other_and_may_be_tried_once_more(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    webhook, _ = added(engine, receiver.url)
    receiver.answers = [204, 500, 400, 404, 422]
    with publisher.running():
        receiver.wait_for(head(engine) + 3)
    assert receiver.positions == [1, 2, 2, 2, 2, *range(3, head(engine) + 1)]
    with reading(engine) as conn:
        (letter,) = webhooks.dead_letters(conn, webhook)
    assert letter["event_id"] == receiver.got[1].event["id"]
    assert (letter["position"], letter["tries"], letter["status"]) == (2, 4, 422)

    def ask_again() -> None:
        with writing(engine) as conn:
            assert webhooks.ask_again(conn, webhook, [2], clock()) == 1
        publisher.once()

    receiver.answers = [500]
    ask_again()
    with reading(engine) as conn:
        (letter,) = webhooks.dead_letters(conn, webhook)
    assert (letter["tries"], letter["status"], letter["asked_at"]) == (5, 500, None)
    ask_again()
    publisher.once()
    assert receiver.positions[-3:] == [head(engine), 2, 2]
    with reading(engine) as conn:
        assert webhooks.dead_letters(conn, webhook) == []


def test_a_slow_receiver_holds_back_no_other(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    with receiving() as slow:
        added(engine, slow.url)
        added(engine, receiver.url)
        slow.answers = [lambda _: receiver.wait_for(head(engine))]
        publisher.once()
    assert receiver.positions == list(range(1, head(engine) + 1))
    assert slow.positions == [1]


def test_of_two_publishers_the_second_ends_and_says_why(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    url = engine.url.render_as_string(hide_password=False)
    added(engine, receiver.url)
    with publisher.running():
        receiver.wait_for(head(engine))
        second = started(url, "publish", "webhooks")
        _, said = second.communicate(timeout=60)
        assert second.returncode == 2
        assert said == "Error: another process publishes webhooks from this database: one does\n"
        with pytest.raises(Conflict):
            publisher.once()
    publisher.once()
    assert len(receiver.got) == head(engine)


def test_where_one_publisher_ended_another_may_begin_at_once(
    publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alone, "_PATIENCE", 0)
    for _ in range(20):
        publisher.once()
    assert publisher.said == []


def test_a_publisher_whose_database_cuts_it_off_goes_on(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    if is_sqlite(engine):
        cut = "PRAGMA wal_checkpoint(TRUNCATE)"  # nobody is cut off from a file
    else:
        cut = (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    added(engine, receiver.url)
    with publisher.running():
        receiver.wait_for(head(engine))
        with opened(engine.url.render_as_string(hide_password=False)) as other:
            with other.connect() as conn:
                conn.execution_options(isolation_level="AUTOCOMMIT").execute(text(cut))
            tell(other, BROKEN_OFF)
            receiver.wait_for(head(other))
            with pytest.raises(Conflict):
                Publisher(other).once()
    assert receiver.positions == list(range(1, head(engine) + 1))


def test_what_was_erased_is_told_without_its_content_and_the_erasure_to_everybody(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    (told,) = tell(engine, BROKEN_OFF | {"note": "said in confidence"})
    after = head(engine) - 1
    added(engine, receiver.url, "relations.severed", after=after)
    erasing.erase(engine, told.event_id, "a request of 3 March", clock)
    publisher.once()
    severed, erased = [each.event for each in receiver.got]
    assert severed["id"] == told.event_id
    assert "data" not in severed
    assert all(b"in confidence" not in each.body for each in receiver.got)
    assert erased["type"] == "registry.event.erased"
    assert erased["data"]["target"] == told.event_id


def test_two_secrets_sign_while_one_takes_the_place_of_the_other(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    webhook, first = added(engine, receiver.url)
    with writing(engine) as conn:
        second = webhooks.renew_secret(conn, webhook, clock() + 60_000_000)
    publisher.once()
    for each in receiver.got:
        assert len(each.headers["webhook-signature"].split(" ")) == 2
        assert is_signed(first, each.headers, each.body)
        assert is_signed(second, each.headers, each.body)
    with writing(engine) as conn:
        third = webhooks.renew_secret(conn, webhook, clock())
    tell(engine, BROKEN_OFF)
    publisher.once()
    last = receiver.got[-1]
    assert [is_signed(each, last.headers, last.body) for each in (first, second, third)] == [
        *(False, False, True),
    ]


@pytest.mark.parametrize("there", ENGINES)
def test_a_restored_register_tells_nobody_until_somebody_resumes(
    engine: Engine, receiver: Receiver, publisher: Publisher, databases: Databases, there: str
) -> None:
    webhook, secret = added(engine, receiver.url)
    publisher.once()
    tell(engine, BROKEN_OFF)
    file = io.BytesIO()
    backing_up.back_up(engine, file)
    file.seek(0)
    many = len(receiver.got)
    with databases.fresh(there) as url, opened(url) as restored:
        backing_up.restore_backup(restored, file)
        Publisher(restored).once()
        assert len(receiver.got) == many
        with reading(restored) as conn:
            assert webhooks.listed(conn)[0]["paused"] == "restored from a backup"
        with writing(restored) as conn:
            webhooks.resume(conn, webhook)
        Publisher(restored).once()
    assert receiver.positions == list(range(1, head(engine) + 1))
    assert is_signed(secret, receiver.got[-1].headers, receiver.got[-1].body)

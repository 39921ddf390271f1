"""Copies of the store that stream: read while they can be trusted, left out while they cannot."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from sqlalchemy import event

from registry.queries.glance import glance
from registry.store.replicas import Replicas
from registry.web import opening, visiting
from tests.api.desk import LIST, Desk, Reply, assert_problem
from tests.scale.cluster import Cluster
from tests.scale.conftest import Serve

PAIR = "/api/v1/relations/BOL/USA?as_of=2020-01-01"


class Story:
    """Relations broken off and taken up again, year after year."""

    def __init__(self) -> None:
        self._years = count(1830)
        self._turn = threading.Lock()

    def next(self) -> dict[str, Any]:
        with self._turn:
            year = next(self._years)
        name = "relations.severed" if year % 2 else "relations.reestablished"
        return {"type": name, "parties": ["BOL", "USA"], "occurred": f"{year}-03-01"}


def copies_of(desk: Desk) -> Replicas:
    found: Replicas = desk.app.extensions["registry-replicas"]
    return found


def states(desk: Desk) -> list[str]:
    return [each["state"] for each in copies_of(desk).told()]


def until(true: Callable[[], bool]) -> None:
    for _ in range(1_200):
        if true():
            return
        time.sleep(0.025)
    raise AssertionError("it never came true")


def until_read(desk: Desk) -> None:
    """Every copy has been found fit."""
    copies_of(desk).watch()
    until(lambda: set(states(desk)) == {"copying"})


@contextmanager
def counted(desk: Desk) -> Iterator[list[int]]:
    """How many snapshots were taken of each copy, by requests and by looks at it."""
    counts = [0 for _ in copies_of(desk)._each]

    def note(place: int) -> Callable[[Any], None]:
        def noted(_: Any) -> None:
            if threading.current_thread() is threading.main_thread():
                counts[place] += 1

        return noted

    notes = [(each.engine, note(place)) for place, each in enumerate(copies_of(desk)._each)]
    for engine, noted in notes:
        event.listen(engine, "begin", noted)
    yield counts
    for engine, noted in notes:
        event.remove(engine, "begin", noted)


def known(reply: Reply) -> int:
    return int(reply.headers["Registry-Position"])


def test_public_reads_go_to_the_copies_and_those_of_editors_to_the_primary(
    streaming: Cluster, serve: Serve
) -> None:
    desk = serve(streaming.primary, *streaming.copies)
    until_read(desk)
    desk.token = desk.make_token("recorder")
    with counted(desk) as reads:
        for _ in range(10):
            assert desk.get(PAIR).status_code == 200
        assert reads == [5, 5]
        assert desk.get("/relations/BOL/USA").status_code == 200
        assert sum(reads) == 11
        desk.get(PAIR, Authorization=f"Bearer {desk.token}")
        editor = desk.client
        editor.set_cookie(visiting.COOKIE, "x")
        assert editor.get(PAIR).status_code == 200
        assert sum(reads) == 11
    told = desk.get("/readyz").json["replicas"]
    assert [(each["state"], each["behind"]) for each in told] == [("copying", 0)] * 2
    assert [each["name"] for each in told] == [
        f"127.0.0.1:{each.port}/registry" for each in streaming.copies
    ]


def test_who_says_what_was_seen_sees_it_again_and_a_copy_that_lags_is_left_out(
    streaming: Cluster, serve: Serve
) -> None:
    desk = serve(streaming.primary, *streaming.copies, lag=1.0)
    until_read(desk)
    desk.token, story = desk.make_token("recorder"), Story()
    for copy in streaming.copies:
        copy.sql("SELECT pg_wal_replay_pause()")
    written = desk.post(LIST, story.next())
    position = known(written)
    seen = desk.get(PAIR, Registry_Min_Position=str(position))
    assert known(seen) == position
    assert seen.json["layers"]
    assert desk.get(f"{PAIR}&known_at=@{position}").json["known_at"]["position"] == position
    assert desk.get(written.headers["Location"]).status_code == 200

    assert_problem(desk.get(PAIR, Registry_Min_Position=str(position + 1)), 404)
    assert_problem(desk.get(PAIR, Registry_Min_Position="soon"), 400)

    until(lambda: copies_of(desk).one() is None)
    assert known(desk.get(PAIR)) == position
    assert [each["behind"] for each in copies_of(desk).told()] == [1, 1]
    for copy in streaming.copies:
        copy.sql("SELECT pg_wal_replay_resume()")
        copy.reach(position)
    until(lambda: copies_of(desk).one() is not None)
    with counted(desk) as reads:
        assert known(desk.get(PAIR, Registry_Min_Position=str(position))) == position
        assert sum(reads) == 1


def test_who_waits_for_a_copy_that_fell_silent_is_answered_from_elsewhere(
    streaming: Cluster, serve: Serve
) -> None:
    first, _ = streaming.copies
    desk = serve(streaming.primary, first)
    until_read(desk)
    assert desk.get(PAIR).status_code == 200
    first.freeze()
    answers: list[int] = []
    waiting = threading.Thread(target=lambda: answers.append(desk.get(PAIR).status_code))
    waiting.start()
    waiting.join(60)
    unanswered = waiting.is_alive()
    first.thaw()
    waiting.join()
    assert not unanswered
    assert answers == [200]
    until(lambda: states(desk) == ["copying"])


def test_while_the_primary_is_gone_what_it_had_is_read_and_nothing_is_taken_in(
    streaming: Cluster, serve: Serve
) -> None:
    desk = serve(streaming.primary, *streaming.copies)
    until_read(desk)
    desk.token, story = desk.make_token("recorder"), Story()
    pinned = desk.get(PAIR).headers["Content-Location"]
    body = desk.get(pinned).data
    streaming.primary.end(signal.SIGQUIT)
    assert desk.get(PAIR).status_code == 200
    assert desk.get(pinned).data == body
    assert_problem(desk.get("/api/v1/relations/BOL/XXX"), 404)
    refused = desk.post(LIST, story.next())
    assert_problem(refused, 503)
    assert refused.headers["Retry-After"]
    streaming.primary.start()
    until(lambda: desk.post(LIST, story.next()).status_code == 201)
    position = desk.position()
    for copy in streaming.copies:
        copy.reach(position)
    assert known(desk.get(PAIR, Registry_Min_Position=str(position))) == position


def test_copies_of_another_history_are_not_read(streaming: Cluster, serve: Serve) -> None:
    """One is promoted and takes events in; the other follows it, as true a copy as ever."""
    desk = serve(streaming.primary, *streaming.copies)
    until_read(desk)
    desk.token, story = desk.make_token("recorder"), Story()
    promoted, follower = streaming.copies
    promoted.promote()
    follower.follow(promoted)
    other = serve(promoted)
    other.token = other.make_token("recorder")
    strange = [other.told(story.next()) for _ in range(3)]
    follower.reach(strange[-1]["position"])
    ours = [desk.told(story.next()) for _ in range(3)]
    assert ours[-1]["position"] == strange[-1]["position"]
    until(lambda: "promoted" in states(desk)[0] and "another history" in states(desk)[1])
    with counted(desk) as reads:
        for told in ours:
            assert desk.get(f"{LIST}/{told['event_id']}").status_code == 200
        for told in strange:
            assert desk.get(f"{LIST}/{told['event_id']}").status_code == 404
        assert reads == [0, 0]


def test_a_store_of_another_history_is_not_answered_for_from_memory(
    streaming: Cluster, serve: Serve
) -> None:
    """The primary is lost with its last events, and another server takes its place."""
    desk = serve(streaming.primary, *streaming.copies)
    until_read(desk)
    desk.token, story = desk.make_token("recorder"), Story()
    heir, _ = streaming.copies
    until(lambda: bool(heir.sql("SELECT 1 FROM api_token")))
    heir.end()
    lost = desk.told(story.next())
    pinned = f"{PAIR}&known_at=@{lost['position']}"
    before = desk.get(pinned).data
    assert desk.get(pinned).data == before
    streaming.primary.end(signal.SIGQUIT)
    (heir.data / "standby.signal").unlink()
    heir.port, streaming.primary.port = streaming.primary.port, heir.port
    heir.start()
    # No line to the one that is gone is left over: else memory would be passed by.
    until(lambda: all(glance(opening.reader(desk.app)) for _ in range(10)))
    again = desk.told(story.next())
    assert again["position"] == lost["position"]
    until(lambda: desk.get(pinned).data != before)
    assert desk.get(pinned).data == serve(heir).get(pinned).data


def test_nothing_read_is_wrong_or_lost_while_copies_are_frozen_killed_and_promoted(
    streaming: Cluster, serve: Serve
) -> None:
    desk = serve(streaming.primary, *streaming.copies)
    until_read(desk)
    desk.token, story = desk.make_token("recorder"), Story()
    done = threading.Event()
    wrong: list[str] = []
    read: dict[str, bytes] = {}
    recorded: list[int] = []

    def write() -> None:
        while not done.is_set():
            answer = desk.post(LIST, story.next())
            if answer.status_code != 201:
                wrong.append(f"a write: {answer.status_code} {answer.text}")
                return
            recorded.append(answer.json["position"])
            done.wait(0.05)

    def look(whose: int) -> None:
        while not done.is_set():
            least = recorded[-1] if recorded and whose % 2 else 0
            sent = {"Registry_Min_Position": str(least)} if least else {}
            answer = desk.get(PAIR, **sent)
            if answer.status_code != 200:
                wrong.append(f"a read: {answer.status_code} {answer.text}")
            elif known(answer) < least:
                wrong.append(f"at {known(answer)}, which is before {least}")
            else:
                read[answer.headers["Content-Location"]] = answer.data
            done.wait(0.02)

    threads = [threading.Thread(target=write)]
    threads += [threading.Thread(target=look, args=(whose,)) for whose in range(3)]
    for thread in threads:
        thread.start()
    try:
        _trouble(desk, streaming, lambda: len(read))
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert not any(thread.is_alive() for thread in threads)
    assert not wrong, wrong[:5]
    assert recorded == list(range(recorded[0], recorded[0] + len(recorded)))
    alone = serve(streaming.primary)
    assert len(read) > 20
    for address, body in read.items():
        assert alone.get(address).data == body, address


def _trouble(desk: Desk, streaming: Cluster, reads: Callable[[], int]) -> None:
    """One after the other; each is noticed, what can come back does, and reading goes on."""
    first, second = streaming.copies

    def reading_goes_on() -> None:
        before = reads()
        until(lambda: reads() > before + 3)

    reading_goes_on()
    first.freeze()
    until(lambda: states(desk)[0] != "copying")
    reading_goes_on()
    first.thaw()
    until(lambda: states(desk)[0] == "copying")
    reading_goes_on()
    second.end(signal.SIGQUIT)
    reading_goes_on()
    second.start()
    until(lambda: states(desk)[1] == "copying")
    second.sql("SELECT pg_wal_replay_pause()")
    first.promote()
    until(lambda: "promoted" in states(desk)[0])
    first.sql("UPDATE log_head SET recorded_at = recorded_at + 1")
    until(lambda: copies_of(desk).one() is None)
    reading_goes_on()
    second.sql("SELECT pg_wal_replay_resume()")
    until(lambda: copies_of(desk).one() is not None)
    reading_goes_on()

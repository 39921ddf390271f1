"""The log: nothing lost, doubled or skipped, in order of commit; written once for both engines."""

import hashlib
import random
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DatabaseError

from registry.domain.errors import Conflict
from registry.store import log
from registry.store.engine import is_sqlite, reading, writing
from registry.store.log import Draft, Stored
from registry.store.merkle import HASH_SIZE, root
from registry.store.verify import verify
from tests.store.given import count_of, draft

NOW = 1_800_000_000_000_000
WRITERS, APPENDS = 8, 40


def appended(conn: Connection, *drafts: Draft, now: int = NOW) -> list[Stored]:
    return log.append(conn, log.lock(conn, len(drafts), now), drafts, "clerk")


def append(engine: Engine, *drafts: Draft, now: int = NOW) -> list[Stored]:
    with writing(engine) as conn:
        return appended(conn, *drafts, now=now)


# --- order ----------------------------------------------------------------------------------------


class _Broken(Exception):
    """The writer's transaction is given up after the append."""


def test_a_tailing_reader_sees_every_committed_event_once_in_order_and_no_other(
    engine: Engine,
) -> None:
    # Given eight writers of which one transaction in ten is rolled back after the append
    committed: list[str] = []
    done = threading.Event()
    seen: list[Stored] = []

    def write(writer: int) -> None:
        chance = random.Random(writer)
        for number in range(APPENDS):
            names = [f"{writer}/{number}/{part}" for part in range(1 + number % 3)]
            drafts = [draft(name, f"pair:BOL:{writer % 3}") for name in names]
            try:
                with writing(engine) as conn:
                    appended(conn, *drafts, now=time.time_ns() // 1_000)
                    _break_off_one_in_ten(chance)
            except _Broken:
                continue
            committed.extend(each.event_id for each in drafts)

    def tail() -> None:
        while True:
            last_look = done.is_set()
            with reading(engine) as conn:
                found = log.after(conn, seen[-1].position if seen else 0, 50)
            seen.extend(found)
            if last_look and not found:
                return

    # When they write while the reader asks again and again for what came after
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        reader = pool.submit(tail)
        try:
            for written in [pool.submit(write, writer) for writer in range(WRITERS)]:
                written.result()
        finally:  # else the reader of a writer that failed would ask for ever
            done.set()
        reader.result()

    # Then nothing is missed, doubled, out of order or from a transaction that was given up
    assert [each.position for each in seen] == list(range(1, len(committed) + 1))
    assert sorted(each.event_id for each in seen) == sorted(committed)
    assert len(committed) < WRITERS * sum(1 + number % 3 for number in range(APPENDS))
    _versions_count_up(seen)
    with reading(engine) as conn:
        assert log.head(conn).position == len(committed)
        assert verify(conn).sound


def _break_off_one_in_ten(chance: random.Random) -> None:
    if chance.random() < 0.1:
        raise _Broken


def _versions_count_up(events: list[Stored]) -> None:
    for stream in {each.stream for each in events}:
        versions = [each.stream_version for each in events if each.stream == stream]
        assert versions == list(range(1, len(versions) + 1))


def test_the_moment_is_the_last_position_of_the_transaction(engine: Engine) -> None:
    append(engine, draft("one"))
    stored = append(engine, draft("two"), draft("three"), draft("four"))
    assert [each.moment for each in stored] == [4, 4, 4]
    with reading(engine) as conn:
        assert [each.moment for each in log.after(conn, 0, 10)] == [1, 4, 4, 4]
        # Inside a transaction the register knew what it knew before it.
        assert [log.moment_at(conn, at)[0] for at in range(6)] == [0, 1, 1, 1, 4, 4]


def test_recorded_at_is_shared_by_a_transaction_and_rises_under_a_clock_that_jumps_back(
    engine: Engine,
) -> None:
    clock = [NOW, NOW, NOW - 3_600_000_000, NOW + 5, NOW - 1]
    for number, now in enumerate(clock):
        append(engine, draft(f"{number}a"), draft(f"{number}b"), now=now)
    with reading(engine) as conn:
        events = log.after(conn, 0, 100)
    times = [{e.recorded_at for e in events if e.moment == moment} for moment in (2, 4, 6, 8, 10)]
    assert times == [{NOW}, {NOW + 1}, {NOW + 2}, {NOW + 5}, {NOW + 6}]


def test_an_instant_is_the_last_moment_at_or_before_it(engine: Engine) -> None:
    append(engine, draft("one"), now=NOW)
    append(engine, draft("two"), draft("three"), now=NOW + 10)
    with reading(engine) as conn:
        instants = (NOW - 1, NOW, NOW + 9, NOW + 10, NOW + 99)
        assert [log.moment_of_instant(conn, at)[0] for at in instants] == [0, 1, 1, 3, 3]


# --- refusals -------------------------------------------------------------------------------------


def test_a_stream_that_moved_is_a_conflict_and_nothing_is_written(engine: Engine) -> None:
    append(engine, draft("one"))
    append(engine, draft("two", expected_version=1), draft("three", expected_version=2))
    for expected in (0, 1, 2, 4):
        with pytest.raises(Conflict, match=f"is at version 3, not {expected}"):
            append(engine, draft("fine", "pair:BOL:IRN"), draft("late", expected_version=expected))
    with reading(engine) as conn:
        assert log.head(conn).position == 3
        tables = ("event", "event_payload", "event_tag")
        assert [count_of(conn, table) for table in tables] == [3, 3, 6]
        assert verify(conn).sound


def test_an_event_id_is_taken_once(engine: Engine) -> None:
    append(engine, draft("one"))
    with pytest.raises(Conflict, match="same id"):
        append(engine, draft("one"))
    with reading(engine) as conn:
        assert log.head(conn).position == 1


EDITS = {
    "event": (
        "UPDATE event SET recorded_by = 'forger' WHERE position = 1",
        "UPDATE event SET position = position",
        "DELETE FROM event WHERE position = 2",
        "DELETE FROM event",
    ),
    "event_payload": (
        "UPDATE event_payload SET data = '{}' WHERE position = 1",
        "UPDATE event_payload SET salt = salt",
        "DELETE FROM event_payload WHERE position = 1",
        "DELETE FROM event_payload",
    ),
    "event_tag": (
        "UPDATE event_tag SET tag = 'party:IRN' WHERE position = 1",
        "DELETE FROM event_tag WHERE position = 1",
        "DELETE FROM event_tag",
    ),
}
SQLITE_EDITS = (
    "INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE position = 1",
    "REPLACE INTO {table} SELECT * FROM {table} WHERE position = 1",
    "UPDATE OR REPLACE {table} SET position = 2 WHERE position = 1",
)
POSTGRESQL_EDITS = (
    "TRUNCATE {table}",
    "TRUNCATE {table} CASCADE",
    "MERGE INTO {table} USING (SELECT 1) AS one ON {table}.position = 1 WHEN MATCHED THEN DELETE",
)
UPSERTS = {
    "event": "ON CONFLICT (position) DO UPDATE SET recorded_by = 'forger'",
    "event_payload": "ON CONFLICT (position) DO UPDATE SET data = '{}'",
    "event_tag": "ON CONFLICT (tag, position) DO UPDATE SET tag = 'party:IRN'",
}


@pytest.mark.parametrize("table", EDITS)
def test_the_database_itself_refuses_every_edit(engine: Engine, table: str) -> None:
    append(engine, draft("one"), draft("two"))
    before = _contents(engine, table)
    only = SQLITE_EDITS if is_sqlite(engine) else POSTGRESQL_EDITS
    upsert = f"INSERT INTO {table} SELECT * FROM {table} WHERE position = 1 {UPSERTS[table]}"
    for statement in (*EDITS[table], *(each.format(table=table) for each in only), upsert):
        assert "insert-only" in _answer(engine, statement), statement
    assert _contents(engine, table) == before


def test_another_event_with_the_place_or_name_of_one_is_refused(engine: Engine) -> None:
    append(engine, draft("one"), draft("two"))
    before = _contents(engine, "event")
    names = [column for column in before[0] if column != "position"]
    columns = ", ".join(names)
    other_place = f"INSERT INTO event (position, {columns}) SELECT 3, {columns} FROM event"
    assert _answer(engine, f"{other_place} WHERE position = 1")
    if is_sqlite(engine):
        replacing = other_place.replace("INSERT", "INSERT OR REPLACE")
        assert "insert-only" in _answer(engine, f"{replacing} WHERE position = 1")
    assert _contents(engine, "event") == before


def test_only_the_payload_of_an_erased_event_may_go(engine: Engine) -> None:
    one, _ = append(engine, draft("one"), draft("two"))
    append(engine, draft("erasure", type="event.erased", target=one.event_id))
    append(engine, draft("only amended", type="event.amended", target=draft("two").event_id))
    assert "insert-only" in _answer(engine, "DELETE FROM event_payload WHERE position = 2")
    assert "insert-only" in _answer(engine, "DELETE FROM event_payload")
    assert "insert-only" in _answer(
        engine, "UPDATE event_payload SET data = '{}' WHERE position = 1"
    )
    assert not _answer(engine, "DELETE FROM event_payload WHERE position = 1")
    with reading(engine) as conn:
        assert [each.data is None for each in log.after(conn, 0, 9)] == [True, False, False, False]
        assert verify(conn).sound


def _answer(engine: Engine, statement: str) -> str:
    """What the database says to the driver, with nothing of ours between; empty where it obeys."""
    try:
        with engine.begin() as conn:
            conn.exec_driver_sql(statement)
    except DatabaseError as refused:
        return str(refused)
    return ""


def _contents(engine: Engine, table: str) -> list[dict[str, object]]:
    with engine.connect() as conn:
        rows = conn.execute(text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()
        return [dict(row) for row in rows]


# --- the tree -------------------------------------------------------------------------------------


def _naive_root(leaves: list[bytes]) -> bytes:
    """RFC 9162 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = _naive_root(leaves[:split]), _naive_root(leaves[split:])
    return hashlib.sha256(b"\x01" + left + right).digest()


def _naive_leaf(row: dict[str, object], salt: bytes, data: str) -> bytes:
    """The canonical envelope written out by hand."""

    def quoted(value: object) -> str:
        return "null" if value is None else f'"{value}"'

    payload = hashlib.sha256(salt + data.encode()).hexdigest()
    envelope = (
        f'{{"effective":{quoted(row["effective"])},"event_id":"{row["event_id"]}",'
        f'"occurred":{quoted(row["occurred"])},"payload_hash":"{payload}",'
        f'"position":{row["position"]},"recorded_at":{row["recorded_at"]},'
        f'"recorded_by":"{row["recorded_by"]}","reviewed_by":{quoted(row["reviewed_by"])},'
        f'"stream":"{row["stream"]}","stream_version":{row["stream_version"]},'
        f'"target":{quoted(row["target"])},"type":"{row["type"]}",'
        f'"type_version":{row["type_version"]}}}'
    )
    return hashlib.sha256(b"\x00" + envelope.encode()).digest()


def test_leaves_and_frontier_are_those_of_the_tree_counted_out(engine: Engine) -> None:
    leaves: list[bytes] = []
    for size in (1, 2, 1, 3, 4, 1, 7, 5, 9):
        names = [f"Ñuñoa {len(leaves) + place}" for place in range(size)]
        append(engine, *(draft(name, f"pair:BOL:{len(name)}") for name in names))
        rows = _contents(engine, "event")
        payloads = _contents(engine, "event_payload")
        leaves = [
            _naive_leaf(row, bytes(kept["salt"]), str(kept["data"]))  # type: ignore[call-overload]
            for row, kept in zip(rows, payloads, strict=True)
        ]
        assert [row["leaf_hash"] for row in rows] == leaves
        with reading(engine) as conn:
            head = log.head(conn)
            assert verify(conn).root == _naive_root(leaves).hex()
        assert root(head.frontier) == _naive_root(leaves)
        assert len(head.frontier) == HASH_SIZE * len(leaves).bit_count()


def test_an_empty_log_is_sound(engine: Engine) -> None:
    with reading(engine) as conn:
        found = verify(conn)
    assert (found.sound, found.positions) == (True, 0)
    assert found.root == hashlib.sha256(b"").hexdigest()


# --- tampering ------------------------------------------------------------------------------------

BAD = 4
"""Where the forger is at work, in a log of seven events."""


def _text(column: str) -> str:
    return f"UPDATE event SET {column} = 'X' || substr({column}, 2) WHERE position = {BAD}"


def _number(column: str, by: int = 1) -> str:
    return f"UPDATE event SET {column} = {column} + {by} WHERE position = {BAD}"


FORGERIES = {
    "data": "UPDATE event_payload SET data = replace(data, '2008-09-11', '2008-09-12') WHERE position = 4",
    "data, one space more": "UPDATE event_payload SET data = data || ' ' WHERE position = 4",
    "event_id": _text("event_id"),
    "stream": _text("stream"),
    "type": _text("type"),
    "occurred": _text("occurred"),
    "occurred, nothing": "UPDATE event SET occurred = NULL WHERE position = 4",
    "effective": "UPDATE event SET effective = '2008' WHERE position = 4",
    "recorded_by": _text("recorded_by"),
    "reviewed_by": "UPDATE event SET reviewed_by = 'X' WHERE position = 4",
    "target": "UPDATE event SET target = 'X' WHERE position = 4",
    "stream_version": _number("stream_version", 90),
    "type_version": _number("type_version"),
    "recorded_at, later": _number("recorded_at"),
    "recorded_at, earlier": _number("recorded_at", -1),
    "moment, later": _number("moment"),
    "moment, earlier": _number("moment", -1),
    "occurred_lo": _number("occurred_lo"),
    "occurred_hi": _number("occurred_hi"),
    "occurred_hi, nothing": "UPDATE event SET occurred_hi = NULL WHERE position = 4",
    "event gone": "DELETE FROM event WHERE position = 4",
    "payload gone": "DELETE FROM event_payload WHERE position = 4",
}
BYTES = ("payload_hash", "leaf_hash", "salt")


def _seven_events(engine: Engine) -> None:
    """In transactions of 1, 2, 1, 2 and 1 events; position 4 stands alone."""
    for names in (("1",), ("2", "3"), ("4",), ("5", "6"), ("7",)):
        append(engine, *(draft(name) for name in names))
    with reading(engine) as conn:
        assert verify(conn).sound


def _disarm(conn: Connection) -> None:
    """As someone may who owns the file or the server."""
    if is_sqlite(conn):
        names = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for name in names.scalars().all():
            conn.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        for table in EDITS:
            conn.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")


def _forge(engine: Engine, change: Callable[[Connection], object]) -> tuple[int | None, str | None]:
    _seven_events(engine)
    with writing(engine) as conn:
        _disarm(conn)
        change(conn)
    with reading(engine) as conn:
        found = verify(conn)
    assert not found.sound
    return found.first_bad, found.problem


@pytest.mark.parametrize("forgery", FORGERIES)
def test_verify_names_the_first_position_that_was_changed(engine: Engine, forgery: str) -> None:
    first_bad, _ = _forge(engine, lambda conn: conn.exec_driver_sql(FORGERIES[forgery]))
    assert first_bad == BAD


@pytest.mark.parametrize("column", BYTES)
@pytest.mark.parametrize("place", [0, 31])
def test_verify_sees_one_flipped_bit_in_a_hash_or_salt(
    engine: Engine, column: str, place: int
) -> None:
    table = "event_payload" if column == "salt" else "event"

    def flip(conn: Connection) -> None:
        where = f"FROM {table} WHERE position = {BAD}"
        kept = bytearray(conn.execute(text(f"SELECT {column} {where}")).scalar_one())
        kept[place] ^= 1
        statement = text(f"UPDATE {table} SET {column} = :kept WHERE position = {BAD}")
        conn.execute(statement, {"kept": bytes(kept)})

    assert _forge(engine, flip)[0] == BAD


@pytest.mark.parametrize("position", range(1, 8))
def test_verify_misses_no_event_that_is_gone(engine: Engine, position: int) -> None:
    first_bad, problem = _forge(
        engine, lambda conn: conn.exec_driver_sql(f"DELETE FROM event WHERE position = {position}")
    )
    assert first_bad == position
    assert "missing" in (problem or "")


@pytest.mark.parametrize(
    "change",
    [
        "position = position + 1",
        "position = position - 1",
        "recorded_at = recorded_at + 1",
        "frontier = substr(frontier, 2)",
    ],
)
def test_verify_sees_a_changed_head(engine: Engine, change: str) -> None:
    first_bad, _ = _forge(
        engine, lambda conn: conn.exec_driver_sql(f"UPDATE log_head SET {change}")
    )
    assert first_bad in {7, 8}


def test_verify_sees_events_beyond_the_head(engine: Engine) -> None:
    def slip_in(conn: Connection) -> None:
        rows = conn.execute(text("SELECT * FROM event WHERE position = 7")).mappings().one()
        names = [str(name) for name in rows]
        row = dict(rows) | {"position": 8, "event_id": "slipped in", "stream_version": 8}
        statement = f"INSERT INTO event ({', '.join(names)}) VALUES (:{', :'.join(names)})"
        conn.execute(text(statement), row)

    assert _forge(engine, slip_in)[0] == 8


def test_an_erased_event_keeps_its_envelope(engine: Engine) -> None:
    (one,) = append(engine, draft("one"))
    append(engine, draft("erasure", type="event.erased", target=one.event_id))
    with writing(engine) as conn:
        conn.exec_driver_sql("DELETE FROM event_payload WHERE position = 1")
        _disarm(conn)
        conn.exec_driver_sql("UPDATE event SET recorded_by = 'forger' WHERE position = 1")
    with reading(engine) as conn:
        assert verify(conn).first_bad == 1


def test_positions_come_in_the_order_of_commit(engine: Engine) -> None:
    for number in range(5):
        append(engine, draft(f"{number}"))
    with reading(engine) as conn:
        stored = log.after(conn, 0, 9)
    assert all(a.position + 1 == b.position for a, b in pairwise(stored))
    assert all(a.recorded_at < b.recorded_at for a, b in pairwise(stored))

"""A log that is exported and restored is the same log; a file that is not whole changes nothing."""

import io
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import Engine, text

from registry.app import create_app
from registry.domain.errors import Conflict, Invalid
from registry.ingest.restoring import restore
from registry.projections.rebuild import rebuild
from registry.settings import Settings
from registry.store.engine import reading
from registry.store.exporting import canonical
from registry.store.merkle import grown, leaf_hash, payload_hash, root
from registry.store.verify import verify
from tests.api.desk import Desk
from tests.conftest import ENGINES
from tests.exports.conftest import Make, exported, filled
from tests.store.given import tell

QUESTIONS = 100
BOTH_WAYS = pytest.mark.parametrize(("here", "there"), [ENGINES, ENGINES[::-1]])


@BOTH_WAYS
def test_a_log_restored_on_the_other_engine_is_the_same_log_with_the_same_answers(
    store_of: Make, dice: random.Random, here: str, there: str
) -> None:
    first, second = store_of(here), store_of(there)
    filled(first)
    log = exported(first)
    done = restore(second, io.BytesIO(log))
    rebuild(second, accept=True)
    assert exported(second) == log
    for table, order in (("event_tag", "tag, position"), ("event", "position")):
        assert _rows(first, table, order) == _rows(second, table, order)
    with reading(second) as conn:
        sound = verify(conn)
    assert sound.sound
    assert (sound.positions, sound.root) == (done.positions, done.root)
    asked = _questions(dice, done.positions)
    assert _answers(first, asked) == _answers(second, asked)


def _rows(engine: Engine, table: str, order: str) -> list[tuple[Any, ...]]:
    with engine.connect() as conn:
        rows = conn.execute(text(f"SELECT * FROM {table}"))
        names = order.split(", ")
        return sorted(
            (tuple(bytes(v) if isinstance(v, memoryview) else v for v in row) for row in rows),
            key=lambda row: [row[list(rows.keys()).index(name)] for name in names],
        )


def _questions(dice: random.Random, head: int) -> list[str]:
    parties = ["BOL", "USA", "IRN", "VEN", "CHN", "CSK", "US-DEA"]
    agreements = ["un-single-convention-1961-as-amended", "bol-irn-2012-counternarcotics"]
    asked: list[str] = []
    while len(asked) < QUESTIONS:
        one, other = dice.sample(parties, 2)
        path = dice.choice(
            [
                f"/relations/{one}/{other}",
                f"/relations/{one}/{other}/timeline",
                f"/parties/{one}",
                f"/parties/{one}/agreements",
                f"/agreements/{dice.choice(agreements)}/parties",
                "/events",
            ]
        )
        day = f"{dice.randint(1900, 2025)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        threshold = dice.choice(["confirmed", "reported", "alleged"])
        known = dice.randint(head // 2, head)
        asked.append(f"/api/v1{path}?as_of={day}&known_at=@{known}&confidence={threshold}")
    return asked


def _answers(engine: Engine, urls: list[str]) -> list[bytes]:
    app = create_app(Settings(engine.url.render_as_string(hide_password=False)))
    desk = Desk(app, app.extensions["registry"])
    try:
        found = [desk.get(url) for url in urls]
        assert {each.status_code for each in found} <= {200, 404}
        return [each.data for each in found]
    finally:
        desk.engine.dispose()


def test_an_empty_log_is_restored_as_an_empty_log(store_of: Make) -> None:
    first, second = store_of("sqlite"), store_of("sqlite")
    log = exported(first)
    assert log.count(b"\n") == 1
    assert restore(second, io.BytesIO(log)).positions == 0
    assert exported(second) == log


def test_what_is_recorded_after_a_restore_goes_on_where_the_log_ended(
    engine: Engine, log_file: Path
) -> None:
    done = restore(engine, io.BytesIO(log_file.read_bytes()))
    rebuild(engine, accept=True)
    (new,) = tell(
        engine, {"type": "relations.severed", "parties": ["BOL", "CHN"], "occurred": "1990"}
    )
    assert (new.position, new.stream_version) == (done.positions + 1, 2)
    with reading(engine) as conn:
        assert verify(conn).sound
    assert rebuild(engine).differences == ()


def test_a_store_that_is_not_empty_takes_no_log(engine: Engine, log_file: Path) -> None:
    tell(engine, {"type": "party.recorded", "party": "BOL", "kind": "state", "name": "Bolivia"})
    before = exported(engine)
    with pytest.raises(Conflict, match="already holds 1 events"):
        restore(engine, io.BytesIO(log_file.read_bytes()))
    assert exported(engine) == before


def _with(line: bytes, **changed: Any) -> bytes:
    return canonical(orjson.loads(line) | changed)


def _leaf(line: dict[str, Any]) -> bytes:
    kept = line.keys() - {"data", "salt", "leaf_hash", "moment", "tags"}
    return leaf_hash({name: line[name] for name in kept})


def _other_content(lines: list[bytes]) -> list[bytes]:
    data = orjson.loads(lines[6])["data"].replace('"confidence"', '"note":"x","confidence"')
    return [*lines[:6], _with(lines[6], data=data), *lines[7:]]


def _forged(lines: list[bytes]) -> list[bytes]:
    """Another content with hashes that fit it: only the root of the whole can tell."""
    line = orjson.loads(lines[-2])
    line["data"] = line["data"].replace("a rumour", "a humour")
    line["payload_hash"] = payload_hash(bytes.fromhex(line["salt"]), line["data"]).hex()
    line["leaf_hash"] = _leaf(line).hex()
    return [*lines[:-2], canonical(line), lines[-1]]


def _without_parties(lines: list[bytes]) -> list[bytes]:
    """Whole and sealed in every hash, but its content is none that the type could have."""
    frontier = b""
    made = []
    for at, each in enumerate(lines[:-1]):
        line = orjson.loads(each)
        if at == 8:
            line["data"] = '{"nobody":1}'
            line["payload_hash"] = payload_hash(bytes.fromhex(line["salt"]), line["data"]).hex()
            line["leaf_hash"] = _leaf(line).hex()
        frontier = grown(frontier, at, bytes.fromhex(line["leaf_hash"]))
        made.append(canonical(line))
    seal = orjson.loads(lines[-1])
    seal["end_of_log"]["root"] = root(frontier).hex()
    return [*made, canonical(seal)]


DAMAGE: dict[str, tuple[Callable[[list[bytes]], list[bytes]], str]] = {
    "cut at a line": (lambda lines: lines[:40], "ends after line 40 .* cut short"),
    "cut within a line": (lambda lines: [*lines[:40], lines[40][:50]], "line 41 is cut short"),
    "without its last line feed": (lambda lines: [*lines[:-1], lines[-1][:-1]], "line feed"),
    "a line left out": (lambda lines: lines[:9] + lines[10:], "line 10 is at position 11"),
    "a line twice": (lambda lines: [*lines[:9], lines[8], *lines[9:]], "line 10 is at position 9"),
    "other content": (_other_content, "line 7 has other content"),
    "another envelope": (
        lambda lines: [_with(lines[0], recorded_by="somebody"), *lines[1:]],
        "line 1 has another envelope",
    ),
    "another moment": (
        lambda lines: [_with(lines[0], moment=1), *lines[1:]],
        "line 2 was recorded before",
    ),
    "another time": (
        lambda lines: [*lines[:2], _with(lines[2], recorded_at=5), *lines[3:]],
        "line 3 is of another moment",
    ),
    "erased by nobody": (
        lambda lines: [_with(lines[0], data=None, salt=None, tags=[]), *lines[1:]],
        "line 1 has no content",
    ),
    "forged with its hashes": (_forged, "another root hash"),
    "content of no type": (_without_parties, "line 9 has content that is no"),
    "another version of a stream": (
        lambda lines: [_with(lines[0], stream_version=2), *lines[1:]],
        "line 1 is version 2",
    ),
    "an unknown type": (
        lambda lines: [_with(lines[0], type="war.declared"), *lines[1:]],
        "line 1 is of a type that is not known here: 'war.declared'",
    ),
    "a field too many": (lambda lines: [_with(lines[0], more=1), *lines[1:]], "fields more"),
    "a number as text": (lambda lines: [_with(lines[0], moment="9"), *lines[1:]], "no good moment"),
    "written otherwise": (
        lambda lines: [lines[0].replace(b'":', b'": ', 1), *lines[1:]],
        "line 1 is not written as",
    ),
    "something behind it": (lambda lines: [*lines, lines[0]], "something follows line"),
    "another format": (
        lambda lines: [*lines[:-1], canonical({"end_of_log": {"format": 99}})],
        "of another format",
    ),
    "binary": (lambda lines: [b"PK\x03\x04\x00\xff\xfe" * 9, *lines], "line 1 is no JSON"),
    "another encoding": (
        lambda lines: [b"".join(lines).decode().encode("utf-16")],
        "line 1 is no JSON",
    ),
    "another table": (lambda _: [b"[1,2]\n"], "line 1 is no event"),
    "nothing": (lambda _: [], "ends after line 0"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_file_is_refused_by_line_and_nothing_is_kept(
    engine: Engine, log_file: Path, name: str
) -> None:
    damage, words = DAMAGE[name]
    damaged = b"".join(damage(log_file.read_bytes().splitlines(keepends=True)))
    before = exported(engine)
    with pytest.raises(Invalid, match=words) as refused:
        restore(engine, io.BytesIO(damaged))
    assert "\n" not in refused.value.message
    assert exported(engine) == before


def test_an_event_id_that_stands_twice_is_refused(engine: Engine, log_file: Path) -> None:
    """With every hash right: then only the store can tell."""
    lines = log_file.read_bytes().splitlines(keepends=True)[:-1]
    frontier = b""
    made = []
    for at, each in enumerate(lines):
        line = orjson.loads(each)
        if at == 5:
            line["event_id"] = orjson.loads(lines[4])["event_id"]
        leaf = _leaf(line)
        line["leaf_hash"] = leaf.hex()
        frontier = grown(frontier, at, leaf)
        made.append(canonical(line))
    seal = {"format": 1, "count": len(made), "root": root(frontier).hex(), "rules": 1}
    made.append(canonical({"end_of_log": seal}))
    with pytest.raises(Invalid, match="stands twice"):
        restore(engine, io.BytesIO(b"".join(made)))


def test_a_line_without_end_is_given_up(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("registry.ingest.restoring.LONGEST", 1_000)
    with pytest.raises(Invalid, match="line 1 is longer than 1000 bytes"):
        restore(engine, io.BytesIO(b'{"position":' + b" " * 5_000))


def test_an_erased_event_stays_erased_and_is_still_found(store_of: Make) -> None:
    first, second = store_of("sqlite"), store_of("postgresql")
    (told,) = tell(
        first, {"type": "party.recorded", "party": "BOL", "kind": "state", "name": "Bolivia"}
    )
    line, seal = exported(first).splitlines(keepends=True)
    gone = orjson.loads(line) | {"data": None, "salt": None, "tags": ["party:BOL"]}
    erased = orjson.loads(line) | {
        "position": 2,
        "event_id": "11111111-1111-4111-8111-111111111111",
        "type": "event.erased",
        "stream_version": 2,
        "moment": 2,
        "recorded_at": gone["recorded_at"] + 1,
        "target": told.event_id,
        "data": f'{{"target":"{told.event_id}","reason":"asked for","confidence":"reported"}}',
    }
    erased["payload_hash"] = payload_hash(bytes.fromhex(erased["salt"]), erased["data"]).hex()
    erased["leaf_hash"] = _leaf(erased).hex()
    leaves = [bytes.fromhex(each["leaf_hash"]) for each in (gone, erased)]
    top = root(grown(grown(b"", 0, leaves[0]), 1, leaves[1])).hex()
    said = orjson.loads(seal)["end_of_log"] | {"count": 2, "root": top}
    log = canonical(gone) + canonical(erased) + canonical({"end_of_log": said})
    restore(second, io.BytesIO(log))
    assert exported(second) == log
    with reading(second) as conn:
        assert verify(conn).sound

"""An exported log put into an empty store: checked line by line, and kept whole or not at all."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Final, Protocol

import orjson
from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from registry import codec
from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.dates import parse
from registry.domain.errors import Conflict, Invalid
from registry.domain.events.register import EventAmended
from registry.domain.tags import tags_of
from registry.projections.searching import enter_words
from registry.store import log
from registry.store.bulk import insert_rows
from registry.store.engine import writing
from registry.store.exporting import ENVELOPE, FORMAT, LINE, SEAL, canonical
from registry.store.merkle import ENVELOPE as LEAF
from registry.store.merkle import completed, grown, leaf_hash, payload_hash, root
from registry.store.tables import event, event_payload, event_tag, log_head, tree_node

LONGEST: Final = 64 * 1024 * 1024
"""No line is longer: an event is taken up to 10 MB."""
_CHUNK: Final = 2_000
_NUMBERS: Final = ("position", "stream_version", "type_version", "moment", "recorded_at")
_OPTIONAL: Final = ("reviewed_by", "occurred", "effective", "target", "salt", "data")
_SIZES: Final = {"stream": 200, "type": 80, "recorded_by": 200, "event_id": 36, "target": 36}

Progress = Callable[[int], None]
"""Called with the number of bytes read."""
Line = dict[str, Any]


class Source(Protocol):
    """What is read line by line, as a file is."""

    def readline(self, limit: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Restored:
    positions: int
    root: str


def restore(engine: Engine, file: BinaryIO, progress: Progress = lambda _at: None) -> Restored:
    """Take in a whole export, in one transaction; projections are for a rebuild to make.

    Conflict where the store is not empty; Invalid, naming the line, for the first thing wrong.
    """
    with writing(engine) as conn:
        done, number = take_in(conn, file, progress)
        _nothing_after(file, number)
    return done


def take_in(
    conn: Connection, file: Source, progress: Progress = lambda _at: None
) -> tuple[Restored, int]:
    """Put the log at the head of the file into the store, and read no further than its last line,
    whose number comes with it. The transaction is the caller's, and so are the projections.

    Conflict and Invalid as `restore` has them.
    """
    log.hold(conn)
    if (there := log.head(conn).position) > 0:
        raise Conflict(
            f"the register already holds {there} events: a log is restored into an empty one "
            "(`registry migrate` makes it)"
        )
    walk = _Walk()
    chunk: list[tuple[Line, Event | None]] = []
    for number, text in _lines(file, progress):
        line = _read(number, text)
        if SEAL in line:
            _put(conn, chunk, number)
            walk.end(line[SEAL], number)
            break
        chunk.append((line, walk.step(line, number)))
        if len(chunk) >= _CHUNK:
            _put(conn, chunk, number)
            chunk = []
    else:
        raise Invalid(f"it ends after line {walk.at} without its last line: it was cut short")
    insert_rows(conn, tree_node, log.NODE, walk.nodes)
    conn.execute(
        update(log_head).values(
            position=walk.at, recorded_at=walk.recorded_at, frontier=walk.frontier
        )
    )
    return Restored(walk.at, root(walk.frontier).hex()), number


def _lines(file: Source, progress: Progress) -> Iterator[tuple[int, bytes]]:
    read = 0
    number = 0
    while text := file.readline(LONGEST + 1):
        number += 1
        if len(text) > LONGEST:
            raise Invalid(f"line {number} is longer than {LONGEST} bytes: this is no export")
        read += len(text)
        if number % 500 == 0:
            progress(read)
        yield number, text
    progress(read)


def _read(number: int, text: bytes) -> Line:
    try:
        line = orjson.loads(text)
    except orjson.JSONDecodeError:
        if not text.endswith(b"\n") and number > 1:
            raise Invalid(f"line {number} is cut short: it is no JSON") from None
        hint = " (expected a file that `registry export` wrote)" if number == 1 else ""
        raise Invalid(f"line {number} is no JSON{hint}") from None
    if not isinstance(line, dict) or not (SEAL in line or "position" in line):
        raise Invalid(f"line {number} is no event (expected a line that `registry export` wrote)")
    if not text.endswith(b"\n"):
        raise Invalid(f"line {number} is cut short: its line feed is missing")
    if canonical(line) != text:
        raise Invalid(f"line {number} is not written as an export writes it: it was edited")
    return line


def _nothing_after(file: BinaryIO, number: int) -> None:
    if file.read(1):
        raise Invalid(f"something follows line {number}, which says that the log ends there")


@dataclass
class _Walk:
    """How far the log is, and what the next line has to fit."""

    at: int = 0
    moment: int = 0
    recorded_at: int = 0
    frontier: bytes = b""
    versions: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)
    nodes: list[tuple[int, int, bytes]] = field(default_factory=list)

    def step(self, line: Line, number: int) -> Event | None:
        """Check the line against those before it; its event, None where the content is erased."""
        _check_form(line, number)
        self._check_place(line, number)
        made = _content(line, number)
        leaf = _check_hashes(line, number)
        self.nodes += completed(self.frontier, self.at, leaf)
        self.frontier = grown(self.frontier, self.at, leaf)
        self.at += 1
        self.moment, self.recorded_at = line["moment"], line["recorded_at"]
        self.versions[line["stream"]] = line["stream_version"]
        if line["data"] is None:
            self.gone[line["event_id"]] = number
        if line["type"] == "event.erased":
            self.gone.pop(line["target"] or "", None)
        return made

    def _check_place(self, line: Line, number: int) -> None:
        if line["position"] != self.at + 1:
            raise Invalid(
                f"line {number} is at position {line['position']}, expected {self.at + 1}"
            )
        version = self.versions.get(line["stream"], 0) + 1
        if line["stream_version"] != version:
            raise Invalid(
                f"line {number} is version {line['stream_version']} of {line['stream']}, "
                f"expected {version}"
            )
        begins = self.at == self.moment
        if begins and not (line["moment"] > self.at and line["recorded_at"] > self.recorded_at):
            raise Invalid(f"line {number} was recorded before the one before it")
        if not begins and (line["moment"], line["recorded_at"]) != (self.moment, self.recorded_at):
            raise Invalid(f"line {number} is of another moment in the midst of a transaction")

    def end(self, seal: Any, number: int) -> None:
        """Hold what was read against the last line."""
        if not isinstance(seal, dict) or seal.get("format") != FORMAT:
            raise Invalid(f"line {number} is of another format than {FORMAT}, which is read here")
        if seal.get("count") != self.at:
            raise Invalid(f"line {number} counts {seal.get('count')} events, {self.at} were read")
        if seal.get("root") != root(self.frontier).hex():
            raise Invalid(f"line {number} has another root hash than the events before it")
        if self.at != self.moment:
            raise Invalid(f"line {number} ends the log in the midst of a transaction")
        for event_id, at in self.gone.items():
            raise Invalid(f"line {at} has no content, but nothing says that {event_id} was erased")


def _check_form(line: Line, number: int) -> None:
    fields = LINE | {"tags"} if line.get("data") is None else LINE
    if line.keys() != fields:
        wrong = sorted(fields ^ line.keys())
        raise Invalid(f"line {number} lacks, or has too many of, the fields {', '.join(wrong)}")
    for name, value in line.items():
        if name in _NUMBERS:
            good = type(value) is int and 0 < value < 2**53
        elif name == "tags":
            good = isinstance(value, list) and all(isinstance(each, str) for each in value)
        else:
            good = isinstance(value, str) or (value is None and name in _OPTIONAL)
            good = good and len(value or "") <= _SIZES.get(name, LONGEST)
        if not good or (isinstance(value, str) and "\x00" in value):
            raise Invalid(f"line {number} has no good {name}: {str(value)[:60]!r}")
    if (line["salt"] is None) != (line["data"] is None):
        raise Invalid(f"line {number} has a salt without content, or content without a salt")


def _check_hashes(line: Line, number: int) -> bytes:
    """The leaf of the event, once its content and its envelope are as they were recorded."""
    data = line["data"]
    if (
        data is not None
        and payload_hash(_bytes(line, "salt", number), data).hex() != (line["payload_hash"])
    ):
        raise Invalid(f"line {number} has other content than was recorded: its hash differs")
    envelope = {name: line[name] for name in LEAF} | {"payload_hash": line["payload_hash"]}
    leaf = leaf_hash(envelope)
    if leaf.hex() != line["leaf_hash"]:
        raise Invalid(f"line {number} has another envelope than was recorded: its hash differs")
    return leaf


def _bytes(line: Line, name: str, number: int) -> bytes:
    try:
        found = bytes.fromhex(line[name])
    except ValueError:
        found = b""
    if len(found) != hashlib.sha256().digest_size or found.hex() != line[name]:
        raise Invalid(f"line {number} has no good {name}: {line[name][:60]!r}")
    return found


def _content(line: Line, number: int) -> Event | None:
    _bytes(line, "payload_hash", number)
    name, version = line["type"], line["type_version"]
    if name not in CATALOGUE:
        raise Invalid(f"line {number} is of a type that is not known here: {name[:60]!r}")
    if version > CATALOGUE[name].VERSION:
        raise Invalid(f"line {number} is {name} of version {version}, newer than is known here")
    try:
        if line["occurred"] is not None:
            parse(line["occurred"])
        if line["data"] is None:
            return None
        return codec.restored(name, version, line["data"])
    except (Invalid, KeyError, TypeError, ValueError, AttributeError):
        raise Invalid(f"line {number} has content that is no {name}") from None


def _put(conn: Connection, chunk: list[tuple[Line, Event | None]], number: int) -> None:
    if not chunk:
        return
    tags = _tags(conn, chunk, number)
    try:
        conn.execute(insert(event), [_row(line) for line, _ in chunk])
    except IntegrityError:
        raise Invalid(f"up to line {number}, an event id stands twice") from None
    payloads = [
        {
            "position": line["position"],
            "salt": bytes.fromhex(line["salt"]),
            "data": line["data"],
        }
        for line, _ in chunk
        if line["data"] is not None
    ]
    if payloads:
        conn.execute(insert(event_payload), payloads)
    rows = [
        {"tag": tag, "position": line["position"]}
        for line, _ in chunk
        for tag in sorted(tags[line["event_id"]])
    ]
    if rows:
        conn.execute(insert(event_tag), rows)
    enter_words(conn, ((line["position"], made) for line, made in chunk if made is not None))


def _row(line: Line) -> dict[str, Any]:
    date = parse(line["occurred"]) if line["occurred"] is not None else None
    return {name: line[name] for name in ENVELOPE} | {
        "payload_hash": bytes.fromhex(line["payload_hash"]),
        "leaf_hash": bytes.fromhex(line["leaf_hash"]),
        "occurred_lo": date.earliest if date else None,
        "occurred_hi": date.latest if date else None,
    }


def _tags(
    conn: Connection, chunk: Iterable[tuple[Line, Event | None]], number: int
) -> Mapping[str, frozenset[str]]:
    """By event, what it is filed under, as `registry.record` files it."""
    lines = list(chunk)
    targets = {line["target"] for line, _ in lines if line["target"] is not None}
    found = _stored_tags(conn, targets)
    for line, made in lines:
        tags = frozenset(line["tags"]) if made is None else tags_of(made)
        if isinstance(made, EventAmended):
            tags |= tags_of(codec.content(made.event))
        if made is not None and (target := line["target"]) is not None:
            if target not in found:
                raise Invalid(
                    f"up to line {number}, an event corrects {target}, which is not there"
                )
            tags |= found[target]
        found[line["event_id"]] = tags
    return found


def _stored_tags(conn: Connection, event_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    wanted = sorted(event_ids)
    found: dict[str, set[str]] = {}
    for at in range(0, len(wanted), log.CHUNK):
        for event_id, tag in conn.execute(
            select(event.c.event_id, event_tag.c.tag)
            .outerjoin(event_tag, event.c.position == event_tag.c.position)
            .where(event.c.event_id.in_(wanted[at : at + log.CHUNK]))
        ):
            found.setdefault(event_id, set()).update([tag] if tag is not None else ())
    return {event_id: frozenset(tags) for event_id, tags in found.items()}

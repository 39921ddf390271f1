"""Check the log against itself: every byte re-hashed, nothing missing, nothing out of order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from registry.domain.dates import parse
from registry.store import direct, log
from registry.store.among import among, parameter
from registry.store.checkpoints import kept
from registry.store.log import Head
from registry.store.merkle import TILE, completed, grown, leaf_hash, payload_hash, root
from registry.store.notes import Checkpoint
from registry.store.tables import event, event_payload, tree_node

CHUNK = 5_000
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Verified:
    """`first_bad`: the first position that is wrong, and `problem` what is wrong there."""

    positions: int
    root: str
    first_bad: int | None = None
    problem: str | None = None

    @property
    def sound(self) -> bool:
        return self.problem is None


def verify(
    conn: Connection,
    progress: Progress = lambda _at, _of: None,
    against: Sequence[Checkpoint] = (),
) -> Verified:
    """Walk the whole log; stops at the first thing that is wrong.

    `conn` sees one snapshot: what is appended meanwhile would look like too much. `against`:
    checkpoints kept elsewhere; those that are kept here are always looked at.
    """
    head = log.head(conn)
    walk = _Walk(_nodes(conn), _roots([*kept(conn), *against]), _erased(conn))
    found = walk.begin()
    for rows in direct.stream(conn, _EVENTS, {}, CHUNK):
        for each in rows:
            if (found := found or walk.step(_Row(*each))) is not None:
                return walk.verified(found)
        progress(walk.at, head.position)
    return walk.verified(found or walk.end(head))


Bad = tuple[int, str]
"""The first position that is wrong, and what is wrong there."""


def first_changed(conn: Connection, positions: Sequence[int]) -> Bad | None:
    """The first of these events, in order, that is not as it was recorded by its own hashes."""
    erased = _erased(conn)
    chosen = _EVENTS.where(among(conn, event.c.position))
    for at in range(0, len(positions), CHUNK):
        said = {"keys": parameter(conn, positions[at : at + CHUNK])}
        for each in conn.execute(chosen, said):
            if problem := _changed(row := _Row(*each), erased):
                return row.position, problem
    return None


@dataclass
class _Walk:
    """How far the log is, and what was not yet met of what is kept of its tree.

    `nodes`: by level and place; `signed`: by size, names of checkpoints and their roots.
    """

    nodes: dict[tuple[int, int], bytes]
    signed: dict[int, list[tuple[str, bytes]]]
    erased: frozenset[str]
    at: int = 0
    recorded_at: int = 0
    frontier: bytes = b""
    versions: dict[str, int] = field(default_factory=dict)
    told: dict[int, int] = field(default_factory=dict)

    def verified(self, found: Bad | None) -> Verified:
        return Verified(self.at, root(self.frontier).hex(), *(found or ()))

    def begin(self) -> Bad | None:
        return self._signed_otherwise()

    def step(self, row: "_Row") -> Bad | None:
        """Go on to the next event."""
        version = self.versions.get(row.stream, 0)
        problem = _wrong(row, self.at, version, self.recorded_at, self.erased)
        if problem:
            return self.at + 1, problem
        if row.recorded_at != self.recorded_at:
            if found := _wrong_moment(self.told, self.at):
                return found
            self.told = {}
        self.told.setdefault(row.moment, row.position)
        leaf = bytes(row.leaf_hash)
        if row.position % TILE == 0:
            for level, place, made in completed(self.frontier, self.at, leaf):
                if self.nodes.pop((level, place), None) != made:
                    return row.position, f"the kept hash {level}/{place} is not the tree's"
        self.frontier = grown(self.frontier, self.at, leaf)
        self.versions[row.stream] = row.stream_version
        self.at, self.recorded_at = row.position, row.recorded_at
        return self._signed_otherwise() if self.at in self.signed else None

    def end(self, head: Head) -> Bad | None:
        """What is wrong with where the log ends."""
        if self.at < head.position:
            return self.at + 1, "missing"
        if found := _wrong_moment(self.told, self.at):
            return found
        if self.at > head.position:
            return head.position + 1, "beyond the head of the log"
        if self.frontier != head.frontier:
            return self.at, "the head's frontier is not that of the log"
        if self.recorded_at != head.recorded_at:
            return self.at, "the head does not fit the last event"
        if self.nodes:
            return self.at, f"hashes are kept of a tree that is larger, first {min(self.nodes)}"
        if self.signed:
            size = min(self.signed)
            return self.at + 1, f"missing: {self.signed[size][0][0]} goes beyond the head"
        return None

    def _signed_otherwise(self) -> Bad | None:
        made = root(self.frontier)
        for name, expected in self.signed.pop(self.at, ()):
            if expected != made:
                return self.at, f"the root hash is not the one in {name}"
        return None


def _roots(every: Sequence[Checkpoint]) -> dict[int, list[tuple[str, bytes]]]:
    """By size, what each checkpoint is called and its root hash."""
    found: dict[int, list[tuple[str, bytes]]] = {}
    for each in every:
        called = f"the checkpoint of {each.size} events"
        found.setdefault(each.size, []).append((called, each.root))
    return found


def _nodes(conn: Connection) -> dict[tuple[int, int], bytes]:
    rows = direct.rows(conn, select(tree_node), {})
    return {(level, place): bytes(made) for level, place, made in rows}


def _erased(conn: Connection) -> frozenset[str]:
    """The events whose content may be gone."""
    named = select(event.c.target).where(event.c.type == "event.erased")
    return frozenset(conn.execute(named).scalars())


class _Row(NamedTuple):
    position: int
    event_id: str
    stream: str
    stream_version: int
    type: str
    type_version: int
    occurred: str | None
    effective: str | None
    recorded_at: int
    recorded_by: str
    reviewed_by: str | None
    target: str | None
    payload_hash: bytes
    leaf_hash: bytes
    moment: int
    occurred_lo: int | None
    occurred_hi: int | None
    salt: bytes | None
    data: str | None


_EVENTS: Final = (
    select(
        *(
            event_payload.c[name] if name in ("salt", "data") else event.c[name]
            for name in _Row._fields
        )
    )
    .select_from(event.outerjoin(event_payload, event.c.position == event_payload.c.position))
    .order_by(event.c.position)
)


def _wrong(
    row: _Row, at: int, version: int, recorded_at: int, erased: frozenset[str]
) -> str | None:
    """What is wrong with the row that should be at position `at` + 1."""
    if row.position != at + 1:
        return f"missing: the next event is at {row.position}"
    if row.stream_version != version + 1:
        return f"{row.stream} goes from version {version} to {row.stream_version}"
    if row.recorded_at < recorded_at:
        return "recorded before the one before it"
    return _changed(row, erased)


def _changed(row: _Row, erased: frozenset[str]) -> str | None:
    """What of the row is not as it was recorded."""
    if row.data is None or row.salt is None:
        if row.event_id not in erased:
            return "its content is gone"
    elif payload_hash(bytes(row.salt), row.data) != bytes(row.payload_hash):
        return "its content is not what was recorded"
    envelope = dict(zip(_LEAF, row, strict=False))
    envelope["payload_hash"] = bytes(row.payload_hash).hex()
    if leaf_hash(envelope) != bytes(row.leaf_hash):
        return "its envelope is not what was recorded"
    days = _days(row.occurred) if row.occurred else (None, None)
    if (row.occurred_lo, row.occurred_hi) != days:
        return f"its days are not those of {row.occurred}"
    return None


_LEAF: Final = _Row._fields[: _Row._fields.index("leaf_hash")]


@lru_cache(maxsize=100_000)
def _days(date: str) -> tuple[int, int]:
    found = parse(date)
    return found.earliest, found.latest


def _wrong_moment(told: Mapping[int, int], last: int) -> tuple[int, str] | None:
    """`told`: the moments of one transaction, which shares `recorded_at`, with their first places.

    The moment is in no hash; it is the last position of those recorded at the same instant.
    """
    places = [place for moment, place in told.items() if moment != last]
    return (min(places), "its moment is not the end of its transaction") if places else None

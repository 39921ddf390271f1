"""Run a profile: record what its rows say, once, and account for every row.

The rows are read twice: first to the end, so that a file which turns out to be none is refused
before anything is written; then chunk by chunk, each chunk one transaction and one moment of
knowledge. Event ids are the same in every run, so whatever was broken off is taken up again.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Connection, Engine

from registry import codec
from registry.domain import dates
from registry.domain.catalogue import Event
from registry.domain.errors import Invalid, Problems, RegistryError
from registry.domain.events.register import EventAmended
from registry.ingest.files import Row
from registry.ingest.names import Names, read_aliases
from registry.ingest.profile import (
    Act,
    Held,
    Profile,
    Reading,
    Refused,
    Said,
    There,
    event_id,
)
from registry.projections.collecting import seldom_collecting
from registry.projections.directory import Directory
from registry.projections.write import live_generation
from registry.record import Submission, record
from registry.store import log
from registry.store.engine import reading, writing
from registry.store.log import Stored

CHUNK: Final = 2_000
"""About so many events a transaction."""

IMPORTED, PRESENT, HELD, REFUSED = "imported", "already there", "held", "refused"
STATES: Final = (IMPORTED, PRESENT, HELD, REFUSED)
_WORST: Final = (REFUSED, HELD, IMPORTED, PRESENT)
_PREFIX: Final = re.compile(r"act(\d+): ")

Progress = Callable[[int, int], None]
"""Called with the rows done and their number."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the report: what became of one thing that a row says."""

    file: str
    line: int
    status: str
    type: str = ""
    event_id: str = ""
    column: str = ""
    verbatim: str = ""
    reason: str = ""
    suggestions: str = ""


Report = Callable[[Line], None]


@dataclass
class Imported:
    """`rows`: by state; each row is in one, the worst of what it says. `events`: recorded now,
    and there already.
    """

    rows: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    total: int = 0

    @property
    def adds_up(self) -> bool:
        return sum(self.rows.values()) == self.total


def run(
    engine: Engine,
    profile: Profile,
    folder: Path,
    *,
    recorded_by: str = "",
    aliases_in: Path | None = None,
    dry_run: bool = False,
    amend: bool = False,
    report: Report = lambda _line: None,
    progress: Progress = lambda _at, _of: None,
    done: Imported | None = None,
) -> Imported:
    """Take in the dataset; `dry_run` does the very same and keeps nothing.

    Invalid for a file that is missing or no table. `done` is counted up as chunks are recorded,
    for whoever breaks it off.
    """
    for each in profile.files:
        if not each.optional and not (folder / each.name).is_file():
            raise Invalid(f"{folder.name or folder}: there is no file {each.name}")
    done = Imported() if done is None else done
    started = _reading(engine, profile, folder, aliases_in)
    total = 0
    for _ in profile.read(started):
        total += 1
        progress(0, total)
    run_ = _Run(profile, recorded_by or f"import:{profile.name}", amend, report, done)
    with seldom_collecting(), _transactions(engine, dry_run=dry_run) as transaction:
        with transaction() as conn:
            run_.sources(conn)
        for chunk in _chunks(profile.read(started)):
            with transaction() as conn:
                lines = run_.chunk(conn, chunk)
            run_.count(chunk, lines)
            done.total += len(chunk)
            progress(done.total, total)
    return done


def _reading(engine: Engine, profile: Profile, folder: Path, aliases_in: Path | None) -> Reading:
    with reading(engine) as conn:
        directory = Directory(conn, live_generation(conn), log.head(conn).position)
        parties = directory.all("party")
        agreements = {
            (scheme, number): slug
            for slug, doc in directory.all("agreement").items()
            for scheme, number in doc.get("external_ids", {}).items()
        }
    aliases: Mapping[str, str] = {}
    if profile.aliases and aliases_in is not None:
        aliases = read_aliases(aliases_in / profile.aliases, parties)
    day = dates.parse(profile.names_as_of).latest
    return Reading(profile, folder, Names(parties, day, aliases), agreements)


@contextmanager
def _transactions(
    engine: Engine, *, dry_run: bool
) -> Iterator[Callable[[], AbstractContextManager[Connection]]]:
    """A transaction for each chunk; in a dry run one for all, which is rolled back."""
    if not dry_run:
        yield lambda: writing(engine)
        return
    with writing(engine) as conn:
        yield lambda: nullcontext(conn)
        conn.rollback()


def _chunks(said: Iterator[Said]) -> Iterator[list[Said]]:
    chunk: list[Said] = []
    acts = 0
    for each in said:
        chunk.append(each)
        acts += len(each.outcomes)
        if acts >= CHUNK or each.ends_moment:
            yield chunk
            chunk, acts = [], 0
    if chunk:
        yield chunk


@dataclass
class _Place:
    """An act on its way into the log: where it stands, and as what event."""

    row: Row
    act: Act
    event_id: str
    event: Event

    @cached_property
    def text(self) -> str:
        """Its content as the log keeps it."""
        return codec.stored_text(self.event)


@dataclass
class _Run:
    profile: Profile
    recorded_by: str
    amend: bool
    report: Report
    done: Imported

    def sources(self, conn: Connection) -> None:
        """Record the sources that are not on record, whoever entered them."""
        known = Directory(conn, live_generation(conn), log.head(conn).position)
        on_record = known.docs("source", [str(each["source"]) for each in self.profile.sources])
        new = [
            Submission(
                codec.read({"type": "source.recorded", **each}),
                event_id(self.profile.name, f"source\x1f{each['source']}"),
            )
            for each in self.profile.sources
            if each["source"] not in on_record
        ]
        if new:
            record(conn, new, self.recorded_by)
            self.done.events[IMPORTED] += len(new)

    def chunk(self, conn: Connection, chunk: Sequence[Said]) -> list[list[Line]]:
        """Record what is new; the report's lines of each row."""
        lines: list[list[Line]] = [[] for _ in chunk]
        places: list[tuple[int, _Place]] = []
        for at, said in enumerate(chunk):
            if not said.outcomes:
                raise ValueError(f"{said.row.file}, line {said.row.line}: nothing said of it")
            for outcome in said.outcomes:
                if isinstance(outcome, Act):
                    made = self._place(said.row, outcome)
                    if isinstance(made, Line):
                        lines[at].append(made)
                    else:
                        places.append((at, made))
                else:
                    lines[at].append(_settled(said.row, outcome))
        new = self._new(conn, places, lines)
        self._record(conn, new, lines)
        return lines

    def count(self, chunk: Sequence[Said], lines: Sequence[Sequence[Line]]) -> None:
        """Count the rows of a chunk that is committed, and report them."""
        for said, mine in zip(chunk, lines, strict=True):
            states = {each.status for each in mine}
            self.done.rows[next(state for state in _WORST if state in states)] += 1
            assert len(mine) == len(said.outcomes)  # noqa: S101 - nothing gets lost on the way
            for each in mine:
                if each.event_id and each.status in (IMPORTED, PRESENT):
                    self.done.events[each.status] += 1
                self.report(each)

    def _place(self, row: Row, act: Act) -> "_Place | Line":
        try:
            event = _as_stored(codec.read(act.said))
        except Problems as wrong:
            return _line(row, act, REFUSED, "", _words(wrong.each[0]))
        return _Place(row, act, act.event_id or event_id(self.profile.name, act.key), event)

    def _new(
        self,
        conn: Connection,
        places: Sequence[tuple[int, _Place]],
        lines: list[list[Line]],
    ) -> list[tuple[int, _Place]]:
        """Those that are not in the log: under their id, or as an amendment of it."""
        stored = log.by_ids(conn, {place.event_id for _, place in places})
        changed = [place for _, place in places if _is_changed(place, stored.get(place.event_id))]
        amendments = log.by_ids(conn, {self._amendment_id(place) for place in changed})
        new: dict[str, tuple[int, _Place]] = {}
        for at, place in places:
            there = stored.get(place.event_id)
            if there is None and (twin := new.get(place.event_id)) is not None:
                same = twin[1].text == place.text
                where = f"{twin[1].row.file}, line {twin[1].row.line}"
                reason = f"the same is said in {where}" if same else f"{where} says otherwise"
                lines[at].append(_of(place, PRESENT if same else HELD, reason))
            elif there is None:
                new[place.event_id] = (at, place)
            elif not _is_changed(place, there):
                lines[at].append(_of(place, PRESENT, place.act.remark))
            elif self._amendment_id(place) in amendments:
                lines[at].append(_of(place, PRESENT, "as amended"))
            elif self.amend:
                amended = self._amendment(place)
                new[amended.event_id] = (at, amended)
            else:
                reason = "not as it was recorded (--amend records it as an amendment)"
                lines[at].append(_of(place, HELD, reason))
        return list(new.values())

    def _amendment_id(self, place: _Place) -> str:
        digest = hashlib.sha256(f"{place.event.TYPE}{place.text}".encode()).hexdigest()
        return event_id(self.profile.name, f"{place.act.key}\x1famended\x1f{digest}")

    def _amendment(self, place: _Place) -> _Place:
        event = EventAmended(
            target=place.event_id,
            reason=f"the dataset says otherwise now: {place.row.file}",
            event=codec.stored_content(place.event),
        )
        return _Place(place.row, place.act, self._amendment_id(place), event)

    def _record(
        self, conn: Connection, new: list[tuple[int, _Place]], lines: list[list[Line]]
    ) -> None:
        """Record them all; what the register refuses is named and left out, the rest recorded."""
        while new:
            said = [
                Submission(_wire(place.event), place.event_id, prefix=f"act{n}: ")
                for n, (_, place) in enumerate(new)
            ]
            try:
                with conn.begin_nested():
                    record(conn, said, self.recorded_by)
            except Problems as wrong:
                new = self._without(new, wrong.each, lines)
            except RegistryError as wrong:
                if len(new) == 1:
                    at, place = new[0]
                    lines[at].append(_of(place, REFUSED, str(wrong)))
                    return
                for each in new:
                    self._record(conn, [each], lines)
                return
            else:
                for at, place in new:
                    lines[at].append(_of(place, IMPORTED, place.act.remark))
                return

    def _without(
        self,
        new: list[tuple[int, _Place]],
        problems: Sequence[Invalid],
        lines: list[list[Line]],
    ) -> list[tuple[int, _Place]]:
        wrong: dict[int, Invalid] = {}
        for each in problems:
            found = _PREFIX.match(each.field or "")
            if found is None:
                raise each
            wrong.setdefault(int(found[1]), each)
        for n, each in wrong.items():
            at, place = new[n]
            lines[at].append(_of(place, REFUSED, _words(each)))
        return [each for n, each in enumerate(new) if n not in wrong]


def _is_changed(place: _Place, there: Stored | None) -> bool:
    """Whether the log has it with another content."""
    return there is not None and (there.type, there.data) != (place.event.TYPE, place.text)


def _as_stored(event: Event) -> Event:
    """As it is kept: an amendment carries its content with a version, in the order of storing."""
    if not isinstance(event, EventAmended):
        return event
    return replace(event, event=codec.stored_content(codec.read(_unversioned(event), "event.")))


def _wire(event: Event) -> Event:
    """As it comes over the wire: an amendment carries its content without a version."""
    return replace(event, event=_unversioned(event)) if isinstance(event, EventAmended) else event


def _unversioned(event: EventAmended) -> dict[str, Any]:
    return {name: value for name, value in event.event.items() if name != "type_version"}


def _settled(row: Row, outcome: There | Held | Refused) -> Line:
    status = {There: PRESENT, Held: HELD, Refused: REFUSED}[type(outcome)]
    suggestions = outcome.suggestions if isinstance(outcome, Held) else ()
    return Line(
        file=row.file,
        line=row.line,
        status=status,
        column=outcome.column,
        verbatim=outcome.verbatim,
        reason=outcome.reason,
        suggestions=" ".join(suggestions),
    )


def _of(place: _Place, status: str, reason: str) -> Line:
    return _line(place.row, place.act, status, place.event_id, reason)


def _line(row: Row, act: Act, status: str, id_: str, reason: str) -> Line:
    return Line(
        file=row.file,
        line=row.line,
        status=status,
        type=str(act.said.get("type", "")),
        event_id=id_,
        column=act.column,
        verbatim=act.verbatim,
        reason=reason,
    )


def _words(wrong: Invalid) -> str:
    field_ = _PREFIX.sub("", wrong.field or "")
    return f"{field_}: {wrong.message}" if field_ else wrong.message

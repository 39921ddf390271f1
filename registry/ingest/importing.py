"""Run a profile: record what its rows say, once, and account for every row.

The rows are read twice: first to the end, so that a file which turns out to be none is refused
before anything is written; then chunk by chunk, each chunk one transaction and one moment of
knowledge. Event ids are the same in every run, so whatever was broken off is taken up again.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine

from registry.domain import dates
from registry.domain.errors import Invalid
from registry.ingest.names import Names, plain, read_aliases
from registry.ingest.profile import Profile, Reading, Said
from registry.ingest.taking import (
    HELD,
    IMPORTED,
    PRESENT,
    REFUSED,
    STATES,
    Imported,
    Keep,
    Line,
    Report,
    Taking,
)
from registry.projections.collecting import seldom_collecting
from registry.projections.directory import Directory
from registry.projections.write import live_generation
from registry.record import record
from registry.store import log
from registry.store.engine import reading, writing

__all__ = [
    "CHUNK",
    "HELD",
    "IMPORTED",
    "PRESENT",
    "REFUSED",
    "STATES",
    "Dataset",
    "Imported",
    "Line",
    "Report",
    "dataset",
    "run",
]

CHUNK: Final = 2_000
"""About so many events a transaction."""

Progress = Callable[[int, int], None]
"""Called with the rows done and their number."""


def run(
    engine: Engine,
    profile: Profile,
    folder: Path,
    *,
    recorded_by: str = "",
    aliases_in: Path | None = None,
    aliases: Mapping[str, str] | None = None,
    dry_run: bool = False,
    amend: bool = False,
    keep: Keep = record,
    report: Report = lambda _line: None,
    progress: Progress = lambda _at, _of: None,
    done: Imported | None = None,
) -> Imported:
    """Take in the dataset; `dry_run` does the very same and keeps nothing.

    Invalid for a file that is missing or no table. `done` is counted up as chunks are recorded,
    for whoever breaks it off.
    """
    done = Imported() if done is None else done
    given = dataset(engine, profile, folder, aliases_in, aliases)
    total = given.read_to_the_end(progress)
    taking = Taking(profile, recorded_by or f"import:{profile.name}", amend, report, done, keep)
    with seldom_collecting(), _transactions(engine, dry_run=dry_run) as transaction:
        with transaction() as conn:
            taking.sources(conn)
        for chunk in given.chunks():
            with transaction() as conn:
                lines = taking.chunk(conn, chunk)
            taking.count(chunk, lines)
            progress(done.total, total)
    return done


@dataclass
class Dataset:
    """The rows of a profile's files, and what follows from each; read anew each time."""

    reading: Reading

    def read_to_the_end(self, progress: Progress = lambda _at, _of: None) -> int:
        """How many rows there are; Invalid where one of them shows that this is no such file."""
        total = 0
        for _ in self.reading.profile.read(self.reading):
            total += 1
            progress(0, total)
        return total

    def chunks(self, after: int = 0, size: int | None = None) -> Iterator[list[Said]]:
        """The rows in the portions that are recorded together, without the first `after`."""
        size = CHUNK if size is None else size
        chunk: list[Said] = []
        acts = 0
        for each in islice(self.reading.profile.read(self.reading), after, None):
            chunk.append(each)
            acts += len(each.outcomes)
            if acts >= size or each.ends_moment:
                yield chunk
                chunk, acts = [], 0
        if chunk:
            yield chunk


def dataset(
    engine: Engine,
    profile: Profile,
    folder: Path,
    aliases_in: Path | None = None,
    aliases: Mapping[str, str] | None = None,
) -> Dataset:
    """The dataset in this folder, with the parties on record that it speaks of.

    `aliases`: names that somebody said whom they mean, beside those of the profile.
    """
    for each in profile.files:
        if not each.optional and not (folder / each.name).is_file():
            raise Invalid(f"{folder.name or folder}: there is no file {each.name}")
    with reading(engine) as conn:
        directory = Directory(conn, live_generation(conn), log.head(conn).position)
        parties = directory.all("party")
        agreements = {
            (scheme, number): slug
            for slug, doc in directory.all("agreement").items()
            for scheme, number in doc.get("external_ids", {}).items()
        }
    known: dict[str, str] = {}
    if profile.aliases and aliases_in is not None:
        known = read_aliases(aliases_in / profile.aliases, parties)
    said = {plain(name): party for name, party in (aliases or {}).items() if party in parties}
    day = dates.parse(profile.names_as_of).latest
    return Dataset(Reading(profile, folder, Names(parties, day, known | said), agreements))


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

"""What a profile is: how the rows of one public dataset become events, declared in one module.

A profile never touches the store. It reads rows and says, of each, what follows: acts to record,
what is there already, what a person has to look at, what is refused and why. Whoever runs it
(`registry.ingest.importing`) records, counts and reports.
"""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from registry.ingest.files import File, Row, read_csv
from registry.ingest.names import Names

NAMESPACE: Final = uuid.uuid5(uuid.NAMESPACE_URL, "urn:agreement-registry:import")


@dataclass(frozen=True, slots=True)
class Act:
    """An event that follows from a row.

    `key`: the row's natural key and the act, unique in the profile and the same in every run; it
    makes the event id. `said`: the wire form, with party ids (not codes or names). `column` and
    `verbatim`: the cell it was read from. `remark`: what the report is to say beside it.
    `event_id`: the id that the event has already, where the row says it.
    """

    key: str
    said: Mapping[str, Any]
    column: str = ""
    verbatim: str = ""
    remark: str = ""
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class There:
    """What the row says is on record already, entered by somebody else."""

    reason: str
    column: str = ""
    verbatim: str = ""


@dataclass(frozen=True, slots=True)
class Held:
    """A person has to decide. `suggestions`: party ids that come close, never taken unasked."""

    column: str
    verbatim: str
    reason: str
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """The cell cannot be what its column says, or says nothing that can be recorded."""

    column: str
    verbatim: str
    reason: str


Outcome = Act | There | Held | Refused


@dataclass(frozen=True, slots=True)
class Said:
    """One row and all that follows from it; an empty list is no answer: every row has one.

    `ends_moment`: what comes after it is to become known later (a dated snapshot is complete).
    """

    row: Row
    outcomes: Sequence[Outcome]
    ends_moment: bool = False


@dataclass(frozen=True)
class Profile:
    """A dataset that the register takes in as it is.

    `files`: what is read, in the folder named on the command line. `sources`: `source.recorded`
    events in wire form, recorded first; what an act cites must be among them or on record.
    `names_as_of`: the day (EDTF) on which the names of parties in it are valid.
    `aliases`: file under seeds/aliases with names the register does not have, each with its reason.
    `read`: all rows of all files in order, each exactly once.
    """

    name: str
    title: str
    files: tuple[File, ...]
    sources: tuple[Mapping[str, Any], ...]
    read: Callable[["Reading"], Iterator[Said]]
    names_as_of: str
    aliases: str | None = None


@dataclass
class Reading:
    """What a profile may ask while it reads: rows, parties, agreements on record, event ids."""

    profile: Profile
    folder: Path
    names: Names
    agreements: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(scheme, number) of `external_ids` -> slug, of the agreements on record before."""

    def has(self, file: str) -> bool:
        """Whether the folder has this file (an optional one may be missing)."""
        return (self.folder / file).is_file()

    def rows(self, file: str) -> Iterator[Row]:
        """The rows of one of the profile's files."""
        declared = next(each for each in self.profile.files if each.name == file)
        return read_csv(self.folder / file, declared)

    def party(self, row: Row, column: str, scheme: str | None = None) -> "str | Held":
        """The id of the party that a cell names: by a code of the scheme, else by name."""
        verbatim = row[column]
        found = self.names.party(verbatim, scheme)
        if isinstance(found, str):
            return found
        return Held(column, verbatim, found.reason, found.suggestions)

    def event_id(self, key: str) -> str:
        """The id that an act with this key gets, in every run."""
        return event_id(self.profile.name, key)


def event_id(profile: str, key: str) -> str:
    return str(uuid.uuid5(NAMESPACE, f"{profile}\x1f{key}"))


def given(said: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that say something: what is empty in a dataset is not said at all."""
    return {name: value for name, value in said.items() if value not in (None, "", [])}

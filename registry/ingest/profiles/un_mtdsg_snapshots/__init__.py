"""The same tables as they were read on thirteen days: what was known then, changed in order.

Each snapshot ends at a moment of its own, so `known_at` between two of them answers from the
tables as they stood. A cell that vanished is retracted, one that was corrected is amended; one
that only stands under another name of the same party is the same cell.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from registry import codec
from registry.domain import dates
from registry.domain.errors import Invalid
from registry.ingest.files import File, Row
from registry.ingest.profile import Act, Held, Outcome, Profile, Reading, Refused, Said, There
from registry.ingest.profiles.un_mtdsg import EVENTS, READ_ON, TREATIES, slugs_of
from registry.ingest.profiles.un_mtdsg.cells import MARKER, SOURCES, Found, act_of, cited, key_of
from registry.ingest.profiles.un_mtdsg.columns import meaning, read_cell
from registry.ingest.profiles.un_mtdsg.treaties import agreement_of, slug_of
from registry.ingest.profiles.un_mtdsg_snapshots.runs import Run, Seen, corrections, runs_of

SLUGS: Final = "un-mtdsg-as-read"
_SNAPSHOTS: Final = File("snapshots.csv", ("commit", "observed_at", "dated_cell_count"))
_CHANGES: Final = File(
    "snapshot_changes.csv",
    (
        *("treaty_id", "participant_verbatim", "date_iso", "marker"),
        *("first_seen_at", "last_seen_at", "present_in_latest"),
    ),
)

_IN_FORM: Final = re.compile(r"\d{1,2} [A-Z][a-z]{2} \d{4}( [A-Za-z]{1,2})?")


@dataclass
class _Story:
    """What each row says, by the snapshot in which it is said, and what ends each snapshot."""

    reading: Reading
    snapshots: Sequence[Row]
    rows: dict[int, list[Said]] = field(default_factory=lambda: defaultdict(list))
    gone: dict[int, list[Act]] = field(default_factory=lambda: defaultdict(list))

    def day(self, at: int) -> str:
        return self.snapshots[at]["observed_at"][:10]

    def named(self, at: int) -> str:
        row = self.snapshots[at]
        return f"the tables as read on {row['observed_at']} (commit {row['commit'][:10]})"

    def say(self, at: int, row: Row, *outcomes: Outcome) -> None:
        self.rows[at].append(Said(row, outcomes))


def read(reading: Reading) -> Iterator[Said]:
    """Snapshot by snapshot: the treaties and cells that are new in it, then what vanished."""
    snapshots = list(reading.rows(_SNAPSHOTS.name))
    story = _Story(reading, snapshots)
    slugs = slugs_of(reading, SLUGS)
    seen = [*_cells(story, slugs, changes := _changes(story)), *_vanished(story, slugs, changes)]
    _tell(story, slugs, seen)
    treaties = _treaties(story, slugs, seen)
    for at, snapshot in enumerate(snapshots):
        yield from treaties[at]
        yield from story.rows[at]
        told = There("nothing vanished since the one before", "observed_at", story.day(at))
        yield Said(snapshot, story.gone[at] or [told], ends_moment=True)


def _treaties(
    story: _Story, slugs: Mapping[str, str], seen: Sequence[Seen]
) -> Mapping[int, Sequence[Said]]:
    """Each treaty of the index in the first snapshot that has a cell of it."""
    first: dict[str, int] = {}
    for each in seen:
        number = each.cell[0]
        first[number] = min(each.first, first.get(number, each.first))
    told: dict[int, list[Said]] = defaultdict(list)
    for row in story.reading.rows(TREATIES.name):
        number = row["treaty_id"]
        slug, at = slugs.get(number), first.get(number, 0)
        outcome: Outcome
        if slug is None:
            outcome = Refused("treaty_id", number, "not a number of a treaty")
        elif slug == slug_of(SLUGS, number):
            cite = cited(f"{number}: title", story.day(at))
            said = agreement_of(row, cite, slug)
            outcome = Act(f"treaty\x1f{number}", said, "title_verbatim", row["title_verbatim"])
        else:
            outcome = There(f"on record as {slug}", "treaty_id", number)
        told[at].append(Said(row, [outcome]))
    return told


@dataclass(frozen=True)
class _Change:
    row: Row
    first: int
    last: int


def _changes(story: _Story) -> dict[tuple[str, ...], _Change]:
    """The rows of the changes by their cell, in the words of the file."""
    at = {each["observed_at"]: place for place, each in enumerate(story.snapshots)}
    latest = len(story.snapshots) - 1
    found: dict[tuple[str, ...], _Change] = {}
    for row in story.reading.rows(_CHANGES.name):
        first, last = at.get(row["first_seen_at"]), at.get(row["last_seen_at"])
        cell = _named(row, row["date_iso"], row["marker"])
        if first is None or last is None:
            column = "first_seen_at" if first is None else "last_seen_at"
            story.say(0, row, Refused(column, row[column], "no snapshot was read then"))
        elif first > last or (last == latest) != (row["present_in_latest"] == "yes"):
            reason = "it does not agree with when the cell was seen"
            story.say(0, row, Refused("present_in_latest", row["present_in_latest"], reason))
        elif cell in found:
            story.say(0, row, Held("date_iso", row["date_iso"], "the cell has a row before"))
        else:
            found[cell] = _Change(row, first, last)
    return found


def _named(row: Row, day: str, letter: str) -> tuple[str, ...]:
    return (row["treaty_id"], row["participant_verbatim"], day, letter)


def _cells(
    story: _Story, slugs: Mapping[str, str], changes: Mapping[tuple[str, ...], _Change]
) -> list[Seen]:
    """The cells of the latest tables, each from the snapshot in which it was first seen."""
    latest = len(story.snapshots) - 1
    seen: list[Seen] = []
    met: set[tuple[str, ...]] = set()
    for row in story.reading.rows(EVENTS.name):
        verbatim = row["cell_verbatim"]
        change = None
        if _IN_FORM.fullmatch(verbatim):
            cell = read_cell(verbatim)
            named = _named(row, cell.day, cell.letter)
            met.add(named)
            change = changes.get(named)
        first = change.first if change is not None and change.last == latest else 0
        found = act_of(story.reading, row, slugs.get(row["treaty_id"]), story.day(first))
        if not isinstance(found, Found):
            story.say(first, row, found)
        elif not _IN_FORM.fullmatch(verbatim):
            reason = "the snapshots count days in the form 9 Nov 1946 only"
            story.say(first, row, Held("cell_verbatim", verbatim, reason))
        else:
            cell_ = (row["treaty_id"], found.party, found.cell.day, found.cell.letter)
            seen.append(Seen(row, cell_, first, latest, key_of(row), found.said))
    for named, change in changes.items():
        if change.last == latest and named in met:
            where = "the cell stands in the latest tables, from this snapshot on"
            story.say(change.first, change.row, There(where, "date_iso", change.row["date_iso"]))
        elif change.last == latest:
            reason = "the latest tables have no such cell"
            story.say(change.first, change.row, Held("date_iso", change.row["date_iso"], reason))
    return seen


def _vanished(
    story: _Story, slugs: Mapping[str, str], changes: Mapping[tuple[str, ...], _Change]
) -> Iterator[Seen]:
    """The cells that the latest tables do not have."""
    for named, change in changes.items():
        row = change.row
        if change.last == len(story.snapshots) - 1:
            continue
        party = story.reading.party(row, "participant_verbatim")
        try:
            day = dates.iso(dates.parse_day(row["date_iso"]))
        except Invalid as wrong:
            story.say(change.first, row, Refused("date_iso", row["date_iso"], wrong.message))
            continue
        if isinstance(party, Held):
            story.say(change.first, row, party)
        elif row["treaty_id"] not in slugs:
            reason = "the index has no treaty of that number"
            story.say(change.first, row, Refused("treaty_id", row["treaty_id"], reason))
        else:
            cell = (row["treaty_id"], party, day, row["marker"])
            key = "\x1f".join(("vanished", *named))
            yield Seen(row, cell, change.first, change.last, key)


def _tell(story: _Story, slugs: Mapping[str, str], seen: Sequence[Seen]) -> None:
    """Turn what was seen into acts: new cells, corrected ones, and those that are gone."""
    runs = runs_of(seen)
    corrected = corrections(runs)
    by_whom = {before.head.key: new for new in runs if (before := corrected.get(new.head.key))}
    headers: dict[str, set[str]] = defaultdict(set)
    for each in seen:
        if each.said is not None:
            headers[each.cell[0]].add(each.row["column_header_verbatim"])
    for run in runs:
        head = run.head
        said = _said(story, slugs, run, by_whom.get(head.key), headers[head.cell[0]])
        before = corrected.get(head.key)
        if before is None:
            story.say(run.first, head.row, _as_act(head, head.key, said))
        else:
            original = before
            while earlier := corrected.get(original.head.key):
                original = earlier
            amended = {
                "type": "event.amended",
                "target": story.reading.event_id(original.head.key),
                "reason": f"{_shown(before)} stands as {_shown(run)} from {story.named(run.first)}",
                # as the log keeps it, so that a second run finds it there
                "event": codec.stored_content(codec.read(said)),
            }
            story.say(run.first, head.row, _as_act(head, f"corrected\x1f{head.key}", amended))
        for each in run.rows[1:]:
            name = each.row["participant_verbatim"]
            reason = f"the same cell as under {head.row['participant_verbatim']!r}"
            story.say(each.first, each.row, There(reason, "participant_verbatim", name))
        if run.last < len(story.snapshots) - 1 and head.key not in by_whom:
            target = head.key
            while earlier := corrected.get(target):
                target = earlier.head.key
            story.gone[run.last + 1].append(_retracted(story, run, target))


def _said(
    story: _Story,
    slugs: Mapping[str, str],
    run: Run,
    corrected_by: Run | None,
    headers: Iterable[str],
) -> dict[str, Any]:
    """The run as an act; its column is that of a row of the latest tables that tells it."""
    head = run.head
    if head.said is not None:
        return dict(head.said)
    treaty, party, day, letter = head.cell
    told = next((each.said for each in run.rows if each.said is not None), None)
    if told is None and corrected_by is not None and corrected_by.cell[3] == letter:
        told = corrected_by.head.said
    if told is not None:
        kept = {name: told[name] for name in told if name not in ("sources", "external_ids")}
    else:
        each_means = [meaning(header, letter) for header in sorted(headers)]
        meant = [each for each in each_means if each is not None]
        meant = [each for at, each in enumerate(meant) if each not in meant[:at]]
        kept = meant[0].wire() if len(meant) == 1 else dict(_UNTOLD)
    where = f"{treaty}, {head.row['participant_verbatim']}"
    said = {
        **kept,
        "agreement": slugs[treaty],
        "party": party,
        "occurred": day,
        "sources": [cited(where, story.day(head.first))],
    }
    return said | ({"external_ids": {MARKER: letter}} if letter else {})


_UNTOLD: Final = {
    "type": "agreement.participation_recorded",
    "role": "unknown",
    "note": "The table had this day in a column that the copy of its changes does not name.",
}


def _retracted(story: _Story, run: Run, target: str) -> Act:
    at, head = run.last + 1, run.head
    said = {
        "type": "event.retracted",
        "target": story.reading.event_id(target),
        "reason": f"{_shown(run)} no longer stands in {story.named(at)}",
        "sources": [cited(f"{head.cell[0]}, {head.row['participant_verbatim']}", story.day(at))],
    }
    return Act(f"gone\x1f{head.key}", said, "observed_at", story.day(at))


def _as_act(seen: Seen, key: str, said: Mapping[str, Any]) -> Act:
    column = "cell_verbatim" if "cell_verbatim" in seen.row.cells else "date_iso"
    return Act(key, said, column, seen.row[column])


def _shown(run: Run) -> str:
    treaty, _, day, letter = run.cell
    return f"{treaty}, {run.head.row['participant_verbatim']}: {f'{day} {letter}'.strip()}"


PROFILE: Final = Profile(
    name="un-mtdsg-snapshots",
    title="Multilateral Treaties Deposited with the Secretary-General, as read from 2013 to 2015",
    files=(TREATIES, EVENTS, _SNAPSHOTS, _CHANGES),
    sources=SOURCES,
    read=read,
    names_as_of=READ_ON,
    aliases="un-mtdsg.yaml",
)

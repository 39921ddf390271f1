"""What has to be recorded so that one party, agreement or source stands where two stood: events only.

Every live event that names the duplicate is amended to name the one that stays, and the
registration of the duplicate is retracted. Nothing here writes.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from sqlalchemy import Connection, select

from registry import codec
from registry.domain.catalogue import Event
from registry.domain.codes import Code
from registry.domain.errors import Invalid, NotFound, Problems
from registry.domain.events.parties import PartyRecorded
from registry.domain.events.register import EventRetracted
from registry.domain.knowledge import Record
from registry.domain.layers import LAYERS
from registry.projections.directory import Directory
from registry.projections.known import Known
from registry.projections.standings import standings_of
from registry.projections.tables import remark, setting, span
from registry.projections.write import live_generation
from registry.record.replacing import SUBJECT_PARTS, Said, names, replaced, speaks_of_both
from registry.store import log
from registry.store.tables import event as event_table
from registry.store.tables import event_tag

KINDS: Final = ("party", "agreement", "source")
MOST: Final = 5_000
"""Events that are amended at once: they all become known in one moment, or none does."""


@dataclass(frozen=True)
class Change:
    """An event as it stands, and the whole content that it is to have."""

    event_id: str
    before: Event
    after: Said


@dataclass(frozen=True)
class Odd:
    """An event that must be corrected by a person first, and why."""

    event_id: str
    why: str


@dataclass(frozen=True)
class Merge:
    """`registration`: the event that entered the duplicate, to be retracted last. `codes`: the
    registration of the one that stays with the codes that only the other has; `new_codes` are these.
    """

    kind: str
    gone: str
    stays: str
    registration: str
    changes: tuple[Change, ...]
    odd: tuple[Odd, ...]
    codes: Change | None = None
    new_codes: tuple[Code, ...] = ()


def merge_of(conn: Connection, kind: str, gone: str, stays: str) -> Merge:
    """NotFound for one that is not on record; Invalid for the same one, and for too many events."""
    if kind not in KINDS:
        raise NotFound(f"nothing of the kind {kind[:40]!r} can be merged")
    if gone == stays:
        raise Invalid("choose another than the one that goes", "stays")
    head = log.head(conn).position
    generation = live_generation(conn)
    docs = Directory(conn, generation, head).docs(kind, [gone, stays])
    for key in (gone, stays):
        if key not in docs:
            raise NotFound(f"no {kind} is recorded as {key!r}")
    known = Known(conn, generation, head)
    registration = str(docs[gone]["recorded"])
    changes: list[Change] = []
    odd: list[Odd] = []
    for event_id, event in _speaking(known, kind, gone):
        if event_id == registration:
            continue
        after = replaced(event, kind, gone, stays)
        why = _why_odd(event, after, kind, gone, stays)
        if why:
            odd.append(Odd(event_id, why))
        else:
            changes.append(Change(event_id, event, after))
    odd += [Odd(each, _BY_A_CORRECTION) for each in _corrections_that_cite(known, kind, gone)]
    if len(changes) > MOST:
        raise Invalid(
            f"{len(changes):,} events speak of {gone}, and at most {MOST:,} are changed at once: "
            "choose this one as the one that stays, or amend its events by an import",
            "stays",
        )
    codes, new = _with_codes(known, registration, str(docs[stays]["recorded"]))
    return Merge(kind, gone, stays, registration, tuple(changes), tuple(odd), codes, new)


def said_by(merge: Merge, reason: str, *, codes: bool) -> list[tuple[str, Said]]:
    """(target, wire form) of what is recorded, in order: the amendments, and the retraction last.

    `codes`: whether the one that stays takes over the codes of the other.
    """
    changes = [*merge.changes, *([merge.codes] if codes and merge.codes else [])]
    made: list[tuple[str, Said]] = [
        (
            each.event_id,
            {
                "type": "event.amended",
                "target": each.event_id,
                "reason": reason,
                "event": each.after,
            },
        )
        for each in changes
    ]
    last = {"type": "event.retracted", "target": merge.registration, "reason": reason}
    return [*made, (merge.registration, last)]


def reason_of(stays: str, why: str) -> str:
    """The reason of every one of these corrections; `merged_into` reads it."""
    return f"{_THE_SAME} {stays}" + (f": {why}" if why else "")


_THE_SAME: Final = "The same as"
_REASON: Final = re.compile(rf"{_THE_SAME} ([A-Za-z0-9-]+)(?:: |$)")


def merged_into(conn: Connection, kind: str, gone: str) -> str | None:
    """The one that a former party, agreement or source is the same as, while that is on record."""
    rows = conn.execute(
        select(event_table.c.event_id)
        .join(event_tag, event_tag.c.position == event_table.c.position)
        .where(event_tag.c.tag == f"{kind}:{gone}", event_table.c.type == "event.retracted")
        .order_by(event_table.c.position.desc())
        .limit(20)
    ).scalars()
    said = log.by_ids(conn, list(rows))
    directory = Directory(conn, live_generation(conn), log.head(conn).position)
    for stored in sorted(said.values(), key=lambda each: -each.position):
        if stored.data is None:
            continue
        event = codec.restored(stored.type, stored.type_version, stored.data)
        reason = event.reason if isinstance(event, EventRetracted) else ""
        if (found := _REASON.match(reason)) and directory.docs(kind, [found[1]]):
            return found[1]
    return None


def _with_codes(known: Known, gone: str, stays: str) -> tuple[Change | None, tuple[Code, ...]]:
    """The registrations are given by their events."""
    stood = standings_of(known, known.records([gone, stays]), ())
    old, new = stood[gone].event, stood[stays].event
    if not isinstance(old, PartyRecorded) or not isinstance(new, PartyRecorded):
        return None, ()
    there = {(each.scheme, each.code) for each in new.codes or ()}
    more = tuple(each for each in old.codes or () if (each.scheme, each.code) not in there)
    if not more:
        return None, ()
    return Change(stays, new, codec.write(replace(new, codes=(*(new.codes or ()), *more)))), more


def _speaking(known: Known, kind: str, gone: str) -> Iterator[tuple[str, Event]]:
    """The original events that name it as they stand now, in order of recording."""
    roots = _roots(known, _filed_under(known, kind, gone))
    stood = standings_of(known, roots, ())
    for event_id, stands in sorted(stood.items(), key=lambda item: item[1].record.position):
        if stands.event is not None and names(stands.event, kind, gone):
            yield event_id, stands.event


def _filed_under(known: Known, kind: str, gone: str) -> set[str]:
    """The events of the log that may speak of it, corrections and their targets among them."""
    rows = known.conn.execute(
        select(event_table.c.event_id, event_table.c.target)
        .join(event_tag, event_tag.c.position == event_table.c.position)
        .where(event_tag.c.tag == f"{kind}:{gone}")
    )
    found = {each for row in rows for each in row if each is not None}
    return found | _in_subjects(known, kind, gone)


def _in_subjects(known: Known, kind: str, gone: str) -> set[str]:
    """Observations whose subject names it in a part under which the log does not file them."""
    conn, generation = known.conn, known.generation
    parts = _NOT_FILED & SUBJECT_PARTS[kind]
    layers = [name for name, each in LAYERS.items() if parts & set(each.parts)]
    if not layers:
        return set()
    subjects = {
        each
        for table in (span, remark)
        for each in conn.execute(
            select(table.c.subject)
            .where(
                table.c.generation == generation,
                table.c.layer.in_(layers),
                table.c.subject.contains(gone, autoescape=True),
            )
            .distinct()
        ).scalars()
        if gone in each.split("|")
    }
    found: set[str] = set()
    for table in (setting, remark):
        found |= set(
            conn.execute(
                select(table.c.event_id).where(
                    table.c.generation == generation, table.c.subject.in_(sorted(subjects))
                )
            ).scalars()
        )
    return found


_NOT_FILED: Final = {"under", "to_agreement", "territory"}


def _roots(known: Known, ids: Iterable[str]) -> dict[str, Record]:
    """The originals behind these events: a correction's target, and so on up."""
    found: dict[str, Record] = {}
    todo = set(ids)
    while todo:
        records = known.records(todo)
        found |= {each: record for each, record in records.items() if record.target is None}
        todo = {r.target for r in records.values() if r.target is not None} - found.keys()
    return found


def _corrections_that_cite(known: Known, kind: str, gone: str) -> list[str]:
    """The live corrections that name it for themselves, apart from what they put in place."""
    if kind == "agreement":
        return []
    records = known.records(_filed_under(known, kind, gone))
    own = {i: r for i, r in records.items() if r.target is not None and names(r.event, kind, gone)}
    stood = standings_of(known, own, ())
    return sorted(event_id for event_id, stands in stood.items() if stands.event is not None)


_BY_A_CORRECTION: Final = (
    "this correction names the duplicate for itself, and a correction cannot be amended: retract "
    "it, and make it again with the one that stays"
)


def _why_odd(event: Event, after: Said, kind: str, gone: str, stays: str) -> str | None:
    """Why no amendment can put the one for the other here."""
    if kind == "source":
        for cited in after.get("sources", ()):
            if cited["source"] == cited.get("via"):
                return "it is cited as known through itself"
    elif speaks_of_both(event, kind, gone, stays):
        return "it speaks of both, as of two"
    try:
        codec.read(after)
    except Problems as wrong:
        return wrong.message
    return None

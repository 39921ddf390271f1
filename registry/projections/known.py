"""What the projections and the log hold at present, read once for one plan."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    literal_column,
    or_,
    select,
)

from registry import codec
from registry.domain.events.register import EventAmended
from registry.domain.knowledge import Record
from registry.projections.rows import Row
from registry.projections.tables import (
    MAX_POSITION,
    claim,
    entity,
    finding,
    link,
    remark,
    setting,
    span,
)
from registry.store import log
from registry.store.log import CHUNK, Stored

EPOCH_DAY = 719_163  # 1970-01-01
MICROSECONDS_A_DAY = 86_400_000_000


def day_recorded(recorded_at: int) -> int:
    return EPOCH_DAY + recorded_at // MICROSECONDS_A_DAY


def record_of(stored: Stored) -> Record:
    """The stored event with its content decoded."""
    if stored.data is None:
        raise ValueError(f"the content of event {stored.event_id} was erased")
    event = codec.restored(stored.type, stored.type_version, stored.data)
    inner = codec.content(event.event) if isinstance(event, EventAmended) else None
    return Record(
        stored.event_id,
        stored.position,
        day_recorded(stored.recorded_at),
        event,
        stored.target,
        inner,
    )


class Known:
    """Remembers every read: asking again for the same is free, so a plan can be made twice.

    `seen`: the last position of the log when the reading began.
    """

    def __init__(self, conn: Connection, generation: int, seen: int) -> None:
        self.conn = conn
        self.generation = generation
        self.seen = seen
        self._rows: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self._records: dict[str, Record | None] = {}
        self._targeting: dict[str, list[Record]] = {}
        self._made_of: dict[str, list[Record]] = {}
        self._asked: list[tuple[Table, ColumnElement[Any], Sequence[Any]]] = []

    def records(self, event_ids: Iterable[str]) -> dict[str, Record]:
        """Events of the log by id; ids that it does not hold are left out."""
        wanted = set(event_ids)
        if missing := wanted - self._records.keys():
            found = log.by_ids(self.conn, missing)
            for event_id in missing:
                stored = found.get(event_id)
                self._records[event_id] = (
                    record_of(stored) if stored and stored.position <= self.seen else None
                )
        return {i: r for i in wanted if (r := self._records[i]) is not None}

    def corrections(self, event_ids: Iterable[str]) -> dict[str, list[Record]]:
        """The corrections of these events, and those of the corrections, by target."""
        out: dict[str, list[Record]] = {}
        wanted = set(event_ids)
        while wanted:
            if missing := wanted - self._targeting.keys():
                self._targeting.update({event_id: [] for event_id in missing})
                for stored in log.targeting(self.conn, missing):
                    if stored.position <= self.seen:
                        self._targeting[stored.target or ""].append(record_of(stored))
            found = {event_id: self._targeting[event_id] for event_id in wanted}
            out.update({target: each for target, each in found.items() if each})
            wanted = {r.event_id for each in found.values() for r in each}
        return out

    def made_of(self, kind: str, key: str, types: Sequence[str]) -> list[Record]:
        """The events of these types in an entity's stream, and those amended to be about it."""
        tag = f"{kind}:{key}"
        if tag not in self._made_of:
            found = {
                stored.event_id: record_of(stored)
                for stored in log.of_streams(self.conn, [tag], types)
                if stored.position <= self.seen
            }
            if found:  # before it is recorded nothing can be about it
                found |= self.records(log.amended_with(self.conn, tag))
            self._made_of[tag] = sorted(found.values(), key=lambda each: each.position)
        return self._made_of[tag]

    def settings_of_subjects(self, subjects: Iterable[str]) -> list[Row]:
        return self._open(setting, setting.c.subject, subjects)

    def settings_of_positions(self, positions: Iterable[int]) -> list[Row]:
        return self._open(setting, setting.c.position, positions)

    def participation_in(self, agreement: str) -> list[Row]:
        """The settings of participation of every party to an agreement."""
        kept = self._rows.setdefault(("setting", "agreement"), {})
        if agreement not in kept:
            kept[agreement] = self._select(
                setting,
                and_(
                    setting.c.layer == "participation",
                    setting.c.subject >= f"{agreement}|",
                    setting.c.subject < f"{agreement}}}",  # } is what follows | in ASCII
                ),
            )
        return kept[agreement]

    def spans_of_subjects(self, subjects: Iterable[str]) -> list[Row]:
        return self._open(span, span.c.subject, subjects)

    def findings_of_subjects(self, subjects: Iterable[str]) -> list[Row]:
        return self._open(finding, finding.c.subject, subjects)

    def claims_of_acts(self, acts: Iterable[int]) -> list[Row]:
        return self._open(claim, claim.c.act, acts)

    def claims_of_events(self, event_ids: Iterable[str]) -> list[Row]:
        return self._open(claim, claim.c.event_id, event_ids)

    def links_of(self, event_ids: Iterable[str]) -> list[Row]:
        """Statements that two events are the same act, by or about these."""
        ids = sorted(set(event_ids))
        return [
            row
            for at in range(0, len(ids), CHUNK)
            for row in self._select(
                link,
                or_(
                    link.c.stated_by.in_(ids[at : at + CHUNK]),
                    link.c.other.in_(ids[at : at + CHUNK]),
                ),
            )
        ]

    def remarks_of_events(self, event_ids: Iterable[str]) -> list[Row]:
        return self._open(remark, remark.c.event_id, event_ids)

    def entities(self, keys: Iterable[str]) -> list[Row]:
        return self._open(entity, entity.c.key, keys)

    def entity(self, kind: str, key: str) -> list[Row]:
        return [r for r in self.entities([key]) if r["kind"] == kind]

    def _open(self, table: Table, column: Column[Any], keys: Iterable[Any]) -> list[Row]:
        """The open rows whose column is one of the keys."""
        kept = self._rows.setdefault((table.name, column.name), {})
        wanted = list(dict.fromkeys(keys))
        missing = [key for key in wanted if key not in kept]
        kept.update({key: [] for key in missing})
        for at in range(0, len(missing), CHUNK):
            part = missing[at : at + CHUNK]
            self._asked.append((table, column, part))
            for row in self.conn.execute(
                _open_rows(table, column), {"generation": self.generation, "keys": part}
            ).mappings():
                kept[row[column.name]].append(dict(row))
        return [row for key in wanted for row in kept[key]]

    def rows(self, table: Table, condition: ColumnElement[bool]) -> list[Row]:
        """The open rows that meet a condition."""
        return self._select(table, condition)

    def with_more_settings_than(self, count: int, subjects: Iterable[str]) -> set[tuple[str, str]]:
        """The (layer, key) of these keys that have more open settings than that."""
        found: set[tuple[str, str]] = set()
        wanted = sorted(set(subjects))
        for at in range(0, len(wanted), CHUNK):
            found.update(
                (layer, key)
                for layer, key in self.conn.execute(
                    _MANY_SETTINGS,
                    {
                        "generation": self.generation,
                        "keys": wanted[at : at + CHUNK],
                        "count": count,
                    },
                )
            )
        return found

    def note(self, table: Table, condition: ColumnElement[bool]) -> None:
        """Count rows that meet the condition as read, though only their number was."""
        self._asked.append((table, condition, ()))

    def moved(self) -> bool:
        """Whether anything that was read has a row which was written or closed after `seen`.

        Spans and findings need no look: they follow from the rest.
        """
        looks = (
            exists().where(
                table.c.generation == self.generation,
                or_(
                    table.c.known_from > self.seen,
                    table.c.known_to.between(self.seen + 1, MAX_POSITION - 1),
                ),
                asked.in_(keys) if keys else asked,
                *_every_kind(table),
            )
            for table, asked, keys in self._asked
            if table not in (span, finding)
        )
        return bool(self.conn.execute(select(or_(false(), *looks))).scalar_one())

    def _select(self, table: Table, condition: ColumnElement[bool]) -> list[Row]:
        self._asked.append((table, condition, ()))
        statement = select(table).where(
            table.c.generation == self.generation, table.c.known_to == _MAX, condition
        )
        return [dict(row) for row in self.conn.execute(statement).mappings()]


_MAX: ColumnElement[int] = literal_column(
    str(MAX_POSITION)
)  # a bound value would hide the partial indexes


_MANY_SETTINGS = (
    select(setting.c.layer, setting.c.subject)
    .where(
        setting.c.generation == bindparam("generation"),
        setting.c.known_to == _MAX,
        setting.c.subject.in_(bindparam("keys", expanding=True)),
    )
    .group_by(setting.c.layer, setting.c.subject)
    .having(func.count() > bindparam("count"))
)


@cache
def _open_rows(table: Table, column: Column[Any]) -> Select[Any]:
    """Built once: building it takes as long as running it."""
    return select(table).where(
        table.c.generation == bindparam("generation"),
        table.c.known_to == _MAX,
        column.in_(bindparam("keys", expanding=True)),
        *_every_kind(table),
    )


def _every_kind(table: Table) -> tuple[ColumnElement[bool], ...]:
    """The index of entities begins with their kind."""
    return (entity.c.kind.in_(("party", "agreement", "source")),) if table is entity else ()

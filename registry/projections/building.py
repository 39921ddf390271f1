"""A generation that is being built: its open rows are held in memory and written many at once.

Nobody else writes this generation, so what was read or made once stays true. A row that is opened
and closed before it is written is inserted once, with both ends.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import count
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Connection, Table, and_, func, or_, select, update

from registry.domain.entities import entity_of
from registry.domain.errors import Conflict
from registry.domain.events.register import CoverageStated, GapStated
from registry.domain.knowledge import Record
from registry.domain.settings import settings_of
from registry.projections.known import Known, record_of
from registry.projections.plan import Plan
from registry.projections.rows import Row
from registry.projections.tables import (
    MAX_POSITION,
    claim,
    entity,
    finding,
    generation,
    link,
    remark,
    setting,
    span,
)
from registry.store import log
from registry.store.bulk import insert_rows
from registry.store.log import Stored
from registry.store.tables import event

KEYS: Final[Mapping[Table, Column[Any]]] = {
    setting: setting.c.subject,
    span: span.c.subject,
    finding: finding.c.subject,
    claim: claim.c.act,
    link: link.c.stated_by,
    remark: remark.c.subject,
    entity: entity.c.key,
}
"""What the rows of each table are about: two generations are compared in this order."""

TABLES: Final[tuple[Table, ...]] = tuple(KEYS)

HELD: Final = 60_000
"""So many open rows are kept in memory; beyond, they are forgotten and read again."""

RECORDS: Final = 10_000
"""So many events are kept decoded."""


class Building(Known):
    """What one plan after the other may know of the generation, and what they made of it.

    `seen` is the last moment that was applied. `conn` may be exchanged between two plans.
    """

    counts_at_once = True

    def __init__(self, conn: Connection, generation: int, seen: int) -> None:
        super().__init__(conn, generation, seen)
        self._written_to = seen
        self.mark()
        self._numbers = count(-1, -1)
        self._temporaries: dict[int, int] = {}
        self._shelves = _shelves()
        self._held: dict[Table, dict[int, dict[str, Any]]] = {t: {} for t in TABLES}
        self._opened: dict[Table, list[dict[str, Any]]] = {t: [] for t in TABLES}
        self._closed: dict[Table, list[tuple[int, int]]] = {t: [] for t in TABLES}
        self._gone: dict[Table, set[int]] = {t: set() for t in TABLES}
        corrected = select(event.c.target).where(event.c.target.is_not(None))
        self._corrected = set(conn.execute(corrected).scalars())

    # What is known

    def records(self, event_ids: Iterable[str]) -> dict[str, Record]:
        wanted = set(event_ids)
        found = super().records(wanted) if wanted else {}
        for event_id in wanted - found.keys():
            del self._records[event_id]  # it may come
        return found

    def corrections(self, event_ids: Iterable[str]) -> dict[str, list[Record]]:
        out: dict[str, list[Record]] = {}
        wanted = self._corrected.intersection(event_ids)
        while wanted:
            if missing := wanted - self._targeting.keys():
                self._targeting.update({event_id: [] for event_id in missing})
                for stored in log.targeting(self.conn, missing):
                    if stored.position <= self.seen:
                        self._targeting[stored.target or ""].append(record_of(stored))
            found = {event_id: self._targeting[event_id] for event_id in wanted}
            out.update({target: each for target, each in found.items() if each})
            wanted = self._corrected & {r.event_id for each in found.values() for r in each}
        return out

    def participation_in(self, agreement: str) -> list[Row]:
        return self._open_by(setting, "agreement", [agreement])

    def links_of(self, event_ids: Iterable[str]) -> list[Row]:
        ids = sorted(set(event_ids))
        rows = self._open_by(link, "stated_by", ids) + self._open_by(link, "other", ids)
        return list({row["id"]: row for row in rows}.values())

    def with_more_settings_than(self, count: int, subjects: Iterable[str]) -> set[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        for key in set(subjects):
            rows = self.settings_of_subjects([key])
            if len(rows) > count:
                layers = [row["layer"] for row in rows]
                found |= {(layer, key) for layer in set(layers) if layers.count(layer) > count}
        return found

    def top_of_large(self, layer: str, key: str, large: int) -> int | None:
        rows = self._of(setting, layer, key)
        if len(rows) <= large or any(row["tied"] for row in rows):
            return None
        return int(max(row["confidence"] for row in rows))

    def spans_before(self, layer: str, key: str, day: int, limit: int) -> list[Row]:
        rows = [row for row in self._of(span, layer, key) if row["day_from"] < day]
        return sorted(rows, key=_day_from, reverse=True)[:limit]

    def spans_from(self, layer: str, key: str, day: int, limit: int) -> list[Row]:
        rows = [row for row in self._of(span, layer, key) if row["day_from"] >= day]
        return sorted(rows, key=_day_from)[:limit]

    def settings_between(self, layer: str, key: str, first: int, last: int) -> list[Row]:
        return [r for r in self._of(setting, layer, key) if first <= r["lo"] <= last]

    def spans_between(self, layer: str, key: str, first: int, end: int) -> list[Row]:
        return [r for r in self._of(span, layer, key) if first <= r["day_from"] < end]

    def _of(self, table: Table, layer: str, key: str) -> list[Row]:
        return [r for r in self._open_by(table, "subject", [key]) if r["layer"] == layer]

    def _open(self, table: Table, column: Any, keys: Iterable[Any]) -> list[Row]:
        return self._open_by(table, column.name, keys)

    def _open_by(self, table: Table, name: str, keys: Iterable[Any]) -> list[Row]:
        shelf = self._shelves[table][name]
        wanted = list(dict.fromkeys(keys))
        if missing := [key for key in wanted if key not in shelf.read]:
            self._read(table, name, missing)
        rows = shelf.rows
        return [row for key in wanted if key in rows for row in rows[key].values()]

    def _read(self, table: Table, name: str, keys: Sequence[Any]) -> None:
        """Fetch the open rows that were written, and put them beside those that are not yet."""
        shelf, held, gone = self._shelves[table][name], self._held[table], self._gone[table]
        for row in self._written(table, name, keys):
            if row["id"] not in gone:
                shelf.put(held.setdefault(row["id"], row))
        shelf.read.update(keys)

    def _written(self, table: Table, name: str, keys: Sequence[Any]) -> Iterator[dict[str, Any]]:
        if name == "agreement":
            for at in range(0, len(keys), _RANGES):
                part = [_parties_of(key) for key in keys[at : at + _RANGES]]
                yield from map(dict, self._select(setting, or_(*part)))
        else:
            yield from map(dict, super()._open(table, table.c[name], keys))
        self._rows.clear()  # they are kept here, as what comes changes them
        self._asked.clear()

    # What comes

    def expect(self, coming: Sequence[Stored], records: Sequence[Record]) -> None:
        """Fetch at once what the plans for these events will ask one by one."""
        targets = {r.target for r in records if r.target is not None}
        self._corrected |= targets
        for stored in coming:
            if stored.stream_version == 1:  # nothing was recorded there before
                self._made_of.setdefault(stored.stream, [])
        here = {r.event_id for r in records}
        old = self.records(targets - here).values()
        about = [
            (event, record)
            for record in (*records, *old)
            for event in (record.event, record.content)
            if event is not None
        ]
        joined = {e.same_act_as for e, _ in about if e.same_act_as is not None}
        found = {
            (made.layer, made.subject)
            for event, record in about
            for made in settings_of(event, record.event_id, record.position, record.recorded_day)
        }
        before = self.settings_of_positions(r.position for r in old)
        found |= {(row["layer"], row["subject"]) for row in before}
        keys = {subject for _, subject in found}
        agreements = {
            subject.split("|", 1)[0] for layer, subject in found if layer in _OF_AGREEMENTS
        }
        for table in (setting, span, finding):
            self._open_by(table, "subject", keys | agreements)
        self._open_by(setting, "agreement", agreements)
        self.entities(agreements | {e[1] for each, _ in about if (e := entity_of(each))})
        ids = {r.event_id for r in old} | joined
        ids |= {r.event_id for e, r in about if e.same_act_as is not None}
        self.links_of(ids)
        self.claims_of_events(ids)
        self.remarks_of_events(
            {r.event_id for e, r in about if isinstance(e, CoverageStated | GapStated)}
        )

    def apply(self, made: Plan, records: Sequence[Record], moment: int) -> None:
        """The plan's rows are known from this moment on."""
        for table, change in made.changes.items():
            name = KEYS[table].name
            self.touched[table].update(row[name] for row in change.insert)
            held = self._held[table]
            shelves = self._shelves[table].values()
            for row_id in change.close:
                row = held.pop(row_id)
                self.touched[table].add(row[name])
                for shelf in shelves:
                    shelf.take(row)
                row["known_to"] = moment
                if row_id > 0:
                    self._closed[table].append((moment, row_id))
                    self._gone[table].add(row_id)
            for new in change.insert:
                number = next(self._numbers)
                row = new | {
                    "id": number,
                    "generation": self.generation,
                    "known_from": moment,
                    "known_to": MAX_POSITION,
                }
                held[number] = row
                self._temporaries[id(row)] = number
                self._opened[table].append(row)
                for shelf in shelves:
                    shelf.put(row)
        for record in records:
            self._records[record.event_id] = record
            if record.target is not None:
                self._targeting.pop(record.target, None)
            for said in (record.event, record.content):
                if said is not None and (about := entity_of(said)):
                    self._made_of.pop(":".join(about), None)
        self.seen = moment

    def mark(self) -> None:
        """Begin anew to note what is touched."""
        self.touched: dict[Table, set[Any]] = {table: set() for table in TABLES}

    # What is written

    def write(self, conn: Connection) -> None:
        """Write what was made since the last time, with the moment up to which it goes.

        Conflict where somebody else builds the same generation.
        """
        mine = conn.execute(
            update(generation)
            .where(generation.c.id == self.generation, generation.c.position == self._written_to)
            .values(position=self.seen)
        )
        if mine.rowcount != 1:
            raise Conflict(
                f"another rebuild is at work on generation {self.generation}: let it finish"
            )
        for table in TABLES:
            if closed := self._closed[table]:
                _close(conn, table, closed)
            if opened := self._opened[table]:
                columns = tuple(opened[0])
                for row, number in zip(opened, _numbers(conn, table, len(opened)), strict=True):
                    row["id"] = number
                insert_rows(conn, table, columns, [tuple(row.values()) for row in opened])
        self._written_to = self.seen
        self._settle()

    def _settle(self) -> None:
        """What was opened has its number now. Forget everything where it has become much."""
        much = sum(map(len, self._held.values())) > HELD
        for table in TABLES:
            held = self._held[table]
            for row in self._opened[table]:
                temporary = self._temporaries.pop(id(row))
                if held.pop(temporary, None) is not None and not much:
                    held[row["id"]] = row
            self._opened[table].clear()
            self._closed[table].clear()
            self._gone[table].clear()
            if much:
                held.clear()
                for shelf in self._shelves[table].values():
                    shelf.clear()
        if len(self._records) > RECORDS:
            self._records.clear()
            self._targeting.clear()
            self._made_of.clear()


class _Shelf:
    """The open rows of a table by one of their columns; `read`: keys of which all are here."""

    def __init__(self, key: Callable[[Row], Any]) -> None:
        self.key = key
        self.rows: dict[Any, dict[int, dict[str, Any]]] = {}
        self.read: set[Any] = set()

    def put(self, row: dict[str, Any]) -> None:
        key = self.key(row)
        if key is not None:
            self.rows.setdefault(key, {})[id(row)] = row

    def take(self, row: dict[str, Any]) -> None:
        here = self.rows.get(self.key(row))
        if here is not None:
            here.pop(id(row), None)

    def clear(self) -> None:
        self.rows.clear()
        self.read.clear()


def _shelves() -> dict[Table, dict[str, _Shelf]]:
    by: dict[Table, tuple[str, ...]] = {
        setting: ("subject", "position"),
        span: ("subject",),
        finding: ("subject",),
        claim: ("act", "event_id"),
        link: ("stated_by", "other"),
        remark: ("event_id",),
        entity: ("key",),
    }
    shelves = {
        table: {name: _Shelf(itemgetter(name)) for name in names} for table, names in by.items()
    }
    shelves[setting]["agreement"] = _Shelf(_agreement_of)
    return shelves


def _agreement_of(row: Row) -> str | None:
    """The agreement that a setting of participation belongs to."""
    if row["layer"] != "participation":
        return None
    agreement: str = row["subject"].split("|", 1)[0]
    return agreement


_OF_AGREEMENTS: Final = frozenset({"participation", "force", "entry_into_force_rule"})

_RANGES: Final = 50
"""So many ranges of keys are asked for in one statement."""


def _parties_of(agreement: str) -> ColumnElement[bool]:
    return and_(
        setting.c.layer == "participation",
        setting.c.subject >= f"{agreement}|",
        setting.c.subject < f"{agreement}}}",  # } is what follows | in ASCII
    )


def _close(conn: Connection, table: Table, closed: Sequence[tuple[int, int]]) -> None:
    if conn.dialect.name == "sqlite":
        conn.exec_driver_sql(
            f"UPDATE {table.name} SET known_to = ? WHERE id = ?",  # noqa: S608 - our own name
            list(closed),
        )
        return
    moments = [moment for moment, _ in closed]
    conn.exec_driver_sql(
        f"UPDATE {table.name} AS t SET known_to = c.moment "  # noqa: S608 - our own name
        "FROM unnest(%s::bigint[], %s::bigint[]) AS c (moment, id) WHERE t.id = c.id",
        (moments, [row_id for _, row_id in closed]),
    )


def _numbers(conn: Connection, table: Table, many: int) -> Sequence[int]:
    """Ascending numbers for new rows; whoever inserts meanwhile gets others."""
    if conn.dialect.name == "sqlite":  # its only writer is this transaction
        last = conn.execute(select(func.max(table.c.id))).scalar_one() or 0
        return range(last + 1, last + 1 + many)
    drawn = conn.exec_driver_sql(
        "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
        (table.name, many),
    )
    return sorted(drawn.scalars())


def _day_from(row: Row) -> int:
    day: int = row["day_from"]
    return day

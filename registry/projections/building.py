"""A generation that is being built: its open rows are held in memory and written many at once.

Nobody else writes this generation, so what was read or made once stays true. A row that is opened
and closed before it is written is inserted once, with both ends.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Table, and_, or_, select

from registry.domain.catalogue import Event
from registry.domain.entities import entity_of
from registry.domain.events.register import CoverageStated, GapStated
from registry.domain.knowledge import Record
from registry.domain.settings import settings_of
from registry.projections.batches import KEYS, TABLES, Batch, Numbers, write_batches
from registry.projections.known import Known, records_told
from registry.projections.parts import home_of
from registry.projections.plan import Plan, plan
from registry.projections.rows import Row
from registry.projections.shelves import shelves
from registry.projections.tables import MAX_POSITION, finding, link, setting, span
from registry.store import log
from registry.store.log import Stored
from registry.store.tables import event

HELD: Final = 60_000
"""So many open rows are kept in memory; beyond, they are forgotten and read again."""

RECORDS: Final = 10_000
"""So many events are kept decoded."""


class Elsewhere(Exception):
    """An event bears on a stream that is not built here."""


class Building(Known):
    """What one plan after the other may know of the generation, and what they made of it.

    `seen` is the last moment that was applied. `conn` may be exchanged between two plans.
    """

    counts_at_once = True

    def __init__(
        self,
        conn: Connection,
        generation: int,
        seen: int,
        parts: int = 1,
        homes: Collection[str] | None = None,
    ) -> None:
        """`parts`: how many such share the memory. `homes`: the streams of this one; None: all."""
        super().__init__(conn, generation, seen)
        self._homes = homes
        self._most = HELD // parts
        self._written_to = seen
        self.mark()
        self._number = self._sent = 0
        self._shelves = shelves(whole=seen == 0)
        self._held: dict[Table, dict[int, dict[str, Any]]] = {t: {} for t in TABLES}
        self._opened: dict[Table, list[dict[str, Any]]] = {t: [] for t in TABLES}
        self._closed: dict[Table, list[tuple[int, dict[str, Any]]]] = {t: [] for t in TABLES}
        self._gone: dict[Table, set[int]] = {t: set() for t in TABLES}
        self._under_way: _UnderWay | None = None
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
                for record in records_told(log.targeting(self.conn, missing)):
                    if record.position <= self.seen:
                        self._targeting[record.target or ""].append(record)
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
        if missing := shelf.to_read(wanted):
            self._read(table, name, missing)
        shelf.note_new(wanted)
        rows = shelf.rows
        return [row for key in wanted if key in rows for row in rows[key].values()]

    def _read(self, table: Table, name: str, keys: Sequence[Any]) -> None:
        """Fetch the open rows that were written, and put them beside those that are not yet."""
        shelf, held, gone = self._shelves[table][name], self._held[table], self._gone[table]
        for row in self._written(table, name, keys):
            # What is under way is here already, whether it has arrived there by now or not.
            if row["id"] not in gone and row["known_from"] <= self._written_to:
                shelf.put(held.setdefault(row["id"], row))

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

    def follow(self, stored: Sequence[Stored]) -> None:
        """Plan what follows from these events, moment by moment; nothing is written yet."""
        records = {each.position: each for each in records_told(stored)}
        self.expect(stored, list(records.values()))
        for moment, group in groupby(stored, key=attrgetter("moment")):
            coming = [records[each.position] for each in group if each.position in records]
            self.apply(plan(self, coming), coming, moment)

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
        joint = self.records(joined - here).values() if joined else ()
        found = {
            (made.layer, made.subject)
            for event, record in about
            for made in settings_of(event, record.event_id, record.position, record.recorded_day)
        }
        before = self.settings_of_positions(r.position for r in old)
        found |= {(row["layer"], row["subject"]) for row in before}
        if self._homes is not None:
            self._look_for_others((*(e for e, _ in about), *(r.event for r in joint)), found)
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

    def _look_for_others(
        self, events: Iterable[Event], subjects: Iterable[tuple[str, str]]
    ) -> None:
        """Elsewhere, unless all these are at home in the streams that are built here."""
        homes = self._homes or ()
        for layer, key in subjects:
            if home_of(layer, key) not in homes:
                raise Elsewhere(f"{layer} of {key}")
        for each in events:
            about = entity_of(each)
            if each.stream and each.stream not in homes:
                raise Elsewhere(each.stream)
            if about is not None and ":".join(about) not in homes:
                raise Elsewhere(":".join(about))

    def apply(self, made: Plan, records: Sequence[Record], moment: int) -> None:
        """The plan's rows are known from this moment on."""
        for table, change in made.changes.items():
            name = KEYS[table].name
            self.touched[table].update(row[name] for row in change.insert)
            held, opened = self._held[table], self._opened[table]
            shelves = tuple(self._shelves[table].values())
            for row_id in change.close:
                row = held.pop(row_id)
                self.touched[table].add(row[name])
                for shelf in shelves:
                    shelf.take(row)
                row["known_to"] = moment
                if row_id >= self._sent:
                    self._closed[table].append((moment, row))
                    self._gone[table].add(row_id)
            for new in change.insert:
                self._number -= 1
                row = {
                    "id": self._number,
                    **new,
                    "generation": self.generation,
                    "known_from": moment,
                    "known_to": MAX_POSITION,
                }
                held[self._number] = row
                opened.append(row)
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
        before = self._written_to
        batch = self.take()
        (numbers,) = write_batches(conn, self.generation, before, self.seen, [batch])
        self.settle(numbers)

    def take(self) -> Batch:
        """What was made since the last time. It has to be settled before more is taken."""
        if self._under_way is not None:
            raise ValueError("what was taken before is not settled yet")
        batch = Batch({}, {}, {})
        for table in TABLES:
            if closed := self._closed[table]:
                batch.closed[table.name] = [(moment, row["id"]) for moment, row in closed]
                self._gone[table] = {row["id"] for _, row in closed}
            if opened := self._opened[table]:
                batch.columns[table.name] = tuple(opened[0])
                batch.opened[table.name] = [tuple(row.values()) for row in opened]
        self._under_way = _UnderWay(self.seen, self._opened, self._gone)
        self._opened = {table: [] for table in TABLES}
        self._closed = {table: [] for table in TABLES}
        self._gone = {table: set(gone) for table, gone in self._gone.items()}
        self._sent = self._number
        return batch

    @property
    def full(self) -> bool:
        """Whether so much is held that it has to be forgotten."""
        return sum(map(len, self._held.values())) > self._most

    def settle(self, numbers: Numbers) -> None:
        """What was taken is written, with these numbers. Where it has become much, forget."""
        if self._under_way is None:
            raise ValueError("nothing was taken")
        for table in TABLES:
            held, opened = self._held[table], self._under_way.opened[table]
            for row, number in zip(opened, numbers.get(table.name, ()), strict=True):
                there = held.pop(row["id"], None)
                row["id"] = number
                if there is not None:
                    held[number] = row
            self._gone[table] -= self._under_way.gone[table]
        self._written_to = self._under_way.upto
        self._under_way = None
        if self.full and self._written_to == self.seen:
            for table in TABLES:
                self._held[table].clear()
                for shelf in self._shelves[table].values():
                    shelf.clear()
        if len(self._records) > RECORDS:
            self._records.clear()
            self._targeting.clear()
            self._made_of.clear()


@dataclass(frozen=True)
class _UnderWay:
    """What was taken and has no numbers yet; `gone`: the rows that it closes."""

    upto: int
    opened: dict[Table, list[dict[str, Any]]]
    gone: dict[Table, set[int]]


_OF_AGREEMENTS: Final = frozenset({"participation", "force", "entry_into_force_rule"})

_RANGES: Final = 50
"""So many ranges of keys are asked for in one statement."""


def _parties_of(agreement: str) -> ColumnElement[bool]:
    return and_(
        setting.c.layer == "participation",
        setting.c.subject >= f"{agreement}|",
        setting.c.subject < f"{agreement}}}",  # } is what follows | in ASCII
    )


def _day_from(row: Row) -> int:
    day: int = row["day_from"]
    return day

"""What the projections and the log hold at present, read once for one plan."""

from collections.abc import Collection, Container, Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    Table,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from registry import codec
from registry.domain.errors import Gone
from registry.domain.events.register import EventAmended
from registry.domain.knowledge import Record
from registry.projections.rows import Row
from registry.projections.tables import (
    LIVE,
    MAX_POSITION,
    claim,
    entity,
    finding,
    link,
    remark,
    setting,
    span,
)
from registry.store import direct, log
from registry.store.among import among, parameter
from registry.store.log import CHUNK, Stored
from registry.store.tables import event, event_tag

EPOCH_DAY = 719_163  # 1970-01-01
MICROSECONDS_A_DAY = 86_400_000_000


def day_recorded(recorded_at: int) -> int:
    return EPOCH_DAY + recorded_at // MICROSECONDS_A_DAY


def records_told(stored: Iterable[Stored]) -> list[Record]:
    """Of these events those whose content is there; what was erased is as if it never was."""
    return [record_of(each) for each in stored if each.data is not None]


def record_of(stored: Stored) -> Record:
    """The stored event with its content decoded."""
    if stored.data is None:
        raise Gone(f"the content of event {stored.event_id} was erased on request")
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

    counts_at_once = False
    """Whether counting the settings of a subject costs nothing."""

    def __init__(self, conn: Connection, generation: int, seen: int) -> None:
        self.conn = conn
        self.generation = generation
        self.seen = seen
        self._rows: dict[tuple[str, str], dict[Any, list[Row]]] = {}
        self._records: dict[str, Record | None] = {}
        self._targeting: dict[str, list[Record]] = {}
        self._made_of: dict[str, list[Record]] = {}
        self._asked: list[tuple[Table, Any, Sequence[Any]]] = []

    def records(self, event_ids: Iterable[str]) -> dict[str, Record]:
        """Events of the log by id; ids that it does not hold are left out."""
        kept = self._records
        wanted = set(event_ids)
        if missing := {i for i in wanted if i not in kept}:
            found = log.by_ids(self.conn, missing)
            there = records_told(each for each in found.values() if each.position <= self.seen)
            kept |= dict.fromkeys(missing) | {record.event_id: record for record in there}
        return {i: r for i in wanted if (r := kept[i]) is not None}

    def corrections(self, event_ids: Iterable[str]) -> dict[str, list[Record]]:
        """The corrections of these events, and those of the corrections, by target."""
        out: dict[str, list[Record]] = {}
        wanted = set(event_ids)
        while wanted:
            if missing := {i for i in wanted if i not in self._targeting}:
                self._targeting.update({event_id: [] for event_id in missing})
                for record in records_told(log.targeting(self.conn, missing)):
                    if record.position <= self.seen:
                        self._targeting[record.target or ""].append(record)
            found = {event_id: self._targeting[event_id] for event_id in wanted}
            out.update({target: each for target, each in found.items() if each})
            wanted = {r.event_id for each in found.values() for r in each}
        return out

    def made_ahead(self, entities: Iterable[tuple[str, str]], types: Sequence[str]) -> None:
        """Read at once what `made_of` will be asked."""
        tags = {f"{kind}:{key}" for kind, key in entities} - self._made_of.keys()
        found: dict[str, dict[str, Record]] = {tag: {} for tag in tags}
        for stored in log.of_streams(self.conn, sorted(tags), types):
            if stored.position <= self.seen and stored.data is not None:
                found[stored.stream][stored.event_id] = record_of(stored)
        amended = log.amended_with(self.conn, sorted(tag for tag in tags if found[tag]))
        self.records(target for _, target in amended)
        for tag, target in amended:
            found[tag] |= self.records([target])
        for tag, records in found.items():
            self._made_of[tag] = sorted(records.values(), key=lambda each: each.position)

    def made_of(self, kind: str, key: str, types: Sequence[str]) -> list[Record]:
        """The events of these types in an entity's stream, and those amended to be about it."""
        tag = f"{kind}:{key}"
        if tag not in self._made_of:
            self.made_ahead([(kind, key)], types)
        return self._made_of[tag]

    def settings_of_subjects(self, subjects: Iterable[str]) -> list[Row]:
        return self._open(setting, setting.c.subject, subjects)

    def settings_of_positions(self, positions: Iterable[int]) -> list[Row]:
        return self._open(setting, setting.c.position, positions)

    def participation_in(self, agreement: str) -> list[Row]:
        """The settings of participation of every party to an agreement."""
        kept = self._rows.setdefault(("setting", "agreement"), {})
        if agreement not in kept and not self.entity("agreement", agreement):
            kept[agreement] = []  # nobody takes part in what is not on record
        elif agreement not in kept:
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
            statement = open_rows(self.conn, table, column)
            names = direct.columns(self.conn, statement)
            at_key = names.index(column.name)
            said = {"generation": self.generation, "keys": parameter(self.conn, part)}
            for values in direct.rows(self.conn, statement, said):
                kept[values[at_key]].append(dict(zip(names, values, strict=True)))
        return [row for key in wanted for row in kept[key]]

    def remember(
        self, table: Table, column: Column[Any], keys: Sequence[Any], rows: Iterable[Row]
    ) -> None:
        """All the open rows there are whose column is one of the keys, read elsewhere."""
        kept = self._rows.setdefault((table.name, column.name), {})
        kept.update({key: [] for key in keys})
        for row in rows:
            kept[row[column.name]].append(row)
        if keys:
            self._asked.append((table, column, keys))

    def looked_at(self, table: Table, column: Column[Any]) -> Container[Any]:
        """The keys by which the table was read."""
        return self._rows.get((table.name, column.name), {})

    def top_of_large(self, layer: str, key: str, large: int) -> int | None:
        """The highest confidence among more settings than `large`; None: fewer, or some are tied."""
        kept = self._rows.get((setting.name, setting.c.subject.name), {}).get(key)
        if kept is not None and sum(row["layer"] == layer for row in kept) <= large:
            return None
        mine = (
            setting.c.generation == self.generation,
            setting.c.subject == key,
            setting.c.layer == layer,
            setting.c.known_to == _MAX,
        )
        one = select(setting.c.id).where(*mine).limit(1).offset(large)
        if self.conn.execute(one).first() is None:
            return None
        self.note(setting, (setting.c.subject == key) & (setting.c.layer == layer))
        of_all = select(func.max(setting.c.tied), func.max(setting.c.confidence)).where(*mine)
        tied, top = self.conn.execute(of_all).one()
        return None if tied else int(top)

    def spans_before(self, layer: str, key: str, day: int, limit: int) -> list[Row]:
        """The last spans that begin before the day, latest first."""
        return self._spans_near(layer, key, span.c.day_from < day, span.c.day_from.desc(), limit)

    def spans_from(self, layer: str, key: str, day: int, limit: int) -> list[Row]:
        """The first spans that begin on the day or after it."""
        return self._spans_near(layer, key, span.c.day_from >= day, span.c.day_from, limit)

    def _spans_near(self, layer: str, key: str, side: Any, order: Any, limit: int) -> list[Row]:
        rows = self.conn.execute(
            select(span)
            .where(
                span.c.generation == self.generation,
                span.c.subject == key,
                span.c.layer == layer,
                span.c.known_to == _MAX,
                side,
            )
            .order_by(order)
            .limit(limit)
        )
        return [dict(row) for row in rows.mappings()]

    def settings_between(self, layer: str, key: str, first: int, last: int) -> list[Row]:
        """The settings whose window begins on one of these days, ends included."""
        return self._select(
            setting,
            (setting.c.layer == layer)
            & (setting.c.subject == key)
            & setting.c.lo.between(first, last),
        )

    def spans_between(self, layer: str, key: str, first: int, end: int) -> list[Row]:
        """The spans that begin on `first` or later, but before `end`."""
        return self._select(
            span,
            (span.c.layer == layer)
            & (span.c.subject == key)
            & (span.c.day_from >= first)
            & (span.c.day_from < end),
        )

    def with_more_settings_than(self, count: int, subjects: Iterable[str]) -> set[tuple[str, str]]:
        """The (layer, key) of these keys that have more open settings than that."""
        found: set[tuple[str, str]] = set()
        wanted = sorted(set(subjects))
        for at in range(0, len(wanted), CHUNK):
            found.update(
                (layer, key)
                for layer, key in self.conn.execute(
                    _many_settings(self.conn),
                    {
                        "generation": self.generation,
                        "keys": parameter(self.conn, wanted[at : at + CHUNK]),
                        "count": count,
                    },
                )
            )
        return found

    def note(self, table: Table, condition: ColumnElement[bool]) -> None:
        """Count rows that meet the condition as read, though only their number was."""
        self._asked.append((table, condition, ()))

    def asking_again(self, tags: Collection[str], streams: Sequence[str]) -> direct.Said:
        """The question of a writer that has the lock: one row of four for each of the streams.

        The live generation; 1 if anything that was read by keys has a row which was written or
        closed after `seen`, or an event after it is filed under one of the tags; the stream; its
        version. Findings need no look: they follow from the rest.
        """
        keys: dict[tuple[Table, Column[Any]], set[Any]] = {}
        for table, asked, part in self._asked:
            if part and table is not finding:
                keys.setdefault((table, asked), set()).update(part)
        said = {
            f"keys_{table.name}_{column.name}": parameter(self.conn, sorted(each))
            for (table, column), each in keys.items()
        }
        said |= {"generation": self.generation, "seen": self.seen}
        said |= {
            "tags": parameter(self.conn, sorted(tags)),
            "streams": parameter(self.conn, streams),
        }
        return _again(self.conn, frozenset(keys)), said

    def moved_elsewhere(self) -> bool:
        """Whether something moved that was read in another way than by keys."""
        looks = [
            exists().where(
                table.c.generation == self.generation, _since(table, self.seen), condition
            )
            for table, condition, keys in self._asked
            if not keys and table not in (span, finding)
        ]
        return bool(looks) and bool(self.conn.execute(select(or_(*looks))).scalar_one())

    def _select(self, table: Table, condition: ColumnElement[bool]) -> list[Row]:
        self._asked.append((table, condition, ()))
        statement = select(table).where(
            table.c.generation == self.generation, table.c.known_to == _MAX, condition
        )
        return [dict(row) for row in self.conn.execute(statement).mappings()]


_MAX: ColumnElement[int] = literal_column(
    str(MAX_POSITION)
)  # a bound value would hide the partial indexes


def _many_settings(conn: Connection) -> Select[Any]:
    return _built(conn, "many", setting, setting.c.subject)


def open_rows(conn: Connection, table: Table, column: Column[Any]) -> Select[Any]:
    """The open rows whose column is one of `keys`, of a `generation`."""
    return _built(conn, "open", table, column)


def open_where(table: Table, generation: Any) -> tuple[ColumnElement[bool], ...]:
    """True of the open rows of a generation."""
    return (table.c.generation == generation, table.c.known_to == _MAX, *_every_kind(table))


_BUILT: dict[tuple[str, str, Table, Column[Any]], Select[Any]] = {}


def _built(conn: Connection, what: str, table: Table, column: Column[Any]) -> Select[Any]:
    """Built once: building it takes as long as running it."""
    key = (conn.dialect.name, what, table, column)
    if key not in _BUILT:
        where = (*open_where(table, bindparam("generation")), among(conn, column))
        _BUILT[key] = (
            select(table).where(*where)
            if what == "open"
            else select(setting.c.layer, setting.c.subject)
            .where(*where)
            .group_by(setting.c.layer, setting.c.subject)
            .having(func.count() > bindparam("count"))
        )
    return _BUILT[key]


_AGAIN: dict[tuple[str, frozenset[tuple[Table, Column[Any]]]], Select[Any]] = {}


def _again(conn: Connection, by: frozenset[tuple[Table, Column[Any]]]) -> Select[Any]:
    key = (conn.dialect.name, by)
    if key not in _AGAIN:
        seen = bindparam("seen", type_=BigInteger)
        looks = [
            exists().where(
                table.c.generation == bindparam("generation", type_=Integer),
                _since(table, seen),
                among(conn, column, f"keys_{table.name}_{column.name}"),
                *_every_kind(table),
            )
            for table, column in by
        ]
        tagged = exists().where(among(conn, event_tag.c.tag, "tags"), event_tag.c.position > seen)
        # Where nobody wrote meanwhile, no look is needed. Not `exists`: planned for any position,
        # it would be a walk through the whole table.
        last = select(func.max(event.c.position)).scalar_subquery()
        moved = case((last <= seen, 0), (or_(tagged, *looks), 1), else_=0)
        _AGAIN[key] = log.last_versions(conn, "streams", LIVE.scalar_subquery(), moved)
    return _AGAIN[key]


def _since(table: Table, seen: Any) -> ColumnElement[bool]:
    """True of rows that were written or closed after that position."""
    return or_(
        table.c.known_from > seen,
        and_(table.c.known_to > seen, table.c.known_to < _MAX),
    )


def _every_kind(table: Table) -> tuple[ColumnElement[bool], ...]:
    """The index of entities begins with their kind."""
    return (_KINDS,) if table is entity else ()


_KINDS: ColumnElement[bool] = literal_column("entity.kind IN ('party', 'agreement', 'source')")

"""What a few events are foreseen to need is read in one go: of it, a plan asks nothing more.

On PostgreSQL that is one statement and one round trip, its rows told as JSON; on SQLite, where a
statement is a call, one for each table.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import orjson
from sqlalchemy import (
    ARRAY,
    Column,
    ColumnElement,
    Connection,
    Select,
    Table,
    Text,
    any_,
    bindparam,
    func,
    literal_column,
    select,
    true,
)

from registry.projections.known import Known, open_rows, open_where
from registry.projections.neighbourhood import LARGE
from registry.projections.rows import Row
from registry.projections.tables import LIVE, entity, finding, setting, span
from registry.projections.write import live_generation
from registry.store import direct, log
from registry.store.among import parameter
from registry.store.log import HEAD, Head

MOST: Final = LARGE
"""A table in which more rows are foreseen is left to be read when, and as, it is asked."""

FORESEEN: Final[Mapping[str, tuple[Table, Column[Any]]]] = {
    "entity": (entity, entity.c.key),
    "span": (span, span.c.subject),
    "setting": (setting, setting.c.subject),
    "finding": (finding, finding.c.subject),
}

PLANNED_ONCE: Final = select(func.set_config("plan_cache_mode", "force_generic_plan", true()))
"""For the rest of this transaction PostgreSQL plans a prepared statement once, not each time: for
a few keys, planning these statements anew takes longer than running them.
"""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """Keys of entities, the parties that act, and keys of the subjects that may be set."""

    entities: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()

    def keys(self) -> dict[str, list[str]]:
        """By table."""
        return {
            "entity": sorted(self.entities),
            "span": sorted(self.parties | self.subjects),
            "setting": sorted(self.subjects),
            "finding": sorted(self.subjects),
        }


def look(conn: Connection) -> tuple[Known, Head]:
    """What is known, of which nothing is read yet, and the head it is known at."""
    head = log.head(conn)
    return Known(conn, live_generation(conn), head.position), head


def look_ahead(conn: Connection, foreseen: Foreseen) -> tuple[Known, Head]:
    """The same with what is foreseen read already."""
    keys = foreseen.keys()
    if conn.dialect.name == "sqlite":
        known, head = look(conn)
        found = _one_by_one(conn, known.generation, keys)
    else:
        said = {f"keys_{name}": parameter(conn, each) for name, each in keys.items()}
        _, ((generation, position, recorded_at, frontier, *told),) = direct.answers(
            conn, [(PLANNED_ONCE, {}), (_all_at_once(), said)]
        )
        head = Head(position, recorded_at, frontier)
        known = Known(conn, generation, position)
        found = [orjson.loads(each) if each else [] for each in told]
    for (table, column), asked, rows in zip(FORESEEN.values(), keys.values(), found, strict=True):
        if len(rows) <= MOST:
            known.remember(table, column, asked, rows)
    return known, head


def _one_by_one(
    conn: Connection, generation: int, keys: Mapping[str, Sequence[str]]
) -> list[list[Row]]:
    statements = [_limited(conn, *each) for each in FORESEEN.values()]
    said = [{"generation": generation, "keys": parameter(conn, each)} for each in keys.values()]
    names = [direct.columns(conn, each) for each in statements]
    answers = direct.answers(conn, list(zip(statements, said, strict=True)))
    return [
        [dict(zip(each, row, strict=True)) for row in rows]
        for each, rows in zip(names, answers, strict=True)
    ]


_LIMITED: dict[tuple[str, Table], Select[Any]] = {}


def _limited(conn: Connection, table: Table, column: Column[Any]) -> Select[Any]:
    key = (conn.dialect.name, table)
    if key not in _LIMITED:
        _LIMITED[key] = open_rows(conn, table, column).limit(_ONE_MORE)
    return _LIMITED[key]


_ONE_MORE: ColumnElement[int] = literal_column(str(MOST + 1))


@cache
def _all_at_once() -> Select[Any]:
    """The live generation, the head, and the rows of each table as a list of JSON objects."""
    live = LIVE.scalar_subquery()
    told = []
    for name, (table, column) in FORESEEN.items():
        keys = bindparam(f"keys_{name}", type_=ARRAY(column.type))
        rows = (
            select(table)
            .where(*open_where(table, live), column == any_(keys))
            .limit(_ONE_MORE)
            .subquery(f"of_{name}")
        )
        told.append(select(func.json_agg(rows.table_valued()).cast(Text)).scalar_subquery())
    return select(live, *HEAD.selected_columns, *told)

"""What was built and is to be written: many rows at once, with the moment up to which they go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column, Connection, Table, func, select, update

from registry.domain.errors import Conflict
from registry.projections.tables import (
    claim,
    entity,
    finding,
    generation,
    link,
    remark,
    setting,
    span,
)
from registry.store.bulk import insert_rows

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


@dataclass(frozen=True)
class Batch:
    """By the name of their table: rows to close, as (moment, id); and new rows.

    `columns`: what the values of a new row are; the first is its id, which it gets when written.
    """

    closed: dict[str, list[tuple[int, int]]]
    opened: dict[str, list[tuple[Any, ...]]]
    columns: dict[str, tuple[str, ...]]


Numbers = dict[str, Sequence[int]]
"""By table the ids that the new rows of a batch were given, in their order."""


def write_batches(
    conn: Connection, into: int, before: int, upto: int, batches: Sequence[Batch]
) -> list[Numbers]:
    """Write what was built between two positions into a generation, and say that it goes up to there.

    Conflict where somebody else builds the same generation.
    """
    mine = conn.execute(
        update(generation)
        .where(generation.c.id == into, generation.c.position == before)
        .values(position=upto)
    )
    if mine.rowcount != 1:
        raise Conflict(f"another rebuild is at work on generation {into}: let it finish")
    given: list[Numbers] = [{} for _ in batches]
    for table in TABLES:
        name = table.name
        if closed := [each for batch in batches for each in batch.closed.get(name, ())]:
            _close(conn, table, closed)
        many = [len(batch.opened.get(name, ())) for batch in batches]
        if not any(many):
            continue
        numbers = _numbers(conn, table, sum(many))
        columns = next(batch.columns[name] for batch in batches if name in batch.columns)
        rows: list[tuple[Any, ...]] = []
        for batch, count, told in zip(batches, many, given, strict=True):
            if count:
                told[name] = numbers[len(rows) : len(rows) + count]
                new = zip(told[name], batch.opened[name], strict=True)
                rows += [(number, *row[1:]) for number, row in new]
        insert_rows(conn, table, columns, rows)
    return given


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

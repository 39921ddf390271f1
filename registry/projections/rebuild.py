"""Rebuild every projection from the log, beside the live one, and switch when they agree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from sqlalchemy import (
    Connection,
    Engine,
    Table,
    delete,
    except_,
    func,
    insert,
    select,
    update,
)

from registry.domain.errors import Conflict
from registry.projections.known import Known, record_of
from registry.projections.plan import plan
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
from registry.projections.write import RULES, live_generation, write
from registry.store import log
from registry.store.engine import reading, writing
from registry.store.log import Stored

TABLES: Final[tuple[Table, ...]] = (setting, span, finding, claim, link, remark, entity)
CHUNK = 1_000

Progress = Callable[[int, int], None]
"""Called with the position reached and the head."""


@dataclass(frozen=True)
class Rebuilt:
    """`differences`: rows that only one of the two generations has, a few of each table."""

    generation: int
    position: int
    differences: tuple[str, ...]


def rebuild(
    engine: Engine, *, accept: bool = False, progress: Progress = lambda _at, _of: None
) -> Rebuilt:
    """Build a new generation and make it the live one; the old one stays until dropped.

    A build that was broken off goes on where it stopped. With the same rules any difference
    refuses the switch (Conflict); with changed rules, and `accept`, it is only reported.
    """
    new = _begin(engine)
    while (at := _advance(engine, new)) < (head := _head(engine)):
        progress(at, head)
    with reading(engine) as conn:
        old = live_generation(conn)
        differences = list(_differences(conn, old, new, 0))
    with writing(engine) as conn:
        log.hold(conn)
        tail = _apply(conn, new, at, None)
        differences += _differences(conn, live_generation(conn), new, at)
        progress(tail, tail)
        if differences and not accept:
            raise Conflict(
                f"the rebuilt projections differ from the live ones in {len(differences)} rows "
                f"shown, first: {differences[0]}"
            )
        conn.execute(update(generation).where(generation.c.id == old).values(state="old"))
        conn.execute(update(generation).where(generation.c.id == new).values(state="live"))
    return Rebuilt(new, tail, tuple(differences))


def drop_generations(engine: Engine, *states: str) -> int:
    """Drop all generations in these states; how many there were."""
    with writing(engine) as conn:
        ids = list(
            conn.execute(select(generation.c.id).where(generation.c.state.in_(states))).scalars()
        )
        for each in ids:
            _drop(conn, each)
    return len(ids)


def compare(engine: Engine, progress: Progress = lambda _at, _of: None) -> list[str]:
    """What a rebuild would change, without switching: rows that only one of the two has."""
    drop_generations(engine, "building")
    new = _begin(engine)
    while (at := _advance(engine, new)) < (head := _head(engine)):
        progress(at, head)
    with reading(engine) as conn:
        differences = list(_differences(conn, live_generation(conn), new, 0))
    drop_generations(engine, "building")
    return differences


def _begin(engine: Engine) -> int:
    """A build to go on with, or a new one."""
    with writing(engine) as conn:
        building = conn.execute(select(generation).where(generation.c.state == "building")).first()
        if building is not None and building.rules == RULES:
            return int(building.id)
        if building is not None:
            _drop(conn, building.id)
        new = int(conn.execute(select(func.max(generation.c.id))).scalar_one()) + 1
        conn.execute(insert(generation).values(id=new, state="building", rules=RULES, position=0))
        return new


def _head(engine: Engine) -> int:
    with reading(engine) as conn:
        return log.head(conn).position


def _advance(engine: Engine, new: int) -> int:
    """Apply the next chunk of whole moments in one transaction; the position reached."""
    with writing(engine) as conn:
        at = conn.execute(select(generation.c.position).where(generation.c.id == new)).scalar_one()
        return _apply(conn, new, at, CHUNK)


def _apply(conn: Connection, new: int, at: int, limit: int | None) -> int:
    for moment, stored in _moments(conn, at, limit):
        known = Known(conn, new, at)
        write(conn, plan(known, [record_of(each) for each in stored]), new, moment)
        at = moment
    conn.execute(update(generation).where(generation.c.id == new).values(position=at))
    return at


def _moments(conn: Connection, at: int, limit: int | None) -> Iterator[tuple[int, list[Stored]]]:
    """The events after a position by transaction, about `limit` of them, never half of one."""
    done = 0
    while stored := log.after(conn, at, CHUNK):
        last = stored[-1].moment
        if stored[-1].position < last:
            stored += log.after(conn, stored[-1].position, last - stored[-1].position)
        for moment, group in groupby(stored, key=lambda each: each.moment):
            events = list(group)
            yield moment, events
            done += len(events)
            at = moment
        if limit is not None and done >= limit:
            return


def _differences(conn: Connection, old: int, new: int, after: int) -> Iterator[str]:
    """Rows that only one generation has, as far as the register knew of them after a position."""
    for table in TABLES:
        columns = [c for c in table.c if c.name not in ("id", "generation")]
        for only, other, word in ((old, new, "only live"), (new, old, "only rebuilt")):
            rows = (
                select(*columns, func.count().label("times"))
                .where(
                    table.c.generation == which,
                    (table.c.known_from > after)
                    | ((table.c.known_to > after) & (table.c.known_to < MAX_POSITION)),
                )
                .group_by(*columns)
                for which in (only, other)
            )
            for row in conn.execute(except_(*rows).limit(5)):
                yield f"{table.name}, {word}: {tuple(row)}"


def _drop(conn: Connection, which: int) -> None:
    for table in TABLES:
        conn.execute(delete(table).where(table.c.generation == which))
    conn.execute(delete(generation).where(generation.c.id == which))

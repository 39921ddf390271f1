"""Rebuild every projection from the log, beside the live one, and switch when they agree."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, func, insert, select, update

from registry.domain.errors import Conflict
from registry.projections import apart
from registry.projections.building import Building
from registry.projections.collecting import seldom_collecting
from registry.projections.compare import Differences, compare_all, compare_tail
from registry.projections.dropping import drop_generation, drop_generations
from registry.projections.tables import generation
from registry.projections.write import RULES, live_generation
from registry.store import log
from registry.store.engine import reading, writing
from registry.store.log import Stored

__all__ = ["Rebuilt", "build_first", "compare", "drop_generations", "rebuild"]

CHUNK = 2_000
"""About so many events are built at a time; what is written of them is written at once."""

TAIL: Final = 200
"""With no more events to go, the rest is built while nobody may append."""

Progress = Callable[[int, int], None]
"""Called with the position reached and the head."""


@dataclass(frozen=True)
class Rebuilt:
    """The generation that is live now; `differing` rows differ from before, some are shown."""

    generation: int
    position: int
    differing: int
    differences: tuple[str, ...]


def rebuild(
    engine: Engine, *, accept: bool = False, progress: Progress = lambda _at, _of: None
) -> Rebuilt:
    """Build a new generation and make it the live one; the old one stays until dropped.

    A build that was broken off goes on where it stopped. Any difference refuses the switch
    (Conflict) unless `accept` says that it is meant.
    """
    building = _begin(engine, "building", progress)
    _catch_up(engine, building, progress)
    found = Differences()
    with reading(engine) as conn:
        live, rules = live_generation(conn), _rules(conn)
        marks = compare_all(conn, live, building.generation, building.seen, found)
    if found and not accept:
        _refuse(found, rules)
    building.mark()
    _catch_up(engine, building, progress, TAIL)
    with writing(engine) as conn:
        log.hold(conn)
        if live_generation(conn) != live:
            raise Conflict("another rebuild has switched meanwhile: start again")
        _build(conn, building, None)
        building.write(conn)
        progress(building.seen, building.seen)
        if not found:
            compare_tail(conn, live, building.generation, building.touched, marks, found)
        if found and not accept:
            _refuse(found, rules)
        new = building.generation
        conn.execute(update(generation).where(generation.c.id == live).values(state="old"))
        conn.execute(update(generation).where(generation.c.id == new).values(state="live"))
    return Rebuilt(new, building.seen, found.total, tuple(found.shown))


def build_first(conn: Connection, progress: Progress = lambda _at, _of: None) -> None:
    """Build the live generation of a store whose log this very transaction has filled: whoever
    reads sees log and projections appear together, or neither.
    """
    live, head = live_generation(conn), log.head(conn).position
    conn.execute(update(generation).where(generation.c.id == live).values(rules=RULES, position=0))
    building = Building(conn, live, 0)
    with seldom_collecting():
        while building.seen < head:
            _build(conn, building, CHUNK)
            building.write(conn)
            progress(building.seen, head)


def compare(engine: Engine, progress: Progress = lambda _at, _of: None) -> Differences:
    """What a rebuild would change, without switching; a rebuild under way is left alone."""
    drop_generations(engine, "checking")
    building = _begin(engine, "checking", progress)
    _catch_up(engine, building, progress)
    found = Differences()
    with reading(engine) as conn:
        compare_all(conn, live_generation(conn), building.generation, building.seen, found)
    drop_generations(engine, "checking")
    return found


def _begin(engine: Engine, state: str, progress: Progress) -> Building:
    """A build to go on with, or a new one; where there is much to do, most of it is done."""
    which, position = _reserve(engine, state)
    head, many = _head(engine), apart.processes()
    if many > 1 and head - position >= apart.MUCH:
        position = apart.build_apart(engine, which, position, head, many, progress)
    with reading(engine) as conn:
        return Building(conn, which, position)


def _reserve(engine: Engine, state: str) -> tuple[int, int]:
    """The generation to build, and the position up to which it is built already."""
    with writing(engine) as conn:
        begun = conn.execute(select(generation).where(generation.c.state == state)).first()
    if begun is not None and begun.rules != RULES:
        drop_generation(engine, begun.id)
        begun = None
    if begun is not None:
        return begun.id, begun.position
    with writing(engine) as conn:
        log.hold(conn)
        new = int(conn.execute(select(func.max(generation.c.id))).scalar_one()) + 1
        conn.execute(insert(generation).values(id=new, state=state, rules=RULES, position=0))
        return new, 0


def _rules(conn: Connection) -> int:
    """The rules that the live generation was built by."""
    rules = conn.execute(select(generation.c.rules).where(generation.c.state == "live"))
    return int(rules.scalar_one())


def _catch_up(engine: Engine, building: Building, progress: Progress, near: int = 0) -> None:
    """Build up to the head as it stands, and on until no more than TAIL events are to go."""
    with seldom_collecting():
        while (head := _head(engine)) - building.seen > near:
            while building.seen < head:
                with reading(engine) as conn:
                    _build(conn, building, CHUNK)
                with writing(engine) as conn:
                    building.write(conn)
                progress(building.seen, max(head, building.seen))
            near = TAIL


def _head(engine: Engine) -> int:
    with reading(engine) as conn:
        return log.head(conn).position


def _build(conn: Connection, building: Building, limit: int | None) -> None:
    """Plan the next whole moments, about `limit` events; nothing is written yet."""
    building.conn = conn
    for stored in _chunks(conn, building.seen, limit):
        building.follow(stored)


def _chunks(conn: Connection, at: int, limit: int | None) -> Iterator[list[Stored]]:
    """The events after a position, whole transactions of them; only the next few with a limit."""
    while stored := log.after(conn, at, CHUNK):
        last = stored[-1].moment
        if stored[-1].position < last:
            stored += log.after(conn, stored[-1].position, last - stored[-1].position)
        yield stored
        at = last
        if limit is not None:
            return


def _refuse(found: Differences, rules: int) -> None:
    why = "" if rules == RULES else f" (built by rules {rules}, now {RULES})"
    raise Conflict(
        f"the rebuilt projections differ from the live ones{why}, nothing was switched: "
        f"{found.summary}; first: {found.shown[0]}"
    )

"""Build side by side: processes that read and plan one part of the log each, and one that writes.

The parts know nothing of each other (`parts`). After each round what all of them made is written in
one transaction, with the position up to which it goes, so a build that is broken off is one that
anybody may go on with, in other parts or in one. While a round is written, the next one is planned.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from typing import Final

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import SQLAlchemyError

from registry.projections.batches import write_batches
from registry.projections.building import Building, Elsewhere
from registry.projections.collecting import seldom_collecting
from registry.projections.parts import divide
from registry.store import log
from registry.store.engine import connect, reading, writing
from registry.store.tables import event

MUCH = 10_000
"""With fewer events to go, starting the processes would take longer than they save."""

ROUND = 1_000
"""About so many events are planned by each process before they are written."""

MOST: Final = 4
"""So many processes at most, for the sake of memory."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class _Task:
    """What a process is told once; then, again and again, up to which position to go."""

    generation: int
    begun: int
    parts: int
    homes: frozenset[str]


def processes() -> int:
    """How many may plan at once."""
    if multiprocessing.current_process().daemon:
        return 1  # it may not begin any
    return min(len(os.sched_getaffinity(0)), MOST)


def build_apart(
    engine: Engine, generation: int, begun: int, head: int, many: int, progress: Progress
) -> int:
    """Build what was recorded between two positions; how far it came.

    That is less where a process gives up: because an event of its part bears on another part, or
    because one cannot be read. Whoever goes on alone copes with the first, and tells of the other.
    """
    spawned = multiprocessing.get_context("spawn")  # a copy of this process might hold its locks
    url = engine.url.render_as_string(hide_password=False)
    with ExitStack() as stack:
        pipes: list[Pipe] = []
        for _ in range(many):
            here, there = spawned.Pipe()
            pipes.append(stack.enter_context(closing(here)))
            process = spawned.Process(target=_work, args=(there, url), daemon=True)
            process.start()
            stack.callback(process.join)
            stack.callback(process.terminate)  # it only reads
            there.close()
        with reading(engine) as conn:
            part_of = divide(conn, head, many)
        at = begun
        try:
            for part, pipe in enumerate(pipes):
                homes = frozenset(stream for stream, other in part_of.items() if other == part)
                pipe.send(_Task(generation, begun, many, homes))
            upto: int | None = _tell_next(engine, pipes, begun, head)
            while upto is not None:
                batches = [pipe.recv() for pipe in pipes]
                following = _tell_next(engine, pipes, upto, head)
                with writing(engine) as conn:
                    numbers = write_batches(conn, generation, at, upto, batches)
                if following is not None:
                    for pipe, given in zip(pipes, numbers, strict=True):
                        pipe.send(given)
                at, upto = upto, following
                progress(at, head)
        except (EOFError, ConnectionError):
            return at
    return at


def _tell_next(engine: Engine, pipes: Sequence[Pipe], at: int, head: int) -> int | None:
    """Tell every process how far to go next, to the end of a transaction; None: that was all."""
    following = None
    if at < head:
        with reading(engine) as conn:
            following = _bound(conn, at, ROUND * len(pipes)) or head
    for pipe in pipes:
        pipe.send(following)
    return following


def _bound(conn: Connection, at: int, many: int) -> int | None:
    """The end of the transaction in which so many events after a position are full."""
    last = select(event.c.moment).where(event.c.position == at + many)
    return conn.execute(last).scalar()


def _work(pipe: Pipe, url: str) -> None:
    """One process: plan, hand over, plan the next while that is written."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who began this is told, and closes the pipe
    engine = connect(url)
    try:
        with seldom_collecting():
            _plan_rounds(pipe, engine, pipe.recv())
    except (Elsewhere, ValueError, SQLAlchemyError):
        return  # see `build_apart`
    except (EOFError, ConnectionError):
        return  # who began this is gone, and whoever begins again does not need what was planned
    finally:
        pipe.close()
        engine.dispose()


def _plan_rounds(pipe: Pipe, engine: Engine, task: _Task) -> None:
    with reading(engine) as conn:
        building = Building(conn, task.generation, task.begun, task.parts, task.homes)
    at, waiting = task.begun, False
    while (upto := pipe.recv()) is not None:
        if waiting and building.full:  # only what is written can be forgotten
            building.settle(pipe.recv())
            waiting = False
        with reading(engine) as conn:
            building.conn = conn
            coming = log.after(conn, at, upto - at)
            building.follow([each for each in coming if each.stream in task.homes])
        if waiting:
            building.settle(pipe.recv())
        building.mark()
        pipe.send(building.take())
        at, waiting = upto, True

"""Subjects drawn at random, for a spot check of a register that is too large to look at all."""

from collections.abc import Iterator
from itertools import chain, islice, zip_longest
from random import Random
from typing import Final

from sqlalchemy import Connection, bindparam, func, select

from registry.domain.settings import subjects_of
from registry.projections.known import record_of
from registry.projections.plan import Subject
from registry.projections.tables import span
from registry.store import log
from registry.store.among import among, parameter
from registry.store.log import Stored

_AT_ONCE: Final = 100


def subjects_at_random(conn: Connection, generation: int, chance: Random) -> Iterator[Subject]:
    """Every subject once, in an order that `chance` settles.

    Half of them are met in events drawn at random, half in spans: so one whose spans are gone is
    met, and one that no event speaks of.
    """
    met: set[Subject] = set()
    head = log.head(conn).position
    told = _told(conn, chance, head)
    kept = _kept(conn, generation, chance)
    for each in chain.from_iterable(zip_longest(told, kept)):
        if each is not None and each not in met:
            met.add(each)
            yield each


def _told(conn: Connection, chance: Random, head: int) -> Iterator[Subject]:
    """One subject of each event that is drawn; what they speak of besides comes last."""
    besides: list[Subject] = []
    for positions in _parts(_shuffled(chance, 1, head)):
        found = {each.position: each for each in log.at(conn, positions)}
        for position in positions:
            if position in found and (subjects := _subjects(found[position])):
                drawn = chance.choice(subjects)
                besides += (each for each in subjects if each != drawn)
                yield drawn
    yield from dict.fromkeys(besides)


def _subjects(stored: Stored) -> list[Subject]:
    """What the event may bear on, by itself or, for an agreement's force, by what follows."""
    if stored.data is None:
        return []
    record = record_of(stored)
    found = subjects_of(record.content or record.event, record.event_id)
    found |= {
        ("force", key.split("|", 1)[0])
        for layer, key in found
        if layer in ("participation", "entry_into_force_rule")
    }
    return sorted(found)


def _kept(conn: Connection, generation: int, chance: Random) -> Iterator[Subject]:
    ends = select(func.min(span.c.id), func.max(span.c.id)).where(span.c.generation == generation)
    first, last = conn.execute(ends).one()
    wanted = select(span.c.id, span.c.layer, span.c.subject).where(
        span.c.generation == bindparam("generation"), among(conn, span.c.id)
    )
    for ids in _parts(_shuffled(chance, first or 1, last or 0)):
        said = {"generation": generation, "keys": parameter(conn, ids)}
        found = {row_id: (layer, key) for row_id, layer, key in conn.execute(wanted, said)}
        yield from (found[each] for each in ids if each in found)


def _shuffled(chance: Random, first: int, last: int) -> Iterator[int]:
    """The whole numbers of a range in random order, without a list of all of them."""
    moved: dict[int, int] = {}
    for left in range(last - first, -1, -1):
        drawn = chance.randint(0, left)
        yield first + moved.get(drawn, drawn)
        moved[drawn] = moved.pop(left, left)


def _parts(numbers: Iterator[int]) -> Iterator[list[int]]:
    while part := list(islice(numbers, _AT_ONCE)):
        yield part

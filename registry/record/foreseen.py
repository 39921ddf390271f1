"""What the checks and the plan of a few events will ask, as far as it can be told beforehand."""

from collections.abc import Mapping, Sequence
from typing import Final

from registry.domain.catalogue import Correction
from registry.domain.entities import entity_of
from registry.domain.settings import subjects_of
from registry.projections.ahead import Foreseen
from registry.projections.known import Known
from registry.projections.tables import entity
from registry.record.check import Checked, Submission, enters
from registry.record.named import Named

FEW: Final = 20
"""For more events than these it is cheaper to ask table by table."""


def foreseen(submissions: Sequence[Submission], named: Mapping[int, Named]) -> Foreseen:
    """The entities that are named or entered, the parties, and the subjects that are set.

    Where a party is named by a code, its subjects are not foreseen, and asked for later.
    """
    entities: set[str] = set()
    parties: set[str] = set()
    subjects: set[str] = set()
    for each in submissions:
        names = named[id(each.event)]
        parties.update(name for _, name in names.parties)
        entities.update(name for _, _, name in names.others)
        if (entered := enters(each.event)) is not None:
            entities.add(entered[1])
        for layer, key in subjects_of(each.event, each.event_id or ""):
            subjects.add(key)
            if layer == "participation":
                subjects.add(key.split("|", 1)[0])  # whether it has a rule for entering into force
    return Foreseen(frozenset(entities | parties), frozenset(parties), frozenset(subjects))


def not_looked_at(known: Known, checked: Sequence[Checked]) -> frozenset[str]:
    """The tags of the events, without those of entities whose rows alone matter to them.

    A source that two events cite is no reason for one to look at the register again because of
    the other: that it is still on record is seen by its row. It is one for an event that corrects,
    or says what the entity is: it rests on all that was said of it.
    """
    read = known.looked_at(entity, entity.c.key)
    tags: set[str] = set()
    for each in checked:
        plain = not isinstance(each.event, Correction) and entity_of(each.event) is None
        for tag in each.tags:
            kind, _, key = tag.partition(":")
            if kind == "event" or not plain or key not in read:
                tags.add(tag)
    return frozenset(tags)

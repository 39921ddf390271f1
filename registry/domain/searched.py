"""What can be found of an event by its words: every text that it tells, by the kinds of its fields.

A word that stands in the name of something is entered a second time under a mark, so that persons,
topics and titles can be searched for by themselves. A mark is a letter of no script, which no word
that somebody types can hold.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from registry.domain.catalogue import Event
from registry.domain.entities import entity_of
from registry.domain.events.agreements import Recorded
from registry.domain.events.parties import PartyRecorded
from registry.domain.events.register import SourceRecorded
from registry.domain.fields import Kind, Told, told_by
from registry.domain.words import words_of

MOST: Final = 4_000
"""So many words of an event are entered at most."""


class Mark(StrEnum):
    """As what a word is entered beside being a word of the text."""

    PERSON = "\ue001"
    TOPIC = "\ue002"
    AGREEMENT = "\ue003"
    SOURCE = "\ue004"
    PARTY = "\ue005"
    RECORD = "\ue006"


RECORDING: Final = str(Mark.RECORD)
"""The one word that says that the event puts a party, an agreement or a source on record."""
_RECORDING: Final = (PartyRecorded, Recorded, SourceRecorded)
_TEXTS: Final = frozenset({Kind.TEXT, Kind.LABEL, Kind.PROSE, Kind.ACTOR})
_MAPPED: Final = frozenset({Kind.NAMES, Kind.EXTERNAL_IDS})
_NAMED: Final = frozenset({Kind.PARTY, Kind.NEW_PARTY})
_TITLES: Final = ("title", "publisher", "author")
_PERSONS: Final = ("person", "signatories.name")


def texts_of(event: Event) -> list[tuple[str, str]]:
    """(path of the field, text) of all that it tells in words."""
    return list(_told(event, ""))


def entered(event: Event) -> list[str]:
    """The words it is entered under, in order: with those of its type, and what was chosen."""
    made = [*_of_name(event.TYPE.replace(".", " ")), *_chosen(event)]
    marked: list[str] = []
    about = entity_of(event)
    for path, text in texts_of(event):
        words = words_of(text)
        made += words
        if mark := _mark(path, about[0] if about else ""):
            marked += [f"{mark}{word}" for word in words]
    for party in dict.fromkeys(_parties(event)):
        made += _of_name(party)
        marked.append(party_word(party))
    if isinstance(event, _RECORDING):
        marked.append(RECORDING)
    return [*made[:MOST], *marked[:MOST]]


def party_word(party: str) -> str:
    """The word under which every event that names the party is entered."""
    return Mark.PARTY + "".join(_of_name(party))


@lru_cache(maxsize=1_000)
def _of_name(name: str) -> tuple[str, ...]:
    """The words of what is named again and again."""
    return tuple(words_of(name))


def is_person(path: str) -> bool:
    """Whether the text of this field is a person's name."""
    return path in _PERSONS


def _mark(path: str, kind: str) -> str | None:
    if is_person(path):
        return Mark.PERSON
    if path == "topics":
        return Mark.TOPIC
    if path in _TITLES and kind in ("agreement", "source"):
        return Mark.AGREEMENT if kind == "agreement" else Mark.SOURCE
    return None


def _told(holder: object, prefix: str) -> Iterator[tuple[str, str]]:
    for one in _fields(type(holder)).telling:
        value = getattr(holder, one.name)
        if not value:
            continue
        path = f"{prefix}{one.wire}"
        if one.kind in _TEXTS:
            yield from ((path, text) for text in (value if one.many else (value,)))
        elif one.kind is Kind.RECORD:
            for each in value if one.many else (value,):
                yield from _told(each, f"{path}.")
        else:
            yield from ((path, text) for text in _values(value))


def _chosen(event: Event) -> Iterator[str]:
    """What was chosen from a list, such as the rank of a head of mission."""
    for one in _fields(type(event)).chosen:
        if value := getattr(event, one.name):
            for each in value if one.many else (value,):
                yield from _of_name(each)


def _values(value: object) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from (str(each) for each in value.values())


def _parties(holder: object) -> Iterator[str]:
    for one in _fields(type(holder)).naming:
        value = getattr(holder, one.name)
        if not value:
            continue
        if one.kind is Kind.RECORD:
            for each in value if one.many else (value,):
                yield from _parties(each)
        else:
            yield from value if one.many else (value,)


@dataclass(frozen=True, slots=True)
class _Fields:
    """The fields of a class that tell something in words, of those chosen from a list, and those
    that name parties; records stand among the first and the last.
    """

    telling: tuple[Told, ...]
    chosen: tuple[Told, ...]
    naming: tuple[Told, ...]


_FIELDS: Final[dict[type, _Fields]] = {}


def _fields(cls: type) -> _Fields:
    if cls not in _FIELDS:

        def of(kinds: Container[Kind]) -> tuple[Told, ...]:
            return tuple(one for one in told_by(cls) if one.kind in kinds)

        records = frozenset({Kind.RECORD})
        _FIELDS[cls] = _Fields(
            of(_TEXTS | _MAPPED | records), of({Kind.CHOICE}), of(_NAMED | records)
        )
    return _FIELDS[cls]

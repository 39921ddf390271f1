"""The streams of the log in parts that know nothing of each other, to be built side by side.

What is planned of an event rests on the rest of its stream, on the streams of the subjects that it
sets, and on those of the events it names. Streams that are bound like this are kept together.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import Connection, func, select

from registry import codec
from registry.domain.catalogue import Event
from registry.domain.dates import MAX_DAY
from registry.domain.entities import entity_of
from registry.domain.events.agreements import CommitmentMade
from registry.domain.events.parties import MembershipJoined, MembershipLeft
from registry.domain.events.register import EventAmended, stream_of_subject
from registry.domain.layers import LAYERS
from registry.domain.settings import settings_of
from registry.store.tables import event, event_payload, event_tag

REACHING: Final = frozenset(
    each.TYPE for each in (CommitmentMade, EventAmended, MembershipJoined, MembershipLeft)
)
"""The types that may bear on a subject at home in another stream than their own."""


def home_of(layer: str, key: str) -> str:
    """The one stream that a subject is kept with; all that it depends on has the same."""
    return stream_of_subject(LAYERS[layer].subject(key))


def homes_of(said: Event) -> set[str]:
    """The streams that the content of an event bears on."""
    homes = {home_of(made.layer, made.subject) for made in settings_of(said, "", 0, MAX_DAY)}
    if (about := entity_of(said)) is not None:
        homes.add(":".join(about))
    if said.stream:
        homes.add(said.stream)
    return homes


def divide(conn: Connection, upto: int, many: int) -> dict[str, int]:
    """By stream the number of its part; the parts have about as many events each."""
    counts = {
        stream: int(events)
        for stream, events in conn.execute(
            select(event.c.stream, func.count())
            .where(event.c.position <= upto)
            .group_by(event.c.stream)
        )
    }
    bound = _Bound(counts)
    for one, other in _bound(conn, upto):
        bound.bind(one, other)
    weights: Counter[str] = Counter()
    roots = {stream: bound.root(stream) for stream in bound.above}
    for stream, root in roots.items():
        weights[root] += counts.get(stream, 0)
    loads = [0] * many
    part_of: dict[str, int] = {}
    for root, weight in sorted(weights.items(), key=lambda each: (-each[1], each[0])):
        part_of[root] = least = loads.index(min(loads))
        loads[least] += weight
    return {stream: part_of[root] for stream, root in roots.items()}


def _bound(conn: Connection, upto: int) -> Iterator[tuple[str, str]]:
    """Pairs of streams that bear on each other."""
    named = event.alias("named")
    first = len("event:")
    yield from (
        (one, other)
        for one, other in conn.execute(
            select(event.c.stream, named.c.stream)
            .select_from(event_tag)
            .join(event, event.c.position == event_tag.c.position)
            .join(named, named.c.event_id == func.substr(event_tag.c.tag, first + 1))
            .where(
                event_tag.c.tag >= "event:",
                event_tag.c.tag < "event;",  # ; is what follows : in ASCII
                event.c.position <= upto,
                event.c.stream != named.c.stream,
            )
            .distinct()
        )
    )
    reaching = conn.execute(
        select(event.c.stream, event.c.type, event.c.type_version, event_payload.c.data)
        .join(event_payload, event_payload.c.position == event.c.position)
        .where(event.c.type.in_(sorted(REACHING)), event.c.position <= upto),
        execution_options={"yield_per": _AT_ONCE},
    )
    for stream, kind, version, data in reaching:
        said = codec.restored(kind, version, data)
        if isinstance(said, EventAmended):
            said = codec.content(said.event)
        yield from ((stream, home) for home in homes_of(said))


_AT_ONCE: Final = 2_000


class _Bound:
    """Streams that were bound, directly or by others: all of them have the same root."""

    def __init__(self, streams: Iterable[str]) -> None:
        self.above = {stream: stream for stream in streams}

    def bind(self, one: str, other: str) -> None:
        first, second = self.root(one), self.root(other)
        if first != second:
            self.above[second] = first

    def root(self, stream: str) -> str:
        above = self.above
        above.setdefault(stream, stream)
        while (up := above[stream]) != stream:
            above[stream] = above[up]  # half the way for whoever asks next
            stream = up
        return stream

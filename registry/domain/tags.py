"""What an event speaks of, in the words under which the log files it."""

from registry.domain.catalogue import Event, mentions
from registry.domain.entities import entity_of
from registry.domain.events.register import AboutLayer
from registry.domain.fields import Kind
from registry.domain.naming import parties_named


def tags_of(event: Event) -> frozenset[str]:
    """`party:BOL`, `agreement:...`, `source:...`, `event:...`; a correction is filed under those
    of its target and of the content it puts in its place, too.
    """
    tags = {f"party:{name}" for _, name in parties_named(event)}
    tags |= {f"agreement:{name}" for _, name in mentions(event, Kind.AGREEMENT)}
    tags |= {f"source:{name}" for _, name in mentions(event, Kind.SOURCE)}
    tags |= {f"event:{name}" for _, name in mentions(event, Kind.EVENT)}
    if isinstance(event, AboutLayer) and event.subject.get("agreement"):
        tags.add(f"agreement:{event.subject['agreement']}")
    if (found := entity_of(event)) is not None:
        tags.add(f"{found[0]}:{found[1]}")
    return frozenset(tags)

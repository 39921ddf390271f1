"""What an event speaks of, in the words under which the log files it."""

from collections.abc import Mapping, Sequence

from registry.domain.catalogue import Event, naming
from registry.domain.entities import entity_of
from registry.domain.events.register import AboutLayer
from registry.domain.fields import Kind
from registry.domain.naming import named_parties


def tags_of(
    event: Event, said: Mapping[Kind, Sequence[tuple[str, str]]] | None = None
) -> frozenset[str]:
    """`party:BOL`, `agreement:...`, `source:...`, `event:...`; a correction is filed under those
    of its target and of the content it puts in its place, too. `said`: what `naming` found in it.
    """
    said = naming(event) if said is None else said
    tags = {f"party:{name}" for _, name in named_parties(event, said)}
    tags |= {f"agreement:{name}" for _, name in said[Kind.AGREEMENT]}
    tags |= {f"source:{name}" for _, name in said[Kind.SOURCE]}
    tags |= {f"event:{name}" for _, name in said[Kind.EVENT]}
    if isinstance(event, AboutLayer) and event.subject.get("agreement"):
        tags.add(f"agreement:{event.subject['agreement']}")
    if (found := entity_of(event)) is not None:
        tags.add(f"{found[0]}:{found[1]}")
    return frozenset(tags)

"""How events stand once the corrections that are known, and the incoming ones, are counted."""

from collections.abc import Mapping, Sequence

from registry.domain.knowledge import Record, Standing, standing
from registry.projections.known import Known


def standings_of(
    known: Known, originals: Mapping[str, Record], incoming: Sequence[Record]
) -> dict[str, Standing]:
    """How these events stand after the incoming ones."""
    new = {record.event_id for record in incoming}
    corrections = known.corrections(originals.keys() - new)
    for record in incoming:
        if record.target is not None:
            corrections[record.target] = [*corrections.get(record.target, []), record]
    return {i: standing(record, corrections) for i, record in originals.items()}


def by_target(incoming: Sequence[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in incoming:
        if record.target is not None:
            found.setdefault(record.target, []).append(record)
    return found

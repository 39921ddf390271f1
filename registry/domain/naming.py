"""Which parties an event names."""

from collections.abc import Mapping, Sequence

from registry.domain.catalogue import Event, naming
from registry.domain.events.register import AboutLayer, StatusObserved
from registry.domain.fields import Kind
from registry.domain.layers import LAYERS
from registry.domain.parties import looks_like_party


def parties_named(event: Event) -> list[tuple[str, str]]:
    """(field, name) of every party the event names: ids or codes, not descriptions."""
    return named_parties(event, naming(event))


def named_parties(
    event: Event, said: Mapping[Kind, Sequence[tuple[str, str]]]
) -> list[tuple[str, str]]:
    """The same from what `naming` found in the event."""
    named = list(said[Kind.PARTY])
    named += [(at, n) for at, n in said[Kind.ACTOR] if looks_like_party(n)]
    if isinstance(event, AboutLayer):
        layer = LAYERS[event.layer]
        key = layer.key_of(event.subject) if set(event.subject) != {"agreement"} else ""
        named += [("subject", name) for name in layer.party_parts(key)] if key else []
    if isinstance(event, StatusObserved) and event.protector:
        named.append(("value", event.protector))
    return named

"""What is odd in the history of one subject, layer by layer. Odd is not wrong."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from registry.domain.doubts import Doubt
from registry.domain.layers import CONSENT, EFFECT, SIGNATURE
from registry.domain.resolve import computed_entry, stated_entries
from registry.domain.settings import Setting

Settings = Sequence[Setting]

_LEFT: Final = frozenset({"withdrawn", "expelled", "suspended"})


def oddities(
    layer: str, settings: Settings, neighbours: Settings, negotiating: Sequence[str] = ()
) -> list[Doubt]:
    """Doubts about the settings of one subject that no single event shows."""
    find = _BY_LAYER.get(layer)
    return list(find(settings, neighbours, negotiating)) if find else []


def _participation(
    settings: Settings, _near: Settings, _negotiating: Sequence[str]
) -> Iterator[Doubt]:
    signed = _of_rank(settings, SIGNATURE)
    consents = _of_rank(settings, CONSENT)
    for consent in consents:
        for signature in signed:
            if consent.window.hi < signature.window.lo and "contracting" in consent.values:
                yield Doubt(
                    "consent_before_signature",
                    "consent to be bound is dated before the signature",
                    (consent.event_id, signature.event_id),
                )
    for leaving in settings:
        if _LEFT.isdisjoint(leaving.values):
            continue
        began = consents + _of_rank(settings, EFFECT)
        if not any(s.window.lo <= leaving.window.hi for s in began):
            yield Doubt(
                "left_before_joining",
                f"{leaving.values[0]} before any consent or effect on record",
                (leaving.event_id,),
            )


def _relations(settings: Settings, _near: Settings, _negotiating: Sequence[str]) -> Iterator[Doubt]:
    breaks = [s for s in settings if s.rank in (2, 3)]
    for again in settings:
        if again.rank == 4 and not any(s.window.lo <= again.window.hi for s in breaks):
            yield Doubt(
                "reestablished_without_break",
                "re-established, but no interruption or severance before is on record",
                (again.event_id,),
            )


def _force(settings: Settings, near: Settings, negotiating: Sequence[str]) -> Iterator[Doubt]:
    entries = stated_entries(settings)
    consents = [
        s
        for s in near
        if s.layer == "participation" and set(s.values) & {"signatory", "contracting", "party"}
    ]
    by_rule = computed_entry(near, negotiating)
    for entry in entries:
        if consents and all(s.window.lo > entry.window.hi for s in consents):
            yield Doubt(
                "in_force_before_any_consent",
                "in force before any signature or consent on record",
                (entry.event_id,),
            )
        if by_rule is not None and not (by_rule.window & entry.window):
            yield Doubt(
                "stated_entry_against_rule",
                "the stated entry into force is not on a day that the recorded rule computes",
                (entry.event_id, by_rule.event_id),
            )
    for ending in settings:
        ended = set(ending.values) & {"terminated", "suspended"}
        if ended and entries and all(s.window.lo > ending.window.hi for s in entries):
            yield Doubt(
                "ended_before_entry",
                f"{ending.values[0]} before its entry into force",
                (ending.event_id,),
            )


def _existence(settings: Settings, _near: Settings, _negotiating: Sequence[str]) -> Iterator[Doubt]:
    for begun in (s for s in settings if "exists" in s.values):
        for ended in (s for s in settings if "ended" in s.values):
            if ended.window.hi < begun.window.lo:
                yield Doubt(
                    "ended_before_beginning",
                    "ended before it began to exist",
                    (ended.event_id, begun.event_id),
                )


def _of_rank(settings: Settings, rank: int) -> list[Setting]:
    return [s for s in settings if s.rank == rank]


_BY_LAYER: Final[Mapping[str, Callable[[Settings, Settings, Sequence[str]], Iterator[Doubt]]]] = {
    "participation": _participation,
    "diplomatic_relations": _relations,
    "force": _force,
    "existence": _existence,
}

ASKED: Final = frozenset(_BY_LAYER)
"""The layers in which anything may be odd."""

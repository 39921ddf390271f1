"""Settings: what one event says about one layer of one subject, with its window of days."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.domain.catalogue import Event
from registry.domain.confidence import Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY, Days, Edtf
from registry.domain.layers import LAYERS
from registry.domain.sets import At, Sets


@dataclass(frozen=True, slots=True)
class Setting:
    """`values`: one, or several where it is open which; `after`: ids of events stated earlier.

    `act`: the act of which this is one claim among several, None where it is the only one.
    `optional`: it may not have happened; it never undoes another setting.
    """

    layer: str
    subject: str
    event_id: str
    position: int
    part: int
    values: tuple[str, ...]
    window: Days
    confidence: Confidence
    rank: int
    after: tuple[str, ...] = ()
    act: int | None = None
    assumption: str | None = None
    computed: bool = False
    cancellable: bool = False
    optional: bool = False


def settings_of(
    event: Event, event_id: str, position: int, recorded_day: int
) -> tuple[Setting, ...]:
    """All that the event sets. `recorded_day`: when this content was recorded."""
    made: list[Setting] = []
    for sets in event.SETS:
        value = sets.value_of(event)
        window = _window(event, sets.at, recorded_day)
        if value is None:
            continue
        for layer, key in _subjects(sets, event, event_id):
            rank = LAYERS[layer].rank(value) if sets.rank is None else sets.rank
            when = window if window is not None else _undated(sets, layer, recorded_day)
            if when is None:
                continue
            made.append(
                Setting(
                    layer=layer,
                    subject=key,
                    event_id=event_id,
                    position=position,
                    part=len(made),
                    values=(value,),
                    window=when,
                    confidence=event.confidence,
                    rank=rank,
                    after=event.after(),
                    assumption=sets.assumption,
                    cancellable=sets.cancellable,
                )
            )
    return _without_the_overtaken(made)


def subjects_of(event: Event, event_id: str) -> set[tuple[str, str]]:
    """The (layer, key) of all that the event may set."""
    return {each for sets in event.SETS for each in _subjects(sets, event, event_id)}


def _subjects(sets: Sets, event: Any, event_id: str) -> list[tuple[str, str]]:
    if sets.layer == "*":  # status.observed names its layer itself
        return [(event.layer, LAYERS[event.layer].key_of(event.subject))]
    return [(sets.layer, key.replace("@self", event_id)) for key in sets.keys(event)]


def _window(event: Event, at: At, recorded_day: int) -> Days | None:
    """The days of the setting; None where the event does not give that date."""
    if at is At.OVER:
        return closed(event.over, recorded_day)  # type: ignore[attr-defined]
    if at is At.EFFECTIVE or (at is At.TAKES_EFFECT and event.effective):
        return event.effective.begins if event.effective else None
    return closed(event.occurred, recorded_day) if event.occurred else None


def closed(date: Edtf, recorded_day: int) -> Days:
    """What happened had happened when it was recorded: an open upper end closes there."""
    days = date.begins
    if days.hi < MAX_DAY:
        return days
    return days.not_after(max(recorded_day, days.lo))


def _undated(sets: Sets, layer: str, recorded_day: int) -> Days | None:
    if sets.at is At.EFFECTIVE:
        return None
    if LAYERS[layer].timeless:
        return Days.on(MIN_DAY)
    return Days(((MIN_DAY, recorded_day),))


def _without_the_overtaken(made: list[Setting]) -> tuple[Setting, ...]:
    """Where `effective` certainly comes before `occurred` only the later-ranking value is set."""
    if len(made) < 2:
        return tuple(made)
    kept = list(made)
    for first in made:
        for second in made:
            if (
                first.part < second.part
                and (first.layer, first.subject) == (second.layer, second.subject)
                and second.window.hi < first.window.lo
            ):
                loser = first if first.rank < second.rank else second
                kept = [each for each in kept if each.part != loser.part]
    return tuple(kept)


_SEEN = {
    threshold: frozenset(
        each for each in Confidence if each.counts_at(threshold) and each is not Confidence.DISPUTED
    )
    for threshold in Confidence
}


def counted(settings: Sequence[Setting], threshold: Confidence) -> list[Setting]:
    """Those that are looked at under the threshold; the disputed ones may not have happened."""
    seen = _SEEN[threshold]
    for each in settings:
        if each.confidence not in seen:
            break
    else:
        return list(settings)
    return [
        replace(each, optional=True) if each.confidence is Confidence.DISPUTED else each
        for each in settings
        if each.confidence.counts_at(threshold)
    ]

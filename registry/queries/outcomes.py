"""What the spans of a subject come to on some days: what was possible, and how sure that is."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from registry.domain.dates import MAX_DAY, MIN_DAY, Days, iso
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING, Layer
from registry.queries.existence import Absence
from registry.queries.states import Span, State, events_of, state_on

Bounds = Mapping[str, str | None] | None


class Told(NamedTuple):
    """What every answer says of a subject. Some of it is shared by answers, so it is only read."""

    value: str | None
    certain: bool
    possible: list[str]
    basis: str
    since: Bounds
    until: Bounds
    evidence: list[str]
    because: Mapping[str, list[str]]


def told(
    layer: Layer,
    spans: Sequence[Span],
    days: Days,
    covered: bool | None,
    absent: Sequence[Absence] = (),
) -> Told:
    """From the spans that meet the days. Nearly every subject has none, or one over all of them."""
    if not absent:
        if not spans:
            return _of_silence(layer.name, covered)
        if len(spans) == 1 and spans[0].value != NOTHING and spans[0].over(days):
            return _of_one(spans[0], covered)
    return _of_several(layer, spans, days, covered, absent)


@cache
def _of_silence(layer: str, covered: bool | None) -> Told:
    return _of_several(LAYERS[layer], (), Days.ALWAYS, covered, ())


def _of_one(only: Span, covered: bool | None) -> Told:
    value, events = only.value, events_of(only)
    return Told(
        value,
        covered is not False and value != "unknown",
        [value],
        "events",
        None if only.since_lo is None else bounds(only.since_lo, only.since_hi),
        None if only.until_lo is None else bounds(only.until_lo, only.until_hi),
        events,
        {value: events} if events else {},
    )


def _of_several(
    layer: Layer,
    spans: Sequence[Span],
    days: Days,
    covered: bool | None,
    absent: Sequence[Absence],
) -> Told:
    state = state_on(spans, days)
    came = outcome(layer, state, covered=covered, absent=absent)
    value = came.value
    applies = value != NOT_APPLICABLE
    return Told(
        value,
        came.certain,
        list(came.possible),
        came.basis,
        bounds(*state.since) if applies and state.since else None,
        bounds(*state.until) if applies and state.until else None,
        came.evidence,
        came.because,
    )


class Outcome(NamedTuple):
    """What an answer comes to: the possible values in order, each with its events."""

    possible: Mapping[str, list[str]]
    certain: bool
    basis: str

    @property
    def value(self) -> str | None:
        return next(iter(self.possible)) if len(self.possible) == 1 else None

    @property
    def because(self) -> dict[str, list[str]]:
        return {value: events for value, events in self.possible.items() if events}

    @property
    def evidence(self) -> list[str]:
        return list(dict.fromkeys([e for events in self.possible.values() for e in events]))


def outcome(
    layer: Layer, state: State, *, covered: bool | None, absent: Iterable[Absence] = ()
) -> Outcome:
    """The spans joined with a stated coverage (None: there is none) and with existence."""
    possible, silent = _named(layer, state, covered=covered is True)
    unknown = len(possible) == 1 and "unknown" in possible
    certain = state.certain and not silent and covered is not False and not unknown
    basis = "default" if silent else "events"
    if covered and state.silent:
        basis = "coverage"
    for may, must, events in absent:
        if must:
            return Outcome({NOT_APPLICABLE: events}, certain=True, basis="events")
        if may:
            possible = {**possible, NOT_APPLICABLE: events}
            certain = False
    if len(possible) > 1:
        possible = _in_order(layer, possible)
    return Outcome(possible, certain, basis)


def _named(layer: Layer, state: State, *, covered: bool) -> tuple[dict[str, list[str]], bool]:
    """The possible values with silence given its name; whether the answer is only a default."""
    if NOTHING not in state.possible:
        return state.possible, False
    possible: dict[str, list[str]] = {}
    for value, events in state.possible.items():
        name = value or (layer.silence if covered else layer.default)
        possible.setdefault(name, []).extend(e for e in events if e not in possible[name])
    return possible, state.silent and not covered


def _in_order(layer: Layer, possible: Mapping[str, list[str]]) -> dict[str, list[str]]:
    values = [v for v in (*layer.values, layer.default, NOT_APPLICABLE) if v in possible]
    values = list(dict.fromkeys(values)) + sorted(possible.keys() - set(values))
    return {value: possible[value] for value in values}


@lru_cache(maxsize=65_536)  # the same bounds come again and again
def bounds(lo: int | None, hi: int | None) -> dict[str, str | None]:
    """Between which days it was; None where there is no bound. The same dictionary for the same
    bounds, so it is only read.
    """
    return {
        "earliest": None if lo is None or lo <= MIN_DAY else iso(lo),
        "latest": None if hi is None or hi >= MAX_DAY else iso(hi),
    }

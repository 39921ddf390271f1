"""Whether the parties of a subject existed: on days when one did not, no layer applies."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import orjson

from registry.domain.dates import Days
from registry.domain.layers import LAYERS
from registry.queries.states import Span, state_on

Absence = tuple[bool, bool, list[str]]
"""May a party not exist on these days, does it certainly not, and by which events."""

EXISTS = "exists"


def parties_of(layer: str, key: str) -> tuple[str, ...]:
    """The parties that have to exist for the layer to apply."""
    if not (places := _places(layer)):
        return ()
    parts = key.split("|")
    return tuple([parts[at] for at in places])


@cache
def _places(layer: str) -> tuple[int, ...]:
    """Which parts of its keys they are."""
    if layer in ("name", "existence"):
        return ()
    of = LAYERS[layer]
    numbers = [str(at) for at in range(len(of.parts) + of.of_pair)]
    return tuple(int(each) for each in of.party_parts("|".join(numbers)))


def absences(existence: Mapping[str, Sequence[Span]], days: Days) -> dict[str, Absence]:
    """Of these parties, those that may not exist on the days, or certainly do not.

    A party whose existence nobody dated exists as far as the register is concerned.
    """
    return {
        party: found
        for party, rows in existence.items()
        if not _stands(rows, days) and (found := absence(rows, days))[0]
    }


def _stands(rows: Sequence[Span], days: Days) -> bool:
    """Whether it exists on all the days, by the only span of its existence that meets them."""
    lo, hi = days.intervals[0][0], days.intervals[-1][1]
    met = [row for row in rows if row.day_from <= hi and row.day_to >= lo]
    return len(met) == 1 and met[0].value == EXISTS and met[0].over(days)


def absence(rows: Iterable[Span], days: Days) -> Absence:
    """From the spans of a party's existence."""
    rows = list(rows)
    state = state_on(rows, days)
    may = bool(state.possible.keys() - {EXISTS})
    events = [e for value, each in state.possible.items() if value != EXISTS for e in each]
    begun = sorted({e for r in rows for e in orjson.loads(r.evidence)}) if not events else []
    return may, may and EXISTS not in state.possible, events or begun

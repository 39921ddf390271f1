"""Spans: a fold as rows, one for each value possible in a segment, with since and until."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.domain.confidence import Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY
from registry.domain.fold import Folded, Segment
from registry.domain.layers import NOTHING

Bounds = tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Span:
    """On these days the value was possible (`certain`: and no other), at the masked thresholds.

    `since`, `until`: first and last day on which the present unbroken state may have begun, and
    on which it may end; None where it has no beginning or end on record.
    """

    value: str
    day_from: int
    day_to: int
    certain: bool
    mask: int
    evidence: tuple[str, ...]
    since: Bounds
    until: Bounds


def spans_of(folds: Sequence[tuple[Confidence, Folded]]) -> list[Span]:
    """The rows of one subject; what is the same at several thresholds is one row."""
    merged: dict[tuple[object, ...], int] = {}
    for threshold, folded in folds:
        for row in _rows(folded):
            merged[row] = merged.get(row, 0) | threshold.bit
    return [
        Span(value, lo, hi, certain, mask, evidence, since, until)  # type: ignore[arg-type]
        for (value, lo, hi, certain, evidence, since, until), mask in merged.items()
    ]


def _rows(folded: Folded) -> list[tuple[object, ...]]:
    rows: list[tuple[object, ...]] = []
    segments = folded.segments
    for place, segment in enumerate(segments):
        if tuple(segment.possible) == (NOTHING,):
            continue  # silence is the absence of a row
        since, until = _bounds(folded, segments, place)
        rows += [
            (value, segment.day_from, segment.day_to, segment.certain, evidence, since, until)
            for value, evidence in segment.possible.items()
        ]
    return rows


def _bounds(folded: Folded, segments: Sequence[Segment], place: int) -> tuple[Bounds, Bounds]:
    here = segments[place]
    if not here.certain:
        return _bounds_of_set(segments, place)
    (value,) = here.possible
    first = last = place
    while first > 0 and value in segments[first - 1].possible:
        first -= 1
    while last + 1 < len(segments) and value in segments[last + 1].possible:
        last += 1
    run = segments[first : last + 1]
    began = {node for each in run for node in each.nodes[value]}
    after = segments[place + 1 : last + 2]
    ended = {
        node
        for each in after
        for other, nodes in each.nodes.items()
        if other != value
        for node in nodes
    }
    return _hull(folded, began), _hull(folded, ended)


def _bounds_of_set(segments: Sequence[Segment], place: int) -> tuple[Bounds, Bounds]:
    """Where it is open what held: since when, and until when, just these values were possible."""
    values = set(segments[place].possible)
    first = last = place
    while first > 0 and set(segments[first - 1].possible) == values:
        first -= 1
    while last + 1 < len(segments) and set(segments[last + 1].possible) == values:
        last += 1
    start, end = segments[first].day_from, segments[last].day_to
    return (
        None if start <= MIN_DAY else (start, start),
        None if end >= MAX_DAY else (end + 1, end + 1),
    )


def _hull(folded: Folded, nodes: set[int]) -> Bounds:
    """The days of the settings that none of the others certainly preceded."""
    if not nodes:
        return None
    windows = folded.ordered.windows
    settings = folded.ordered.nodes
    surely_by: dict[int, int] = {}
    for node in nodes:
        setting = settings[node]
        if setting.act is None and not setting.optional:
            key = setting.position
            surely_by[key] = min(surely_by.get(key, MAX_DAY), windows[node].hi)
    two = sorted((hi, key) for key, hi in surely_by.items())[:2]
    first = [
        node
        for node in nodes
        if not any(hi < windows[node].lo and key != settings[node].position for hi, key in two)
    ]
    return min(windows[n].lo for n in first), max(windows[n].hi for n in first)

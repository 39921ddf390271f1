"""Spans: a fold as rows, one for each value possible in a segment, with since and until."""

from collections.abc import Sequence
from dataclasses import dataclass

from registry.domain.confidence import Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY
from registry.domain.fold import Folded
from registry.domain.layers import NOTHING
from registry.domain.segments import Segment

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
    last: Folded | None = None
    rows: list[tuple[object, ...]] = []
    for threshold, folded in folds:
        if folded is not last:
            last, rows = folded, _rows(folded)
        for row in rows:
            merged[row] = merged.get(row, 0) | threshold.bit
    return [
        Span(value, lo, hi, certain, mask, evidence, since, until)  # type: ignore[arg-type]
        for (value, lo, hi, certain, evidence, since, until), mask in merged.items()
    ]


def _rows(folded: Folded) -> list[tuple[object, ...]]:
    if not folded.segments:
        return []
    return [
        (value, segment.day_from, segment.day_to, segment.certain, evidence, since, until)
        for segment, since, until in zip(
            folded.segments, _since(folded.segments), _until(folded), strict=True
        )
        if tuple(segment.possible) != (NOTHING,)  # silence is the absence of a row
        for value, evidence in segment.possible.items()
    ]


def _since(segments: Sequence[Segment]) -> list[Bounds]:
    """For each segment: what is certain began between being possible and being certain.

    Where it is open what held: the day since when just these values were possible.
    """
    found: list[Bounds] = []
    possible: dict[str, int] = {}
    alike = MIN_DAY
    for segment in segments:
        if possible.keys() != segment.possible.keys():
            alike = segment.day_from
        possible = {value: possible.get(value, segment.day_from) for value in segment.possible}
        first = min(possible.values()) if segment.certain else alike
        found.append(None if alike <= MIN_DAY else (first, alike))
    return found


def _until(folded: Folded) -> list[Bounds]:
    """For each segment: what is certain ends between another value being possible and it not.

    Where it stays possible for ever, the last that may end it says when it would have ended.
    Where it is open what held: the day until when just these values are possible.
    """
    found: list[Bounds] = []
    over: dict[str, int] = {}  # value -> first day on which it is no longer possible
    ending = _Latest()
    later: Segment | None = None
    alike = MAX_DAY
    for segment in reversed(folded.segments):
        if later is not None:
            over = {
                value: over.get(value, later.day_from)
                for value in segment.possible
                if value in over or value not in later.possible
            }
            if later.possible.keys() != segment.possible.keys():
                alike = later.day_from
        if alike == MAX_DAY:
            found.append(None)
        elif segment.certain:
            (value,) = segment.possible
            found.append((alike, over[value] if value in over else ending.but(value)))
        else:
            found.append((alike, alike))
        for value, nodes in segment.nodes.items():
            for node in nodes:
                ending.note(value, folded.ordered.windows[node].hi)
        later = segment
    return found[::-1]


class _Latest:
    """The latest day noted for any value but one, from the two latest of different values."""

    def __init__(self) -> None:
        self.two: dict[str, int] = {}

    def note(self, value: str, day: int) -> None:
        self.two[value] = max(day, self.two.get(value, day))
        if len(self.two) > 2:
            del self.two[min(self.two, key=self.two.__getitem__)]

    def but(self, value: str) -> int:
        return max(day for other, day in self.two.items() if other != value)

"""Spans: a fold as rows, one for each value possible in a segment, with since and until."""

from collections.abc import Sequence
from typing import NamedTuple

from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY
from registry.domain.fold import Folded
from registry.domain.layers import NOTHING
from registry.domain.segments import Segment

Bounds = tuple[int, int] | None


_BITS = {threshold: threshold.bit for threshold in THRESHOLDS}


class Span(NamedTuple):
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
    apart: list[tuple[int, Folded]] = []
    for threshold, folded in folds:
        if apart and apart[-1][1] is folded:
            apart[-1] = (apart[-1][0] | _BITS[threshold], folded)
        elif folded.segments:
            apart.append((_BITS[threshold], folded))
    if len(apart) == 1:
        ((mask, folded),) = apart
        return _spans(folded, mask)
    merged: dict[Span, int] = {}
    for mask, folded in apart:
        for span in _spans(folded, 0):
            merged[span] = merged.get(span, 0) | mask
    return [span._replace(mask=mask) for span, mask in merged.items()]


def _spans(folded: Folded, mask: int) -> list[Span]:
    return [
        Span(
            value,
            segment.day_from,
            segment.day_to,
            len(segment.possible) == 1,
            mask,
            evidence,
            since,
            until,
        )
        for segment, since, until in zip(
            folded.segments, _since(folded.segments), _until(folded), strict=True
        )
        if len(segment.possible) > 1 or NOTHING not in segment.possible  # silence has no row
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
        first = min(possible.values()) if len(possible) == 1 else alike
        found.append(None if alike <= MIN_DAY else (first, alike))
    return found


def _until(folded: Folded) -> list[Bounds]:
    """For each segment: what is certain ends between another value being possible and it not.

    Where it stays possible for ever, the last that may end it says when it would have ended.
    Where it is open what held: the day until when just these values are possible.
    """
    segments = folded.segments
    found: list[Bounds] = [None] * len(segments)
    over: dict[str, int] = {}  # value -> first day on which it is no longer possible
    ending = _Latest(folded)
    later: Segment | None = None
    alike = MAX_DAY
    for place in range(len(segments) - 1, -1, -1):
        segment = segments[place]
        if later is not None:
            over = {
                value: over.get(value, later.day_from)
                for value in segment.possible
                if value in over or value not in later.possible
            }
            if later.possible.keys() != segment.possible.keys():
                alike = later.day_from
        if alike < MAX_DAY:
            end = alike
            if len(segment.possible) == 1:
                (value,) = segment.possible
                end = over[value] if value in over else ending.but(value, place)
            found[place] = (alike, end)
        later = segment
    return found


class _Latest:
    """The latest day of any value but one after a segment, from the two latest of different values.

    Asked from the last segment to the first.
    """

    def __init__(self, folded: Folded) -> None:
        self.segments = folded.segments
        self.windows = folded.ordered.windows
        self.noted = len(folded.segments)
        self.two: dict[str, int] = {}

    def but(self, value: str, place: int) -> int:
        while self.noted > place + 1:
            self.noted -= 1
            for other, nodes in self.segments[self.noted].nodes.items():
                for node in nodes:
                    self._note(other, self.windows[node].hi)
        return max(day for other, day in self.two.items() if other != value)

    def _note(self, value: str, day: int) -> None:
        self.two[value] = max(day, self.two.get(value, day))
        if len(self.two) > 2:
            del self.two[min(self.two, key=self.two.__getitem__)]

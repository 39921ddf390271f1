"""Timing one thing again and again, and the rows in which results are told."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Result:
    """One row of the table. `ratio` is ours over the floor's; `note` says what `ours` holds."""

    work: str
    engine: str
    ours: str
    floor: str
    ratio: float | None
    target: str
    met: bool | None
    note: str = ""


def percentile(times: Sequence[float], part: float) -> float:
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, math.ceil(part * len(ordered)) - 1)]


def timed(work: Callable[[int], object], times: int, warm: int = 5) -> list[float]:
    """Seconds of each of so many calls; they get the number of the call."""
    for number in range(warm):
        work(-1 - number)
    taken: list[float] = []
    for number in range(times):
        begun = time.perf_counter()
        work(number)
        taken.append(time.perf_counter() - begun)
    return taken


def shown(times: Sequence[float]) -> str:
    """p50 / p99 in milliseconds."""
    return f"p50 {percentile(times, 0.5) * 1e3:.3f} / p99 {percentile(times, 0.99) * 1e3:.3f} ms"


def p50(times: Sequence[float]) -> float:
    return percentile(times, 0.5)


def rate(count: float, seconds: float) -> str:
    return f"{count / seconds:,.0f}/s"

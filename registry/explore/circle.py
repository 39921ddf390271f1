"""Parties on a circle and a curve for each pair: a picture that stays readable with two hundred."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

RADIUS: Final = 300
MOST_PAIRS: Final = 1_500
"""More curves than this make a disc; then the best connected parties are drawn."""


class Tie(NamedTuple):
    """What one pair answers: `sure` is certain, possible or over (it certainly does not hold)."""

    one: str
    other: str
    words: str
    sure: str


@dataclass(frozen=True)
class Place:
    """A party on the circle: where it is, and where and how its name is written."""

    key: str
    name: str
    x: str
    y: str
    turn: str
    anchor: str
    ties: int


@dataclass(frozen=True)
class Curve:
    """`ends`: the numbers of its two places."""

    ends: str
    path: str
    sure: str
    title: str


@dataclass(frozen=True)
class Circle:
    """`size`: the height of a letter; `left_out`: how many pairs are not drawn."""

    places: tuple[Place, ...]
    curves: tuple[Curve, ...]
    size: str
    left_out: int


def drawn(ties: Sequence[Tie], names: Mapping[str, str]) -> Circle:
    """Parties by name, clockwise from the top."""
    count = Counter(key for tie in ties for key in (tie.one, tie.other))
    shown = _best(ties, count)
    kept = [tie for tie in ties if tie.one in shown and tie.other in shown]
    keys = sorted({k for tie in kept for k in (tie.one, tie.other)}, key=lambda k: (names[k], k))
    at = {key: 2 * math.pi * place / len(keys) for place, key in enumerate(keys)}
    number = {key: place for place, key in enumerate(keys)}
    return Circle(
        tuple(_place(key, names[key], at[key], count[key]) for key in keys),
        tuple(_curve(tie, at, names, number) for tie in kept),
        _number(max(min(2 * math.pi * RADIUS / max(len(keys), 1) * 0.8, 14), 7)),
        len(ties) - len(kept),
    )


def _best(ties: Sequence[Tie], count: Mapping[str, int]) -> set[str]:
    """All, or as many of those with most pairs as leave few enough to draw."""
    if len(ties) <= MOST_PAIRS:
        return set(count)
    joined: dict[str, set[str]] = {}
    for tie in ties:
        joined.setdefault(tie.one, set()).add(tie.other)
        joined.setdefault(tie.other, set()).add(tie.one)
    shown: set[str] = set()
    pairs = 0
    for key in sorted(count, key=lambda k: (-count[k], k)):
        pairs += len(joined[key] & shown)
        if pairs > MOST_PAIRS:
            break
        shown.add(key)
    return shown


def _place(key: str, name: str, angle: float, ties: int) -> Place:
    x, y = _at(angle, RADIUS + 8)
    degrees = math.degrees(angle) - 90
    left = math.sin(angle) < -1e-9
    turn = degrees + 180 if left else degrees
    return Place(
        key,
        name,
        _number(x),
        _number(y),
        f"rotate({_number(turn)} {_number(x)} {_number(y)})",
        "end" if left else "start",
        ties,
    )


def _curve(
    tie: Tie, at: Mapping[str, float], names: Mapping[str, str], number: Mapping[str, int]
) -> Curve:
    """Bent towards the middle: neighbours by a short way, opposite parties straight across."""
    one, other = at[tie.one], at[tie.other]
    (x1, y1), (x2, y2) = _at(one, RADIUS), _at(other, RADIUS)
    near = 1 - math.dist((x1, y1), (x2, y2)) / (2 * RADIUS)
    cx, cy = (x1 + x2) / 2 * near, (y1 + y2) / 2 * near
    path = f"M{_whole(x1)} {_whole(y1)}Q{_whole(cx)} {_whole(cy)} {_whole(x2)} {_whole(y2)}"
    ends = f"{number[tie.one]} {number[tie.other]}"
    return Curve(ends, path, tie.sure, f"{names[tie.one]} – {names[tie.other]}: {tie.words}")


def _at(angle: float, radius: float) -> tuple[float, float]:
    return radius * math.sin(angle), -radius * math.cos(angle)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _whole(value: float) -> str:
    return f"{value:.0f}"

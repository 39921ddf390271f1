"""Parties on a circle and a curve for each pair: a picture that stays readable with two hundred."""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

RADIUS: Final = 300
FEW: Final = 24
"""So many names have room to stand upright round the circle."""
LONGEST: Final = 42
"""Letters of a name that are written; the whole one is in its title."""
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
    """A party on the circle: where it is, and where and how its name is written.

    `words`: its name, cut where it is long.
    """

    key: str
    name: str
    words: str
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
    """`size`: the height of a letter; `left_out`: how many pairs are not drawn.

    `reach`, `rise`: how far it goes from the middle to the sides, and up and down; `few`: so few
    names that they stand upright.
    """

    places: tuple[Place, ...]
    curves: tuple[Curve, ...]
    size: str
    left_out: int
    reach: int
    rise: int
    few: bool


def drawn(ties: Sequence[Tie], names: Mapping[str, str]) -> Circle:
    """Parties by name, clockwise from the top."""
    count = Counter(key for tie in ties for key in (tie.one, tie.other))
    shown = _best(ties, count)
    kept = [tie for tie in ties if tie.one in shown and tie.other in shown]
    keys = sorted({k for tie in kept for k in (tie.one, tie.other)}, key=lambda k: (names[k], k))
    at = {key: 2 * math.pi * place / len(keys) for place, key in enumerate(keys)}
    number = {key: place for place, key in enumerate(keys)}
    few = len(keys) <= FEW
    size = 20.0 if few else max(min(2 * math.pi * RADIUS / len(keys) * 0.8, 14), 7)
    longest = max((len(_cut(names[key])) for key in keys), default=0)
    reach = math.ceil(RADIUS + 20 + longest * size * _BREADTH)
    return Circle(
        tuple(_place(key, names[key], at[key], count[key], few) for key in keys),
        tuple(_curve(tie, at, names, number) for tie in kept),
        _number(size),
        len(ties) - len(kept),
        reach,
        RADIUS + 40 if few else reach,
        few,
    )


_BREADTH: Final = 0.62
"""Of a letter, in its height, in the broader of the usual types."""


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


def _place(key: str, name: str, angle: float, ties: int, few: bool) -> Place:
    x, y = _at(angle, RADIUS + (16 if few else 8))
    degrees = math.degrees(angle) - 90
    left = math.sin(angle) < -1e-9
    turn = 0 if few else degrees + 180 if left else degrees
    upright = few and abs(math.sin(angle)) < 0.1
    return Place(
        key,
        name,
        _cut(name),
        _number(x),
        _number(y),
        f"rotate({_number(turn)} {_number(x)} {_number(y)})",
        "middle" if upright else "end" if left else "start",
        ties,
    )


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1].rstrip()}…"


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

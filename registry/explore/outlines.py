"""The outlines of present-day countries, from TopoJSON to paths of SVG, made once per process.

The file is Natural Earth's at 1:110 million (public domain), as the npm package world-atlas has it.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, pairwise
from typing import Any, Final

import orjson
from babel.core import get_global

from registry.web.pages import STATIC

FILE: Final = "vendor/countries-110m.json"
WIDTH: Final = 1000
HEIGHT: Final = 460

ANTARCTICA: Final = "010"
_CODELESS: Final = {"Kosovo": "Q1246", "Somaliland": "Q34754", "N. Cyprus": "Q23681"}

Place = tuple[float, float]
Point = tuple[int, int]


@dataclass(frozen=True)
class Outline:
    """`code`: by ISO 3166-1 alpha-2, or Wikidata where that has none. `name`: as the file has it."""

    code: str
    name: str
    path: str


@cache
def outlines() -> tuple[Outline, ...]:
    """None at all where the file was not brought when this was built."""
    path = STATIC / FILE
    return traced(orjson.loads(path.read_bytes())) if path.exists() else ()


def traced(topology: Mapping[str, Any]) -> tuple[Outline, ...]:
    """Each country of a TopoJSON topology; Antarctica is left out."""
    arcs = [_placed(arc, topology["transform"]) for arc in topology["arcs"]]
    made = []
    for each in topology["objects"]["countries"]["geometries"]:
        name = each["properties"]["name"]
        alpha2 = get_global("territory_aliases").get(each.get("id", ""))
        if each.get("id") != ANTARCTICA:
            code = f"iso2:{alpha2[0]}" if alpha2 else f"wikidata:{_CODELESS.get(name, '')}"
            path = "".join(_path(ring, arcs) for ring in _rings(each))
            made.append(Outline(code, name, path))
    return tuple(made)


def _placed(arc: Sequence[Sequence[int]], transform: Mapping[str, Any]) -> list[Place]:
    """An arc's points, which stand as steps from one to the next, as longitude and latitude."""
    (across, up), (left, bottom) = transform["scale"], transform["translate"]
    xs = accumulate(step[0] for step in arc)
    ys = accumulate(step[1] for step in arc)
    return [(x * across + left, y * up + bottom) for x, y in zip(xs, ys, strict=True)]


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[int]]:
    if geometry["type"] == "Polygon":
        yield from geometry["arcs"]
    elif geometry["type"] == "MultiPolygon":
        for polygon in geometry["arcs"]:
            yield from polygon


def _path(ring: Sequence[int], arcs: Sequence[list[Place]]) -> str:
    """A closed way: arcs end to end, the ones with a negative number (its complement) backwards."""
    places = [p for n in ring for p in (arcs[n] if n >= 0 else arcs[~n][::-1])]
    points = [_projected(*place) for place in _unbroken(places)]
    steps = "".join(
        f"{x2 - x1} {y2 - y1} " for (x1, y1), (x2, y2) in pairwise(points) if (x1, y1) != (x2, y2)
    )
    if not steps:
        return ""
    return f"M{points[0][0]} {points[0][1]}l{steps.strip().replace(' -', '-')}z"


def _unbroken(places: Sequence[Place]) -> Iterator[Place]:
    """Without the leap at 180 degrees: a land that lies across stays on the side of its most."""
    turn, before = 0, places[0][0]
    whole: list[Place] = []
    for longitude, latitude in places:
        turn += 360 * ((longitude - before < -180) - (longitude - before > 180))
        before = longitude
        whole.append((longitude + turn, latitude))
    middle = sum(longitude for longitude, _ in whole) / len(whole)
    back = -360 if middle > 180 else 360 if middle < -180 else 0
    return ((longitude + back, latitude) for longitude, latitude in whole)


_ROBINSON: Final = (  # each 5 degrees of latitude: length of the parallel, distance from the equator
    *((1.0, 0.0), (0.9986, 0.062), (0.9954, 0.124), (0.99, 0.186), (0.9822, 0.248)),
    *((0.973, 0.31), (0.96, 0.372), (0.9427, 0.434), (0.9216, 0.4958), (0.8962, 0.5571)),
    *((0.8679, 0.6176), (0.835, 0.6769), (0.7986, 0.7346), (0.7597, 0.7903), (0.7186, 0.8435)),
    *((0.6732, 0.8936), (0.6213, 0.9394), (0.5722, 0.9761), (0.5322, 1.0)),
)
_TOP: Final = 250


def _projected(longitude: float, latitude: float) -> Point:
    """Robinson's projection, in whole units of the picture."""
    at = min(abs(latitude) / 5, 17.999)
    low, part = int(at), at - int(at)
    length, distance = (
        one + (other - one) * part
        for one, other in zip(_ROBINSON[low], _ROBINSON[low + 1], strict=True)
    )
    x = WIDTH / 2 + WIDTH / 2 * length * longitude / 180
    y = _TOP - math.copysign(distance * WIDTH / 2 * 0.5072, latitude)
    return round(x), round(y)

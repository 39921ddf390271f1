"""Stated coverages: the days on which a source tells all there was, so that silence is an answer."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import orjson

from registry.domain.dates import Days
from registry.domain.layers import LAYERS

Subject = tuple[str, str]
Coverage = Mapping[Subject, Sequence[str]]
"""By subject, the days of each coverage that was stated of it: a JSON list of intervals."""


def whole(subject: Subject) -> str | None:
    """The key under which something is said of all parties of the agreement."""
    layer, key = subject
    return f"{key.partition('|')[0]}|*" if _of_parties(layer) else None


@cache
def _of_parties(layer: str) -> bool:
    parts = LAYERS[layer].parts
    return parts[0] == "agreement" and len(parts) > 1


def covered_days(subject: Subject, coverage: Coverage) -> Days | None:
    """The days of its stated coverage, of its own and of the whole agreement; None: none stated."""
    stated = [*coverage.get(subject, ())]
    if (of_all := whole(subject)) is not None:
        stated += coverage.get((subject[0], of_all), ())
    return _together(tuple(stated)) if stated else None


@lru_cache(maxsize=10_000)
def _together(stated: tuple[str, ...]) -> Days:
    """Read once: a list that is complete is so for thousands of subjects in the same words."""
    over = Days.EMPTY
    for each in stated:
        over |= Days.from_list(orjson.loads(each))
    return over

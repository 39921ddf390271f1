"""One layer of the whole world: its spans, coverage and everybody's existence, each read once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson
from sqlalchemy import Select, select

from registry.domain.confidence import Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY, Days, iso
from registry.domain.layers import LAYERS, NOTHING
from registry.projections.tables import remark, span
from registry.queries.answers import (
    Absence,
    Bounds,
    Subject,
    absence,
    covered_days,
    outcome,
    parties_of,
    state_on,
)
from registry.queries.view import View

Rows = Sequence[Any]
"""Spans of one subject, as `_COLUMNS` has them."""
Said = dict[str, Any]

_CHUNK = 2_000
_COLUMNS = (
    *(span.c.subject, span.c.value, span.c.day_from, span.c.day_to, span.c.evidence),
    *(span.c.since_lo, span.c.since_hi, span.c.until_lo, span.c.until_hi),
)


class World:
    """What is asked of the world at one view. No query is about a single subject."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._existence: dict[str, list[Any]] = defaultdict(list)
        for row in view.conn.execute(_spans(view).where(span.c.layer == "existence")):
            self._existence[row.subject].append(row)
        self._absent: dict[Days, dict[str, Absence]] = {}

    def subjects(self, layer: str, days: Days | None = None) -> Iterator[tuple[str, Rows]]:
        """Each subject of the layer with its spans, by key; `days`: only spans on some of them."""
        statement = _spans(self.view).where(span.c.layer == layer)
        if days is not None:
            statement = statement.where(span.c.day_from <= days.hi, span.c.day_to >= days.lo)
        statement = statement.order_by(span.c.subject, span.c.id)
        rows = self.view.conn.execute(statement.execution_options(yield_per=_CHUNK))
        for key, group in groupby(rows, key=itemgetter(0)):
            yield key, list(group)

    def layer(self, name: str) -> "LayerOfWorld":
        return LayerOfWorld(self, name)

    def absent(self, days: Days) -> dict[str, Absence]:
        """Those parties that may not exist on these days, or certainly do not."""
        if days not in self._absent:
            every = {party: absence(rows, days) for party, rows in self._existence.items()}
            self._absent[days] = {party: each for party, each in every.items() if each[0]}
        return self._absent[days]

    def existence_ends(self, party: str) -> Iterator[tuple[int, int]]:
        yield from ((r.day_from, r.day_to) for r in self._existence.get(party, ()))


class LayerOfWorld:
    """Answers one layer for any subject from spans that are at hand."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.layer = LAYERS[name]
        self._coverage: dict[Subject, list[Any]] = defaultdict(list)
        view = world.view
        for row in view.conn.execute(
            select(remark.c.layer, remark.c.subject, remark.c.over, remark.c.confidence).where(
                remark.c.generation == view.generation,
                remark.c.layer == name,
                remark.c.kind == "coverage",
                remark.c.known_from <= view.moment,
                remark.c.known_to > view.moment,
            )
        ):
            if Confidence(row.confidence).counts_at(view.threshold):
                self._coverage[row.layer, row.subject].append(row)

    def covered(self, key: str) -> Days | None:
        """The days of its stated coverage; None where none was stated."""
        return covered_days((self.name, key), self._coverage) if self._coverage else None

    def said(self, key: str, rows: Rows, days: Days) -> Said:
        """The answer in short, as `answers` gives it: value, certain, possible, basis,
        covered_until where a coverage is stated, since, until, evidence.
        """
        over = self.covered(key) if self._coverage else None
        absent = self.world.absent(days)
        gone = [absent[p] for p in parties_of(self.name, key) if p in absent] if absent else []
        if len(rows) == 1 and over is None and not gone:
            _, value, begun, ended, evidence, since, since_hi, until, until_hi = rows[0]
            if (
                value != NOTHING
                and begun <= days.intervals[0][0]
                and days.intervals[-1][1] <= ended
            ):
                return {
                    "value": value,
                    "certain": value != "unknown",
                    "possible": [value],
                    "basis": "events",
                    "since": None if since is None else _bounds(since, since_hi),
                    "until": None if until is None else _bounds(until, until_hi),
                    "evidence": orjson.loads(evidence),
                }
        return self._joined(rows, days, over, gone)

    def _joined(self, rows: Rows, days: Days, over: Days | None, gone: Sequence[Absence]) -> Said:
        state = state_on(rows, days)
        covered = None if over is None else (days & over) == days
        came = outcome(self.layer, state, covered=covered, absent=gone)
        applies = came.value != "not_applicable"
        said: Said = {
            "value": came.value,
            "certain": came.certain,
            "possible": list(came.possible),
            "basis": came.basis,
            "since": _between(state.since) if applies else None,
            "until": _between(state.until) if applies else None,
            "evidence": list(dict.fromkeys(e for each in came.possible.values() for e in each)),
        }
        if over is not None:
            said["covered_until"] = _end(over)
        return said

    def certain_on_some_day(self, key: str, rows: Rows, days: Days) -> list[str]:
        """The values that held certainly on at least one of the days, in order of time."""
        over = self.covered(key)
        ends = [(r.day_from, r.day_to) for r in rows] + list(over.intervals if over else ())
        for party in parties_of(self.name, key):
            ends += self.world.existence_ends(party)
        held: list[str] = []
        for lo, hi in days.intervals:
            cuts = {lo, *(d for a, b in ends for d in (a, b + 1) if lo < d <= hi)}
            for day in sorted(cuts):
                said = self.said(
                    key, [r for r in rows if r.day_from <= day <= r.day_to], Days.on(day)
                )
                if said["certain"] and said["value"] not in held:
                    held.append(said["value"])
        return held


def _spans(view: View) -> Select[Any]:
    return select(*_COLUMNS).where(
        span.c.generation == view.generation,
        span.c.mask.op("&")(view.threshold.bit) != 0,
        span.c.known_from <= view.moment,
        span.c.known_to > view.moment,
    )


def _end(over: Days) -> str | None:
    """None: the coverage has no end; nor a day, where it holds none."""
    return None if not over or over.hi >= MAX_DAY else iso(over.hi)


def _between(bounds: Bounds) -> dict[str, str | None] | None:
    return None if bounds is None else _bounds(*bounds)


@lru_cache(maxsize=65_536)
def _bounds(lo: int | None, hi: int | None) -> dict[str, str | None]:
    return {
        "earliest": None if lo is None or lo <= MIN_DAY else iso(lo),
        "latest": None if hi is None or hi >= MAX_DAY else iso(hi),
    }

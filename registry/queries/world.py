"""One layer of the whole world: its spans, coverage and everybody's existence, each read once."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, Select, SmallInteger, Text, bindparam, select

from registry.domain.dates import MAX_DAY, Days, iso
from registry.domain.layers import LAYERS
from registry.projections.tables import remark, span
from registry.queries.bearing import least
from registry.queries.coverage import Subject, covered_days, whole
from registry.queries.existence import Absence, absences, parties_of
from registry.queries.outcomes import told
from registry.queries.states import Span
from registry.queries.view import View
from registry.store.direct import rows, stream

Said = dict[str, Any]

_CHUNK: Final = 2_000


class World:
    """What is asked of the world at one view. No query is about a single subject."""

    def __init__(self, view: View) -> None:
        self.view = view
        self._existence: dict[str, list[Span]] = defaultdict(list)
        for key, *of_span in rows(view.conn, _SPANS, self._asked("existence", Days.ALWAYS)):
            self._existence[key].append(Span._make(of_span))
        self._absent: dict[Days, dict[str, Absence]] = {}

    def subjects(self, layer: str, days: Days = Days.ALWAYS) -> Iterator[tuple[str, list[Span]]]:
        """Each subject of the layer with its spans, by key; `days`: only spans on some of them."""
        for key, group in groupby(self.rows(layer, days), key=itemgetter(0)):
            yield key, [Span._make(row[1:]) for row in group]

    def rows(self, layer: str, days: Days) -> Iterator[tuple[Any, ...]]:
        """The same as rows: the key, then what a Span holds."""
        chunks = stream(self.view.conn, _SPANS_BY_KEY, self._asked(layer, days), _CHUNK)
        return chain.from_iterable(chunks)

    def layer(self, name: str) -> "LayerOfWorld":
        return LayerOfWorld(self, name)

    def absent(self, days: Days) -> dict[str, Absence]:
        """Those parties that may not exist on these days, or certainly do not."""
        if days not in self._absent:
            self._absent[days] = absences(self._existence, days)
        return self._absent[days]

    def existence_ends(self, party: str) -> Iterator[tuple[int, int]]:
        yield from ((r.day_from, r.day_to) for r in self._existence.get(party, ()))

    def _asked(self, layer: str, days: Days) -> dict[str, Any]:
        view = self.view
        return {
            "generation": view.generation,
            "moment": view.moment,
            "bit": view.threshold.bit,
            "layer": layer,
            "first": days.lo,
            "last": days.hi,
        }


class LayerOfWorld:
    """Answers one layer for any subject from spans that are at hand."""

    def __init__(self, world: World, name: str) -> None:
        self.world = world
        self.name = name
        self.layer = LAYERS[name]
        self._coverage: dict[Subject, list[str]] = {}
        self._of_all: dict[str, Days | None] = {}
        view = world.view
        said = {
            "generation": view.generation,
            "moment": view.moment,
            "least": least(view.threshold),
            "layer": name,
        }
        for key, over in rows(view.conn, _COVERAGES, said):
            self._coverage.setdefault((name, key), []).append(over)
        for _, key in self._coverage:
            if whole((name, key)) == key:
                self._of_all[key[:-2]] = covered_days((name, key), self._coverage)

    @property
    def is_listed(self) -> bool:
        """Whether a coverage was stated of any subject."""
        return bool(self._coverage)

    def covered(self, key: str) -> Days | None:
        """The days of its stated coverage; None where none was stated."""
        if (self.name, key) in self._coverage:
            return covered_days((self.name, key), self._coverage)
        return self._of_all.get(key.partition("|")[0]) if self._of_all else None

    def said(self, key: str, spans: Sequence[Span], days: Days) -> Said:
        """The answer in short, as `answers` gives it: value, certain, possible, basis,
        covered_until where a coverage is stated, since, until, evidence.
        """
        over = self.covered(key)
        absent = self.world.absent(days)
        value, certain, possible, basis, since, until, evidence, _ = told(
            self.layer,
            spans,
            days,
            None if over is None else (days & over) == days,
            [absent[p] for p in parties_of(self.name, key) if p in absent] if absent else (),
        )
        said: Said = {
            "value": value,
            "certain": certain,
            "possible": possible,
            "basis": basis,
            "since": since,
            "until": until,
            "evidence": evidence,
        }
        if over is not None:
            said["covered_until"] = end_of(over)
        return said

    def certain_on_some_day(self, key: str, spans: Sequence[Span], days: Days) -> list[str]:
        """The values that held certainly on at least one of the days, in order of time."""
        over = self.covered(key)
        ends = [(r.day_from, r.day_to) for r in spans] + list(over.intervals if over else ())
        for party in parties_of(self.name, key):
            ends += self.world.existence_ends(party)
        held: list[str] = []
        for lo, hi in days.intervals:
            cuts = {lo, *(d for a, b in ends for d in (a, b + 1) if lo < d <= hi)}
            for day in sorted(cuts):
                said = self.said(
                    key, [r for r in spans if r.day_from <= day <= r.day_to], Days.on(day)
                )
                if said["certain"] and said["value"] not in held:
                    held.append(said["value"])
        return held


def _parameter(name: str, type_: Any = BigInteger) -> Any:
    return bindparam(name, type_=type_)


def _known(table: Any, *columns: Any) -> Select[Any]:
    return select(*columns).where(
        table.c.generation == _parameter("generation", Integer),
        table.c.layer == _parameter("layer", Text),
        table.c.known_from <= _parameter("moment"),
        table.c.known_to > _parameter("moment"),
    )


_SPANS: Final = _known(span, span.c.subject, *(span.c[name] for name in Span._fields)).where(
    span.c.mask.op("&")(_parameter("bit", SmallInteger)) != 0,
    span.c.day_from <= _parameter("last"),
    span.c.day_to >= _parameter("first"),
)
_SPANS_BY_KEY: Final = _SPANS.order_by(span.c.subject, span.c.id)
_COVERAGES: Final = _known(remark, remark.c.subject, remark.c.over).where(
    remark.c.kind == "coverage", remark.c.confidence >= _parameter("least", SmallInteger)
)


def end_of(over: Days) -> str | None:
    """The last day of a coverage; None: it has no end; nor a day, where it holds none."""
    return None if not over or over.hi >= MAX_DAY else iso(over.hi)

"""Which subjects may have another answer at another point: found by the edges of their spans."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Integer,
    Select,
    SmallInteger,
    Text,
    and_,
    bindparam,
    literal,
    or_,
    select,
)

from registry.projections.tables import span
from registry.queries.answers import Subject
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.direct import rows


@dataclass(frozen=True)
class Two:
    """Two views of one register: of two days, or at two points of knowledge."""

    before: View
    after: View

    @property
    def by_knowledge(self) -> bool:
        return self.before.moment != self.after.moment

    def said(self) -> dict[str, Any]:
        return {
            "generation": self.after.generation,
            "bit": self.after.threshold.bit,
            "first": min(self.before.days.lo, self.after.days.lo),
            "last": max(self.before.days.hi, self.after.days.hi),
            "earlier": min(self.before.moment, self.after.moment),
            "later": max(self.before.moment, self.after.moment),
        }


class Seen(NamedTuple):
    """A subject that was on record at either point. `moved`: whether its answer may differ."""

    layer: str
    subject: str
    moved: bool


def seen_of_party(two: Two, party: str) -> list[Seen]:
    """The subjects in which the party is."""
    said = {**two.said(), "party": party}
    found: dict[Subject, bool] = {}
    for column in (span.c.first_party, span.c.second_party):
        for layer, subject, moved in rows(two.after.conn, _of_party(two, column), said):
            found[layer, subject] = bool(moved) or found.get((layer, subject), False)
    return [Seen(*subject, moved) for subject, moved in sorted(found.items())]


def taking_part(two: Two, party: str, layers: Sequence[str]) -> tuple[set[str], list[Subject]]:
    """The agreements in which it took part at either point, and what of its part moved."""
    said = {**two.said(), "party": party, "layers": parameter(two.after.conn, layers)}
    found = rows(two.after.conn, _parts(two), said)
    return (
        {subject.split("|", 1)[0] for _, subject, _ in found},
        sorted({(layer, subject) for layer, subject, moved in found if moved}),
    )


def moved_among(two: Two, layer: str, keys: Iterable[str]) -> set[str]:
    """Of these keys of a layer, those whose answer may differ."""
    if not (wanted := sorted(set(keys))):
        return set()
    said = {**two.said(), "layer": layer, "keys": parameter(two.after.conn, wanted)}
    return {subject for (subject,) in rows(two.after.conn, _among(two), said)}


def parties_come_or_gone(two: Two) -> set[str]:
    """The parties whose existence may have another answer; then so has all they are part of."""
    return {subject for (subject,) in rows(two.after.conn, _existence(two), two.said())}


_BUILT: dict[tuple[str, ...], Select[Any]] = {}
"""Kept: to make and compile a statement takes far longer than to run it."""


def _of_party(two: Two, column: Column[Any]) -> Select[Any]:
    key = (column.name, str(two.by_knowledge))
    if key not in _BUILT:
        _BUILT[key] = select(span.c.layer, span.c.subject, _moved(two)).where(
            _SEEN, column == bindparam("party", type_=Text)
        )
    return _BUILT[key]


def _parts(two: Two) -> Select[Any]:
    conn = two.after.conn
    key = ("parts", conn.dialect.name, str(two.by_knowledge))
    if key not in _BUILT:
        _BUILT[key] = select(span.c.layer, span.c.subject, _moved(two)).where(
            _SEEN,
            span.c.first_party == bindparam("party", type_=Text),
            among(conn, span.c.layer, "layers"),
        )
    return _BUILT[key]


def _among(two: Two) -> Select[Any]:
    conn = two.after.conn
    key = ("among", conn.dialect.name, str(two.by_knowledge))
    if key not in _BUILT:
        _BUILT[key] = select(span.c.subject).where(
            _SEEN,
            among(conn, span.c.subject),
            span.c.layer == bindparam("layer", type_=Text),
            _moved(two),
        )
    return _BUILT[key]


def _existence(two: Two) -> Select[Any]:
    key = ("existence", str(two.by_knowledge))
    if key not in _BUILT:
        _BUILT[key] = select(span.c.subject).where(
            _SEEN, span.c.layer == literal("existence"), _moved(two)
        )
    return _BUILT[key]


_first, _last, _earlier, _later = (
    bindparam(name, type_=BigInteger) for name in ("first", "last", "earlier", "later")
)
_SEEN: Final[ColumnElement[bool]] = and_(
    span.c.generation == bindparam("generation", type_=Integer),
    span.c.mask.op("&")(bindparam("bit", type_=SmallInteger)) != 0,
    span.c.known_from <= _later,
    span.c.known_to > _earlier,
)


def _moved(two: Two) -> ColumnElement[bool]:
    """Whether a span of it begins or ends between the days, or was learnt or dropped."""
    if two.by_knowledge:
        return and_(
            or_(span.c.known_from > _earlier, span.c.known_to <= _later),
            span.c.day_from <= _last,
            span.c.day_to >= _first,
        )
    return or_(
        and_(span.c.day_from > _first, span.c.day_from <= _last),
        and_(span.c.day_to >= _first, span.c.day_to < _last),
    )

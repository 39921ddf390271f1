"""All that bears on some subjects at a view: what the projections hold of them, in one statement."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Connection,
    Integer,
    Select,
    SmallInteger,
    Table,
    Text,
    and_,
    bindparam,
    case,
    literal_column,
    select,
    union_all,
)

from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.projections.tables import finding, remark, setting, span
from registry.queries.coverage import Subject, whole
from registry.queries.existence import parties_of
from registry.queries.states import Span
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.direct import answers as driver_answers
from registry.store.direct import rows

_SPAN, _EXISTENCE, _REMARK, _FINDING, _SETTING = range(5)
POSSIBLE: Final = (_SPAN, _EXISTENCE, _REMARK)
"""Enough to say what was possible."""
COVERAGE: Final = (_EXISTENCE, _REMARK)
"""What silence means, for spans that are at hand."""
BESIDE_SPANS: Final = (*COVERAGE, _FINDING, _SETTING)
"""All that an answer says, for spans that are at hand."""
EVERYTHING: Final = (*POSSIBLE, _FINDING, _SETTING)

_FEW: Final = 100
"""So many subjects are asked for in one statement, whatever they are."""

_Row = tuple[Any, ...]
_PARTIES: Final = ("first_party", "second_party", "third_party")  # no subject has more
_ID: Final = itemgetter(3)
_OF_SPAN: Final = slice(4, 12)


@dataclass(frozen=True, slots=True)
class Bearing:
    """By subject; existence by party. Every list is in order of recording."""

    spans: Mapping[Subject, list[Span]]
    existence: Mapping[str, list[Span]]
    coverage: Mapping[Subject, list[str]]
    gaps: Mapping[Subject, list[str]]
    findings: Mapping[Subject, list[tuple[str, dict[str, Any]]]]
    undetermined: Mapping[Subject, list[str]]
    competing: Mapping[Subject, list[list[str]]]


def bearing_on(
    view: View, subjects: Sequence[Subject], days: Days, kinds: tuple[int, ...] = EVERYTHING
) -> Bearing:
    """What the register held at the view's moment: spans and windows that meet the days, all
    else whatever its day.
    """
    said: dict[str, Any] = {
        "generation": view.generation,
        "moment": view.moment,
        "bit": view.threshold.bit,
        "least": least(view.threshold),
        "first": days.intervals[0][0],
        "last": days.intervals[-1][1],
    }
    if len(subjects) == 1:
        statement = _statement(view.conn, kinds, single=True)
        return _sorted_out(rows(view.conn, statement, said | _one(subjects[0])), days)
    statement = _statement(view.conn, kinds, single=False)
    asked = [(statement, said | each) for each in _many(view.conn, subjects)]
    found = driver_answers(view.conn, asked)
    return _sorted_out(found[0] if len(found) == 1 else chain.from_iterable(found), days)


def least(threshold: Confidence) -> int:
    """The least stored confidence that is looked at under the threshold."""
    return 0 if threshold is Confidence.ALLEGED else int(threshold)


def _one(subject: Subject) -> dict[str, str]:
    layer, key = subject
    parties = (*parties_of(layer, key), "", "", "")
    return {
        "layer": layer,
        "subject": key,
        "whole": whole(subject) or "",
        **dict(zip(_PARTIES, parties, strict=False)),
    }


def _many(conn: Connection, subjects: Sequence[Subject]) -> list[dict[str, Any]]:
    """Every key is looked for in every layer; so many subjects are asked for by how many parts
    their keys have, for none is in a layer of another length. Of parties only once.
    """
    groups: Iterable[Sequence[Subject]] = [subjects]
    if len(subjects) > _FEW:
        by_length: dict[int, list[Subject]] = {}
        for each in subjects:
            by_length.setdefault(each[1].count("|"), []).append(each)
        groups = by_length.values()
    parties = {party for each in subjects for party in parties_of(*each)}
    made = []
    for group in groups:
        keys = {key for _, key in group}
        wholes = {of_all for each in group if (of_all := whole(each)) is not None}
        asked = {
            "layers": {layer for layer, _ in group},
            "subjects": keys,
            "remarked": keys | wholes,
            "parties": parties,
        }
        made.append({name: parameter(conn, sorted(each)) for name, each in asked.items()})
        parties = set()
    return made


def _sorted_out(found: Iterable[_Row], days: Days) -> Bearing:
    kinds: tuple[dict[Any, list[_Row]], ...] = ({}, {}, {}, {}, {})
    for row in found:
        kind = row[0]
        about = row[2] if kind == _EXISTENCE else row[1:3]
        if about in kinds[kind]:
            kinds[kind][about].append(row)
        else:
            kinds[kind][about] = [row]
    for each in kinds:
        for several in each.values():
            if len(several) > 1:
                several.sort(key=_ID)
    spans, existence, remarks, findings, settings = kinds
    stated, gaps = _remarks(remarks, days)
    undetermined, competing = _settings(settings, days)
    return Bearing(
        {about: [Span._make(row[_OF_SPAN]) for row in each] for about, each in spans.items()},
        {party: [Span._make(row[_OF_SPAN]) for row in each] for party, each in existence.items()},
        stated,
        gaps,
        {about: [(r[4], orjson.loads(r[7])) for r in each] for about, each in findings.items()},
        undetermined,
        competing,
    )


_Texts = dict[Subject, list[str]]


def _remarks(remarks: Mapping[Subject, list[_Row]], days: Days) -> tuple[_Texts, _Texts]:
    """The coverages that are stated, and the events of the gaps that the days meet."""
    stated: _Texts = {}
    gaps: _Texts = {}
    for about, each in remarks.items():
        for row in each:
            event_id, over = row[4], row[7]
            if event_id is None:
                stated.setdefault(about, []).append(over)
            elif _meets(over, days):
                gaps.setdefault(about, []).append(event_id)
    return stated, gaps


def _settings(
    settings: Mapping[Subject, list[_Row]], days: Days
) -> tuple[_Texts, dict[Subject, list[list[str]]]]:
    """Which events' windows contain the days, and which are claims about one act."""
    undetermined: _Texts = {}
    competing: dict[Subject, list[list[str]]] = {}
    first, last = days.intervals[0][0], days.intervals[-1][1]
    for about, each in settings.items():
        acts: dict[int, list[str]] = {}
        for row in each:
            event_id, lo, hi, window, act = row[4:9]
            if lo < hi and lo <= last and first <= hi:
                listed = undetermined.setdefault(about, [])
                if event_id not in listed and _meets(window, days):
                    listed.append(event_id)
            if act is not None:
                claims = acts.setdefault(act, [])
                if event_id not in claims:
                    claims.append(event_id)
        if acts:
            competing[about] = list(acts.values())
    return undetermined, competing


def _meets(intervals: str, days: Days) -> bool:
    return bool(Days.from_list(orjson.loads(intervals)) & days)


_STATEMENTS: dict[tuple[str, bool, tuple[int, ...]], CompoundSelect[Any]] = {}


def _statement(conn: Connection, kinds: tuple[int, ...], *, single: bool) -> CompoundSelect[Any]:
    """Kept, since to make and compile it takes far longer than to run it."""
    key = (conn.dialect.name, single, kinds)
    if key not in _STATEMENTS:
        every = _one_by_one() if single else _all_at_once(conn)
        _STATEMENTS[key] = union_all(*(every[kind] for kind in kinds))
    return _STATEMENTS[key]


def _one_by_one() -> tuple[Select[Any], ...]:
    """By plain equality: planned once, and run in a fraction of the time of the others."""
    subject, of_all, layer, *parties = (
        bindparam(name, type_=Text) for name in ("subject", "whole", "layer", *_PARTIES)
    )

    def asked(table: Table) -> ColumnElement[bool]:
        return and_(table.c.subject == subject, table.c.layer == layer)

    return _selects(
        asked,
        span.c.subject.in_(parties),
        and_(remark.c.subject.in_([subject, of_all]), remark.c.layer == layer),
    )


def _all_at_once(conn: Connection) -> tuple[Select[Any], ...]:
    def asked(table: Table, name: str = "subjects") -> ColumnElement[bool]:
        return and_(among(conn, table.c.subject, name), among(conn, table.c.layer, "layers"))

    return _selects(asked, among(conn, span.c.subject, "parties"), asked(remark, "remarked"))


def _selects(
    asked: Callable[[Table], ColumnElement[bool]],
    of_parties: ColumnElement[bool],
    remarked: ColumnElement[bool],
) -> tuple[Select[Any], ...]:
    """One for each kind of row, all of one shape: kind, layer, subject, id, a word, two days,
    JSON, and four numbers more.
    """
    bit = bindparam("bit", type_=SmallInteger)
    enough = bindparam("least", type_=SmallInteger)
    first, last = (bindparam(name, type_=BigInteger) for name in ("first", "last"))
    bounds = (span.c.since_lo, span.c.since_hi, span.c.until_lo, span.c.until_hi)
    of_span = (span.c.value, span.c.day_from, span.c.day_to, span.c.evidence, *bounds)
    none: ColumnElement[Any] = literal_column("NULL")
    gap = case((remark.c.kind == "gap", remark.c.event_id))
    return (
        _known(_SPAN, span, *of_span).where(
            asked(span),
            span.c.mask.op("&")(bit) != 0,
            span.c.day_from <= last,
            span.c.day_to >= first,
        ),
        _known(_EXISTENCE, span, *of_span).where(
            of_parties, span.c.layer == "existence", span.c.mask.op("&")(bit) != 0
        ),
        _known(_REMARK, remark, gap, none, none, remark.c.over, *[none] * 4).where(
            remarked, remark.c.confidence >= enough
        ),
        _known(_FINDING, finding, finding.c.kind, none, none, finding.c.body, *[none] * 4).where(
            asked(finding), finding.c.mask.op("&")(bit) != 0
        ),
        _known(
            _SETTING,
            setting,
            *(setting.c.event_id, setting.c.lo, setting.c.hi, setting.c.window, setting.c.act),
            *[none] * 3,
        ).where(
            asked(setting),
            setting.c.confidence >= enough,
            (setting.c.lo < setting.c.hi) | setting.c.act.is_not(None),
        ),
    )


def _known(kind: int, table: Table, *columns: ColumnElement[Any]) -> Select[Any]:
    moment = bindparam("moment", type_=BigInteger)
    return select(
        literal_column(str(kind)), table.c.layer, table.c.subject, table.c.id, *columns
    ).where(
        table.c.generation == bindparam("generation", type_=Integer),
        table.c.known_from <= moment,
        table.c.known_to > moment,
    )

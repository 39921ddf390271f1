"""The answer of a layer: what held, how sure that is, since when, and which events say so."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Select,
    SmallInteger,
    Table,
    bindparam,
    select,
)

from registry.domain.confidence import Confidence
from registry.domain.dates import MAX_DAY, MIN_DAY, Days, iso
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING, Layer
from registry.projections.tables import finding, remark, setting, span
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.log import CHUNK

Subject = tuple[str, str]
Bounds = tuple[int | None, int | None] | None
Absence = tuple[bool, bool, list[str]]
"""May a party not exist on these days, does it certainly not, and by which events."""


@dataclass
class State:
    """What the spans say of one subject: values with their possible last setters."""

    possible: dict[str, list[str]] = field(default_factory=dict)
    certain: bool = False
    since: Bounds = None
    until: Bounds = None

    def add(self, value: str, events: Iterable[str] = ()) -> None:
        known = self.possible.setdefault(value, [])
        known += [each for each in events if each not in known]


@dataclass
class Around:
    """All that bears on some subjects at a view beside their spans."""

    coverage: dict[Subject, list[Row[Any]]]
    gaps: dict[Subject, list[str]]
    findings: dict[Subject, list[tuple[str, dict[str, Any]]]]
    undetermined: dict[Subject, list[str]]
    competing: dict[Subject, list[list[str]]]
    absent: dict[str, Absence]


def answers(view: View, subjects: Iterable[Subject]) -> dict[Subject, dict[str, Any]]:
    """The answers of these (layer, key), in the one shape that is the same everywhere."""
    wanted = list(dict.fromkeys(subjects))
    states = states_of(view, wanted)
    around = _around(view, wanted)
    return {each: _answer(view, each, states[each], around) for each in wanted}


def states_of(view: View, subjects: Sequence[Subject]) -> dict[Subject, State]:
    """What the spans say on the days asked about."""
    rows: dict[Subject, list[Row[Any]]] = defaultdict(list)
    for row in known_rows(
        view,
        span,
        [key for _, key in subjects],
        *SPANS_ON_THE_DAYS,
    ):
        rows[row.layer, row.subject].append(row)
    return {each: state_on(rows.get(each, []), view.days) for each in subjects}


def state_on(rows: Sequence[Any], days: Days) -> State:
    """One state from the span rows of a subject; days without a row were silent."""
    state = State()
    rows = [
        r for r in rows if any(r.day_from <= hi and r.day_to >= lo for lo, hi in days.intervals)
    ]
    rows.sort(key=lambda r: (r.day_from, r.value))
    for row in rows:
        state.add(row.value, orjson.loads(row.evidence))
    if not _all_told(rows, days):
        state.add(NOTHING)
    state.certain = len(state.possible) == 1
    if rows:
        first, last = rows[0], rows[-1]
        if first.since_lo is not None:
            state.since = (first.since_lo, first.since_hi)
        if last.until_lo is not None:
            state.until = (last.until_lo, last.until_hi)
    return state


def _all_told(rows: Sequence[Any], days: Days) -> bool:
    """Whether the rows, in order, leave none of the days out."""
    for lo, hi in days.intervals:
        at = lo
        for row in rows:
            if row.day_from <= at <= row.day_to:
                at = row.day_to + 1
        if at <= hi:
            return False
    return True


def known_rows(view: View, table: Table, keys: Iterable[str], *conditions: Any) -> list[Row[Any]]:
    """The rows about these subjects that the register held at the view's moment."""
    wanted = sorted(set(keys))
    found: list[Row[Any]] = []
    said = {"generation": view.generation, "moment": view.moment, "bit": view.threshold.bit}
    said |= {"first": view.days.lo, "last": view.days.hi}
    for at in range(0, len(wanted), CHUNK):
        said["keys"] = parameter(view.conn, wanted[at : at + CHUNK])
        found += view.conn.execute(_known(view.conn, table, conditions), said).all()
    return found


_BUILT: dict[tuple[Any, ...], Select[Any]] = {}


def _known(conn: Connection, table: Table, conditions: tuple[Any, ...]) -> Select[Any]:
    """Built once for the conditions of this module: building it takes longer than running it."""
    key = (conn.dialect.name, table, *(id(each) for each in conditions))
    if (found := _BUILT.get(key)) is not None:
        return found
    made = (
        select(table)
        .where(
            table.c.generation == bindparam("generation"),
            among(conn, table.c.subject),
            table.c.known_from <= bindparam("moment", type_=BigInteger),
            table.c.known_to > bindparam("moment", type_=BigInteger),
            *conditions,
        )
        .order_by(table.c.id)
    )
    if all(any(each is one for one in _LASTING) for each in conditions):
        _BUILT[key] = made
    return made


def at_threshold(table: Table) -> ColumnElement[bool]:
    return table.c.mask.op("&")(bindparam("bit", type_=SmallInteger)) != 0


SPANS: Final = at_threshold(span)
FINDINGS: Final = at_threshold(finding)
SPANS_ON_THE_DAYS: Final = (
    SPANS,
    span.c.day_from <= bindparam("last", type_=BigInteger),
    span.c.day_to >= bindparam("first", type_=BigInteger),
)
EXISTENCE: Final = span.c.layer == "existence"
VAGUE_OR_CLAIMED: Final = (setting.c.lo < setting.c.hi) | setting.c.act.is_not(None)
TAKING_PART: Final = setting.c.layer == "participation"
_LASTING: Final = (
    *SPANS_ON_THE_DAYS,
    *(FINDINGS, EXISTENCE, VAGUE_OR_CLAIMED, TAKING_PART),
)
"""Conditions that never go away, so that a statement may be kept by their identity."""


def _around(view: View, subjects: Sequence[Subject]) -> Around:
    keys = [key for _, key in subjects]
    around = Around(
        defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list), {}, {}
    )
    for row in remarks(view, subjects):
        if row.kind == "coverage":
            around.coverage[row.layer, row.subject].append(row)
        elif _meets(orjson.loads(row.over), view.days):
            around.gaps[row.layer, row.subject].append(row.event_id)
    for row in known_rows(view, finding, keys, FINDINGS):
        around.findings[row.layer, row.subject].append((row.kind, orjson.loads(row.body)))
    _settings_around(view, keys, around)
    parties = {p for layer, key in subjects for p in parties_of(layer, key)}
    around.absent = absences(view, parties)
    return around


def remarks(view: View, subjects: Iterable[Subject]) -> list[Row[Any]]:
    """What is said of coverage and gaps, of these subjects and of the whole of their agreements."""
    wanted = list(subjects)
    whole = {each for subject in wanted if (each := _whole(subject)) is not None}
    return [
        row
        for row in known_rows(view, remark, {*(key for _, key in wanted), *whole})
        if Confidence(row.confidence).counts_at(view.threshold)
    ]


def _settings_around(view: View, keys: Sequence[str], around: Around) -> None:
    """Which events' windows contain the day, and which are claims about one act."""
    acts: dict[tuple[Subject, int], list[str]] = {}
    for row in known_rows(view, setting, keys, VAGUE_OR_CLAIMED):
        if not Confidence(row.confidence).counts_at(view.threshold):
            continue
        subject = (row.layer, row.subject)
        listed = around.undetermined[subject]
        if (
            row.lo < row.hi
            and row.event_id not in listed
            and _meets(orjson.loads(row.window), view.days)
        ):
            listed.append(row.event_id)
        if row.act is not None:
            claims = acts.setdefault((subject, row.act), [])
            if row.event_id not in claims:
                claims.append(row.event_id)
    for (subject, _), claims in acts.items():
        around.competing.setdefault(subject, []).append(claims)


def _meets(intervals: Iterable[Sequence[int]], days: Days) -> bool:
    return bool(Days.from_list(intervals) & days)


def _whole(subject: Subject) -> str | None:
    """The key under which something is said of all parties of the agreement."""
    layer, key = subject
    parts = LAYERS[layer].parts
    return f"{key.split('|', 1)[0]}|*" if parts[0] == "agreement" and len(parts) > 1 else None


def parties_of(layer: str, key: str) -> tuple[str, ...]:
    """The parties that have to exist for the layer to apply."""
    return () if layer in ("name", "existence") else LAYERS[layer].party_parts(key)


def absences(view: View, parties: Iterable[str]) -> dict[str, Absence]:
    """By party: whether it existed on these days.

    A party whose existence nobody dated exists as far as the register is concerned.
    """
    found = existence_rows(view, parties)
    return {party: absence(rows, view.days) for party, rows in found.items()}


def existence_rows(view: View, parties: Iterable[str]) -> dict[str, list[Row[Any]]]:
    rows: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in known_rows(view, span, parties, EXISTENCE, SPANS):
        rows[row.subject].append(row)
    return rows


def absence(rows: Sequence[Row[Any]], days: Days) -> Absence:
    """From the spans of a party's existence."""
    state = state_on(rows, days)
    may = bool(state.possible.keys() - {"exists"})
    events = [e for value, each in state.possible.items() if value != "exists" for e in each]
    begun = sorted({e for r in rows for e in orjson.loads(r.evidence)}) if not events else []
    return may, may and "exists" not in state.possible, events or begun


@dataclass(frozen=True)
class Outcome:
    """What an answer comes to: the possible values in order, each with its events."""

    possible: Mapping[str, list[str]]
    certain: bool
    basis: str

    @property
    def value(self) -> str | None:
        return next(iter(self.possible)) if len(self.possible) == 1 else None

    @property
    def because(self) -> dict[str, list[str]]:
        return {value: events for value, events in self.possible.items() if events}


def outcome(
    layer: Layer, state: State, *, covered: bool | None, absent: Iterable[Absence]
) -> Outcome:
    """The spans joined with a stated coverage (None: there is none) and with existence."""
    possible, silent = _named(layer, state, covered=covered is True)
    unknown = possible.keys() == {"unknown"}
    certain = state.certain and not silent and covered is not False and not unknown
    basis = "default" if silent else "events"
    if set(state.possible) == {NOTHING} and covered:
        basis = "coverage"
    for may, must, events in absent:
        if must:
            return Outcome({NOT_APPLICABLE: events}, certain=True, basis="events")
        if may:
            possible = {**possible, NOT_APPLICABLE: events}
            certain = False
    values = [v for v in (*layer.values, layer.default, NOT_APPLICABLE) if v in possible]
    values = list(dict.fromkeys(values)) + sorted(possible.keys() - set(values))
    return Outcome({value: possible[value] for value in values}, certain, basis)


def _answer(view: View, subject: Subject, state: State, around: Around) -> dict[str, Any]:
    layer, key = LAYERS[subject[0]], subject[1]
    covered, until = _covered(view, subject, around)
    absent = [around.absent[party] for party in parties_of(*subject) if party in around.absent]
    said = outcome(layer, state, covered=covered, absent=absent)
    evidence = list(dict.fromkeys(e for events in said.possible.values() for e in events))
    applies = said.value != NOT_APPLICABLE
    answer: dict[str, Any] = {
        "layer": layer.name,
        "subject": layer.subject(key),
        "value": said.value,
        "certain": said.certain,
        "possible": list(said.possible),
        "basis": said.basis,
        "since": _bounds(state.since) if applies else None,
        "until": _bounds(state.until) if applies else None,
        "evidence": evidence,
        "because": said.because,
        "undetermined": around.undetermined.get(subject, []),
        "competing_claims": around.competing.get(subject, []),
        "assumed": _assumed(around, subject, evidence),
        "doubts": [body for kind, body in around.findings[subject] if kind == "doubt"],
    }
    if until is not None:
        answer["covered_until"] = None if until >= MAX_DAY else iso(until)
    if gaps := around.gaps.get(subject):
        answer["gaps"] = gaps
    if said.basis == "default":
        answer["reading"] = f"{answer['value'] or 'nothing'} recorded"
        if answer["value"] not in (None, "none"):
            answer["reading"] = "nothing recorded"
    return answer


def _named(layer: Layer, state: State, *, covered: bool) -> tuple[dict[str, list[str]], bool]:
    """The possible values with silence given its name; whether the answer is only a default."""
    possible: dict[str, list[str]] = {}
    for value, events in state.possible.items():
        name = value or (layer.silence if covered else layer.default)
        possible.setdefault(name, []).extend(e for e in events if e not in possible[name])
    return possible, set(state.possible) == {NOTHING} and not covered


def _covered(view: View, subject: Subject, around: Around) -> tuple[bool | None, int | None]:
    """(all the days inside a stated coverage, or None where none was stated; its last day)."""
    over = covered_days(subject, around.coverage)
    if over is None:
        return None, None
    return (view.days & over) == view.days, over.hi


def covered_days(subject: Subject, coverage: Mapping[Subject, Sequence[Row[Any]]]) -> Days | None:
    """The days of its stated coverage, of its own and of the whole agreement; None: none stated."""
    rows = [*coverage.get(subject, ())]
    if (whole := _whole(subject)) is not None:
        rows += coverage.get((subject[0], whole), ())
    over = Days.EMPTY
    for row in rows:
        over |= Days.from_list(orjson.loads(row.over))
    return over if rows else None


def _assumed(around: Around, subject: Subject, evidence: Sequence[str]) -> list[dict[str, Any]]:
    """The inferences that this answer rests on."""
    named = set(evidence)
    return [
        body
        for kind, body in around.findings[subject]
        if kind == "assumed" and named & {body.get("event"), body.get("before"), body.get("after")}
    ]


def _bounds(bounds: Bounds) -> dict[str, str | None] | None:
    if bounds is None:
        return None
    lo, hi = bounds
    return {
        "earliest": None if lo is None or lo <= MIN_DAY else iso(lo),
        "latest": None if hi is None or hi >= MAX_DAY else iso(hi),
    }


def referenced(answer: Mapping[str, Any]) -> list[str]:
    """Every event that an answer names."""
    found = [*answer["evidence"], *answer["undetermined"], *answer.get("gaps", ())]
    found += [e for claims in answer["competing_claims"] for e in claims]
    found += [e for doubt in answer["doubts"] for e in doubt["events"]]
    for each in answer["assumed"]:
        found += [each[name] for name in ("event", "before", "after") if name in each]
    return list(dict.fromkeys(found))


def known_subjects(view: View, layers: Sequence[str], *conditions: Any) -> list[Subject]:
    """The subjects of these layers about which any event was known, whatever its day."""
    rows = view.conn.execute(
        select(setting.c.layer, setting.c.subject)
        .where(
            setting.c.generation == view.generation,
            setting.c.layer.in_(layers),
            setting.c.known_from <= view.moment,
            setting.c.known_to > view.moment,
            setting.c.confidence >= least(view.threshold),
            *conditions,
        )
        .distinct()
        .order_by(setting.c.layer, setting.c.subject)
    )
    return [(layer, subject) for layer, subject in rows]


def least(threshold: Confidence) -> int:
    """The least stored confidence that is looked at under the threshold."""
    return 0 if threshold is Confidence.ALLEGED else int(threshold)


def starting(prefix: str) -> tuple[Any, Any]:
    """Conditions for the subjects whose first parts are these: `a|b|`."""
    following = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return setting.c.subject >= prefix, setting.c.subject < following

"""How a party stood to each of its agreements on a day, in groups: quick enough for thousands.

What it says of one is what `agreements.of_party` answers; events and doubts are not looked at.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    BigInteger,
    Connection,
    Integer,
    Select,
    SmallInteger,
    Text,
    bindparam,
    literal,
    select,
)

from registry.domain.dates import Days
from registry.domain.entry_into_force import Rule
from registry.domain.layers import LAYERS, NOTHING
from registry.projections.tables import entity, span
from registry.queries.bearing import COVERAGE, POSSIBLE, Bearing, bearing_on
from registry.queries.bound import (
    BOUND,
    NOT_BOUND,
    PARTS,
    PROVISIONALLY,
    bound_of_each,
    bound_values,
    rule_of,
)
from registry.queries.consents import LEFT, NO_CONSENT, Consent, consent_on, consents_said
from registry.queries.coverage import Coverage, Subject, covered_days
from registry.queries.existence import Absence, absences
from registry.queries.outcomes import outcome
from registry.queries.states import Span, state_on
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.direct import rows

GROUPS: Final = ("bound", "possibly_bound", "signatory", "formerly_bound")
_CONSENTED: Final = frozenset(("signatory", "ad_referendum", "contracting"))
_HAD_BEEN: Final = frozenset(("party", "suspended", "withdrawn", "expelled"))
_NOT_BOUND: Final = {NOT_BOUND}
_OVER: Final = frozenset(("terminated", "void"))
_WITHOUT_FORM: Final = (*LEFT, NOTHING, "party", "suspended")
"""Participations of which it is no matter between how many the agreement is."""

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Commitment:
    """`group`: one of GROUPS. `participation`, `bound`: the values that are possible."""

    agreement: str
    group: str
    participation: tuple[str, ...]
    certain: bool
    bound: tuple[str, ...]


def commitments(view: View, party: str) -> list[Commitment]:
    """Those to which it stood in any way on the day, by slug. `certain`: of its participation."""
    return sorted(_Found(view, party).all(), key=lambda each: each.agreement)


def group_of(participation: Answer, bound: Answer, force: Answer) -> str | None:
    """In which group an agreement is by these answers; None where the party had no part in it."""
    if {BOUND, PROVISIONALLY} & set(bound["possible"]):
        return (
            "bound" if bound["certain"] and NOT_BOUND not in bound["possible"] else "possibly_bound"
        )
    took_part = set(participation["possible"])
    if took_part & _HAD_BEEN:  # and yet not bound: it left, or its force is over or suspended
        return "formerly_bound"
    if took_part & _CONSENTED:
        over = "contracting" in took_part and set(force["possible"]) & _OVER
        return "formerly_bound" if over else "signatory"
    return None


class _Found:
    """Answers as `bound` needs them, read layer by layer, and only where they can matter."""

    def __init__(self, view: View, party: str) -> None:
        self.view = view
        self.party = party
        self.answers: dict[Subject, dict[str, Any]] = {}
        self._away: Absence | None = None

    def all(self) -> Iterator[Commitment]:
        spans = self._of_party()
        slugs = {key.split("|", 1)[0] for _, key in spans}
        if not slugs:
            return
        keys = [f"{slug}|{self.party}" for slug in slugs]
        bearing = bearing_on(
            self.view, [("participation", each) for each in keys], self.view.days, COVERAGE
        )
        self._away = absences(bearing.existence, self.view.days).get(self.party)
        plain = {} if self._away else self._plain(spans, bearing.coverage)
        two = self._bilateral(
            {s for s in slugs if s in plain and plain[s].value not in _WITHOUT_FORM}
        )
        forces = bearing_on(
            self.view,
            [
                ("force", each)
                for each in slugs
                if _by_force(plain.get(each), bilateral=each in two)
            ],
            self.view.days,
            POSSIBLE,
        )

        hard = set(slugs - plain.keys())
        waiting: dict[str, tuple[_Plain, bool]] = {}
        for slug, part in plain.items():
            if part.value == NOTHING:
                continue
            if not _by_force(part, bilateral=slug in two):
                yield from _made(slug, part, "unknown", _NOT_BOUND, told=part.certain)
            elif (force := self._force(slug, forces)) is None:
                hard.add(slug)
            elif part.value == "contracting" and force.value == "in_force" and slug not in two:
                waiting[slug] = part, force.certain
            else:
                bound = self._values(part, force.value, NO_CONSENT, None, bilateral=slug in two)
                yield from _made(
                    slug, part, force.value, bound, told=part.certain and force.certain
                )
        rules = bearing_on(
            self.view,
            [("entry_into_force_rule", each) for each in waiting],
            self.view.days,
            POSSIBLE,
        )
        said = consents_said(self.view, [f"{each}|{self.party}" for each in waiting])
        for slug, (part, told) in waiting.items():
            held = rules.spans.get(("entry_into_force_rule", slug), [])
            if len(held) > 1 or (held and not held[0].over(self.view.days)):
                hard.add(slug)
                continue
            rule = rule_of({"value": held[0].value if held else None})
            consent = consent_on(said[f"{slug}|{self.party}"], self.view.days)
            bound = self._values(part, "in_force", consent, rule, bilateral=False)
            yield from _made(slug, part, "in_force", bound, told=part.certain and told)
        docs = self.view.directory.docs("agreement", hard)
        yield from self._thoroughly([each for each in hard if each in docs], docs, spans)

    def _of_party(self) -> dict[Subject, list[Span]]:
        """How it took part on the days, by layer and subject."""
        view = self.view
        spans: dict[Subject, list[Span]] = {}
        said = {
            "generation": view.generation,
            "moment": view.moment,
            "bit": view.threshold.bit,
            "party": self.party,
            "first": view.days.lo,
            "last": view.days.hi,
        }
        for layer, key, *of_span in rows(view.conn, _TAKING_PART, said):
            spans.setdefault((layer, key), []).append(Span._make(of_span))
        return spans

    def _bilateral(self, slugs: Collection[str]) -> set[str]:
        """Those of these agreements that are between two parties."""
        conn = self.view.conn
        said = {
            "generation": self.view.generation,
            "moment": self.view.moment,
            "keys": parameter(conn, sorted(slugs)),
        }
        return {key for (key,) in rows(conn, _between_two(conn), said)}

    def _plain(
        self, spans: Mapping[Subject, list[Span]], coverage: Coverage
    ) -> dict[str, "_Plain"]:
        """By agreement, the one participation on all the days, where nothing else is possible."""
        return {
            key.split("|", 1)[0]: _Plain(held[0].value, self._is_covered((layer, key), coverage))
            for (layer, key), held in spans.items()
            if layer == "participation"
            and len(held) == 1
            and held[0].over(self.view.days)
            and ("provisional_application", key) not in spans
        }

    def _force(self, slug: str, forces: Bearing) -> "_Plain | None":
        """The one value of its force on all the days; None where there are more."""
        held = forces.spans.get(("force", slug), [])
        covered = self._is_covered(("force", slug), forces.coverage)
        if not held:
            stated = forces.coverage and covered_days(("force", slug), forces.coverage) is not None
            return _Plain("unknown", not stated)
        if len(held) > 1 or held[0].value == NOTHING or not held[0].over(self.view.days):
            return None
        return _Plain(held[0].value, covered)

    def _is_covered(self, subject: Subject, coverage: Coverage) -> bool:
        """Whether the days are not outside of a coverage that was stated."""
        over = covered_days(subject, coverage) if coverage else None
        return over is None or (self.view.days & over) == self.view.days

    def _values(
        self, part: "_Plain", force: str, consent: Consent, rule: Rule | None, *, bilateral: bool
    ) -> set[str]:
        return bound_values(
            part.value, force, "none", consent, rule, self.view.days, bilateral=bilateral
        )

    def _thoroughly(
        self,
        slugs: list[str],
        docs: Mapping[str, Answer],
        spans: Mapping[Subject, list[Span]],
    ) -> Iterator[Commitment]:
        """By `bound_of_each`, of answers without the events that they rest on."""
        if not slugs:
            return
        self._answer([(layer, f"{slug}|{self.party}") for slug in slugs for layer in PARTS], spans)
        self._answer([("force", slug) for slug in slugs])
        took_part = {s: self.answers["participation", f"{s}|{self.party}"] for s in slugs}
        bound = bound_of_each(self.view, [(docs[s], [self.party]) for s in slugs], self.answers)
        for slug in slugs:
            answer, part = bound[slug][self.party], took_part[slug]
            group = group_of(part, answer, self.answers["force", slug])
            if group:
                yield Commitment(
                    slug,
                    group,
                    tuple(part["possible"]),
                    part["certain"],
                    tuple(sorted(answer["possible"])),
                )

    def _answer(
        self, subjects: list[Subject], spans: Mapping[Subject, list[Span]] | None = None
    ) -> None:
        if not subjects:
            return
        days = self.view.days
        bearing = bearing_on(self.view, subjects, days, POSSIBLE if spans is None else COVERAGE)
        spans = bearing.spans if spans is None else spans
        for each in subjects:
            covered = covered_days(each, bearing.coverage) if bearing.coverage else None
            away = [self._away] if self._away and each[0] in PARTS else []
            self.answers[each] = _lean(each[0], spans.get(each, []), days, covered, away)


class _Plain(NamedTuple):
    """The only value that is possible. `certain`: not past a list that ends before the days."""

    value: str
    certain: bool


def _by_force(part: _Plain | None, *, bilateral: bool) -> bool:
    """Whether it depends on the agreement's force whether such a participation binds."""
    if part is None:
        return False  # read again, with all that bears on it
    if part.value in ("signatory", "ad_referendum"):
        return bilateral
    return part.value in ("party", "contracting")


def _made(
    slug: str, part: _Plain, force: str, bound: set[str], *, told: bool
) -> Iterator[Commitment]:
    group = group_of(
        {"possible": [part.value]},
        {"possible": list(bound), "certain": told and len(bound) == 1},
        {"possible": [force]},
    )
    if group:
        yield Commitment(slug, group, (part.value,), part.certain, tuple(sorted(bound)))


def _lean(
    layer: str, held: list[Span], days: Days, covered: Days | None, away: Any
) -> dict[str, Any]:
    said = outcome(
        LAYERS[layer],
        state_on(held, days),
        covered=None if covered is None else (days & covered) == days,
        absent=away,
    )
    answer = {
        **_NOTHING_MORE,
        "layer": layer,
        "value": said.value,
        "certain": said.certain,
        "possible": list(said.possible),
        "basis": said.basis,
        "because": said.because,
    }
    return answer if covered is None else {**answer, "covered_until": None}


_NOTHING_MORE: Final[dict[str, Any]] = {
    "since": None,
    "until": None,
    "evidence": [],
    "undetermined": [],
    "competing_claims": [],
    "assumed": [],
    "doubts": [],
}


def _day(column: Any) -> Any:
    """The days by no index: it would be that of the whole world on them."""
    return column + literal(0)


_TAKING_PART: Final = select(
    span.c.layer, span.c.subject, *(span.c[name] for name in Span._fields)
).where(
    span.c.generation == bindparam("generation", type_=Integer),
    span.c.first_party == bindparam("party", type_=Text),
    span.c.layer.in_([literal(each) for each in PARTS]),
    span.c.mask.op("&")(bindparam("bit", type_=SmallInteger)) != 0,
    span.c.known_from <= bindparam("moment", type_=BigInteger),
    span.c.known_to > bindparam("moment", type_=BigInteger),
    _day(span.c.day_from) <= bindparam("last", type_=BigInteger),
    _day(span.c.day_to) >= bindparam("first", type_=BigInteger),
)
_KEPT: dict[str, Select[Any]] = {}


def _between_two(conn: Connection) -> Select[Any]:
    dialect = conn.dialect.name
    if dialect not in _KEPT:
        moment = bindparam("moment", type_=BigInteger)
        _KEPT[dialect] = select(entity.c.key).where(
            entity.c.generation == bindparam("generation", type_=Integer),
            entity.c.kind == literal("agreement"),
            among(conn, entity.c.key),
            entity.c.known_from <= moment,
            entity.c.known_to > moment,
            entity.c.doc.contains(literal('"form":"bilateral"')),
        )
    return _KEPT[dialect]

"""How a party stood to each of its agreements on a day, in groups: quick enough for thousands.

What it says of one is what `agreements.of_party` answers; events and doubts are not looked at.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import BigInteger, Integer, SmallInteger, Text, bindparam, literal, select

from registry.domain.dates import Days
from registry.domain.layers import LAYERS, NOTHING
from registry.projections.tables import span
from registry.queries.answers import outcome
from registry.queries.bearing import COVERAGE, POSSIBLE, Bearing, bearing_on
from registry.queries.bound import (
    BOUND,
    LEFT,
    NO_CONSENT,
    NOT_BOUND,
    PARTS,
    PROVISIONALLY,
    bound_of_each,
    bound_values,
)
from registry.queries.coverage import Coverage, Subject, covered_days
from registry.queries.existence import Absence, absences
from registry.queries.states import Span, state_on
from registry.queries.view import View
from registry.store.direct import rows

GROUPS: Final = ("bound", "possibly_bound", "signatory", "formerly_bound")
_CONSENTED: Final = frozenset(("signatory", "ad_referendum", "contracting"))
_HAD_BEEN: Final = frozenset(("party", "suspended", "withdrawn", "expelled"))
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
        docs = self.view.directory.docs(
            "agreement", {slug for slug in slugs if plain.get(slug) not in _WITHOUT_FORM}
        )
        forces = bearing_on(
            self.view,
            [("force", each) for each in slugs if self._by_force(plain.get(each), docs.get(each))],
            self.view.days,
            POSSIBLE,
        )
        hard: list[str] = []
        for slug in slugs:
            made = self._simply(slug, plain.get(slug), docs.get(slug), forces)
            if made is None:
                hard.append(slug)
            elif made.group:
                yield made
        docs |= self.view.directory.docs("agreement", [each for each in hard if each not in docs])
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

    def _plain(self, spans: Mapping[Subject, list[Span]], coverage: Coverage) -> dict[str, str]:
        """By agreement, the one participation on all the days, where nothing else bears on it."""
        days = self.view.days
        return {
            key.split("|", 1)[0]: held[0].value
            for (layer, key), held in spans.items()
            if layer == "participation"
            and len(held) == 1
            and held[0].over(days)
            and ("provisional_application", key) not in spans
            and not (coverage and covered_days((layer, key), coverage) is not None)
        }

    @staticmethod
    def _by_force(value: str | None, doc: Answer | None) -> bool:
        """Whether it depends on the agreement's force whether such a participation binds."""
        if value in ("signatory", "ad_referendum"):
            return doc is not None and doc.get("form") == "bilateral"
        return value is None or value in ("party", "contracting")

    def _simply(
        self, slug: str, value: str | None, doc: Answer | None, forces: Bearing
    ) -> Commitment | None:
        """Where one value of each part says all; None where it does not. `group`: may be empty."""
        if value is None or (value not in _WITHOUT_FORM and doc is None):
            return None
        bilateral = doc is not None and doc.get("form") == "bilateral"
        force = NOTHING
        if self._by_force(value, doc):
            held = forces.spans.get(("force", slug), [])
            if len(held) > 1 or (held and not held[0].over(self.view.days)):
                return None
            if forces.coverage and covered_days(("force", slug), forces.coverage) is not None:
                return None
            force = held[0].value if held else NOTHING
        if value == "contracting" and force == "in_force" and not bilateral:
            return None
        force = force or "unknown"
        took_part = value or "none"
        bound = bound_values(
            took_part, force, "none", NO_CONSENT, None, self.view.days, bilateral=bilateral
        )
        group = group_of(
            {"possible": [took_part]},
            {"possible": list(bound), "certain": True},
            {"possible": [force]},
        )
        return Commitment(slug, group or "", (took_part,), value != NOTHING, tuple(bound))

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
        waiting = [s for s in slugs if "contracting" in took_part[s]["possible"]]
        self._answer([("entry_into_force_rule", slug) for slug in waiting])
        for slug in slugs:
            self.answers.setdefault(("entry_into_force_rule", slug), _NO_RULE)
        bound = bound_of_each(self.view, [(docs[s], [self.party]) for s in slugs], self.answers)
        for slug in slugs:
            answer, part = bound[slug][self.party], took_part[slug]
            group = group_of(part, answer, self.answers["force", slug])
            if group:
                yield Commitment(
                    slug, group, tuple(part["possible"]), part["certain"], tuple(answer["possible"])
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
_NO_RULE: Final[dict[str, Any]] = {**_NOTHING_MORE, "value": None, "possible": []}


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

"""The answer of a layer: what held, how sure that is, since when, and which events say so."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from registry.domain.dates import MAX_DAY, Days, iso
from registry.domain.layers import LAYERS
from registry.projections.tables import setting
from registry.queries.bearing import EVERYTHING, Bearing, bearing_on, least
from registry.queries.coverage import Subject, covered_days
from registry.queries.existence import Absence, absences, parties_of
from registry.queries.outcomes import told
from registry.queries.subjects import namer
from registry.queries.view import View

__all__ = ["Subject", "answers", "known_subjects", "referenced", "starting"]


def answers(
    view: View, subjects: Iterable[Subject], kinds: tuple[int, ...] = EVERYTHING
) -> dict[Subject, dict[str, Any]]:
    """The answers of these (layer, key), in the one shape that is the same everywhere.

    With `kinds` POSSIBLE nothing but what is possible is looked at: no doubts, no open windows.
    """
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        return {}
    return answers_of(view, wanted, bearing_on(view, wanted, view.days, kinds))


def answers_of(
    view: View, subjects: Iterable[Subject], bearing: Bearing
) -> dict[Subject, dict[str, Any]]:
    """The same from what is at hand."""
    absent = absences(bearing.existence, view.days)
    listed = {layer for layer, _ in bearing.coverage}
    return {
        each: _answer(
            view,
            each,
            bearing,
            covered_days(each, bearing.coverage) if each[0] in listed else None,
            [absent[p] for p in parties_of(*each) if p in absent] if absent else (),
        )
        for each in subjects
    }


def _answer(
    view: View, subject: Subject, bearing: Bearing, over: Days | None, absent: Sequence[Absence]
) -> dict[str, Any]:
    layer, key = subject
    value, certain, possible, basis, since, until, evidence, because = told(
        LAYERS[layer],
        bearing.spans.get(subject, ()),
        view.days,
        None if over is None else (view.days & over) == view.days,
        absent,
    )
    findings = bearing.findings.get(subject)
    answer: dict[str, Any] = {
        "layer": layer,
        "subject": namer(layer)(key),
        "value": value,
        "certain": certain,
        "possible": possible,
        "basis": basis,
        "since": since,
        "until": until,
        "evidence": evidence,
        "because": because,
        "undetermined": bearing.undetermined.get(subject, []),
        "competing_claims": bearing.competing.get(subject, []),
        "assumed": _assumed(findings, evidence) if findings else [],
        "doubts": [body for kind, body in findings if kind == "doubt"] if findings else [],
    }
    if over is not None:
        answer["covered_until"] = None if over.hi >= MAX_DAY else iso(over.hi)
    if gaps := bearing.gaps.get(subject):
        answer["gaps"] = gaps
    if basis == "default":
        answer["reading"] = f"{value or 'nothing'} recorded"
        if value not in (None, "none"):
            answer["reading"] = "nothing recorded"
    return answer


def _assumed(
    findings: Iterable[tuple[str, dict[str, Any]]], evidence: Iterable[str]
) -> list[dict[str, Any]]:
    """The inferences that this answer rests on."""
    named = set(evidence)
    return [
        body
        for kind, body in findings
        if kind == "assumed" and named & {body.get("event"), body.get("before"), body.get("after")}
    ]


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


def starting(prefix: str) -> tuple[Any, Any]:
    """Conditions for the subjects whose first parts are these: `a|b|`."""
    following = prefix[:-1] + chr(ord(prefix[-1]) + 1)
    return setting.c.subject >= prefix, setting.c.subject < following

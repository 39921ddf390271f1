"""The plan of one transaction: which rows to close and to write, once its events are recorded.

History arrives out of order, so nothing is patched forward: every touched subject is folded anew
and compared with its open rows.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import orjson
from sqlalchemy import Table

from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.doubts import Doubt
from registry.domain.events.participation import SUCCESSION
from registry.domain.fold import NO_FOLD, Claim, Folded, fold
from registry.domain.knowledge import Record, Standing
from registry.domain.layers import LAYERS
from registry.domain.oddities import ASKED, oddities
from registry.domain.resolve import resolved
from registry.domain.settings import Setting, counted, settings_of
from registry.domain.spans import spans_of
from registry.projections import acts
from registry.projections.documents import documents, remarks
from registry.projections.known import Known
from registry.projections.neighbourhood import long_among, neighbourhood
from registry.projections.rows import (
    Difference,
    Row,
    difference,
    setting_from,
    setting_row,
    span_rows,
    text,
)
from registry.projections.standings import by_target, standings_of
from registry.projections.tables import claim, entity, finding, link, remark, setting, span

Subject = tuple[str, str]
"""(layer, key)"""


@dataclass
class Plan:
    """Differences by table, the doubts that were not there before, and the events it rests on."""

    changes: dict[Table, Difference] = field(default_factory=dict)
    doubts: list[Doubt] = field(default_factory=list)
    rests_on: frozenset[str] = frozenset()


def plan(known: Known, incoming: Sequence[Record]) -> Plan:
    """What follows from these events, which come right after all that is known."""
    made = Plan()
    standings = _standings(known, incoming)
    linked = acts.linked(known, standings)
    standings |= linked.standings
    made.rests_on = frozenset(standings)
    made.changes[link] = linked.links
    made.changes[claim] = linked.claims
    changed, settings = _settings(known, standings, linked.act_of)
    made.changes[setting] = settings
    corrections = by_target(incoming)
    made.changes[remark] = remarks(known, standings, corrections)
    made.changes[entity] = documents(known, standings, corrections)
    touched = _touched(known, changed, linked.subjects(changed))
    touched |= _renegotiated(known, made.changes[entity])
    _fold_anew(known, made, touched, settings, linked.claims)
    return made


def _standings(known: Known, incoming: Sequence[Record]) -> dict[str, Standing]:
    """How every event stands that these record or correct, by the id of the original."""
    new = {record.event_id: record for record in incoming}
    originals = {r.event_id: r for r in incoming if r.target is None}
    wanted = {r.target for r in incoming if r.target is not None}
    while wanted:
        found = {i: new[i] for i in wanted if i in new} | known.records(wanted - new.keys())
        originals |= {i: r for i, r in found.items() if r.target is None}
        wanted = {r.target for r in found.values() if r.target is not None}
    return standings_of(known, originals, incoming)


def _settings(
    known: Known, standings: Mapping[str, Standing], act_of: Mapping[str, int]
) -> tuple[dict[str, set[Subject]], Difference]:
    """By event the subjects it sets or set; and how the rows of its settings change."""
    subjects: dict[str, set[Subject]] = defaultdict(set)
    positions = [s.record.position for s in standings.values() if s.record.position <= known.seen]
    old = known.settings_of_positions(positions)
    for row in old:
        subjects[row["event_id"]].add((row["layer"], row["subject"]))
    new: list[dict[str, Any]] = []
    behind: dict[int, Setting] = {}
    for event_id, stands in standings.items():
        if stands.event is None:
            continue
        act = act_of.get(event_id)
        for made in settings_of(
            stands.event, event_id, stands.record.position, stands.recorded_day
        ):
            subjects[event_id].add((made.layer, made.subject))
            one = made if act is None else replace(made, act=act)
            row = setting_row(one)
            behind[id(row)] = one
            new.append(row)
    changed = difference(old, new)
    changed.made = behind
    return subjects, changed


def _touched(
    known: Known, changed: Mapping[str, set[Subject]], by_acts: set[Subject]
) -> set[Subject]:
    """The subjects to fold anew, with those that depend on them."""
    touched = {subject for each in changed.values() for subject in each} | by_acts
    known.settings_of_subjects({k.split("|", 1)[0] for n, k in touched if n == "participation"})
    for layer, key in list(touched):
        if layer == "representation":
            touched.add(("head_of_mission", key))
        if layer == "participation":
            agreement = key.split("|", 1)[0]
            rows = known.settings_of_subjects([agreement])
            if any(r["layer"] in ("entry_into_force_rule", "force") for r in rows):
                touched.add(("force", agreement))
        if layer == "entry_into_force_rule":
            touched.add(("force", key))
        if layer == "force":
            touched |= {
                (row["layer"], row["subject"])
                for row in known.participation_in(key)
                if row["assumption"] == SUCCESSION
            }
    return touched


def _renegotiated(known: Known, documents: Difference) -> set[Subject]:
    """Force may be computed from the consents of the negotiating parties, as now on record."""
    return {
        ("force", row["key"])
        for row in documents.insert
        if row["kind"] == "agreement"
        for old in known.entity("agreement", row["key"])
        if _parties(old) != _parties(row)
    }


_NEAR: Final[Mapping[str, Callable[[str], Subject]]] = {
    "head_of_mission": lambda key: ("representation", key),
    "participation": lambda key: ("force", key.split("|", 1)[0]),
}
"""The subject on which a layer's own settings depend."""


def _fold_anew(
    known: Known,
    made: Plan,
    touched: set[Subject],
    settings: Difference,
    claims: Difference,
) -> None:
    rows: list[dict[str, Any]] = []
    old_spans: list[Row] = []
    long = long_among(known, touched)
    local = {
        subject
        for subject in sorted(long)
        if _folded_locally(known, subject, settings, rows, old_spans)
    }
    touched = touched - local
    keys = sorted({key for _, key in touched})
    near_keys = {_NEAR[layer](key)[1] for layer, key in touched if layer in _NEAR}
    by_subject = _present(known.settings_of_subjects(sorted({*keys, *near_keys})), settings)
    agreements = [key for layer, key in touched if layer == "force"]
    participation = _participation(known, agreements, settings)
    folds_claims = _claims(known, by_subject, participation, claims)
    recorded = {r["key"]: r for r in made.changes[entity].insert if r["kind"] == "agreement"}
    finding_rows: list[dict[str, Any]] = []
    for layer, key in sorted(touched):
        mine = by_subject.get((layer, key), [])
        near = by_subject.get(_NEAR[layer](key), []) if layer in _NEAR else []
        negotiating: Sequence[str] = ()
        if layer == "force":
            near = by_subject.get(("entry_into_force_rule", key), []) + participation[key]
            negotiating = _negotiating(known, recorded, key)
        here = _claims_here(folds_claims, mine, near)
        folds = _folds(layer, mine, near, here, negotiating)
        rows += span_rows(layer, key, spans_of(folds))
        finding_rows += _findings(layer, key, folds, mine, near, negotiating)
    old_spans += [r for r in known.spans_of_subjects(keys) if (r["layer"], r["subject"]) in touched]
    made.changes[span] = difference(old_spans, rows)
    old = [r for r in known.findings_of_subjects(keys) if (r["layer"], r["subject"]) in touched]
    made.changes[finding] = difference(old, finding_rows)
    made.doubts = [
        Doubt(body["code"], body["message"], tuple(body["events"]))
        for row in made.changes[finding].insert
        if row["kind"] == "doubt"
        for body in [orjson.loads(row["body"])]
    ]


def _folded_locally(
    known: Known,
    subject: Subject,
    settings: Difference,
    new: list[dict[str, Any]],
    old: list[Row],
) -> bool:
    """Fold a long history only around the change, adding its new and old spans; False: fold all."""
    layer, key = subject
    mine = [r for r in settings.insert if (r["layer"], r["subject"]) == subject]
    gone = [r for r in settings.closed if (r["layer"], r["subject"]) == subject]
    around = neighbourhood(known, layer, key, [*mine, *gone])
    if around is None:
        return False
    present = _present(
        around.settings, Difference(settings.close, mine, settings.closed, settings.made)
    )
    folds = _folds(layer, present.get(subject, []), [], {}, ())
    if not around.holds_after((threshold.bit, folded) for threshold, folded in folds):
        return False
    new += span_rows(layer, key, (s for s in spans_of(folds) if s.day_from < around.end))
    old += around.spans
    return True


def _present(rows: Iterable[Row], settings: Difference) -> dict[Subject, list[Setting]]:
    """The settings of the subjects after the change."""
    closed = set(settings.close)
    by_subject: dict[Subject, list[Setting]] = defaultdict(list)
    for row in rows:
        if row["id"] not in closed:
            by_subject[row["layer"], row["subject"]].append(setting_from(row))
    for row in settings.insert:
        one = settings.made.get(id(row)) or setting_from(row)
        by_subject[row["layer"], row["subject"]].append(one)
    return by_subject


def _participation(
    known: Known, agreements: Sequence[str], settings: Difference
) -> dict[str, list[Setting]]:
    """The settings of participation of all parties to each of the agreements, after the change."""
    new: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in settings.insert if agreements else ():
        if row["layer"] == "participation":
            new[row["subject"].split("|", 1)[0]].append(row)
    return {
        agreement: [
            each
            for found in _present(
                known.participation_in(agreement),
                Difference(settings.close, new.get(agreement, []), settings.closed, settings.made),
            ).values()
            for each in found
        ]
        for agreement in agreements
    }


def _claims(
    known: Known,
    by_subject: Mapping[Subject, list[Setting]],
    participation: Mapping[str, list[Setting]],
    claims: Difference,
) -> dict[int, list[Claim]]:
    """All claims of the acts in question after the change."""
    wanted = {
        each.act
        for found in (*by_subject.values(), *participation.values())
        for each in found
        if each.act is not None
    }
    if not wanted:
        return {}
    closed = set(claims.close)
    rows = [row for row in known.claims_of_acts(wanted) if row["id"] not in closed]
    rows += [row for row in claims.insert if row["act"] in wanted]
    by_act: dict[int, list[Claim]] = defaultdict(list)
    for row in rows:
        by_act[row["act"]].append(
            Claim(row["event_id"], row["position"], Confidence(row["confidence"]))
        )
    return by_act


def _claims_here(
    claims: Mapping[int, list[Claim]], *settings: Sequence[Setting]
) -> Mapping[int, list[Claim]]:
    """The claims of the acts that these settings belong to."""
    if not claims:
        return claims
    acts = {each.act for part in settings for each in part if each.act is not None}
    return {act: claims[act] for act in acts if act in claims}


def _negotiating(known: Known, recorded: Mapping[str, Row], agreement: str) -> Sequence[str]:
    """The negotiating parties as the agreement's document has them; `recorded`: new documents."""
    rows = [recorded[agreement]] if agreement in recorded else known.entity("agreement", agreement)
    return _parties(rows[0]) if rows else ()


def _parties(row: Row) -> Sequence[str]:
    parties: Sequence[str] = orjson.loads(row["doc"]).get("parties", ())
    return parties


def _folds(
    layer: str,
    settings: list[Setting],
    near: list[Setting],
    claims: Mapping[int, Sequence[Claim]],
    negotiating: Sequence[str],
) -> list[tuple[Confidence, Folded]]:
    """The fold at every threshold; where two see the same, it is folded once."""
    present = {each.confidence for part in (settings, near) for each in part}
    for each in claims.values():
        present.update(claim.confidence for claim in each)
    made: list[tuple[Confidence, Folded]] = []
    seen, folded = frozenset[Confidence](), NO_FOLD
    for threshold, looked_at in _LOOKED_AT:
        if (now := present & looked_at) != seen:
            ready = resolved(LAYERS[layer], settings, near, claims, threshold, negotiating)
            seen, folded = frozenset(now), fold(LAYERS[layer], ready, claims, threshold)
        made.append((threshold, folded))
    return made


_LOOKED_AT: Final = tuple(
    (threshold, frozenset(each for each in Confidence if each.counts_at(threshold)))
    for threshold in THRESHOLDS
)


def _findings(
    layer: str,
    key: str,
    folds: Sequence[tuple[Confidence, Folded]],
    settings: Sequence[Setting],
    near: Sequence[Setting],
    negotiating: Sequence[str],
) -> list[dict[str, Any]]:
    """Doubts and assumptions as rows; the same at several thresholds is one row."""
    if layer not in ASKED and not any(folded.doubts or folded.assumed for _, folded in folds):
        return []
    masks: dict[tuple[str, str], int] = {}
    last: tuple[Folded, list[tuple[str, str]]] | None = None
    for threshold, folded in folds:
        if last is None or last[0] is not folded:
            last = (folded, _found(layer, folded, threshold, settings, near, negotiating))
        for each in last[1]:
            masks[each] = masks.get(each, 0) | threshold.bit
    return [
        {"kind": kind, "layer": layer, "subject": key, "mask": mask, "body": body}
        for (kind, body), mask in masks.items()
    ]


def _found(
    layer: str,
    folded: Folded,
    threshold: Confidence,
    settings: Sequence[Setting],
    near: Sequence[Setting],
    negotiating: Sequence[str],
) -> list[tuple[str, str]]:
    """(kind, body) of the doubts and assumptions at a threshold."""
    doubts = folded.doubts
    if layer in ASKED:
        seen = counted(settings, threshold)
        if seen:
            doubts += tuple(oddities(layer, seen, counted(near, threshold), negotiating))
    if not (doubts or folded.assumed):
        return []
    bodies = [("doubt", text(d.as_json())) for d in doubts]
    bodies += [("assumed", text(a.as_json())) for a in folded.assumed]
    return list(dict.fromkeys(bodies))

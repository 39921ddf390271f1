"""What should be on record at a point of the register's knowledge, from the raw events alone.

Nothing here is incremental: every event is decoded, every correction counted and every subject
folded anew. It shares the domain with the register, and nothing of how it keeps its rows.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, text

from registry import codec
from registry.domain import entities
from registry.domain.catalogue import Event
from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.events.register import CoverageStated, EventAmended, GapStated
from registry.domain.fold import Claim, Folded, fold
from registry.domain.knowledge import Record, Standing, standing
from registry.domain.layers import LAYERS
from registry.domain.oddities import oddities
from registry.domain.resolve import resolved
from registry.domain.settings import Setting, counted, settings_of
from registry.domain.spans import spans_of

Rows = Counter[tuple[Any, ...]]
EPOCH_DAY = 719_163


def told(conn: Connection) -> list[Record]:
    """Every event of the log, decoded."""
    rows = conn.execute(
        text(
            "SELECT e.position, e.event_id, e.type, e.type_version, e.recorded_at, e.target, p.data "
            "FROM event e JOIN event_payload p ON p.position = e.position ORDER BY e.position"
        )
    )
    found: list[Record] = []
    for row in rows:
        event = codec.restored(row.type, row.type_version, row.data)
        content = codec.content(event.event) if isinstance(event, EventAmended) else None
        day = EPOCH_DAY + row.recorded_at // 86_400_000_000
        found.append(Record(row.event_id, row.position, day, event, row.target, content))
    return found


@dataclass
class SlowPath:
    """The register at `known_at`; `folds` by (layer, subject) and threshold."""

    folds: dict[tuple[str, str], dict[Confidence, Folded]] = field(default_factory=dict)
    spans: Rows = field(default_factory=Counter)
    findings: Rows = field(default_factory=Counter)
    remarks: Rows = field(default_factory=Counter)
    documents: Rows = field(default_factory=Counter)


def slow_path(log: Sequence[Record], known_at: int) -> SlowPath:
    known = [record for record in log if record.position <= known_at]
    corrections: dict[str, list[Record]] = defaultdict(list)
    for record in known:
        if record.target is not None:
            corrections[record.target].append(record)
    stands = {r.event_id: standing(r, corrections) for r in known if r.target is None}
    act_of, claims = _acts(stands)
    subjects: dict[tuple[str, str], list[Setting]] = defaultdict(list)
    for event_id, each in stands.items():
        if each.event is not None:
            for one in settings_of(each.event, event_id, each.record.position, each.recorded_day):
                subjects[one.layer, one.subject].append(replace(one, act=act_of.get(event_id)))
    made = SlowPath()
    documents = _documents(stands)
    for (layer, key), settings in _with_the_derived(subjects).items():
        near, negotiating = _near(layer, key, subjects, documents)
        by_threshold = {
            threshold: fold(
                LAYERS[layer],
                resolved(LAYERS[layer], settings, near, claims, threshold, negotiating),
                claims,
                threshold,
            )
            for threshold in THRESHOLDS
        }
        made.folds[layer, key] = by_threshold
        for threshold, folded in by_threshold.items():
            bit = threshold.bit
            for s in spans_of([(threshold, folded)]):
                made.spans[
                    (layer, key, bit, s.value, s.day_from, s.day_to, s.certain)
                    + (orjson.dumps(s.evidence).decode(), *(s.since or (None, None)))
                    + (s.until or (None, None))
                ] += 1
            doubts = oddities(
                layer, counted(settings, threshold), counted(near, threshold), negotiating
            )
            bodies = {("doubt", _json(d.as_json())) for d in (*folded.doubts, *doubts)}
            bodies |= {("assumed", _json(a.as_json())) for a in folded.assumed}
            made.findings.update((layer, key, bit, *body) for body in bodies)
    made.remarks.update(_remarks(stands))
    made.documents.update((kind, key, _json(doc)) for (kind, key), doc in documents.items())
    return made


def on_record(conn: Connection, known_at: int) -> SlowPath:
    """What the live rows say at the same point."""
    made = SlowPath()
    for row in _visible(conn, "span", known_at):
        for threshold in THRESHOLDS:
            if row["mask"] & threshold.bit:
                made.spans[
                    row["layer"],
                    row["subject"],
                    threshold.bit,
                    row["value"],
                    row["day_from"],
                    row["day_to"],
                    bool(row["certain"]),
                    row["evidence"],
                    row["since_lo"],
                    row["since_hi"],
                    row["until_lo"],
                    row["until_hi"],
                ] += 1
    for row in _visible(conn, "finding", known_at):
        for threshold in THRESHOLDS:
            if row["mask"] & threshold.bit:
                found = (row["layer"], row["subject"], threshold.bit, row["kind"], row["body"])
                made.findings[found] += 1
    for row in _visible(conn, "remark", known_at):
        said = ("kind", "layer", "subject", "event_id", "over", "confidence")
        made.remarks[tuple(row[name] for name in said)] += 1
    for row in _visible(conn, "entity", known_at):
        made.documents[row["kind"], row["key"], row["doc"]] += 1
    return made


def _visible(conn: Connection, table: str, known_at: int) -> Sequence[RowMapping]:
    return (
        conn.execute(
            text(
                f"SELECT t.* FROM {table} t JOIN generation g ON g.id = t.generation "
                "WHERE g.state = 'live' AND t.known_from <= :at AND t.known_to > :at"
            ),
            {"at": known_at},
        )
        .mappings()
        .all()
    )


def _json(value: object) -> str:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _acts(stands: Mapping[str, Standing]) -> tuple[dict[str, int], dict[int, list[Claim]]]:
    """Live statements link; what they link may be retracted, but then it is no claim."""
    parent = {event_id: event_id for event_id in stands}

    def top(event_id: str) -> str:
        while parent[event_id] != event_id:
            event_id = parent[event_id]
        return event_id

    for event_id, each in stands.items():
        if each.event is not None and each.event.same_act_as in parent:
            parent[top(event_id)] = top(each.event.same_act_as)
    components: dict[str, list[str]] = defaultdict(list)
    for event_id in stands:
        components[top(event_id)].append(event_id)
    act_of: dict[str, int] = {}
    claims: dict[int, list[Claim]] = {}
    for component in components.values():
        live = [(i, e) for i in component if (e := stands[i].event) is not None]
        if len(live) < 2:
            continue
        act = min(stands[i].record.position for i in component)
        claims[act] = [Claim(i, stands[i].record.position, e.confidence) for i, e in live]
        act_of.update({i: act for i, _ in live})
    return act_of, claims


def _with_the_derived(
    subjects: Mapping[tuple[str, str], list[Setting]],
) -> dict[tuple[str, str], list[Setting]]:
    """Every subject with settings, and the force of agreements that have only a rule."""
    every = dict(subjects)
    for layer, key in subjects:
        if layer == "entry_into_force_rule":
            every.setdefault(("force", key), [])
    return every


def _near(
    layer: str,
    key: str,
    subjects: Mapping[tuple[str, str], list[Setting]],
    documents: Mapping[entities.Entity, Mapping[str, Any]],
) -> tuple[list[Setting], Sequence[str]]:
    if layer == "head_of_mission":
        return subjects.get(("representation", key), []), ()
    if layer == "participation":
        return subjects.get(("force", key.split("|", 1)[0]), []), ()
    if layer != "force":
        return [], ()
    near = list(subjects.get(("entry_into_force_rule", key), []))
    for (other, subject), settings in subjects.items():
        if other == "participation" and subject.split("|")[0] == key:
            near += settings
    return near, documents.get(("agreement", key), {}).get("parties", ())


def _documents(stands: Mapping[str, Standing]) -> dict[entities.Entity, dict[str, Any]]:
    about: dict[entities.Entity, list[tuple[str, Event]]] = defaultdict(list)
    for event_id, each in stands.items():
        if each.event is not None and (found := entities.entity_of(each.event)) is not None:
            about[found].append((event_id, each.event))
    made = {found: entities.document(pairs) for found, pairs in about.items()}
    return {found: doc for found, doc in made.items() if doc is not None}


def _remarks(stands: Mapping[str, Standing]) -> list[tuple[Any, ...]]:
    made = []
    for event_id, each in stands.items():
        event = each.event
        if isinstance(event, CoverageStated | GapStated):
            layer = LAYERS[event.layer]
            whole = set(event.subject) == {"agreement"} and len(layer.parts) > 1
            subject = f"{event.subject['agreement']}|*" if whole else layer.key_of(event.subject)
            kind = "coverage" if isinstance(event, CoverageStated) and event.complete else "gap"
            over = _json(event.over.over.to_list())
            made.append((kind, event.layer, subject, event_id, over, int(event.confidence)))
    return made

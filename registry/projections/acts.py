"""Acts with competing claims: which events are accounts of one and the same act."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from registry.domain.knowledge import Standing
from registry.projections.known import Known
from registry.projections.rows import Difference, difference
from registry.projections.standings import standings_of


@dataclass
class Linked:
    """`act_of`: the act of each live event that is one claim among several.

    `standings`: of the events of every touched act, `links` and `claims` how those rows change.
    """

    standings: dict[str, Standing] = field(default_factory=dict)
    act_of: dict[str, int] = field(default_factory=dict)
    links: Difference = field(default_factory=lambda: Difference([], []))
    claims: Difference = field(default_factory=lambda: Difference([], []))

    def subjects(self, changed: Mapping[str, set[Any]]) -> set[Any]:
        """All subjects of the touched acts: one claim less or more may free or bind the others."""
        if self.claims.empty:
            return set()
        return {s for event_id in self.standings for s in changed.get(event_id, ())}


def linked(known: Known, standings: Mapping[str, Standing]) -> Linked:
    """Follow `same_act_as` from the touched events to whole acts. Retracted events still link."""
    new_links = {
        event_id: stands.event.same_act_as
        for event_id, stands in standings.items()
        if stands.event is not None and stands.event.same_act_as
    }
    old_ids = [i for i, s in standings.items() if s.record.position <= known.seen]
    old_links = known.links_of(old_ids) if old_ids else []
    if not new_links and not old_links:
        return Linked()
    members, rows = _whole(known, standings, new_links)
    records = {i: s.record for i, s in standings.items() if i in members}
    records |= known.records(members - records.keys())
    others = {i: r for i, r in records.items() if i not in standings}
    found = {i: standings[i] for i in records if i in standings}
    found |= standings_of(known, others, ())
    pairs = {
        (i, s.event.same_act_as)
        for i, s in found.items()
        if s.event is not None and s.event.same_act_as in records
    }
    made = Linked(found)
    claim_rows: list[dict[str, Any]] = []
    for component in _components(records, pairs):
        live = [(i, e) for i in sorted(component) if (e := found[i].event) is not None]
        if len(live) < 2:
            continue
        act = min(records[i].position for i in component)
        for event_id, event in live:
            made.act_of[event_id] = act
            claim_rows.append(
                {
                    "act": act,
                    "position": records[event_id].position,
                    "event_id": event_id,
                    "confidence": int(event.confidence),
                }
            )
    link_rows = [{"stated_by": one, "other": other} for one, other in sorted(pairs)]
    made.links = difference(rows, link_rows)
    made.claims = difference(known.claims_of_events(members), claim_rows)
    return made


def _whole(
    known: Known, standings: Mapping[str, Standing], new_links: Mapping[str, str]
) -> tuple[set[str], list[Any]]:
    """All events that were or are linked with the touched ones, and their present links."""
    rows: dict[int, Any] = {}
    members: set[str] = set()
    asked: set[str] = set()
    todo = set(standings)
    while todo:
        found = known.links_of(todo)
        rows |= {row["id"]: row for row in found}
        pairs = {(row["stated_by"], row["other"]) for row in found} | {
            (one, other) for one, other in new_links.items() if one in todo or other in todo
        }
        members |= {event_id for pair in pairs for event_id in pair}
        asked |= todo
        todo = members - asked
    return members, list(rows.values())


def _components(nodes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    near: dict[str, set[str]] = {node: set() for node in nodes}
    for one, other in pairs:
        near[one].add(other)
        near[other].add(one)
    made: list[set[str]] = []
    seen: set[str] = set()
    for node in near:
        if node in seen:
            continue
        component, todo = {node}, [node]
        while todo:
            for other in near[todo.pop()] - component:
                component.add(other)
                todo.append(other)
        seen |= component
        made.append(component)
    return made

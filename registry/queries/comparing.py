"""What is different about a party, a pair or an agreement between two days, or between two points
of the register's knowledge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.errors import Invalid
from registry.domain.layers import LAYERS
from registry.queries import agreements as of_agreements
from registry.queries import events as of_events
from registry.queries import relations as of_pairs
from registry.queries.agreements import OWN_LAYERS, PARTY_LAYERS
from registry.queries.answers import Subject, answers, known_subjects, starting
from registry.queries.bound import bound_of_each, subjects_for
from registry.queries.in_between import falls_between, set_between
from registry.queries.moved import (
    Two,
    moved_among,
    parties_come_or_gone,
    seen_of_party,
    taking_part,
)
from registry.queries.parties import BETWEEN
from registry.queries.view import View

MOST: Final = 1_000
"""Subjects that are looked at; of the others only their number is told."""
OF_AGREEMENT: Final = (*PARTY_LAYERS, "statement", "territories")


@dataclass(frozen=True)
class Changed:
    """A layer whose answer is another. `because`: ids of the events that make the difference."""

    layer: str
    key: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    because: tuple[str, ...]


@dataclass(frozen=True)
class Compared:
    """`more`: layers and agreements that may differ, too, and are not looked at. `evidence`: the
    documents of all events named, as known at the later point.
    """

    changed: tuple[Changed, ...]
    more: int
    evidence: of_events.Documents


def two_days(view: View, from_: str, to: str) -> Two:
    earlier, later = view.on(from_, "from"), view.on(to, "to")
    if earlier.as_of.earliest > later.as_of.latest:
        raise Invalid(f"ends before it begins: {from_} to {to}", "to")
    return Two(earlier, later)


def two_points(view: View, known_from: str, known_to: str | None) -> Two:
    """Without `known_to`: up to what the view itself knows."""
    earlier = view.knowing(known_from, "known_from")
    later = view.knowing(known_to, "known_to") if known_to else view
    if earlier.moment > later.moment:
        raise Invalid(f"ends before it begins: {known_from} to {known_to}", "known_to")
    return Two(earlier, later)


def of_party(two: Two, party: str, most: int = MOST) -> Compared:
    """Its name and existence, what it is to others, and its part in agreements."""
    seen = seen_of_party(two, party)
    others = parties_come_or_gone(two) - {party}
    subjects: list[Subject] = [("name", party), ("existence", party)]
    subjects += [
        (each.layer, each.subject)
        for each in seen
        if each.layer in BETWEEN and (each.moved or (others and others & set(_parties(each))))
    ]
    taken = {each.subject.split("|", 1)[0] for each in seen if each.layer in PARTY_LAYERS}
    in_agreements = _by_slug(
        (each.layer, each.subject) for each in seen if each.moved and each.layer in OF_AGREEMENT
    )
    for slug in moved_among(two, "force", taken):
        in_agreements.setdefault(slug, [])
    return _compared(two, subjects, in_agreements, [party], most)


def of_pair(two: Two, a: str, b: str, most: int = MOST) -> Compared:
    """Every layer between the two, and their agreements."""
    subjects = [
        each for view in (two.after, two.before) for each in of_pairs.subjects_of(view, a, b, ())
    ]
    of_a, moved_of_a = taking_part(two, a, PARTY_LAYERS)
    of_b, moved_of_b = taking_part(two, b, PARTY_LAYERS)
    shared = (of_a & of_b) | of_agreements.negotiated(two.after, a, b)
    in_agreements = _by_slug(
        each for each in (*moved_of_a, *moved_of_b) if each[1].split("|", 1)[0] in shared
    )
    for slug in moved_among(two, "force", shared):
        in_agreements.setdefault(slug, []).append(("force", slug))
    return _compared(two, subjects, in_agreements, [a, b], most)


def of_agreement(two: Two, slug: str, most: int = MOST) -> Compared:
    """Its own layers, and those of each party to it."""
    subjects: list[Subject] = [(layer, slug) for layer in OWN_LAYERS]
    for view in (two.after, two.before):
        subjects += known_subjects(view, [*OF_AGREEMENT, "lineage"], *starting(f"{slug}|"))
    parties = sorted({key.split("|")[1] for layer, key in subjects if layer in PARTY_LAYERS})
    return _compared(two, [], {slug: subjects}, parties, most)


def _by_slug(subjects: Iterable[Subject]) -> dict[str, list[Subject]]:
    found: dict[str, list[Subject]] = {}
    for layer, key in subjects:
        found.setdefault(key.split("|", 1)[0], []).append((layer, key))
    return dict(sorted(found.items()))


def _compared(
    two: Two,
    subjects: Iterable[Subject],
    in_agreements: Mapping[str, Sequence[Subject]],
    parties: Sequence[str],
    most: int,
) -> Compared:
    """`in_agreements`: by slug, what is looked at in it; and whether these parties were bound.

    No agreement is begun once `most` subjects are looked at.
    """
    wanted = list(dict.fromkeys(subjects))
    looked_at = wanted[:most]
    slugs: dict[str, Sequence[str]] = {}
    for slug in in_agreements:
        if len(looked_at) < most:
            slugs[slug] = parties
            looked_at += dict.fromkeys(in_agreements[slug])
    parts = [each for slug, ids in slugs.items() for each in subjects_for(slug, ids)]
    found = [answers(view, [*looked_at, *parts]) for view in (two.before, two.after)]
    before, after = (
        {each: said[each] for each in looked_at} | _bound(view, slugs, said)
        for view, said in zip((two.before, two.after), found, strict=True)
    )
    differing = [
        (each, was, after[each])
        for each, was in before.items()
        if each in after and _differ(each, was, after[each])
    ]
    between = {} if two.by_knowledge else set_between(two, [each for each, *_both in differing])
    named = {each: _named(was, now) for each, was, now in differing}
    documents = of_events.documents(
        two.after, [e for found in (between, named) for ids in found.values() for e in ids]
    )
    corrections = _corrections(two, documents) if two.by_knowledge else {}
    changed = tuple(
        Changed(
            *each,
            was,
            now,
            tuple(between.get(each) or _because(two, was, now, documents, corrections)),
        )
        for each, was, now in differing
    )
    correcting = sorted({e for ids in corrections.values() for e in ids})
    every = {**documents, **of_events.documents(two.after, correcting)}
    because = {e for each in changed for e in each.because}
    return Compared(
        changed,
        max(len(wanted) - most, 0) + len(in_agreements) - len(slugs),
        {event_id: each for event_id, each in every.items() if event_id in because},
    )


def _bound(
    view: View, asked: Mapping[str, Sequence[str]], known: Mapping[Subject, dict[str, Any]]
) -> dict[Subject, dict[str, Any]]:
    if not asked:
        return {}
    docs = view.directory.docs("agreement", asked)
    found = bound_of_each(
        view, [(docs[slug], ids) for slug, ids in asked.items() if slug in docs], known
    )
    return {
        ("bound", f"{slug}|{party}"): answer
        for slug, by_party in found.items()
        for party, answer in by_party.items()
    }


def _named(*each: Mapping[str, Any]) -> list[str]:
    return [e for answer in each for e in (*answer["evidence"], *answer["undetermined"])]


def _because(
    two: Two,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    documents: of_events.Documents,
    corrections: Mapping[str, Sequence[str]],
) -> list[str]:
    """The events whose days lie between, or that were recorded or corrected between."""
    named = [each for each in dict.fromkeys(_named(after, before)) if each in documents]
    if two.by_knowledge:
        learnt = [
            one
            for each in named
            for one in (
                *((each,) if documents[each]["position"] > two.before.moment else ()),
                *corrections.get(each, ()),
            )
        ]
        return list(dict.fromkeys(learnt)) or [e for e in named if e in after["evidence"]]
    between = [each for each in named if falls_between(documents[each], two)]
    fresh = [each for each in between if each not in before["evidence"]]
    return fresh or between or [e for e in named if e in after["evidence"]]


def _corrections(two: Two, documents: of_events.Documents) -> dict[str, list[str]]:
    """By event, what of its corrections was recorded between the two points."""
    found: dict[str, list[str]] = {}
    for event_id, document in documents.items():
        standing = document["standing"]
        found[event_id] = [
            str(standing[name])
            for name in ("retracted_by", "amended_by", "confidence_changed_by")
            if standing.get(name)
        ]
    told = of_events.documents(two.after, sorted({e for ids in found.values() for e in ids}))
    return {
        event_id: [e for e in ids if e in told and told[e]["position"] > two.before.moment]
        for event_id, ids in found.items()
    }


def _parties(seen: Any) -> tuple[str, ...]:
    return LAYERS[seen.layer].party_parts(seen.subject)


def _differ(subject: Subject, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether it says something else; that a silence was filled in by a no is nothing else where
    the layer follows from another.
    """
    if subject[0] in ("bound", "denunciation") and before["possible"] == after["possible"]:
        return bool(before["certain"] and not after["certain"])
    return _held(before) != _held(after)


def _held(answer: Mapping[str, Any]) -> tuple[Any, ...]:
    return answer["possible"], answer["certain"], answer["basis"]

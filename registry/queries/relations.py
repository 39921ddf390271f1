"""How two parties stood to each other on a day, layer by layer, with the evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.errors import Invalid
from registry.domain.events.conduct import AccusationMade, StatementMade, Visited
from registry.domain.events.missions import DeclaredPersonaNonGrata
from registry.domain.events.relations import NormalisationAgreed
from registry.domain.layers import LAYERS
from registry.projections.tables import setting
from registry.queries import agreements as of_agreements
from registry.queries import events as of_events
from registry.queries.answers import (
    Subject,
    answers,
    known_subjects,
    referenced,
    starting,
)
from registry.queries.segments import segments
from registry.queries.view import View

PAIR: Final = ("diplomatic_relations", "consular_relations")
DIRECTED: Final = (
    "recognition_state",
    "recognition_government",
    "representation",
    "head_of_mission",
    "consular_post",
    "protecting_power",
)
MANY_PART: Final = (
    "agency_presence",
    "assistance",
    "sanctions",
    "obligation",
    "suspension_between",
    "membership",
)
CLAIMS: Final = (StatementMade.TYPE, AccusationMade.TYPE)
CONDUCT: Final = (NormalisationAgreed.TYPE, DeclaredPersonaNonGrata.TYPE, Visited.TYPE)


def relations(view: View, a: str, b: str, layers: Sequence[str] = ()) -> dict[str, Any]:
    """Every layer between the two on the day, their agreements, what is claimed, the evidence."""
    first, second = parties_of(view, a, b)
    _check_layers(layers)
    parties = _named(view, (first, second))
    if layers:
        found = list(answers(view, subjects_of(view, first, second, layers)).values())
        ids = [each for answer in found for each in referenced(answer)]
        return {
            **view.stated(),
            "parties": parties,
            "layers": found,
            "evidence": of_events.documents(view, ids),
        }
    told = between(view, first, second)
    return {
        **view.stated(),
        "parties": parties,
        "layers": list(told.answers.values()),
        "agreements": of_agreements.between(view, first, second),
        "claims": told.claims,
        "conduct": told.conduct,
        "evidence": told.evidence,
    }


@dataclass(frozen=True)
class Between:
    """What is told of two parties, all but their agreements.

    `conduct`: ids of events that are in no layer; `evidence`: every event that is named.
    """

    answers: dict[Subject, dict[str, Any]]
    claims: list[dict[str, Any]]
    conduct: list[str]
    evidence: of_events.Documents


def between(view: View, first: str, second: str) -> Between:
    found = answers(view, subjects_of(view, first, second, ()))
    claimed = of_events.about(view, CLAIMS, first, second)
    conduct = _by_the_day(view, of_events.about(view, CONDUCT, first, second))
    ids = [each for answer in found.values() for each in referenced(answer)]
    stood = of_events.standings(view, claimed)
    about = [getattr(each.event, "about", None) for each in stood.values()]
    evidence = of_events.documents(
        view, [*ids, *claimed, *conduct, *(each for each in about if each)]
    )
    return Between(found, [_claim(evidence[each]) for each in claimed], conduct, evidence)


def timeline(view: View, a: str, b: str) -> list[dict[str, Any]]:
    """Every run of days on which a layer's answer is the same, whatever the day asked about."""
    return segments(view, subjects_of(view, *parties_of(view, a, b), ()))


def agreements(view: View, a: str, b: str) -> list[dict[str, Any]]:
    return of_agreements.between(view, *parties_of(view, a, b))


def changes(view: View, a: str, b: str, from_: str, to: str) -> list[dict[str, Any]]:
    """The layers whose answer on the second day is not that of the first."""
    first, second = parties_of(view, a, b)
    earlier, later = view.on(from_, "from"), view.on(to, "to")
    if earlier.as_of.earliest > later.as_of.latest:
        raise Invalid(f"ends before it begins: {from_} to {to}", "to")
    subjects = subjects_of(view, first, second, ())
    before, after = answers(earlier, subjects), answers(later, subjects)
    return [
        {"layer": s[0], "subject": before[s]["subject"], "before": before[s], "after": after[s]}
        for s in subjects
        if _held(before[s]) != _held(after[s])
    ]


def subjects_of(view: View, first: str, second: str, layers: Sequence[str]) -> list[Subject]:
    """All pair and directed layers both ways; of the layers with more parts those with an event."""
    both = ((first, second), (second, first))

    def wanted(names: Iterable[str]) -> list[str]:
        return [layer for layer in names if not layers or layer in layers]

    subjects: list[Subject] = [(layer, LAYERS[layer].key(first, second)) for layer in wanted(PAIR)]
    subjects += [(layer, LAYERS[layer].key(*each)) for layer in wanted(DIRECTED) for each in both]
    if several := wanted(MANY_PART):
        for one, other in both:
            subjects += known_subjects(view, several, *starting(f"{one}|{other}|"))
        subjects += known_subjects(
            view,
            [layer for layer in several if layer == "membership"],
            setting.c.subject.in_([f"{one}|{other}" for one, other in both]),
        )
    return list(dict.fromkeys(subjects))


def parties_of(view: View, a: str, b: str) -> tuple[str, str]:
    """The ids of two parties named by ids or codes; Invalid where both are one."""
    view.directory.docs("party", {a, b})  # at once, rather than one after the other
    first, second = view.party(a, "a"), view.party(b, "b")
    if first == second:
        raise Invalid(f"expected two different parties, got {a!r} and {b!r}", "b")
    return first, second


def _check_layers(layers: Sequence[str]) -> None:
    known = (*PAIR, *DIRECTED, *MANY_PART)
    for layer in layers:
        if layer not in known:
            raise Invalid(
                f"not a layer between two parties: {layer!r} (expected one of {', '.join(known)})",
                "layer",
            )


def _named(view: View, parties: Iterable[str]) -> list[dict[str, str]]:
    labels = view.directory.labels("party", parties, view.day, view.threshold)
    return [{"id": each, "name": labels[each]} for each in parties]


def _by_the_day(view: View, event_ids: Sequence[str]) -> list[str]:
    """Those that may have happened by the day asked about."""
    stood = of_events.standings(view, event_ids)
    return [
        each
        for each in event_ids
        if (event := stood[each].event) is not None
        and event.occurred is not None
        and event.occurred.earliest <= view.day
    ]


def _claim(document: dict[str, Any]) -> dict[str, Any]:
    """A statement as what it is: somebody's words, with who says so and where."""
    names = [
        *("event_id", "type", "by", "against", "content", "reading", "about", "occurred"),
        *("confidence", "concerning", "place", "sources"),
    ]
    return {name: document[name] for name in names if name in document}


def _held(answer: dict[str, Any]) -> tuple[Any, ...]:
    return answer["possible"], answer["certain"], answer["basis"]

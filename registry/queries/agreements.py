"""Agreements: lists, one with its layers, its parties on a day, its timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    Select,
    SmallInteger,
    Text,
    bindparam,
    literal,
    select,
)

from registry.domain.entities import called, label
from registry.domain.events.agreements import Recorded
from registry.domain.events.register import EventAmended
from registry.domain.events.statements import (
    DeclarationMade,
    ObjectionMade,
    ReservationMade,
    StatementRecorded,
)
from registry.projections.tables import span
from registry.queries import events as of_events
from registry.queries.answers import (
    Subject,
    answers,
    answers_of,
    known_subjects,
    referenced,
    starting,
)
from registry.queries.bearing import BESIDE_SPANS, bearing_on
from registry.queries.bound import bound_answers, bound_by_all, subjects_for
from registry.queries.segments import segments
from registry.queries.states import Span
from registry.queries.view import View
from registry.store.direct import rows
from registry.store.tables import event, event_tag

OWN_LAYERS: Final = (
    "conclusion",
    "force",
    "entry_into_force_rule",
    "term",
    "registration",
    "depositary",
)
PARTY_LAYERS: Final = (
    "participation",
    "denunciation",
    "provisional_application",
)
STATEMENTS: Final = frozenset(
    each.TYPE for each in (ReservationMade, DeclarationMade, ObjectionMade, StatementRecorded)
)


def one(view: View, agreement: str) -> dict[str, Any]:
    """The agreement, each layer of it as a whole on the day, and the evidence."""
    doc = view.agreement(agreement)
    subjects: list[Subject] = [(layer, agreement) for layer in OWN_LAYERS]
    subjects += known_subjects(view, ["lineage"], *starting(f"{agreement}|"))
    found = list(answers(view, subjects).values())
    named = [e for each in found for e in referenced(each)]
    return {
        **view.stated(),
        **brief(view, doc),
        "parties": doc.get("parties", []),
        "titles": [
            {word: each[word] for word in ("title", "since") if word in each}
            for each in called(doc, view.threshold)
        ],
        "note": doc.get("note"),
        "layers": found,
        "evidence": of_events.documents(view, [doc["recorded"], *named]),
    }


def parties(view: View, agreement: str) -> dict[str, Any]:
    """Every party about whose participation anything was known, one row each."""
    doc = view.agreement(agreement)
    prefix = starting(f"{agreement}|")
    every = known_subjects(view, [*PARTY_LAYERS, "statement", "territories"], *prefix)
    ids = sorted({key.split("|")[1] for _, key in every})
    subjects = subjects_for(agreement, ids)
    subjects += [(layer, f"{agreement}|{party}") for party in ids for layer in PARTY_LAYERS]
    subjects += [each for each in every if each[0] in ("statement", "territories")]
    found = answers(view, subjects)
    bound = bound_answers(view, doc, ids, found)
    said = of_events.documents(
        view, [key.split("|")[2] for layer, key in every if layer == "statement"]
    )
    docs = view.directory.docs("party", ids)
    items: list[dict[str, Any]] = []
    for party in ids:
        mine = [each for each in every if each[1].split("|")[1] == party]
        items.append(
            {
                "party": _party_brief(view, docs[party]),
                **{layer: found[layer, f"{agreement}|{party}"] for layer in PARTY_LAYERS},
                "bound": bound[party],
                "statements": [
                    _statement(said, found[each]) for each in mine if each[0] == "statement"
                ],
                "territories": [found[each] for each in mine if each[0] == "territories"],
            }
        )
    items.sort(key=lambda item: (item["party"]["name"], item["party"]["id"]))
    named = [e for each in found.values() for e in referenced(each)]
    return {
        **view.stated(),
        "agreement": brief(view, doc),
        "items": items,
        "evidence": of_events.documents(view, named),
    }


def timeline(view: View, agreement: str) -> list[dict[str, Any]]:
    """The runs of days of every layer of the agreement and of each party to it."""
    view.agreement(agreement)
    subjects: list[Subject] = [(layer, agreement) for layer in OWN_LAYERS]
    subjects += known_subjects(
        view, [*PARTY_LAYERS, "statement", "territories", "lineage"], *starting(f"{agreement}|")
    )
    return segments(view, subjects)


def between(view: View, first: str, second: str) -> list[dict[str, Any]]:
    """The agreements in which both took part, or which both negotiated."""
    docs = shared(view, first, second)
    return between_by(view, first, second, [docs[slug] for slug in sorted(docs)])


def shared(view: View, first: str, second: str) -> dict[str, Mapping[str, Any]]:
    """Their documents alone."""
    taken, negotiated = shared_slugs(view, first, second)
    return view.directory.docs("agreement", taken | negotiated)


def shared_slugs(view: View, first: str, second: str) -> tuple[set[str], set[str]]:
    """Those in which both took part, and those which both negotiated."""
    taken = took_part_in(view, first) & took_part_in(view, second)
    docs = view.directory.docs("agreement", negotiated(view, first, second))
    both = {first, second}
    return taken, {slug for slug, doc in docs.items() if both <= set(doc.get("parties", ()))}


def between_by(
    view: View, first: str, second: str, docs: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """How the two stood to each of these agreements, and whether it bound them to each other."""
    subjects = [each for doc in docs for each in subjects_for(doc["id"], (first, second))]
    found = answers(view, subjects)
    bounds = bound_by_all(view, docs, (first, second), found, mutual=True)
    return [
        {
            **brief(view, doc),
            "force": short(found["force", doc["id"]]),
            "participation": {
                party: short(found["participation", f"{doc['id']}|{party}"])
                for party in (first, second)
            },
            "bound": {party: short(bounds[doc["id"]][party]) for party in (first, second)},
        }
        for doc in docs
    ]


def of_party(view: View, party: str) -> list[dict[str, Any]]:
    """The agreements about which anything was known of the party's participation."""
    spans, slugs = _taken_part(view, party)
    docs = view.directory.docs("agreement", slugs)
    subjects = [each for slug in slugs for each in subjects_for(slug, [party])]
    of_party = [each for each in subjects if each[0] != "force"]
    bearing = replace(bearing_on(view, of_party, view.days, BESIDE_SPANS), spans=spans)
    found = answers_of(view, of_party, bearing)
    found |= answers(view, [each for each in subjects if each[0] == "force"])
    bound = bound_by_all(view, [docs[slug] for slug in slugs], [party], found)
    return [
        {
            "agreement": brief(view, docs[slug]),
            "participation": found["participation", f"{slug}|{party}"],
            "bound": bound[slug][party],
            "force": found["force", slug],
        }
        for slug in slugs
    ]


def _taken_part(view: View, party: str) -> tuple[dict[Subject, list[Span]], list[str]]:
    """How it took part on the days, in order of recording, and all that it ever took part in."""
    spans: dict[Subject, list[Span]] = {}
    slugs: set[str] = set()
    first, last = view.days.lo, view.days.hi
    found = rows(view.conn, _SPANS_OF_PART, _said(view, party))
    for layer, subject, _id, *of_span in sorted(found, key=_BY_ID):
        slugs.add(subject.partition("|")[0])
        if of_span[1] <= last and of_span[2] >= first:
            spans.setdefault((layer, subject), []).append(Span._make(of_span))
    return spans, sorted(slugs)


def took_part_in(view: View, party: str) -> set[str]:
    """The agreements about which anything was known of the party's participation."""
    found = rows(view.conn, _TAKING_PART, _said(view, party))
    return {subject.partition("|")[0] for (subject,) in found}


def _said(view: View, party: str) -> dict[str, Any]:
    return {
        "generation": view.generation,
        "moment": view.moment,
        "bit": view.threshold.bit,
        "party": party,
    }


def _of_part(*columns: Column[Any]) -> Select[Any]:
    """Each of them as often as it comes: asked to tell them apart, SQLite reads the whole world."""
    return select(*columns).where(
        span.c.generation == bindparam("generation", type_=Integer),
        span.c.first_party == bindparam("party", type_=Text),
        span.c.layer.in_([literal(each) for each in (*PARTY_LAYERS, "statement")]),
        span.c.mask.op("&")(bindparam("bit", type_=SmallInteger)) != 0,
        span.c.known_from <= bindparam("moment", type_=BigInteger),
        span.c.known_to > bindparam("moment", type_=BigInteger),
    )


_BY_ID: Final = itemgetter(2)
_TAKING_PART: Final = _of_part(span.c.subject)
_SPANS_OF_PART: Final = _of_part(
    span.c.layer, span.c.subject, span.c.id, *(span.c[name] for name in Span._fields)
)


def negotiated(view: View, first: str, second: str) -> set[str]:
    """The agreements of which anything that was ever recorded names the two as negotiators."""
    statement = select(event.c.event_id, event.c.target).where(
        event.c.position <= view.moment, event.c.type.in_([Recorded.TYPE, EventAmended.TYPE])
    )
    for party in (first, second):
        tagged = select(event_tag.c.position).where(event_tag.c.tag == f"party:{party}")
        statement = statement.where(event.c.position.in_(tagged))
    ids = {row.target or row.event_id for row in view.conn.execute(statement)}
    return {
        content.agreement
        for stands in of_events.standings(view, ids).values()
        if isinstance(content := stands.event, Recorded)
    }


def brief(view: View, doc: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": doc["id"],
        "title": label(doc, view.day, view.threshold),
        "kind": doc.get("kind"),
        "form": doc.get("form"),
        "binding": doc.get("binding"),
        "topics": doc.get("topics", []),
        "external_ids": doc.get("external_ids", {}),
    }


def _party_brief(view: View, doc: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": doc["id"],
        "name": label(doc, view.day, view.threshold),
        "external_ids": {c["scheme"]: c["code"] for c in doc.get("codes", ())},
    }


def short(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("value", "certain", "possible", "basis", "since")}


def _statement(said: Mapping[str, Mapping[str, Any]], answer: Mapping[str, Any]) -> dict[str, Any]:
    """A reservation, declaration or objection with its words and how it stands."""
    event_id = str(answer["subject"]["statement"])
    document = said.get(event_id, {})
    names = ("type", "text", "articles", "to", "opposes_entry_into_force", "occurred", "effective")
    kept = {name: document[name] for name in names if name in document}
    return {"event_id": event_id, **kept, "answer": answer}

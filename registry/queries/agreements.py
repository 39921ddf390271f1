"""Agreements: lists, one with its layers, its parties on a day, its timeline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    SmallInteger,
    Text,
    and_,
    bindparam,
    exists,
    literal,
    or_,
    select,
)

from registry.domain import dates
from registry.domain.entities import called, label
from registry.domain.errors import Invalid
from registry.domain.events.agreements import KINDS, Recorded
from registry.domain.events.register import EventAmended
from registry.domain.events.statements import (
    DeclarationMade,
    ObjectionMade,
    ReservationMade,
    StatementRecorded,
)
from registry.domain.layers import LAYERS, NOTHING
from registry.projections.tables import entity, setting, span
from registry.queries import events as of_events
from registry.queries.answers import (
    Subject,
    answers,
    known_subjects,
    referenced,
    starting,
)
from registry.queries.bearing import least
from registry.queries.bound import bound_answers, bound_by_all, subjects_for
from registry.queries.page import Page, cut
from registry.queries.segments import segments
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
        **_brief(view, doc),
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
        "agreement": _brief(view, doc),
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
    taken = _took_part(view, first) & _took_part(view, second)
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
            **_brief(view, doc),
            "force": _short(found["force", doc["id"]]),
            "participation": {
                party: _short(found["participation", f"{doc['id']}|{party}"])
                for party in (first, second)
            },
            "bound": {party: _short(bounds[doc["id"]][party]) for party in (first, second)},
        }
        for doc in docs
    ]


def of_party(view: View, party: str) -> list[dict[str, Any]]:
    """The agreements about which anything was known of the party's participation."""
    slugs = sorted(_took_part(view, party))
    docs = view.directory.docs("agreement", slugs)
    found = answers(view, [each for slug in slugs for each in subjects_for(slug, [party])])
    bound = bound_by_all(view, [docs[slug] for slug in slugs], [party], found)
    return [
        {
            "agreement": _brief(view, docs[slug]),
            "participation": found["participation", f"{slug}|{party}"],
            "bound": bound[slug][party],
            "force": found["force", slug],
        }
        for slug in slugs
    ]


def listed(view: View, filters: Mapping[str, str], after: Any | None, limit: int) -> Page:
    """The agreements that meet every filter, by slug.

    `status` is a value of force, `bound` a party; both are met where they are possible on the
    day, with `certainty=certain` only where they are certain.
    """
    certain = _certainty(filters)
    statement = select(entity.c.key, entity.c.doc).where(
        entity.c.generation == view.generation,
        entity.c.kind == "agreement",
        entity.c.known_from <= view.moment,
        entity.c.known_to > view.moment,
    )
    took_part = _agreements_of(view, filters["party"]) if filters.get("party") else None
    for condition in _conditions(view, filters, took_part, certain=certain):
        statement = statement.where(condition)
    bound = view.party(filters["bound"], "bound") if filters.get("bound") else None
    if bound is not None:  # nothing binds a party of whose part in it nothing is said
        statement = statement.where(entity.c.key.in_(_took_part(view, bound)))
    items: list[dict[str, Any]] = []
    at = str(after) if after is not None else ""
    while True:
        chunk = view.conn.execute(
            statement.where(entity.c.key > at).order_by(entity.c.key).limit(limit + 1)
        ).all()
        docs = [orjson.loads(row.doc) for row in chunk]
        docs = [d for d in docs if took_part is None or took_part.has(d)]
        docs = _meeting(view, docs, filters, bound, certain=certain)
        items += _with_status(view, docs)
        if len(items) > limit or len(chunk) <= limit:
            return cut(items, limit, "id")
        at = chunk[-1].key


def _certainty(filters: Mapping[str, str]) -> bool:
    word = filters.get("certainty") or "possible"
    if word not in ("certain", "possible"):
        raise Invalid(f"expected certain or possible, got {word!r}", "certainty")
    return word == "certain"


@dataclass(frozen=True)
class _OfParty:
    """The agreements of a party: those it took part in, and those it negotiated."""

    party: str
    slugs: frozenset[str]

    def has(self, doc: Mapping[str, Any]) -> bool:
        return doc["id"] in self.slugs or self.party in doc.get("parties", ())


def _agreements_of(view: View, named: str) -> _OfParty:
    party = view.party(named, "party")
    return _OfParty(party, frozenset(_took_part(view, party)))


def _conditions(
    view: View, filters: Mapping[str, str], took_part: _OfParty | None, *, certain: bool
) -> list[ColumnElement[bool]]:
    words = (filters.get("q") or "").lower().split()
    made = [entity.c.words.contains(word, autoescape=True) for word in words]
    if kind := filters.get("kind"):
        if kind not in KINDS:
            raise Invalid(f"expected one of {', '.join(KINDS)}; got {kind!r}", "kind")
        made.append(entity.c.doc.contains(f'"kind":"{kind}"'))
    if topic := filters.get("topic"):
        made.append(entity.c.doc.contains(orjson.dumps(topic).decode(), autoescape=True))
    if status := filters.get("status"):
        made.append(_status_is(view, status, certain=certain))
    if took_part is not None:
        negotiated = entity.c.doc.contains(f'"{took_part.party}"', autoescape=True)
        made.append(or_(entity.c.key.in_(took_part.slugs), negotiated))
    if filters.get("signed_from") or filters.get("signed_to"):
        made.append(_signed(view, filters.get("signed_from"), filters.get("signed_to")))
    return made


def _status_is(view: View, status: str, *, certain: bool) -> ColumnElement[bool]:
    values = LAYERS["force"].values
    if status not in (*values, "unknown"):
        raise Invalid(
            f"expected one of {', '.join((*values, 'unknown'))}; got {status!r}", "status"
        )
    on_day = and_(
        span.c.generation == view.generation,
        span.c.layer == "force",
        span.c.subject == entity.c.key,
        span.c.mask.op("&")(view.threshold.bit) != 0,
        span.c.day_from <= view.days.hi,
        span.c.day_to >= view.days.lo,
        span.c.known_from <= view.moment,
        span.c.known_to > view.moment,
    )
    if status != "unknown":
        wanted = and_(on_day, span.c.value == status)
        return exists().where(and_(wanted, span.c.certain) if certain else wanted)
    if certain:
        raise Invalid("unknown is never certain", "certainty")
    return or_(~exists().where(on_day), exists().where(and_(on_day, span.c.value == NOTHING)))


def _signed(view: View, since: str | None, until: str | None) -> ColumnElement[bool]:
    """Agreements that any party may have signed between two days."""
    conditions = [
        setting.c.generation == view.generation,
        setting.c.layer == "conclusion",
        setting.c.value == "signed",
        setting.c.subject == entity.c.key,
        setting.c.confidence >= least(view.threshold),
        setting.c.known_from <= view.moment,
        setting.c.known_to > view.moment,
    ]
    if since:
        conditions.append(setting.c.hi >= _date(since, "signed_from").earliest)
    if until:
        conditions.append(setting.c.lo <= _date(until, "signed_to").latest)
    return exists().where(and_(*conditions))


def _date(text: str, field: str) -> dates.Edtf:
    try:
        return dates.parse(text)
    except Invalid as wrong:
        raise Invalid(wrong.message, field, wrong.offers) from None


def _meeting(
    view: View,
    docs: Sequence[Mapping[str, Any]],
    filters: Mapping[str, str],
    bound: str | None,
    *,
    certain: bool,
) -> list[Mapping[str, Any]]:
    """Those that meet what SQL only narrows down: exact topics, the status on all the days asked
    about, and `bound`, which is never stored.
    """
    if topic := filters.get("topic"):
        docs = [d for d in docs if topic in d.get("topics", ())]
    status = filters.get("status")
    if status and (certain or len(view.days.intervals) > 1):
        force = answers(view, [("force", d["id"]) for d in docs])
        docs = [d for d in docs if _is(force["force", d["id"]], status, certain=certain)]
    if bound is not None and docs:
        by_slug = bound_by_all(view, docs, [bound])
        docs = [d for d in docs if _is(by_slug[d["id"]][bound], "bound", certain=certain)]
    return list(docs)


def _is(answer: Mapping[str, Any], value: str, *, certain: bool) -> bool:
    if certain:
        return bool(answer["value"] == value and answer["certain"])
    return value in answer["possible"]


def _with_status(view: View, docs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    subjects: list[Subject] = [(layer, d["id"]) for d in docs for layer in ("force", "conclusion")]
    found = answers(view, subjects) if subjects else {}
    return [
        {
            **_brief(view, doc),
            "force": _short(found["force", doc["id"]]),
            "conclusion": _short(found["conclusion", doc["id"]]),
        }
        for doc in docs
    ]


def _took_part(view: View, party: str) -> set[str]:
    """The agreements about which anything was known of the party's participation."""
    said = {
        "generation": view.generation,
        "moment": view.moment,
        "bit": view.threshold.bit,
        "party": party,
    }
    return {subject.split("|", 1)[0] for (subject,) in rows(view.conn, _TAKING_PART, said)}


_TAKING_PART: Final = select(span.c.subject).where(
    # Each of them as often as it comes: asked to tell them apart, SQLite reads the whole world.
    span.c.generation == bindparam("generation", type_=Integer),
    span.c.first_party == bindparam("party", type_=Text),
    span.c.layer.in_([literal(each) for each in (*PARTY_LAYERS, "statement")]),
    span.c.mask.op("&")(bindparam("bit", type_=SmallInteger)) != 0,
    span.c.known_from <= bindparam("moment", type_=BigInteger),
    span.c.known_to > bindparam("moment", type_=BigInteger),
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


def _brief(view: View, doc: Mapping[str, Any]) -> dict[str, Any]:
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


def _short(answer: Mapping[str, Any]) -> dict[str, Any]:
    return {name: answer[name] for name in ("value", "certain", "possible", "basis", "since")}


def _statement(said: Mapping[str, Mapping[str, Any]], answer: Mapping[str, Any]) -> dict[str, Any]:
    """A reservation, declaration or objection with its words and how it stands."""
    event_id = str(answer["subject"]["statement"])
    document = said.get(event_id, {})
    names = ("type", "text", "articles", "to", "opposes_entry_into_force", "occurred", "effective")
    kept = {name: document[name] for name in names if name in document}
    return {"event_id": event_id, **kept, "answer": answer}

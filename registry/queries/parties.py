"""Parties: lists, one by id or code, its agreements, relations and timeline."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from rapidfuzz import fuzz, utils
from rapidfuzz.distance import OSA
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
    union,
    union_all,
)

from registry.domain.entities import called, label
from registry.domain.errors import Invalid
from registry.domain.events.parties import PARTY_KINDS
from registry.domain.layers import LAYERS
from registry.projections.directory import LONGEST_NAME
from registry.projections.tables import span
from registry.queries import agreements as of_agreements
from registry.queries import events as of_events
from registry.queries.answers import (
    Subject,
    answers,
    answers_of,
    known_subjects,
    referenced,
    starting,
)
from registry.queries.bearing import COVERAGE, bearing_on
from registry.queries.page import Page
from registry.queries.segments import segments
from registry.queries.states import Span
from registry.queries.view import View
from registry.store.direct import rows

BETWEEN: Final = tuple(
    name
    for name, layer in LAYERS.items()
    if len(layer.party_parts("|".join("abcd"[: len(layer.parts) + layer.of_pair]))) >= 2
)
"""The layers whose subject has two parties or more."""


_SLIP_FROM: Final = 5
"""In shorter names every other one is a slip away."""


def listed(view: View, filters: Mapping[str, str], after: Any | None, limit: int) -> Page:
    """All parties by name, or those that `q` may mean, best match first."""
    kind = filters.get("kind")
    if kind and kind not in PARTY_KINDS:
        raise Invalid(f"expected one of {', '.join(PARTY_KINDS)}; got {kind!r}", "kind")
    docs = [d for d in view.directory.all("party").values() if not kind or d["kind"] == kind]
    if len(q := (filters.get("q") or "").strip()) > LONGEST_NAME:
        docs = []
    elif q:
        ranked = sorted(
            (-score(d, q), label(d, view.day, view.threshold), d["id"], d) for d in docs
        )
        docs = [each[-1] for each in ranked if each[0] <= -60]
    else:
        docs.sort(key=lambda d: (label(d, view.day, view.threshold), d["id"]))
    start = int(after) if after is not None else 0
    shown = docs[start : start + limit]
    more = start + limit if len(docs) > start + limit else None
    return Page([_brief(view, doc) for doc in shown], more)


def score(doc: Mapping[str, Any], q: str) -> float:
    """How well a text names the party, 0 to 100; an id or code outright is best."""
    if q.upper() in (doc["id"], *(c["code"].upper() for c in doc.get("codes", ()))):
        return 101.0
    names = [each["name"] for each in doc["names"]]
    names += [n for each in doc["names"] for n in (each.get("languages") or {}).values()]
    text = utils.default_process(q)
    return max(_likeness(text, utils.default_process(name)) for name in names)


def _likeness(text: str, name: str) -> float:
    if name == text:
        return 100.0
    if len(text) >= _SLIP_FROM and OSA.distance(text, name, score_cutoff=1) <= 1:
        return (
            99.5  # one slip in the whole of a name is likelier than the beginning of a longer one
        )
    if name.startswith(text):
        return 95.0 + 4.0 * len(text) / len(name)  # the more of the name it is, the likelier
    return fuzz.WRatio(text, name) * 0.9


def one(view: View, party: str) -> dict[str, Any]:
    """The party: names and codes over time, whether it existed, what it belonged to."""
    key = view.party(party)
    doc = view.directory.docs("party", [key])[key]
    memberships = known_subjects(view, ["membership"], *starting(f"{key}|"))
    found = answers(view, [("existence", key), ("name", key), *memberships])
    named = [e for each in found.values() for e in referenced(each)]
    return {
        **view.stated(),
        **_brief(view, doc),
        **{
            word: doc[word]
            for word in ("began", "ended", "succeeded_by", "part_of", "note")
            if word in doc
        },
        "codes": doc.get("codes", []),
        "existence": found["existence", key],
        "name_on_the_day": found["name", key],
        "memberships": [found[each] for each in memberships],
        "evidence": of_events.documents(view, [doc["recorded"], *named]),
    }


def agreements(view: View, party: str) -> list[dict[str, Any]]:
    return of_agreements.of_party(view, view.party(party))


def relations(view: View, party: str) -> list[dict[str, Any]]:
    """By other party, every layer between the two about which anything was known."""
    key = view.party(party)
    return _by_other(view, key, answers(view, _between(view, key)))


def relations_in_short(view: View, party: str) -> list[dict[str, Any]]:
    """The same without doubts and what is undetermined, in half the time."""
    days = view.days
    spans: dict[Subject, list[Span]] = {}
    for layer, subject, _id, *of_span in rows(view.conn, _SPANS_BETWEEN_TWO, _said(view, party)):
        held = spans.setdefault((layer, subject), [])
        if of_span[1] <= days.hi and of_span[2] >= days.lo:
            held.append(Span._make(of_span))
    subjects = sorted(spans)
    if not subjects:
        return []
    bearing = replace(bearing_on(view, subjects, days, COVERAGE), spans=spans)
    return _by_other(view, party, answers_of(view, subjects, bearing))


def _by_other(
    view: View, key: str, found: Mapping[Subject, dict[str, Any]]
) -> list[dict[str, Any]]:
    by_other: dict[str, list[dict[str, Any]]] = {}
    for layer, subject in found:
        for other in dict.fromkeys(LAYERS[layer].party_parts(subject)):
            if other != key and other in _principals(layer, subject):
                by_other.setdefault(other, []).append(found[layer, subject])
    labels = view.directory.labels("party", by_other, view.day, view.threshold)
    items = [
        {"party": {"id": other, "name": labels.get(other, other)}, "layers": layers}
        for other, layers in by_other.items()
    ]
    return sorted(items, key=lambda item: (item["party"]["name"], item["party"]["id"]))


def timeline(view: View, party: str) -> list[dict[str, Any]]:
    """The runs of days of all its layers: name, existence, memberships, relations."""
    key = view.party(party)
    subjects: list[Subject] = [("name", key), ("existence", key)]
    subjects += known_subjects(view, ["membership"], *starting(f"{key}|"))
    return segments(view, [*subjects, *_between(view, key)])


def _between(view: View, key: str) -> list[Subject]:
    return sorted(
        {(layer, subject) for layer, subject in rows(view.conn, _BETWEEN_TWO, _said(view, key))}
    )


def _said(view: View, key: str) -> dict[str, Any]:
    return {
        "generation": view.generation,
        "moment": view.moment,
        "bit": view.threshold.bit,
        "party": key,
    }


def _of(party: Column[str], *columns: Column[Any]) -> Select[Any]:
    """Each of them as often as it comes, and never by the layer alone: see `_TAKING_PART`."""
    return select(span.c.layer, span.c.subject, *columns).where(
        span.c.generation == bindparam("generation", type_=Integer),
        party == bindparam("party", type_=Text),
        span.c.layer.in_([literal(each) for each in BETWEEN]),
        span.c.mask.op("&")(bindparam("bit", type_=SmallInteger)) != 0,
        span.c.known_from <= bindparam("moment", type_=BigInteger),
        span.c.known_to > bindparam("moment", type_=BigInteger),
    )


_BETWEEN_TWO: Final = union_all(_of(span.c.first_party), _of(span.c.second_party))
_OF_SPAN: Final = [span.c[name] for name in ("id", *Span._fields)]
_SPANS_BETWEEN_TWO: Final = union(
    _of(span.c.first_party, *_OF_SPAN), _of(span.c.second_party, *_OF_SPAN)
).order_by("id")


def _principals(layer: str, subject: str) -> tuple[str, ...]:
    """The two between whom it is; an agency is no third."""
    return LAYERS[layer].party_parts(subject)[:2]


def _brief(view: View, doc: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": doc["id"],
        "name": label(doc, view.day, view.threshold),
        "kind": doc["kind"],
        "names": [
            {word: each[word] for word in ("name", "since", "languages") if word in each}
            for each in called(doc, view.threshold)
        ],
        "external_ids": {c["scheme"]: c["code"] for c in doc.get("codes", ())}
        | (doc.get("external_ids") or {}),
    }

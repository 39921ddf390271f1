"""The list of agreements, by what they are about, their parties, their force and their signing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import ColumnElement, and_, exists, or_, select

from registry.domain import dates
from registry.domain.errors import Invalid
from registry.domain.events.agreements import KINDS
from registry.domain.layers import LAYERS, NOTHING
from registry.projections.tables import entity, setting, span
from registry.queries.agreements import brief, short, took_part_in
from registry.queries.answers import Subject, answers
from registry.queries.bearing import least
from registry.queries.bound import bound_by_all
from registry.queries.page import Page, cut
from registry.queries.view import View


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
        statement = statement.where(entity.c.key.in_(took_part_in(view, bound)))
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
    return _OfParty(party, frozenset(took_part_in(view, party)))


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
            **brief(view, doc),
            "force": short(found["force", doc["id"]]),
            "conclusion": short(found["conclusion", doc["id"]]),
        }
        for doc in docs
    ]

"""A party or a pair as entities of FollowTheMoney, one in a line: parties, and acts as events.

An act is an Event and nothing else: no sanction, no ownership and no link is made of it, and what
is only alleged, or an accusation, is left out, whatever is asked for.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import orjson
from flask import Response, request
from sqlalchemy import select

from registry.domain.catalogue import CATALOGUE
from registry.domain.confidence import BY_WORD
from registry.domain.entities import called, label
from registry.domain.errors import Invalid
from registry.domain.fields import Kind, told_by
from registry.domain.parties import looks_like_party
from registry.explore.desk import blueprint
from registry.explore.for_programs import told
from registry.explore.lately import reported
from registry.explore.looking import looking
from registry.explore.pairing import canonical
from registry.explore.shown import Looking
from registry.explore.telling import Told, events_told
from registry.explore.typed import check_lengths
from registry.queries import events as of_events
from registry.queries.view import View
from registry.store.tables import event, event_tag
from registry.web.answering import address

NDJSON: Final = "application/x-ndjson"
AT_ONCE: Final = 500
AFTER: Final = "after"
"""The parameter that says after which position of the log it goes on."""
NO_ACTS: Final = frozenset(("party", "source", "event", "status", "coverage", "gap", "log"))
"""Families of events that are no acts of parties, but of the register."""
_PRECISE: Final = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
_LASTED: Final = re.compile(rf"({_PRECISE.pattern})/({_PRECISE.pattern})")

Entity = dict[str, Any]
Document = Mapping[str, Any]


@blueprint.get("/parties/<key>/ftm")
def party_ftm(key: str) -> Response:
    check_lengths()
    with looking() as here:
        return _answered(here, [here.view.party(key)])


@blueprint.get("/relations/<a>/<b>/ftm")
def pair_ftm(a: str, b: str) -> Response:
    check_lengths()
    with looking() as here:
        return _answered(here, canonical(here, a, b))


def _answered(here: Looking, keys: Sequence[str]) -> Response:
    after = request.args.get(AFTER, "0")
    if not re.fullmatch(r"[0-9]{1,15}", after):
        raise Invalid(f"expected a position of the log, got {after!r}", AFTER)
    acts, last = _acts(here.view, keys, int(after))
    named = dict.fromkeys([*keys, *(p for each in acts.values() for p in _involved(each))])
    lines = [
        *entities_of_parties(here.view, named),
        *entities_of_acts(acts.values(), events_told(here.view, acts)),
    ]
    body = b"".join(orjson.dumps(each) + b"\n" for each in lines)
    following = None
    if last is not None:
        others = [(n, v) for n, v in request.args.items(multi=True) if n not in _POINT_AND_AFTER]
        following = address(
            [
                *others,
                ("as_of", here.view.as_of_text),
                ("known_at", f"@{here.view.moment}"),
                ("confidence", here.opened.threshold.word),
                (AFTER, str(last)),
            ]
        )
    return told(here, body, NDJSON, following)


_POINT_AND_AFTER: Final = ("as_of", "known_at", "confidence", AFTER)


def id_of(kind: str, key: str) -> str:
    """The same for the same thing in every export."""
    return f"registry-{hashlib.sha1(f'{kind}:{key}'.encode(), usedforsecurity=False).hexdigest()}"


def entities_of_parties(view: View, keys: Iterable[str]) -> Iterator[Entity]:
    """Bodies under public law as PublicBody, all others as Organization."""
    for key, doc in view.directory.docs("party", keys).items():
        name = label(doc, view.day, view.threshold)
        names = called(doc, view.threshold)
        other = [each["name"] for each in names if each["name"] != name]
        foreign = [n for each in names for n in (each.get("languages") or {}).values()]
        codes = {each["scheme"]: each["code"] for each in doc.get("codes", ())}
        iso2 = [codes["iso2"].lower()] if "iso2" in codes else []
        yield _entity(
            id_of("party", key),
            "PublicBody" if doc["kind"] in ("state", "territory", "agency") else "Organization",
            name=[name],
            previousName=other,
            alias=[each for each in foreign if each not in (name, *other)],
            country=iso2 if doc["kind"] == "state" else [],
            wikidataId=[codes["wikidata"]] if "wikidata" in codes else [],
            notes=[str(doc["note"])] if doc.get("note") else [],
        )


def entities_of_acts(acts: Iterable[Document], said: Mapping[str, Told]) -> Iterator[Entity]:
    for each in acts:
        one = said[each["event_id"]]
        yield _entity(
            id_of("event", each["event_id"]),
            "Event",
            name=[one.called],
            summary=[_summary(each, one)],
            involved=[id_of("party", key) for key in _involved(each)],
            location=[one.place] if one.place else [],
            recordId=[each["event_id"]],
            sourceUrl=_urls(one),
            publisher=[line.publisher for line in one.sources if line.publisher],
            **_dates(each),
        )


def _summary(document: Document, one: Told) -> str:
    """The sentence with its day as it is told, how sure it is, who says so, and the sources."""
    sentence = str(one.dated)
    parts = [sentence[:1].upper() + sentence[1:], f"Confidence: {document['confidence']}."]
    if by := document.get("claimed_by"):
        parts.append(f"Claimed by: {by}.")
    titles = dict.fromkeys(line.title for line in one.sources)
    parts.append(f"According to: {'; '.join(titles)}." if titles else "No source is named.")
    if document.get("occurred"):
        parts.append(f"Date (EDTF): {document['occurred']}.")
    return " ".join(parts)


def _dates(document: Document) -> dict[str, list[str]]:
    """Only a date that is as exact as it looks: a vague one stays in the summary alone."""
    text = str(document.get("occurred") or "")
    if _PRECISE.fullmatch(text):
        return {"date": [text]}
    if _LASTED.fullmatch(text):
        first, last = text.split("/")
        return {"startDate": [first], "endDate": [last]}
    return {}


def _urls(one: Told) -> list[str]:
    return [line.url for line in one.sources if line.url.startswith(("https://", "http://"))]


def _entity(key: str, schema: str, **properties: Sequence[str]) -> Entity:
    told_of = {n: list(dict.fromkeys(v)) for n, v in properties.items() if v}
    return {"id": key, "schema": schema, "properties": told_of}


def _involved(document: Document) -> list[str]:
    """The parties that an event names, as it stands."""
    return list(dict.fromkeys(_parties(CATALOGUE[document["type"]], document)))


def _parties(cls: type, said: Mapping[str, Any]) -> Iterator[str]:
    for one in told_by(cls):
        value = said.get(one.wire)
        if not value:
            continue
        for each in value if one.many else (value,):
            if one.kind is Kind.RECORD and one.record is not None:
                if one.wire != "sources":
                    yield from _parties(one.record, each)
            elif one.wire != "claimed_by" and _names_a_party(one.kind, each):
                yield each


def _names_a_party(kind: Kind, value: str) -> bool:
    return kind is Kind.PARTY or (kind is Kind.ACTOR and looks_like_party(value))


def _acts(
    view: View, keys: Sequence[str], after: int
) -> tuple[dict[str, dict[str, Any]], int | None]:
    """Live acts that name all of the parties and are at least reported; where to go on."""
    tags = [event_tag.alias(f"tag_{n}") for n in range(len(keys))]
    statement = select(event.c.event_id, event.c.position, event.c.target).where(
        event.c.position > after, event.c.position <= view.moment
    )
    for tag, key in zip(tags, keys, strict=True):
        statement = statement.join(tag, tag.c.position == event.c.position).where(
            tag.c.tag == f"party:{key}"
        )
    rows = view.conn.execute(statement.order_by(event.c.position).limit(AT_ONCE)).all()
    ids = dict.fromkeys(row.target or row.event_id for row in rows)
    found = {
        event_id: document
        for event_id, document in reported(view, of_events.documents(view, list(ids))).items()
        if document["standing"]["state"] == "live"
        and document["type"].split(".")[0] not in NO_ACTS
        and document["type"] != "agreement.recorded"
        and BY_WORD[document["confidence"]].counts_at(view.threshold)
        and set(keys) <= set(_involved(document))
    }
    return found, rows[-1].position if len(rows) == AT_ONCE else None

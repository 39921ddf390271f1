"""Every event as one sentence, with when, how sure, by which sources, and how it stands.

What is only alleged, and what somebody is accused of, is told in that form and in no other: by
whom, when, where, and with what is on record against it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.catalogue import CATALOGUE
from registry.domain.events.conduct import AccusationMade
from registry.domain.fields import Kind, told_by
from registry.explore import claims
from registry.explore.dates_said import at
from registry.explore.naming import Link, Namer, namer_of
from registry.explore.sentences import FORMS
from registry.explore.sentences.bodies import clause
from registry.explore.sentences.choices import CONFIDENCES
from registry.queries import events as of_events
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t


@dataclass(frozen=True)
class Line:
    """A source that says so, and its words. `via`: the title of what we know it through."""

    key: str
    title: str
    publisher: str
    published: str
    url: str
    locator: str
    quote: str
    via_key: str
    via: str


@dataclass(frozen=True)
class Told:
    """An event in words.

    `sentence`: whole, with a full stop; Markup where links were asked for. `clause`: the same as
    part of a longer one. `when`: on 20 June
    2012; empty where no day is told, and of what is alleged, whose sentence has its day in it.
    `standing`: empty while the record stands as it was made. `denials`: of what is alleged, what
    is on record against it, each a sentence. `alleged`: also of an accusation.
    """

    event_id: str
    type: str
    called: str
    sentence: str
    clause: str
    when: str
    confidence: str
    confidence_said: str
    place: str
    note: str
    sources: tuple[Line, ...]
    standing: str
    retracted: bool
    alleged: bool
    denials: tuple[str, ...] = ()

    @property
    def dated(self) -> str:
        """The sentence with its day before it: On 20 June 2012, Bolivia signed it."""
        return (
            finished(type(self.clause)(f"{self.when}, {self.clause}"))
            if self.when
            else self.sentence
        )


def events_told(
    view: View, documents: Mapping[str, Mapping[str, Any]], link: Link | None = None
) -> dict[str, Told]:
    """By event id, of documents as `registry.queries.events.documents` gives them."""
    named = _named_by(documents.values())
    others = of_events.documents(view, [each for each in named if each not in documents])
    every = {**others, **documents}
    namer = namer_of(view, link, documents=every.values())
    replies = claims.replies_to(view, [i for i, each in documents.items() if is_alleged(each)])
    repliers = namer_of(view, link, documents=[r for each in replies.values() for r in each])
    told = {}
    for event_id, document in documents.items():
        if is_alleged(document):
            told[event_id] = _claimed(document, namer, every, replies.get(event_id, ()), repliers)
        else:
            told[event_id] = _told(document, namer, every)
    return told


def is_alleged(document: Mapping[str, Any]) -> bool:
    """Whether it may only be told as somebody's words about somebody."""
    return (
        document["confidence"] in ("alleged", "disputed") or document["type"] == AccusationMade.TYPE
    )


def type_said(name: str) -> str:
    """`agreement.ratified` as Ratification."""
    return _(FORMS[name].called)


def confidence_said(word: str) -> str:
    return _(CONFIDENCES[word])


def finished(said: str) -> str:
    """With a capital letter and a full stop."""
    at_link = said.startswith("<")
    begun = said if at_link else said[:1].upper() + said[1:]
    ended = begun.rstrip()
    if not ended.endswith((".", "!", "?", ".”", ".»", "…”", "…")):
        ended += "."
    return type(said)(ended)


def _told(document: Mapping[str, Any], namer: Namer, every: Mapping[str, Any]) -> Told:
    body = _body(document, namer, every)
    return Told(
        sentence=finished(body),
        clause=body,
        when=at(document["occurred"]) if document.get("occurred") else "",
        **_common(document),
        alleged=False,
    )


def _claimed(
    document: Mapping[str, Any],
    namer: Namer,
    every: Mapping[str, Any],
    replies: Sequence[Mapping[str, Any]],
    repliers: Namer,
) -> Told:
    accusing = document["type"] == AccusationMade.TYPE
    body = "" if accusing else _body(document, namer, every)
    claim = claims.claim(document, body, namer)
    return Told(
        sentence=finished(claim),
        clause=claim,
        when="",
        **_common(document),
        alleged=True,
        denials=tuple(finished(each) for each in claims.denials(document, replies, repliers)),
    )


def _common(document: Mapping[str, Any]) -> dict[str, Any]:
    standing = document["standing"]
    return {
        "event_id": document["event_id"],
        "type": document["type"],
        "called": type_said(document["type"]),
        "confidence": document["confidence"],
        "confidence_said": confidence_said(document["confidence"]),
        "place": document.get("place", ""),
        "note": document.get("note", ""),
        "sources": tuple(_line(each) for each in document["sources"]),
        "standing": _standing(standing),
        "retracted": standing["state"] == "retracted",
    }


def _standing(standing: Mapping[str, Any]) -> str:
    if standing["state"] == "retracted":
        return _("This record was taken back: it counts no more.")
    if standing.get("amended_by"):
        return _("This record was corrected after it was made.")
    if standing.get("confidence_changed_by"):
        return _("How far this record counts was changed after it was made.")
    return ""


def _line(citation: Mapping[str, Any]) -> Line:
    record, via = citation.get("source_record") or {}, citation.get("via_record") or {}
    return Line(
        citation["source"],
        record.get("title", citation["source"]),
        record.get("publisher", ""),
        at(record["published"]) if record.get("published") else "",
        citation.get("url") or record.get("url", ""),
        citation.get("locator", ""),
        citation.get("quote", ""),
        citation.get("via") or "",
        via.get("title", citation.get("via") or ""),
    )


_STATEMENTS: Final = {
    "agreement.reservation_made": (t("its reservation"), t("the reservation of %(party)s")),
    "agreement.declaration_made": (t("its declaration"), t("the declaration of %(party)s")),
    "agreement.objection_made": (t("its objection"), t("the objection of %(party)s")),
    "agreement.statement_recorded": (t("its statement"), t("the statement of %(party)s")),
}


def _body(document: Mapping[str, Any], namer: Namer, every: Mapping[str, Any]) -> str:
    def refer(event_id: str) -> str:
        other = every.get(event_id)
        if other is None:
            return _("a record that is not known here")
        return namer.linked("event", event_id, _reference(other, document, namer))

    return clause(document, namer, refer)


def _reference(other: Mapping[str, Any], document: Mapping[str, Any], namer: Namer) -> str:
    """What another event is called inside a sentence; without links, as it becomes one."""
    plain = Namer(namer.names)
    if is_alleged(other):
        return _("an allegation")
    if said := _STATEMENTS.get(other["type"]):
        own, named = said
        same = other.get("party") == document.get("party")
        return _(own) if same else plain.fill(named, {"party": plain.party(other["party"])})
    if "target" in other or "target" not in document:
        return type_said(other["type"]).lower()
    inner = clause(other, plain, lambda _id: _("another record"))
    return plain.fill(t("“%(said)s”"), {"said": finished(inner).rstrip(".")})


def _named_by(documents: Iterable[Mapping[str, Any]]) -> list[str]:
    """The other events that sentences speak of."""
    return [
        document[one.wire]
        for document in documents
        for one in told_by(CATALOGUE[document["type"]])
        if one.kind is Kind.EVENT and one.wire in ("to", "target") and document.get(one.wire)
    ]

"""Search: parties, agreements, persons, topics, sources and the words of events."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from rapidfuzz import fuzz
from sqlalchemy import select

from registry.domain.catalogue import Event
from registry.domain.entities import called, label
from registry.domain.searched import RECORDING, Mark, entered, is_person, party_word, texts_of
from registry.domain.words import words_of
from registry.queries import asked_words, parties
from registry.queries.asked_words import Asked
from registry.queries.events import standings
from registry.queries.snippets import Snippet, snippet_of
from registry.queries.view import View
from registry.store import words
from registry.store.tables import event
from registry.store.words import Term

KINDS: Final = ("party", "agreement", "person", "topic", "source", "event")
LOOKED_AT: Final = 120
"""So many events are looked at together, the latest recorded first,"""
SHOWN: Final = 50
"""Nobody is shown more of one kind."""
TURNS: Final = 5
"""and so many times, where what the words fit does not count or says something else by now."""

_LIKELY: Final = 78
"""A party whose names are less like what is asked, of a hundred, is not meant."""


@dataclass(frozen=True)
class Hit:
    """`key`: its id; of a person or topic the words themselves. `events`: where it was found."""

    kind: str
    key: str
    title: str
    snippet: Snippet | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True)
class Found:
    """`groups`: by kind, best first; `more`: the kinds of which there is more. `instead_of`: what
    was asked, where nothing was found by it and these by the words most like it, `text`.
    """

    text: str
    groups: Mapping[str, Sequence[Hit]] = field(default_factory=dict)
    more: frozenset[str] = frozenset()
    instead_of: str | None = None

    @property
    def hits(self) -> list[Hit]:
        return [each for kind in KINDS for each in self.groups.get(kind, ())]


def search(
    view: View,
    text: str,
    limit: int,
    kinds: Iterable[str] = KINDS,
    of_events: View | None = None,
) -> Found:
    """What was known at the view's moment and counts at its threshold; at most `limit` a kind.

    All words have to be found, the last one may be begun only. Where nothing but parties of a like
    name is found, slips are mended. `of_events`: the same view with another threshold for what
    is found in single events.
    """
    asked = asked_words.read(view, text)
    views: dict[str, View] = {kind: view for kind in KINDS if kind in set(kinds)}
    views |= {kind: of_events or view for kind in ("person", "event") if kind in views}
    found = _found(views, asked, limit)
    if not any(found.groups.get(kind) for kind in KINDS if kind != "party"):
        meant = asked_words.mended(view, asked)
        if meant and (other := _found(views, asked_words.read(view, meant), limit)).hits:
            return replace(other, instead_of=asked.text)
    return found


def _found(views: Mapping[str, View], asked: Asked, limit: int) -> Found:
    groups: dict[str, list[Hit]] = {}
    more: set[str] = set()
    if asked.terms:
        for kind, view in views.items():
            found = _OF[kind](view, asked)
            groups[kind] = found[:limit]
            if len(found) > limit:
                more.add(kind)
    return Found(asked.text, groups, frozenset(more))


def _parties(view: View, asked: Asked) -> list[Hit]:
    """However they are spelt, but without the quotes."""
    text = asked.text.replace('"', " ")
    scored = [(-parties.score(d, text), d) for d in view.parties.values()]
    hits = [
        (score, label(d, view.day, view.threshold), d["id"])
        for score, d in scored
        if score <= -_LIKELY
    ]
    return [Hit("party", key, name) for _score, name, key in sorted(hits)]


def _agreements(view: View, asked: Asked) -> list[Hit]:
    docs = _recorded(view, "agreement", Mark.AGREEMENT, asked)
    hits = []
    for slug, doc in docs.items():
        titles = [str(each["title"]) for each in called(doc, view.threshold)]
        said = [*titles, *doc.get("parties", ()), slug]
        if _has_all(asked.terms, _with_parties(said, doc.get("parties", ()))):
            title = label(doc, view.day, view.threshold)
            former = snippet_of([each for each in titles if each != title], asked.terms)
            shown = snippet_of([title], asked.terms)
            hits.append(Hit("agreement", slug, title, None if shown else former))
    return _ranked(asked, hits)


def _sources(view: View, asked: Asked) -> list[Hit]:
    docs = _recorded(view, "source", Mark.SOURCE, asked)
    hits = []
    for slug, doc in docs.items():
        beside = [str(doc[name]) for name in ("author", "publisher") if doc.get(name)]
        if _has_all(asked.terms, words_of(" ".join([doc["title"], *beside, slug]))):
            hits.append(Hit("source", slug, doc["title"], snippet_of(beside, asked.terms)))
    return _ranked(asked, hits)


def _recorded(view: View, kind: str, mark: Mark, asked: Asked) -> dict[str, Any]:
    """Documents of entities under whose names the words are entered, or whose id it is."""
    terms = _marked(asked, mark)
    at = words.positions(view.conn, terms, view.moment, LOOKED_AT)
    if len(at) == LOOKED_AT and len(asked.words) > 1:  # there are more: what is said so comes first
        phrase = Term(tuple(mark + word for word in asked.words), asked.terms[-1].beginning)
        at += words.positions(view.conn, [phrase], view.moment, LOOKED_AT)
    streams = view.conn.scalars(select(event.c.stream).where(event.c.position.in_(at)))
    keys = {each.split(":", 1)[1] for each in streams if each.startswith(f"{kind}:")}
    return view.directory.docs(kind, [*keys, "-".join(asked.words)])


def _persons(view: View, asked: Asked) -> list[Hit]:
    by_name: dict[str, list[tuple[str, str]]] = {}
    for event_id, content in _live(view, _marked(asked, Mark.PERSON)):
        for path, name in texts_of(content):
            if is_person(path) and _has_all(asked.terms, words_of(name)):
                by_name.setdefault(" ".join(words_of(name)), []).append((name, event_id))
    return [
        Hit("person", found[0][0], found[0][0], events=tuple(dict.fromkeys(i for _, i in found)))
        for found in by_name.values()
    ]


def _topics(view: View, asked: Asked) -> list[Hit]:
    by_topic: dict[str, list[str]] = {}
    for event_id, content in _live(view, _marked(asked, Mark.TOPIC)):
        for path, topic in texts_of(content):
            if path == "topics" and _has_all(asked.terms, words_of(topic)):
                by_topic.setdefault(topic, []).append(event_id)
    return _ranked(
        asked, [Hit("topic", each, each, events=tuple(ids)) for each, ids in by_topic.items()]
    )


def _events(view: View, asked: Asked) -> list[Hit]:
    """The latest first. What puts a party, an agreement or a source on record is found as that."""
    return [
        Hit(
            "event",
            event_id,
            content.TYPE,
            snippet_of((text for _path, text in texts_of(content)), asked.terms),
            (event_id,),
        )
        for event_id, content in _live(view, asked.terms, RECORDING)
    ]


def _live(view: View, terms: Sequence[Term], without: str = "") -> list[tuple[str, Event]]:
    """Events that have the words as they stand, the latest recorded first."""
    found: dict[str, Event] = {}
    before = view.moment
    for _turn in range(TURNS):
        at = words.positions(view.conn, terms, before, LOOKED_AT, without)
        found |= _standing_at(view, terms, at)
        if len(at) < LOOKED_AT or len(found) > SHOWN:
            break
        before = at[-1] - 1
    return list(found.items())


def _standing_at(view: View, terms: Sequence[Term], at: Sequence[int]) -> dict[str, Event]:
    rows = view.conn.execute(
        select(event.c.event_id, event.c.target)
        .where(event.c.position.in_(at))
        .order_by(event.c.position.desc())
    )
    stood = standings(view, dict.fromkeys(r.target or r.event_id for r in rows))
    return {
        event_id: content
        for event_id, stands in stood.items()
        if (content := stands.event) is not None
        and content.confidence.counts_at(view.threshold)
        and _has_all(terms, entered(content))
    }


def _has_all(terms: Sequence[Term], said: Sequence[str]) -> bool:
    """Whether all that is asked is among these words."""
    return all(_is_in(term, said) for term in terms)


def _is_in(term: Term, said: Sequence[str]) -> bool:
    if any(each in said for each in term.or_one_of):
        return True
    *first, last = term.words
    for at in range(len(said) - len(first)):
        there = said[at + len(first)]
        if (there == last or (term.beginning and there.startswith(last))) and (
            list(said[at : at + len(first)]) == first
        ):
            return True
    return False


def _with_parties(said: Iterable[str], named: Iterable[str]) -> list[str]:
    from_texts = words_of(" ".join(said))
    return [*from_texts, *(party_word(each) for each in named)]


def _marked(asked: Asked, mark: Mark) -> list[Term]:
    return [replace(term, words=tuple(mark + word for word in term.words)) for term in asked.terms]


def _ranked(asked: Asked, hits: Iterable[Hit]) -> list[Hit]:
    """What is most like the words asked first."""
    text = " ".join(asked.words)
    scored = [
        (-fuzz.WRatio(text, " ".join(words_of(each.title))), each.title, each.key, each)
        for each in hits
    ]
    return [each[-1] for each in sorted(scored, key=lambda each: each[:3])]


_OF: Final = {
    "party": _parties,
    "agreement": _agreements,
    "person": _persons,
    "topic": _topics,
    "source": _sources,
    "event": _events,
}

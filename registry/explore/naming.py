"""What parties, agreements and sources are called inside a sentence, as plain words or as links."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from markupsafe import Markup, escape

from registry.domain.catalogue import CATALOGUE
from registry.domain.fields import Kind, told_by
from registry.domain.layers import LAYERS
from registry.domain.parties import looks_like_party
from registry.queries.view import View
from registry.web.days_said import all_of
from registry.web.grammar import article, smoothed
from registry.web.languages import gettext as _
from registry.web.languages import language
from registry.web.languages import text_of as t
from registry.web.wording import Names, Subject, names_of

Link = Callable[[str, str], str]
"""The address of a party, an agreement, a source or an event, by its kind and id."""


@dataclass(frozen=True)
class Namer:
    """Calls things by their names; with `link`, what it says is Markup with names as links."""

    names: Names
    link: Link | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

    def party(self, key: str) -> str:
        """The United States."""
        return self.actor(key) if not key else self._named("party", key, self.names.party(key))

    def agreement(self, key: str) -> str:
        """The Single Convention on Narcotic Drugs."""
        return self._named("agreement", key, self.names.agreement(key))

    def source(self, key: str) -> str:
        return self.linked("source", key, self.sources.get(key, key))

    def actor(self, text: str) -> str:
        """A party by its name, or somebody in the words of the record."""
        if not text or text.lower() == "not named":
            return _("somebody who is not named")
        return self.party(text) if looks_like_party(text) else self.plain(text)

    def several(self, keys: Iterable[str]) -> str:
        """Bolivia, Brazil and the United States."""
        return self.join([self.party(each) for each in keys])

    def join(self, words: Iterable[str]) -> str:
        said = list(words)
        if self.link is None:
            return smoothed(all_of(said))
        return smoothed(Markup(all_of(escape(each) for each in said)))  # noqa: S704  # escaped

    def fill(self, text: str, parts: Mapping[str, object]) -> str:
        """A translated text with its parts put in; what is no Markup yet is escaped."""
        translated = _(text)
        if self.link is None:
            return smoothed(translated % parts)
        return smoothed(Markup(translated) % parts)  # noqa: S704  # ours

    def plain(self, text: str) -> str:
        return escape(text) if self.link else text

    def linked(self, kind: str, key: str, words: str) -> str:
        if self.link is None:
            return words
        return Markup('<a href="{}">{}</a>').format(self.link(kind, key), words)

    def _named(self, kind: str, key: str, called: str) -> str:
        said = self.linked(kind, key, called)
        if kind == "agreement":
            bare = called.startswith(("The ", "the ", "“", '"')) or not called[:1].isalpha()
            return said if bare or called == key else self.fill(t("the %(title)s"), {"title": said})
        if before := article(called):
            return Markup("{} {}").format(before, said) if self.link else f"{before} {said}"
        return said


def namer_of(
    view: View,
    link: Link | None = None,
    *,
    documents: Iterable[Mapping[str, Any]] = (),
    subjects: Iterable[Subject] = (),
    parties: Iterable[str] = (),
    agreements: Iterable[str] = (),
) -> Namer:
    """The names that these need, on the day of the view, in the reader's language."""
    called = _Called()
    for each in documents:
        called.note(each)
    names = names_of(view, subjects, {*called.parties, *parties})
    labels = view.directory.labels(
        "agreement", {*called.agreements, *agreements}, view.day, view.threshold, language()
    )
    sources = view.directory.docs("source", called.sources)
    titles = {key: str(doc["title"]) for key, doc in sources.items()}
    return Namer(Names(names.parties, {**names.agreements, **labels}), link, titles)


@dataclass
class _Called:
    """What documents name, by kind."""

    parties: set[str] = field(default_factory=set)
    agreements: set[str] = field(default_factory=set)
    sources: set[str] = field(default_factory=set)

    def note(self, document: Mapping[str, Any]) -> None:
        cls = CATALOGUE[document["type"]]
        self._note(cls, document)
        if "layer" in document and isinstance(subject := document.get("subject"), Mapping):
            layer = LAYERS[document["layer"]]
            key = "" if set(subject) == {"agreement"} else layer.key_of(subject)
            self.parties |= set(layer.party_parts(key)) if key else set()
            for name in ("agreement", "to_agreement", "under"):
                if subject.get(name):
                    self.agreements.add(str(subject[name]))
            if layer.name == "protecting_power" and looks_like_party(document.get("value", "")):
                self.parties.add(document["value"])

    def _note(self, cls: type, said: Mapping[str, Any]) -> None:
        for one in told_by(cls):
            value = said.get(one.wire)
            if not value:
                continue
            for each in value if one.many else (value,):
                match one.kind:
                    case Kind.PARTY | Kind.NEW_PARTY:
                        self.parties.add(each)
                    case Kind.ACTOR if looks_like_party(each):
                        self.parties.add(each)
                    case Kind.AGREEMENT:
                        self.agreements.add(each)
                    case Kind.NEW_SLUG if one.wire == "agreement":
                        self.agreements.add(each)
                    case Kind.SOURCE:
                        self.sources.add(each)
                    case Kind.RECORD if one.record is not None:
                        self._note(one.record, each)

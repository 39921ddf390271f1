"""An event told in plain words: its title, each of its fields, and how two contents differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

from registry import codec
from registry.domain.catalogue import CATALOGUE, Event, naming
from registry.domain.fields import Kind, Told, told_by
from registry.domain.layers import LAYERS
from registry.domain.naming import named_parties
from registry.domain.parties import looks_like_party
from registry.queries.view import View
from registry.web.days_said import all_of
from registry.web.grammar import smoothed
from registry.web.labels import labelled
from registry.web.languages import gettext as _
from registry.web.languages import language
from registry.web.pages import plain
from registry.web.wording import Names, layer_words, subject_words, value_words

Said = Mapping[str, Any]


@dataclass(frozen=True)
class Words:
    """One value: what is read, what stands small beside it, and the event that it names."""

    text: str
    beside: str = ""
    event_id: str | None = None
    prose: bool = False


@dataclass(frozen=True)
class Fact:
    label: str
    words: tuple[Words, ...]


@dataclass(frozen=True)
class Difference:
    """A field that two contents tell differently; nothing where one does not tell it."""

    label: str
    before: tuple[Words, ...]
    after: tuple[Words, ...]


@dataclass(frozen=True)
class Teller:
    """Knows the names of all that the events it was made for speak of. `when`: says a date."""

    names: Names
    sources: Mapping[str, str]
    titles: Mapping[str, str]
    when: Callable[[str], Words]

    def title(self, said: Said) -> str:
        """Agreement ratified: Bolivia, Single Convention on Narcotic Drugs, 1961."""
        return title_of(said, self.names)

    def facts(self, said: Said, but: Iterable[str] = ()) -> list[Fact]:
        """The fields that are told, in the order of the form."""
        cls = CATALOGUE[said["type"]]
        without = {"type", *but}
        return [
            Fact(labelled(one.wire), self._values(one, said[one.wire], said))
            for one in told_by(cls)
            if one.wire not in without and said.get(one.wire) not in (None, [], {})
        ]

    def differences(self, before: Said, after: Said) -> list[Difference]:
        made: list[Difference] = []
        if before["type"] != after["type"]:
            words = (Words(_(plain(each["type"]))) for each in (before, after))
            made.append(Difference(_("What kind of event"), *((each,) for each in words)))
        fields: dict[str, Told] = {}
        for each in (before, after):
            fields |= {one.wire: one for one in told_by(CATALOGUE[each["type"]])}
        for wire, one in fields.items():
            was, now = before.get(wire), after.get(wire)
            if was != now:
                made.append(
                    Difference(
                        labelled(wire),
                        self._values(one, was, before),
                        self._values(one, now, after),
                    )
                )
        return made

    def _values(self, one: Told, value: Any, said: Said) -> tuple[Words, ...]:
        if value is None or value == []:
            return ()
        every = value if one.many else [value]
        return tuple(words for each in every for words in self._value(one, each, said))

    def _value(self, one: Told, value: Any, said: Said) -> Iterable[Words]:
        match one.kind:
            case Kind.DATE:
                yield self.when(value)
            case Kind.PARTY | Kind.ACTOR | Kind.NEW_PARTY | Kind.AGREEMENT | Kind.SOURCE:
                yield self._named(one.kind, value)
            case Kind.EVENT:
                yield Words(self.titles.get(value, value), "", value)
            case Kind.SUBJECT | Kind.NAMES | Kind.EXTERNAL_IDS | Kind.CODES:
                yield from self._parts(one.kind, value, said)
            case Kind.RECORD:
                yield self._record(one, value)
            case Kind.CONTENT:
                yield Words(self.title(value))
            case _:
                yield self._plainly(one, value, said)

    def _named(self, kind: Kind, key: str) -> Words:
        if kind is Kind.SOURCE:
            name = self.sources.get(key, key)
        else:
            called = self.names.agreement if kind is Kind.AGREEMENT else self.names.party
            name = called(key)
        return Words(name, key if name != key else "")

    def _parts(self, kind: Kind, value: Any, said: Said) -> Iterable[Words]:
        if kind is Kind.SUBJECT:
            if said.get("layer") in LAYERS:
                yield Words(subject_words(said["layer"], value, self.names))
        elif kind is Kind.CODES:
            for each in value:
                valid = f", {self.when(each['valid']).text}" if each.get("valid") else ""
                yield Words(f"{each['scheme']}: {each['code']}{valid}")
        else:
            yield from (Words(f"{name}: {each}") for name, each in value.items())

    def _plainly(self, one: Told, value: Any, said: Said) -> Words:
        if one.kind is Kind.YES_NO:
            return Words(_("yes") if value else _("no"))
        if one.kind in (Kind.CHOICE, Kind.LAYER, Kind.CONFIDENCE):
            return Words(_(plain(value)))
        if one.wire == "value" and said.get("layer") in LAYERS:
            return Words(value_words(said["layer"], value, self.names))
        return Words(str(value), prose=one.kind is Kind.PROSE)

    def _record(self, one: Told, value: Said) -> Words:
        told: list[str] = []
        for inner in told_by(cast("type", one.record)):
            if (each := value.get(inner.wire)) is None:
                continue
            words = ", ".join(w.text for w in self._values(inner, each, value))
            told.append(f"“{words}”" if inner.wire == "quote" else words)
        return Words("; ".join(told), prose=True)


def teller(
    view: View,
    said: Iterable[Said],
    events: Iterable[tuple[str, Said]] = (),
    *,
    when: Callable[[str], Words],
) -> Teller:
    """For these contents; `events`: those with their contents that they may name."""
    beside = list(events)
    every = [*said, *(each for _, each in beside)]
    parties: set[str] = set()
    agreements: set[str] = set()
    sources: set[str] = set()
    for each in every:
        _name(CATALOGUE[each["type"]], each, parties, agreements, sources)
        content = each.get("event")
        if isinstance(content, Mapping) and content.get("type") in CATALOGUE:
            _name(CATALOGUE[content["type"]], content, parties, agreements, sources)
    called = (view.day, view.threshold, language())
    names = Names(
        view.directory.labels("party", parties, *called),
        view.directory.labels("agreement", agreements, *called),
    )
    found = view.directory.docs("source", sources)
    return Teller(
        names,
        {slug: doc["title"] for slug, doc in found.items()},
        {event_id: title_of(each, names) for event_id, each in beside},
        when,
    )


def content_of(document: Said) -> dict[str, Any]:
    """Only what the event says, of a document as the API shows it."""
    cls = CATALOGUE[document["type"]]
    wires = {one.wire for one in told_by(cls)}
    said = {name: value for name, value in document.items() if name in wires}
    if said.get("sources"):
        said["sources"] = [
            {
                name: each
                for name, each in cited.items()
                if each is not None and not name.endswith("_record")
            }
            for cited in said["sources"]
        ]
    said = {name: value for name, value in said.items() if value not in ([], None)}
    return {"type": document["type"], **said}


def title_of(said: Said, names: Names) -> str:
    told: list[str] = []
    for wire in _TELLING:
        value = said.get(wire)
        if isinstance(value, list):
            told.append(smoothed(all_of(names.party(str(each)) for each in value[:4])))
        elif isinstance(value, str):
            told.append(names.agreement(value) if wire == "agreement" else names.party(value))
        elif isinstance(value, Mapping) and said.get("layer") in LAYERS:
            told.append(subject_words(said["layer"], value, names))
    if not told:
        told += [str(said[wire]) for wire in ("title", "name") if said.get(wire)]
    if said.get("layer") in LAYERS:
        told.insert(0, layer_words(said["layer"]))
    about = ", ".join(dict.fromkeys(each for each in told if each))
    words = _sentence(_(plain(said["type"])))
    return f"{words} – {about}" if about else words


_TELLING: Final = (
    *("parties", "party", "sender", "provider", "by", "from", "against", "receiver", "host"),
    *("recipient", "on", "to", "organisation", "agency", "agreement", "subject"),
)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _name(
    cls: type[Event], said: Said, parties: set[str], agreements: set[str], sources: set[str]
) -> None:
    event = codec.content({"type_version": cls.VERSION, **said})
    found = naming(event)
    parties |= {name for _, name in named_parties(event, found)}
    agreements |= {name for _, name in found[Kind.AGREEMENT]}
    sources |= {name for _, name in found[Kind.SOURCE]}
    subject = said.get("subject")
    if isinstance(subject, Mapping):
        agreements |= {
            str(subject[part])
            for part in ("agreement", "to_agreement", "under")
            if subject.get(part)
        }
    parties |= {
        value
        for value in (said.get("party"), said.get("agency"))
        if isinstance(value, str) and looks_like_party(value)
    }

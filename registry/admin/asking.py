"""The inputs that ask for an event of a type, derived from the catalogue, with what was typed in them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final, cast

from registry.admin import date_boxes, entering
from registry.admin.typed import PAIRS, Typed, rows_of
from registry.described.forms import label
from registry.domain.catalogue import CATALOGUE, Event, required
from registry.domain.fields import Kind, Told, told_by
from registry.domain.layers import LAYERS, OPTIONAL_PARTS, PARTY_PARTS
from registry.domain.parties import CODE_SCHEMES
from registry.domain.sets import At
from registry.web.labels import labelled

Errors = list[tuple[str, str]]
Choice = tuple[str, str]
"""What is sent, and what is read."""
CONFIDENCE: Final[tuple[Choice, ...]] = (
    (
        "confirmed",
        "Confirmed – an official act, the depositary’s or both sides’ record was seen",
    ),
    ("reported", "Reported – stated as fact"),
    ("alleged", "Alleged – attributed to someone, or doubted"),
    ("disputed", "Disputed – a party or a source denies it"),
)


@dataclass(frozen=True)
class Asked:
    """One input, or a group of them. `widget`: which macro of `admin/_fields.html` draws it.

    `offers`: what may have been meant, to be chosen from. `rows`: the items of a list.
    `new`: inputs of an agreement or source to enter in place; `open`: they are used.
    """

    id: str
    label: str
    hint: str
    widget: str
    required: bool = False
    value: str = ""
    choices: tuple[Choice, ...] = ()
    offers: tuple[Choice, ...] = ()
    parts: tuple["Asked", ...] = ()
    rows: tuple["Asked", ...] = ()
    new: tuple["Asked", ...] = ()
    open: bool = False
    words: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Section:
    """`folded`: rarely used, shown when asked for; `open`: something stands in it."""

    title: str
    asked: tuple[Asked, ...]
    folded: bool = False
    open: bool = False


def inputs(
    cls: type[Event],
    typed: Typed,
    errors: Errors,
    offers: Mapping[str, tuple[Choice, ...]] | None = None,
    only: Collection[str] | None = None,
    echoes: Mapping[str, str] | None = None,
) -> list[Section]:
    """The sections of the form.

    `offers`: by input, what may have been meant. `only`: the wire names of the fields to ask for.
    `echoes`: by field, what is understood of its date.
    """
    form = _Form(typed, {at for at, _ in errors}, offers or {}, echoes or {})
    made: list[Section] = []
    for title, names, folded in _sections(cls):
        wanted = [one for one in names if only is None or one.wire in only]
        asked = tuple(each for one in wanted for each in form.ask(cls, one))
        if asked:
            there = any(form.used(one.wire) for one in wanted)
            made.append(Section(title, asked, folded, folded and there))
    return made


def _sections(cls: type[Event]) -> Iterator[tuple[str, list[Told], bool]]:
    every = {one.name: one for one in told_by(cls)}
    common = {one.name for one in told_by(Event)}
    when = [n for n in ("occurred", "effective") if _dates_it(cls, n)]
    yield "What happened", [one for name, one in every.items() if name not in common], False
    yield "When", [every[name] for name in when], False
    yield "How sure it is", [every["confidence"], every["confidence_reason"]], False
    yield "Sources", [every["sources"]], False
    yield "Remarks", [every["note"]], False
    related = ("follows", "responds_to", "same_act_as")
    yield "How it stands to other events", [every[name] for name in related], True
    seldom = [n for n in ("occurred", "effective") if n not in when]
    yield (
        "Seldom needed",
        [every[name] for name in (*seldom, "place", "claimed_by", "external_ids")],
        True,
    )


def _dates_it(cls: type[Event], name: str) -> bool:
    """Whether the date matters to what the type sets, or must be given."""
    if name == "occurred":
        return required(cls, next(o for o in told_by(cls) if o.name == name)) or any(
            each.at is not At.OVER for each in cls.SETS
        )
    return any(each.at in (At.EFFECTIVE, At.TAKES_EFFECT) for each in cls.SETS)


@dataclass(frozen=True)
class _Form:
    typed: Typed
    wrong: Collection[str]
    offers: Mapping[str, tuple[Choice, ...]]
    echoes: Mapping[str, str]

    def used(self, at: str) -> bool:
        begins = f"{at}."
        return any(
            (name == at or name.startswith(begins)) and value.strip()
            for name, value in self.typed.items()
            if not name.endswith(".when")
        ) or any(each == at or each.startswith(begins) for each in self.wrong)

    def value(self, at: str) -> str:
        return self.typed.get(at, "")

    def ask(self, cls: type[Event], one: Told) -> Iterator[Asked]:
        if one.kind is Kind.SUBJECT:
            yield from self._subject(one)
        elif one.wire == "value" and cls.TYPE == "status.observed":
            yield self._observed(one)
        elif one.many:
            yield self._many(one, one.wire, required(cls, one))
        else:
            yield self._one(one, one.wire, labelled(one.wire), required(cls, one))

    def _many(self, one: Told, at: str, need: bool) -> Asked:
        there = rows_of(self.typed, at)
        least = 2 if need and one.kind is Kind.PARTY else 1
        numbers = [*there, *range((there[-1] + 1) if there else 0, 1000)][
            : max(least, len(there) + 1)
        ]
        if one.kind is Kind.RECORD and not there:
            numbers = [0]
        what = _singular(labelled(one.wire))
        rows = tuple(
            self._one(one, f"{at}.{row}", f"{what} {row + 1}", need and place < least, in_list=True)
            for place, row in enumerate(numbers)
        )
        words = "Where it is said" if one.wire == "sources" else labelled(one.wire)
        return Asked(at, words, _told(one), "rows", need, value=what.lower(), rows=rows)

    def _one(self, one: Told, at: str, words: str, need: bool, *, in_list: bool = False) -> Asked:
        hint = "" if in_list else _told(one)
        value = self.value(at)
        match one.kind:
            case Kind.RECORD:
                return self._record(one, at, words, hint, need)
            case Kind.DATE:
                return self._date(at, words, hint, need)
            case Kind.CONFIDENCE:
                return Asked(
                    at,
                    words,
                    "How far the source stands behind it.",
                    "radios",
                    True,
                    value or "reported",
                    CONFIDENCE,
                )
            case Kind.CHOICE:
                choices = tuple((each, label(each)) for each in one.choices)
                return Asked(at, words, hint, "select", need, value, choices)
            case Kind.LAYER:
                layers = tuple((n, f"{label(n)}: {each.question}") for n, each in LAYERS.items())
                return Asked(at, words, hint, "layer", need, value, layers)
            case Kind.YES_NO:
                return Asked(at, words, hint, "select", need, value, (("yes", "Yes"), ("no", "No")))
            case Kind.PROSE | Kind.CONTENT:
                return Asked(at, words, hint, "prose", need, value)
            case Kind.NUMBER:
                return Asked(at, words, hint, "number", need, value)
            case Kind.URL:
                return Asked(at, words, hint, "url", need, value)
            case Kind.NAMES | Kind.CODES | Kind.EXTERNAL_IDS:
                return self._pairs(one, at, words, hint)
            case Kind.PARTY | Kind.ACTOR | Kind.AGREEMENT | Kind.SOURCE | Kind.EVENT:
                return self._pick(one.kind, at, words, hint, need)
        return Asked(at, words, _hints(one, hint), "text", need, value)

    def _pick(self, kind: Kind, at: str, words: str, hint: str, need: bool) -> Asked:
        new: tuple[Asked, ...] = ()
        if kind in entering.ENTERED and not at.endswith((".via", "same_act_as")):
            new = self._new(entering.ENTERED[kind], at)
        return Asked(
            at,
            words,
            hint,
            f"pick-{kind}",
            need,
            self.value(at),
            offers=self.offers.get(at, ()),
            new=new,
            open=self.used(f"{at}.new"),
        )

    def _new(self, kind: str, at: str) -> tuple[Asked, ...]:
        recorded = {one.wire: one for one in told_by(CATALOGUE[f"{kind}.recorded"])}
        made: list[Asked] = []
        for part in entering.ASKED[kind]:
            name = f"{at}.new.{part}"
            if part == "slug":
                hint = "Small letters, digits and hyphens; made of the title if you leave it empty."
                made.append(Asked(name, "Short name", hint, "text", value=self.value(name)))
            elif part == "published":
                hint = "Such as 20 June 2012, June 2012 or 2012."
                made.append(Asked(name, "Published", hint, "text", value=self.value(name)))
            else:
                one = recorded[part]
                made.append(self._one(one, name, labelled(part), one.required))
        return tuple(made)

    def _record(self, one: Told, at: str, words: str, hint: str, need: bool) -> Asked:
        parts = tuple(
            self._one(inner, f"{at}.{inner.wire}", labelled(inner.wire), inner.required)
            for inner in told_by(cast("type", one.record))
        )
        seldom = {"via", "url", "observed"} if one.wire == "sources" else set[str]()
        first = tuple(each for each in parts if each.id.rsplit(".", 1)[1] not in seldom)
        last = tuple(each for each in parts if each not in first)
        return Asked(
            at,
            words,
            hint,
            "group",
            need,
            parts=first,
            rows=last,
            open=any(self.used(each.id) for each in last),
        )

    def _date(self, at: str, words: str, hint: str, need: bool) -> Asked:
        said = {part: self.value(f"{at}.{part}") for part in date_boxes.PARTS}
        offers = self.offers.get(f"{at}.text", ())
        return Asked(
            at,
            words,
            hint,
            "date",
            need,
            self.echoes.get(at, ""),
            date_boxes.WHEN,
            offers=offers,
            words=said,
        )

    def _pairs(self, one: Told, at: str, words: str, hint: str) -> Asked:
        there = rows_of(self.typed, at)
        numbers = [*there, (there[-1] + 1) if there else 0]
        rows = tuple(
            Asked(
                f"{at}.{row}",
                f"{words} {row + 1}",
                "",
                "line",
                parts=tuple(self._part(one, f"{at}.{row}.{part}") for part in PAIRS[one.kind]),
            )
            for row in numbers
        )
        return Asked(at, words, hint, "rows", value=_singular(words).lower(), rows=rows)

    def _part(self, one: Told, at: str) -> Asked:
        part = at.rsplit(".", 1)[1]
        words = {"valid": "Valid (if not always)"}.get(part, label(part))
        if one.kind is Kind.CODES and part == "scheme":
            choices = tuple((each, each) for each in CODE_SCHEMES)
            return Asked(at, words, "", "select", True, self.value(at), choices)
        return Asked(at, words, "", "text", part != "valid", self.value(at))

    def _subject(self, one: Told) -> Iterator[Asked]:
        """The parts of the subject of the layer that was chosen; nothing until it is."""
        layer = LAYERS.get(self.value("layer"))
        if layer is None:
            return
        for part in layer.parts:
            at = f"{one.wire}.{part}"
            need = part not in OPTIONAL_PARTS
            if part == "pair":
                for row in (0, 1):
                    words = f"{('First', 'Second')[row]} party"
                    yield self._pick(Kind.PARTY, f"{at}.{row}", words, "", need)
            elif part in entering.AGREEMENT_PARTS:
                words = label(part) if part != "to_agreement" else "The other agreement"
                made = self._pick(Kind.SOURCE, at, words, "", need)
                yield replace(made, widget="pick-agreement", new=())
            elif part in PARTY_PARTS:
                yield self._pick(Kind.PARTY, at, label(part), "", need)
            else:
                yield Asked(at, label(part), "", "text", need, self.value(at))

    def _observed(self, one: Told) -> Asked:
        layer = LAYERS.get(self.value("layer"))
        if layer is None or not layer.values:
            return self._one(one, one.wire, labelled(one.wire), True)
        choices = tuple((each, label(each)) for each in layer.values)
        return Asked(one.wire, "Value", one.doc, "select", True, self.value(one.wire), choices)


def _told(one: Told) -> str:
    """What the catalogue says of the field, without what the label says already."""
    if one.doc.rstrip(".") == labelled(one.wire) or one.wire == "occurred":
        return "" if one.wire != "occurred" else "As exactly as is known."
    return one.doc.replace(", by its slug", "").replace("slug", "short name")


def _hints(one: Told, hint: str) -> str:
    more = {
        Kind.NEW_PARTY: "Capitals, digits and hyphens, such as BOL or US-DEA.",
        Kind.NEW_SLUG: "Small letters, digits and hyphens.",
        Kind.LANGUAGE: "Its code, such as es.",
        Kind.HASH: "64 digits and letters from a to f.",
    }.get(one.kind)
    return f"{hint} {more}" if more else hint


def _singular(words: str) -> str:
    if words in _ONE_OF:
        return _ONE_OF[words]
    if words.endswith("ies"):
        return f"{words[:-3]}y"
    return words[:-1] if words.endswith("s") and not words.endswith("ss") else words


_ONE_OF: Final = {"Comes after": "Event before it", "Numbers elsewhere": "Number"}

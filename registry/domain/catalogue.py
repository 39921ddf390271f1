"""What an event type is, and the list of all of them by stored name."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, Final, TypeVar, dataclass_transform

from registry.domain.confidence import Confidence
from registry.domain.dates import Edtf
from registry.domain.fields import Kind, Told, told, told_by
from registry.domain.sets import Sets

E = TypeVar("E", bound="type[Event]")
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class Citation:
    """Where it is said. `via` is the source through which we know of `source`."""

    source: str = told(Kind.SOURCE, "The source that says so.", required=True)
    via: str | None = told(Kind.SOURCE, "The source that cites it, where we read no further.")
    locator: str | None = told(Kind.TEXT, "Where in it: page, paragraph, article, row.")
    quote: str | None = told(Kind.PROSE, "Its words, verbatim.")
    url: str | None = told(Kind.URL, "The address of this very place.")
    observed: Edtf | None = told(Kind.DATE, "When the source said so, where it changes over time.")


@dataclass(frozen=True, kw_only=True)
class Event:
    """A recorded fact. What is common to all types; own fields are in the subclasses."""

    TYPE: ClassVar[str] = ""
    VERSION: ClassVar[int] = 1
    BASIS: ClassVar[str] = ""
    CAMEO: ClassVar[tuple[str, ...]] = ()
    UPCASTS: ClassVar[tuple[Upcast, ...]] = ()
    DATED: ClassVar[bool] = True
    SETS: ClassVar[tuple[Sets, ...]] = ()

    occurred: Edtf | None = told(Kind.DATE, "When it happened, as exactly as is known.")
    effective: Edtf | None = told(Kind.DATE, "When it took effect, where that is another day.")
    confidence: Confidence = told(
        Kind.CONFIDENCE,
        "How far the source stands behind it: confirmed (an official act, the depositary's or "
        "both sides' record was seen), reported (stated as fact), alleged (attributed to someone, "
        "or doubted), disputed (a party or a source denies it).",
        default=Confidence.REPORTED,
    )
    sources: tuple[Citation, ...] = told(
        Kind.RECORD, "The sources that say so.", many=True, record=Citation
    )
    claimed_by: str | None = told(Kind.ACTOR, "Who asserts it, where the source attributes it.")
    follows: tuple[str, ...] = told(
        Kind.EVENT, "Events that are known to have come before this one.", many=True
    )
    responds_to: str | None = told(Kind.EVENT, "The event that this one answers.")
    same_act_as: str | None = told(Kind.EVENT, "Another claim about the very same act.")
    place: str | None = told(Kind.TEXT, "Where it happened.")
    note: str | None = told(Kind.PROSE, "What a reader should know.")
    confidence_reason: str | None = told(Kind.PROSE, "Why this confidence.")
    external_ids: Mapping[str, str] | None = told(
        Kind.EXTERNAL_IDS, "Numbers elsewhere: mtdsg, unts, cn, uk, cameo, row."
    )

    @property
    def stream(self) -> str:
        """The stream whose versions guard it: a party's, a pair's, an agreement's, a source's."""
        raise NotImplementedError(self.TYPE)

    def objections(self) -> Iterator[tuple[str, str]]:
        """What no single field can show to be wrong: (field, message)."""
        yield from ()

    def after(self) -> tuple[str, ...]:
        """The events stated to have come before this one."""
        return (*self.follows, self.responds_to) if self.responds_to else self.follows


class Correction(Event):
    """An event about the record of another event: it sets no layer of its own."""

    DATED = False


CATALOGUE: Final[dict[str, type[Event]]] = {}


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(told,))
def stored(
    name: str,
    *,
    basis: str = "",
    cameo: tuple[str, ...] = (),
    dated: bool = True,
    upcasts: tuple[Upcast, ...] = (),
) -> Callable[[E], E]:
    """Enter a class in the catalogue under its stored name, for ever.

    `dated`: `occurred` must be given. `upcasts[n]` lifts a payload of version n + 1 to n + 2, so
    the version that is written is one more than their number.
    """

    def enter(cls: E) -> E:
        made: E = dataclass(frozen=True, kw_only=True)(cls)  # type: ignore[assignment]
        made.TYPE, made.BASIS, made.CAMEO, made.DATED = name, basis, cameo, dated
        made.UPCASTS, made.VERSION = upcasts, len(upcasts) + 1
        if name in CATALOGUE:
            raise TypeError(f"two event types are stored as {name}")
        CATALOGUE[name] = made
        return made

    return enter


def required(cls: type[Event], one: Told) -> bool:
    """Whether this field must be given in events of this type."""
    return one.required or (one.name == "occurred" and cls.DATED)


def family(name: str) -> str:
    return name.split(".", 1)[0]


NAMING: Final = (Kind.PARTY, Kind.ACTOR, Kind.AGREEMENT, Kind.SOURCE, Kind.EVENT)
"""The kinds by which an event names what is on record."""


def naming(event: Event) -> dict[Kind, list[tuple[str, str]]]:
    """All that the event names, by kind: (wire field, id). One walk for all kinds."""
    found: dict[Kind, list[tuple[str, str]]] = {kind: [] for kind in NAMING}
    _note(event, "", found)
    return found


def _note(holder: object, prefix: str, found: dict[Kind, list[tuple[str, str]]]) -> None:
    cls: type = type(holder)
    told = vars(holder)
    for name, wire, kind, many in _telling(cls):
        value = told[name]
        if not value:
            continue
        if kind is Kind.RECORD:
            for place, item in enumerate(value if many else (value,)):
                _note(item, f"{prefix}{wire}[{place}]." if many else f"{prefix}{wire}.", found)
        elif many:
            found[kind] += [(f"{prefix}{wire}[{place}]", item) for place, item in enumerate(value)]
        else:
            found[kind].append((f"{prefix}{wire}", value))


@cache
def _telling(cls: type) -> tuple[tuple[str, str, Kind, bool], ...]:
    """(attribute, wire name, kind, whether it is a list) of the fields of a class that can name
    such a thing, themselves or in their records.
    """
    return tuple(
        (one.name, one.wire, one.kind, one.many)
        for one in told_by(cls)
        if one.kind in NAMING or (one.record is not None and _telling(one.record))
    )

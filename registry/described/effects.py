"""What an event type does to layers, in words.

Where a value is a function of the event, the function is asked: with each choice, each yes or no,
and with optional fields left out, until it is known on which fields the value depends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from itertools import product
from types import SimpleNamespace
from typing import Any, Final

from registry import codec
from registry.described.examples import example
from registry.domain import dates
from registry.domain.catalogue import Event, required
from registry.domain.fields import Kind, Told, told_by
from registry.domain.sets import At, Sets

AT_WORDS: Final = {
    At.OCCURRED: "on the day it `occurred`",
    At.EFFECTIVE: "from `effective`, where that is given",
    At.TAKES_EFFECT: "from `effective` where given, else from `occurred`",
    At.OVER: "from the first day of `over`",
}
_RESOLVED: Final = {
    "@in_charge": "charge_ad_interim (vacant where no mission stands)",
    "@class_before": "the class held before",
    "@notice_retracted": "what held before the notice",
}
_NAMED_LAYER: Final = "*"
_MANY_REASONS: Final = 3

Values = dict[str, Any]
Table = list[tuple[Values, str | None]]


@dataclass(frozen=True)
class Outcome:
    """`value`: one of the layer's, or in words how it is found; `when`: empty for always."""

    value: str
    when: str

    def __str__(self) -> str:
        return f"{self.value} when {self.when}" if self.when else self.value


@dataclass(frozen=True)
class Effect:
    layer: str
    outcomes: tuple[Outcome, ...]
    at: At
    assumption: str | None
    cancellable: bool

    def __str__(self) -> str:
        layer = "the layer named in `layer`" if self.layer == _NAMED_LAYER else self.layer
        words = f"{layer} = {'; '.join(map(str, self.outcomes))}, {AT_WORDS[self.at]}"
        words += ", unless the notice is taken back before" if self.cancellable else ""
        return f"{words} (an assumption: {self.assumption})" if self.assumption else words

    def as_dict(self) -> dict[str, Any]:
        return {
            "layer": self.layer,
            "values": [{"value": each.value, "when": each.when or None} for each in self.outcomes],
            "at": str(self.at),
            "assumption": self.assumption,
            "description": str(self),
        }


_EFFECTS: dict[type[Event], tuple[Effect, ...]] = {}


def effects(cls: type[Event]) -> tuple[Effect, ...]:
    """What events of this type set, one for each declared setting."""
    if cls not in _EFFECTS:
        _EFFECTS[cls] = tuple(
            Effect(
                each.layer,
                tuple(_outcomes(cls, each)),
                each.at,
                each.assumption,
                each.cancellable,
            )
            for each in cls.SETS
        )
    return _EFFECTS[cls]


def _outcomes(cls: type[Event], sets: Sets) -> list[Outcome]:
    if not callable(sets.value) and sets.subjects is None:
        return [Outcome(_words(sets.value), "")]
    table = _table(cls, sets)
    if len(table[0][0]) > _MANY_REASONS:
        return [Outcome("as told in its fields", "")]
    told = {one.name: one for one in told_by(cls)}
    return [Outcome(value, " and ".join(when)) for value, when in _leaves(table, told)]


def _table(cls: type[Event], sets: Sets) -> Table:
    """What is set for all that the fields on which it depends may say; None for nothing."""
    said = vars(codec.read(example(cls, whole=True)))
    varied = {
        one.name: list(_variants(cls, one, said[one.name]))
        for one in told_by(cls)
        if one.kind is not Kind.RECORD and (one.name in _DATES or one.name not in _COMMON)
    }
    found: dict[tuple[int, ...], str | None] = {}
    for at in product(*(range(len(each)) for each in varied.values())):
        told = {name: each[i] for i, (name, each) in zip(at, varied.items(), strict=True)}
        event = SimpleNamespace(**(said | told))
        named = sets.layer == _NAMED_LAYER or bool(sets.keys(event))
        found[at] = sets.value_of(event) if named else None
    reasons = [place for place in range(len(varied)) if _matters(place, found)]
    fewer = {tuple(at[place] for place in reasons): outcome for at, outcome in found.items()}
    names = [list(varied)[place] for place in reasons]
    return [
        ({name: varied[name][i] for i, name in zip(at, names, strict=True)}, outcome)
        for at, outcome in fewer.items()
    ]


_DATES: Final = ("occurred", "effective")
_COMMON: Final = frozenset(one.name for one in told_by(Event))
_ANOTHER: Final = "another"
_ANOTHER_DATE: Final = dates.parse("1961")


def _variants(cls: type[Event], one: Told, said: object) -> Iterable[object]:
    """A few values that differ in what they could mean; None and () where it may be left out."""
    yield said
    match one.kind:
        case Kind.CHOICE if not one.many:
            yield from (each for each in one.choices if each != said)
        case Kind.YES_NO:
            yield not said
        case Kind.TEXT | Kind.ACTOR | Kind.PARTY | Kind.AGREEMENT if not one.many:
            yield _ANOTHER
        case Kind.DATE if one.name not in _DATES:
            yield _ANOTHER_DATE
    default = next(each.default for each in fields(cls) if each.name == one.name)
    if not required(cls, one) and default in (None, ()):
        yield default


def _matters(place: int, found: Mapping[tuple[int, ...], str | None]) -> bool:
    """Whether any two events that differ in this field alone differ in what is set."""
    seen: dict[tuple[int, ...], str | None] = {}
    return any(
        seen.setdefault(at[:place] + at[place + 1 :], outcome) != outcome
        for at, outcome in found.items()
    )


def _leaves(table: Table, told: Mapping[str, Told]) -> list[tuple[str, list[str]]]:
    """(value, conditions), the first field asked first; nothing set is left out."""
    outcomes = {outcome for _, outcome in table}
    if len(outcomes) == 1:
        return [(_words(each), []) for each in outcomes if each is not None]
    name = next(iter(table[0][0]))
    wire = told[name].wire
    as_given, rest = _as_given(name, table)
    leaves: list[tuple[str, list[str]]] = [(f"as given in `{wire}`", [])] if as_given else []
    groups = _groups(name, rest)
    for said, rows in groups:
        others = [each for other, _ in groups if other is not said for each in other]
        when = f"`{wire}` is {_shown(told[name], said, others, bool(as_given))}"
        found = _leaves(rows, told)
        if as_given and not found and said != [None]:
            found = [("nothing", [])]
        leaves += [(value, [when, *more]) for value, more in found]
    return leaves


def _as_given(name: str, table: Table) -> tuple[Table, Table]:
    """The rows in which the field's own value is what is set, and the rest."""
    quoted: Table = []
    rest: Table = []
    for said in _values(name, table):
        rows = [row for row in table if row[0][name] == said]
        same = said is not None and all(outcome == _plain(said) for _, outcome in rows)
        (quoted if same else rest).extend(rows)
    # One value that happens to be named like what it sets is a choice, not a quotation.
    return ([], table) if len(_values(name, quoted)) == 1 else (quoted, rest)


def _groups(name: str, table: Table) -> list[tuple[list[object], Table]]:
    """The field's values that lead to the same, together, with their rows without the field."""
    groups: list[tuple[list[object], Table]] = []
    for said in _values(name, table):
        rows = [
            ({other: value for other, value in values.items() if other != name}, outcome)
            for values, outcome in table
            if values[name] == said
        ]
        for members, same in groups:
            if same == rows:
                members.append(said)
                break
        else:
            groups.append(([said], rows))
    return groups


def _values(name: str, table: Table) -> list[Any]:
    found: list[Any] = []
    for values, _ in table:
        if values[name] not in found:
            found.append(values[name])
    return found


def _shown(one: Told, said: list[object], others: list[object], quoted: bool) -> str:
    if not quoted and others and len(said) > max(2, len(others)):
        return "not " + " or ".join(_word(one, each, said) for each in others)
    return " or ".join(dict.fromkeys(_word(one, each, said) for each in said))


def _word(one: Told, said: object, beside: list[object]) -> str:
    if said is None or said == ():
        return "not given"
    if one.kind is Kind.CHOICE:
        return str(said)
    if one.kind is Kind.YES_NO:
        return str(said).lower()
    alone = one.kind is Kind.TEXT and len(beside) == 1
    return ("anything else" if said == _ANOTHER else str(said)) if alone else "given"


def _plain(said: object) -> str:
    return str(getattr(said, "text", said))


def _words(value: object) -> str:
    return _RESOLVED.get(str(value), str(value))

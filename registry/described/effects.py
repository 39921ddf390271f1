"""What an event type does to layers, in words.

Where a value is a function of the event, the function is asked: with each choice, each yes or no,
and with optional fields left out, until it is known on which fields the value depends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from itertools import product
from types import SimpleNamespace
from typing import Any, Final

from registry import codec
from registry.described.examples import example
from registry.domain.catalogue import Event, required
from registry.domain.fields import Kind, Told, told_by
from registry.domain.layers import LAYERS
from registry.domain.sets import At, Sets

AT_WORDS: Final = {
    At.OCCURRED: "on the day it `occurred`",
    At.EFFECTIVE: "from `effective`, where that is given",
    At.TAKES_EFFECT: "from `effective` where given, else from `occurred`",
    At.OVER: "from the first day of `over`",
}
_RESOLVED: Final = {
    "@in_charge": "charge_ad_interim while the mission stands, else vacant",
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

    def __str__(self) -> str:
        layer = "the layer named in `layer`" if self.layer == _NAMED_LAYER else self.layer
        words = f"{layer} = {'; '.join(map(str, self.outcomes))}, {AT_WORDS[self.at]}"
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
            Effect(each.layer, tuple(_outcomes(cls, each)), each.at, each.assumption)
            for each in cls.SETS
        )
    return _EFFECTS[cls]


def _outcomes(cls: type[Event], sets: Sets) -> list[Outcome]:
    if not callable(sets.value) and sets.subjects is None:
        return [Outcome(_words(sets.value), "")]
    table = _table(cls, sets)
    reasons = [name for name in table[0][0] if _matters(name, table)]
    if len(reasons) > _MANY_REASONS:
        return [Outcome("as told in its fields", "")]
    wires = {one.name: one.wire for one in told_by(cls)}
    return [
        Outcome(value, " and ".join(when))
        for value, when in _leaves(reasons, table, wires)
        if value is not None
    ]


def _table(cls: type[Event], sets: Sets) -> Table:
    """What is set in every combination of what the fields may say; None for nothing."""
    said = vars(codec.read(example(cls, whole=True)))
    varied = {
        one.name: list(_variants(cls, one, said[one.name]))
        for one in told_by(cls)
        if one.kind is not Kind.RECORD and (one.name in _DATES or one.name not in _COMMON)
    }
    table: Table = []
    for each in product(*varied.values()):
        values = dict(zip(varied, each, strict=True))
        event = SimpleNamespace(**(said | values))
        named = sets.layer == _NAMED_LAYER or bool(sets.keys(event))
        table.append((values, sets.value_of(event) if named else None))
    return table


_DATES: Final = ("occurred", "effective")
_COMMON: Final = frozenset(one.name for one in told_by(Event))


def _variants(cls: type[Event], one: Told, said: object) -> Iterable[object]:
    """A few values that differ in what they could mean; None and () where it may be left out."""
    yield said
    match one.kind:
        case Kind.CHOICE if not one.many:
            yield from (each for each in one.choices if each != said)
        case Kind.YES_NO:
            yield not said
        case Kind.TEXT | Kind.ACTOR | Kind.PARTY if not one.many:
            yield _ANOTHER
    default = next(each.default for each in fields(cls) if each.name == one.name)
    if not required(cls, one) and default in (None, ()):
        yield default
    elif default is MISSING and one.many:
        return


_ANOTHER: Final = "another"


def _matters(name: str, table: Table) -> bool:
    """Whether any two rows that differ in this field alone differ in what is set."""
    found: dict[tuple[str, ...], str | None] = {}
    for values, outcome in table:
        rest = tuple(repr(value) for other, value in values.items() if other != name)
        if found.setdefault(rest, outcome) != outcome:
            return True
    return False


def _leaves(
    reasons: list[str], table: Table, wires: Mapping[str, str]
) -> list[tuple[str | None, list[str]]]:
    outcomes = list(dict.fromkeys(outcome for _, outcome in table))
    if len(outcomes) == 1:
        return [(None if outcomes[0] is None else _words(outcomes[0]), [])]
    name, *others = reasons
    wire = wires[name]
    as_given, rest = _split(name, table)
    leaves: list[tuple[str | None, list[str]]] = []
    if as_given:
        leaves.append((f"as given in `{wire}`", []))
    for shown, rows in _groups(name, rest):
        when = f"`{wire}` is {' or '.join(shown)}"
        leaves += [(value, [when, *more]) for value, more in _leaves(others, rows, wires)]
    return leaves


def _split(name: str, table: Table) -> tuple[Table, Table]:
    """The rows in which the field's own value is what is set, and the rest."""
    as_given: Table = []
    rest: Table = []
    for said in {repr(values[name]): values[name] for values, _ in table}.values():
        rows = [row for row in table if row[0][name] == said]
        given = said is not None and all(outcome == _plain(said) for _, outcome in rows)
        (as_given if given else rest).extend(rows)
    # One value that happens to be named like what it sets is a choice, not a quotation.
    one_of_several = len({repr(values[name]) for values, _ in as_given}) == 1
    return ([], table) if one_of_several and rest else (as_given, rest)


def _groups(name: str, table: Table) -> list[tuple[list[str], Table]]:
    """The field's values that lead to the same, together, with their rows."""
    groups: dict[str, tuple[list[str], Table]] = {}
    for said in {repr(values[name]): values[name] for values, _ in table}.values():
        rows = [
            ({other: value for other, value in values.items() if other != name}, outcome)
            for values, outcome in table
            if values[name] == said
        ]
        groups.setdefault(repr(rows), ([], rows))[0].append(_shown(said))
    return list(groups.values())


def _shown(said: object) -> str:
    if said is None or said == ():
        return "not given"
    if isinstance(said, bool):
        return str(said).lower()
    return said if isinstance(said, str) else "given"


def _plain(said: object) -> str:
    return str(getattr(said, "text", said))


def _words(value: object) -> str:
    text = str(value)
    return _RESOLVED.get(text, text)


def subject_words(layer: str) -> str:
    """The parts that name a subject of this layer."""
    return " × ".join(LAYERS[layer].parts)

"""A difference in words: each layer before and after, in sentences and as rows of a table."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from registry.domain.layers import LAYERS
from registry.domain.parties import looks_like_party
from registry.explore.naming import Link, Namer, namer_of
from registry.explore.on_the_day import Sentence, said_on, since_said
from registry.explore.pair_picture import subject_said, values_said
from registry.queries.answers import Subject
from registry.queries.comparing import Changed
from registry.queries.moved import Two
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import language
from registry.web.wording import Names

OF_ONE = ("name", "existence")


@dataclass(frozen=True)
class Difference:
    """`words`: what of; `was`, `now`: the values in a few words; sentences without links."""

    words: str
    before: Sentence
    after: Sentence
    was: str
    now: str
    since: str
    because: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Differences that belong together. `kind`: own, party, agreement; `key`: which."""

    kind: str
    key: str
    title: str
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Renamed:
    kind: str
    key: str
    was: str
    now: str


def told(
    two: Two, changed: Sequence[Changed], keys: Sequence[str], link: Link | None
) -> list[Group]:
    """`keys`: the ids of what is compared; what concerns them alone comes first."""
    before, after = (_namer(view, changed) for view in (two.before, two.after))
    linked = Namer(after.names, link, after.sources)
    before = replace(before, names=_filled(before.names, after.names))
    grouped: dict[tuple[str, str], list[Difference]] = {}
    was = said_on(two.before, (each.before for each in changed), namer=before)
    now = said_on(two.after, (each.after for each in changed), namer=linked)
    for each, earlier, later in zip(changed, was, now, strict=True):
        grouped.setdefault(_belongs(each, keys), []).append(
            Difference(
                _about(each, after),
                earlier,
                later,
                _values(each.before, before),
                _values(each.after, after),
                since_said(each.after),
                each.because,
            )
        )
    groups = [
        Group(kind, key, _title(kind, key, keys, after), tuple(found))
        for (kind, key), found in grouped.items()
    ]
    return sorted(groups, key=lambda group: (_KINDS.index(group.kind), group.title))


_KINDS = ("own", "party", "agreement")


def renamed(two: Two, parties: Iterable[str], agreements: Iterable[str]) -> list[Renamed]:
    """Those of them that are called otherwise at the later point."""
    made: list[Renamed] = []
    for kind, keys in (("party", set(parties)), ("agreement", set(agreements))):
        was, now = (
            view.directory.labels(kind, keys, view.day, view.threshold, language())
            for view in (two.before, two.after)
        )
        made += [
            Renamed(kind, key, was[key], now[key])
            for key in sorted(was.keys() & now.keys())
            if was[key] != now[key]
        ]
    return made


def named_in(changed: Iterable[Changed]) -> tuple[set[str], set[str]]:
    """The parties and the agreements that the differences are about."""
    parties: set[str] = set()
    agreements: set[str] = set()
    for each in changed:
        parties |= set(_parties(each))
        subject = each.after["subject"]
        agreements |= {str(subject[n]) for n in ("agreement", "under") if subject.get(n)}
    return parties, agreements


def _namer(view: View, changed: Iterable[Changed]) -> Namer:
    every = list(changed)
    parties, agreements = named_in(every)
    subjects: list[Subject] = [(each.layer, each.key) for each in every if each.layer in LAYERS]
    values = {
        value
        for each in every
        if each.layer in ("protecting_power", "depositary")
        for answer in (each.before, each.after)
        for value in answer["possible"]
        if looks_like_party(value)
    }
    return namer_of(view, subjects=subjects, parties=parties | values, agreements=agreements)


def _filled(names: Names, others: Names) -> Names:
    """What had no name yet at the earlier point is called as it is at the later one."""
    return Names({**others.parties, **names.parties}, {**others.agreements, **names.agreements})


def _parties(each: Changed) -> tuple[str, ...]:
    if each.layer in LAYERS:
        return LAYERS[each.layer].party_parts(each.key)
    return (str(each.after["subject"]["party"]),)


def _belongs(each: Changed, keys: Sequence[str]) -> tuple[str, str]:
    """To what is compared itself, else to the other party or the agreement."""
    subject = each.after["subject"]
    agreement = str(subject.get("agreement", ""))
    if agreement and agreement not in keys:
        return "agreement", agreement
    others = [party for party in _parties(each)[:2] if party not in keys]
    return ("party", others[0]) if others else ("own", "")


def _title(kind: str, key: str, keys: Sequence[str], namer: Namer) -> str:
    if kind == "party":
        return namer.names.party(key)
    if kind == "agreement":
        return namer.names.agreement(key)
    return _("Between the two") if len(keys) > 1 else _("Itself")


def _about(each: Changed, namer: Namer) -> str:
    return subject_said((each.layer, each.key), namer, each.after["subject"])


def _values(answer: Mapping[str, Any], namer: Namer) -> str:
    layer = str(answer["layer"])
    if answer["basis"] == "default":
        return _("nothing recorded")
    return values_said(layer, answer["possible"], namer, certain=bool(answer["certain"]))

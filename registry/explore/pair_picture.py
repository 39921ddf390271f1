"""The layers between two parties as timelines, one under the other; and those of which nothing is recorded."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.explore.days import day_said
from registry.queries.answers import Subject
from registry.queries.competing import Account
from registry.queries.relations import DIRECTED, PAIR
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.timeline import Claim, Line, Picture, drawn, line
from registry.web.wording import Names, answer_words, layer_words, subject_words, value_words

Runs = Sequence[Mapping[str, Any]]

ORDER: Final = (
    *("diplomatic_relations", "consular_relations", "recognition_state"),
    *("recognition_government", "representation", "head_of_mission", "consular_post"),
    *("protecting_power", "agency_presence", "assistance", "sanctions", "obligation"),
    *("membership", "suspension_between"),
)
"""From what the two are to each other to what each does."""


@dataclass(frozen=True)
class Pictured:
    """`picture`: None where nothing at all is recorded; `silent`: of what nothing is."""

    picture: Picture | None
    silent: tuple[str, ...]


def pictured(
    view: View,
    parties: tuple[str, str],
    runs: Mapping[Subject, Runs],
    accounts: Mapping[Subject, Sequence[tuple[Account, ...]]],
    says: Callable[[str], str],
    names: Names,
    more: Sequence[Line] = (),
) -> Pictured:
    """`says`: who an event's account is by. `more`: lines that are drawn under the layers."""
    told = {each: found for each, found in runs.items() if _tells(found)}
    lines = [
        line(
            line_words(subject, names),
            told[subject],
            lambda layer, possible, certain: answer_words(layer, possible, names, certain=certain),
            _claims(subject[0], accounts.get(subject, ()), says, names),
        )
        for subject in in_order(told, parties[0])
    ]
    lines += more
    picture = None
    if lines:
        words = _(
            "How %(a)s and %(b)s stood to each other over the years",
            a=names.party(parties[0]),
            b=names.party(parties[1]),
        )
        picture = drawn(lines, view.day, "layers", words, day_said(view))
    return Pictured(picture, tuple(_silent(told, parties, names)))


def in_order(subjects: Iterable[Subject], first: str) -> list[Subject]:
    """Layer by layer; of two directions the one from `first` comes first."""

    def place(subject: Subject) -> tuple[int, bool, str]:
        layer, key = subject
        return ORDER.index(layer), not key.startswith(f"{first}|"), key

    return sorted(subjects, key=place)


def line_words(subject: Subject, names: Names) -> str:
    """Diplomatic relations; Representation: the United States in Bolivia."""
    layer, key = subject
    if layer in PAIR:
        return layer_words(layer)
    return f"{layer_words(layer)}: {subject_words(layer, LAYERS[layer].subject(key), names)}"


def _tells(runs: Runs) -> bool:
    return any(set(each["possible"]) - {"unknown", NOT_APPLICABLE} for each in runs)


def _claims(
    layer: str,
    acts: Sequence[tuple[Account, ...]],
    says: Callable[[str], str],
    names: Names,
) -> list[Claim]:
    return [
        Claim(
            each.lo,
            each.hi,
            _(
                "%(what)s, according to %(who)s",
                what=value_words(layer, each.value, names),
                who=says(each.event_id),
            ),
        )
        for act in acts
        for each in act
    ]


def _silent(told: Iterable[Subject], parties: tuple[str, str], names: Names) -> Iterable[str]:
    """The layers without a line: by their names, and one direction alone by who is meant."""
    layers = {layer for layer, _key in told}
    subjects = set(told)
    for layer in ORDER:
        if layer not in layers:
            yield _lowered(layer_words(layer))
        elif layer in DIRECTED:
            for one, other in (parties, parties[::-1]):
                subject = (layer, LAYERS[layer].key(one, other))
                if subject not in subjects:
                    yield _lowered(line_words(subject, names))


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]

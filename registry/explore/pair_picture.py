"""The layers between two parties as timelines, one under the other, and those without a record."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.explore.days import day_said
from registry.explore.holding import layer_said, value_said
from registry.explore.naming import Namer
from registry.explore.sentences.choices import CHOICES
from registry.explore.sentences.layers import KINDS
from registry.queries.answers import Subject
from registry.queries.competing import Account
from registry.queries.relations import DIRECTED, PAIR
from registry.queries.view import View
from registry.web.days_said import any_of
from registry.web.grammar import smoothed
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t
from registry.web.timeline import Claim, Line, Picture, drawn, line

Runs = Sequence[Mapping[str, Any]]
Acts = Mapping[Subject, Sequence[tuple[Account, ...]]]

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
    accounts: Acts,
    says: Callable[[str], str],
    namer: Namer,
    more: Sequence[Line] = (),
) -> Pictured:
    """`says`: who an event's account is by. `more`: lines that are drawn under the layers.

    `namer` has no links: a picture holds none.
    """

    def say(layer: str, possible: Sequence[str], certain: bool) -> str:
        return values_said(layer, possible, namer, certain=certain)

    told = {each: found for each, found in runs.items() if _tells(found)}
    lines = [
        line(
            subject_said(subject, namer),
            told[subject],
            say,
            _claims(subject[0], accounts.get(subject, ()), says, namer),
        )
        for subject in in_order(told, parties[0])
    ]
    lines += more
    picture = None
    if lines:
        a, b = (namer.party(each) for each in parties)
        words = _("How %(a)s and %(b)s stood to each other over the years", a=a, b=b)
        picture = drawn(lines, view.day, "layers", words, day_said(view))
    return Pictured(picture, tuple(_silent(told, parties, namer)))


def in_order(subjects: Iterable[Subject], first: str) -> list[Subject]:
    """Layer by layer; of two directions the one from `first` comes first."""

    def place(subject: Subject) -> tuple[int, bool, str]:
        layer, key = subject
        return ORDER.index(layer), not key.startswith(f"{first}|"), key

    return sorted(subjects, key=place)


def subject_said(subject: Subject, namer: Namer, parts: Mapping[str, Any] | None = None) -> str:
    """Diplomatic relations; Mission: the United States in Bolivia.

    `parts`: of the subject, where the layer is none that is stored.
    """
    layer, key = subject
    if layer in PAIR:
        return layer_said(layer)
    whose = _whose(layer, parts or LAYERS[layer].subject(key), namer)
    return smoothed(_("%(layer)s: %(whose)s", layer=layer_said(layer), whose=whose))


def values_said(
    layer: str, possible: Sequence[str], namer: Namer | None = None, *, certain: bool
) -> str:
    """An embassy; perhaps an embassy; a legation or an embassy."""
    said = [value_said(layer, each, namer) for each in possible]
    if len(said) == 1 and not certain and list(possible) != ["unknown"]:
        return _("perhaps %(value)s", value=said[0])
    return any_of(said)


def _whose(layer: str, subject: Mapping[str, Any], namer: Namer) -> str:
    parts = {
        name: namer.party(str(part)) if isinstance(part, str) else ""
        for name, part in subject.items()
        if name not in _NO_PARTIES
    }
    kinds = CHOICES["kind"] if layer == "assistance" else KINDS
    kind = str(subject.get("kind", ""))
    parts["kind"] = _(kinds[kind]) if kind in kinds else kind
    for name in _AGREEMENTS:
        if name in subject:
            parts[name] = namer.agreement(str(subject[name]))
    if layer == "sanctions" and subject.get("programme"):
        parts["on"] = f"{parts['on']}, {subject['programme']}"
    text = _UNDER if "under" in parts else _WHOSE.get(layer)
    if text is None:
        text = _OF_PARTY if "party" in parts else t("%(agreement)s")
        text = t("%(party)s") if "agreement" not in parts else text
    return _(text, **parts)


_OF_PARTY: Final = t("%(party)s, %(agreement)s")
_UNDER: Final = t("%(provider)s to %(recipient)s, %(kind)s, under %(under)s")
_IN: Final = t("%(sender)s in %(receiver)s")
_WHOSE: Final = {
    "recognition_state": t("of %(to)s by %(from)s"),
    "recognition_government": t("of %(to)s by %(from)s"),
    "representation": _IN,
    "head_of_mission": _IN,
    "consular_post": _IN,
    "protecting_power": _IN,
    "agency_presence": t("%(agency)s in %(host)s"),
    "assistance": t("%(provider)s to %(recipient)s, %(kind)s"),
    "obligation": t("%(from)s towards %(to)s, %(kind)s"),
    "sanctions": t("%(by)s on %(on)s"),
    "membership": t("%(party)s in %(organisation)s"),
    "suspension_between": t("%(agreement)s"),
    "lineage": t("%(agreement)s and %(to_agreement)s"),
}
_AGREEMENTS: Final = ("agreement", "under", "to_agreement")
_NO_PARTIES: Final = (*_AGREEMENTS, "kind", "programme", "relation", "statement")


def _tells(runs: Runs) -> bool:
    return any(set(each["possible"]) - {"unknown", NOT_APPLICABLE} for each in runs)


def _claims(
    layer: str, acts: Sequence[tuple[Account, ...]], says: Callable[[str], str], namer: Namer
) -> list[Claim]:
    return [
        Claim(
            each.lo,
            each.hi,
            _(
                "%(what)s, according to %(who)s",
                what=value_said(layer, each.value, namer),
                who=says(each.event_id),
            ),
        )
        for act in acts
        for each in act
    ]


def _silent(told: Iterable[Subject], parties: tuple[str, str], namer: Namer) -> Iterable[str]:
    """The layers without a line: by their names, and one direction alone by who is meant."""
    subjects = set(told)
    layers = {layer for layer, _key in subjects}
    for layer in ORDER:
        if layer not in layers:
            yield _lowered(layer_said(layer))
        elif layer in DIRECTED:
            for each in (parties, parties[::-1]):
                if (subject := (layer, LAYERS[layer].key(*each))) not in subjects:
                    yield _lowered(subject_said(subject, namer))


def _lowered(words: str) -> str:
    return words[:1].lower() + words[1:]

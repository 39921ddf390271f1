"""What would settle what is open: for each answer that is not certain, on which events it hangs."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.domain.dates import parse
from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.explore.telling import Told
from registry.queries.answers import Subject
from registry.queries.competing import Account
from registry.web.days_said import day_in_words
from registry.web.languages import gettext as _
from registry.web.wording import doubt_words

Said = tuple[Subject, str, str, Mapping[str, Any]]
"""A layer of a subject, its name, its values in words, and its answer."""
Acts = Mapping[Subject, Sequence[tuple[Account, ...]]]


@dataclass(frozen=True)
class Settles:
    """`words`: what one would have to know. `events`: those that leave it open."""

    words: str
    events: tuple[Told, ...]


@dataclass(frozen=True)
class Open:
    """An answer that is not certain. `words`: between what it is open."""

    title: str
    words: str
    settles: tuple[Settles, ...]


def is_open(answer: Mapping[str, Any]) -> bool:
    """Whether readings of what is recorded differ; silence alone is no open answer."""
    return not answer["certain"] and answer["basis"] != "default"


def left_open(said: Iterable[Said], accounts: Acts, told: Mapping[str, Told]) -> list[Open]:
    return [
        Open(
            title,
            words,
            tuple(
                Settles(known, tuple(told[each] for each in events if each in told))
                for known, events in _settling(subject, answer, accounts)
            ),
        )
        for subject, title, words, answer in said
        if is_open(answer)
    ]


def _settling(
    subject: Subject, answer: Mapping[str, Any], accounts: Acts
) -> Iterator[tuple[str, Sequence[str]]]:
    evidence, undetermined = answer["evidence"], answer["undetermined"]
    claims: set[str] = set()
    for act in accounts.get(subject, ()):
        ids = list(dict.fromkeys(each.event_id for each in act))
        if set(ids) & {*evidence, *undetermined}:
            claims |= set(ids)
            yield _("Which of these claims about one act is right:"), ids
    alone = [each for each in undetermined if each not in claims]
    if len(alone) == 1:
        yield _("On which day this happened:"), alone
    elif alone:
        yield _("On which days these happened, or in which order:"), alone
    yield from _silences(subject, answer)
    for doubt in answer["doubts"]:
        yield doubt_words(doubt["code"], doubt["message"]), doubt["events"]


def _silences(subject: Subject, answer: Mapping[str, Any]) -> Iterator[tuple[str, Sequence[str]]]:
    because, possible = answer["because"], answer["possible"]
    silent = {value for value in possible if value not in because}
    if len(possible) > 1 and silent & {LAYERS[subject[0]].default, "unknown"}:
        yield _("What held before the first act that is recorded."), ()
    if len(possible) > 1 and NOT_APPLICABLE in possible:
        yield _("Whether both parties existed on that day:"), because.get(NOT_APPLICABLE, ())
    if "covered_until" in answer and len(possible) == 1:
        if until := answer["covered_until"]:
            day = day_in_words(parse(until).latest)
            yield _("What happened after %(day)s, where the list that was read ends.", day=day), ()
        else:
            yield _("What happened on days that the list that was read does not cover."), ()

"""What would settle what is open: for each answer that is not certain, on which events it hangs."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.queries.answers import Subject
from registry.queries.competing import Account
from registry.web.days_said import all_of, any_of
from registry.web.languages import gettext as _
from registry.web.wording import doubt_words

Documents = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Settles:
    """`words`: what one would have to know. `events`: which leave it open."""

    words: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Open:
    """An answer that is not certain. `words`: between what it is open."""

    subject: Subject
    title: str
    words: str
    settles: tuple[Settles, ...]


def is_open(answer: Mapping[str, Any]) -> bool:
    """Whether readings of what is recorded differ; silence alone is no open answer."""
    return not answer["certain"] and answer["basis"] != "default"


def left_open(
    answers: Iterable[tuple[Subject, str, str, Mapping[str, Any]]],
    accounts: Mapping[Subject, Sequence[tuple[Account, ...]]],
    told: Callable[[str], str],
    when: Callable[[str], str],
) -> list[Open]:
    """`answers`: each with its title and between what it is open.

    `told` names an event in a few words, `when` says the days that it may have been.
    """
    return [
        Open(subject, title, words, tuple(_settling(subject, answer, accounts, told, when)))
        for subject, title, words, answer in answers
        if is_open(answer)
    ]


def _settling(
    subject: Subject,
    answer: Mapping[str, Any],
    accounts: Mapping[Subject, Sequence[tuple[Account, ...]]],
    told: Callable[[str], str],
    when: Callable[[str], str],
) -> Iterable[Settles]:
    named = set(answer["evidence"]) | set(answer["undetermined"])
    claimed: set[str] = set()
    for act in accounts.get(subject, ()):
        ids = list(dict.fromkeys(each.event_id for each in act))
        if not named & set(ids):
            continue
        claimed |= set(ids)
        days = any_of([when(each) for each in ids])
        yield Settles(
            _("which of %(n)s claims about one act is right: %(days)s", n=len(ids), days=days),
            tuple(ids),
        )
    alone = [each for each in answer["undetermined"] if each not in claimed]
    for each in alone:
        yield Settles(
            _(
                "the day of “%(what)s”: %(when)s is all that is recorded",
                what=told(each),
                when=when(each),
            ),
            (each,),
        )
    deciding = [each for each in answer["undetermined"] if each in set(answer["evidence"])]
    if len(alone) > 1 and len(deciding) > 1:
        yield Settles(
            _("which came first, and which last: %(what)s", what=all_of(told(e) for e in deciding)),
            tuple(deciding),
        )
    because = answer["because"]
    silent = [v for v in answer["possible"] if v not in because and v != NOT_APPLICABLE]
    if set(silent) & {LAYERS[subject[0]].default, "unknown"} and len(answer["possible"]) > 1:
        yield Settles(_("what held before the first act that is recorded"), ())
    if NOT_APPLICABLE in answer["possible"]:
        yield Settles(
            _("whether both parties existed on that day"), tuple(because.get(NOT_APPLICABLE, ()))
        )
    if "covered_until" in answer and len(answer["possible"]) == 1:
        yield Settles(
            _(
                "what happened after %(day)s: until then a source lists all there was",
                day=answer["covered_until"],
            )
            if answer["covered_until"]
            else _("what happened outside the days of which a source lists all there was"),
            (),
        )
    for doubt in answer["doubts"]:
        yield Settles(doubt_words(doubt["code"], doubt["message"]), tuple(doubt["events"]))

"""What would change if this were recorded: it is recorded, looked at, and taken back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import orjson
from sqlalchemy import Connection, Engine

from registry.domain.confidence import Confidence
from registry.domain.doubts import Doubt
from registry.domain.entities import label
from registry.domain.errors import Conflict, Invalid, NotFound, Problems
from registry.domain.layers import LAYERS
from registry.projections.known import day_recorded
from registry.projections.plan import Plan
from registry.projections.tables import entity, remark, setting, span
from registry.queries.answers import Subject, answers, known_subjects, starting
from registry.queries.segments import segments
from registry.queries.view import View, open_view
from registry.record import Recorded, Submission, clock, record
from registry.store.engine import writing
from registry.web.timeline import Line, Picture, drawn, line
from registry.web.wording import Names, answer_words, layer_words, names_of, subject_words

Segments = tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Change:
    """What held of one subject of a layer, before and after, as its timeline and today's answer.

    `confidence`: the threshold under which one has to look to see a difference.
    """

    layer: str
    key: str
    title: str
    question: str
    confidence: str
    before: Segments
    after: Segments
    answer_before: Mapping[str, Any]
    answer_after: Mapping[str, Any]
    today_before: str
    today_after: str
    picture: Picture

    @property
    def changes(self) -> bool:
        """Whether anything that holds is different, not only what it rests on."""
        return _held(self.before) != _held(self.after)

    @property
    def changes_today(self) -> bool:
        return self.today_before != self.today_after


@dataclass(frozen=True)
class Entered:
    """A party, agreement or source whose entry in the register changes; `how`: new, changed, gone."""

    kind: str
    key: str
    name: str
    how: str


@dataclass(frozen=True)
class Preview:
    """`problems`: why it would be refused; then nothing else is told."""

    changes: tuple[Change, ...] = ()
    entered: tuple[Entered, ...] = ()
    doubts: tuple[Doubt, ...] = ()
    problems: tuple[Invalid, ...] = ()
    more: int = 0

    @property
    def refused(self) -> bool:
        return bool(self.problems)

    @property
    def differences(self) -> tuple[Change, ...]:
        return tuple(each for each in self.changes if each.changes)

    @property
    def same(self) -> tuple[Change, ...]:
        """What is spoken of without anything in it becoming different."""
        return tuple(each for each in self.changes if not each.changes)


MOST: Final = 40
"""Subjects that are shown; of the others only their number is told."""


def preview(engine: Engine, submissions: Sequence[Submission], recorded_by: str) -> Preview:
    """The register after these events beside what it is now; nothing of it stays."""
    try:
        with writing(engine) as conn:
            _take_back(_looked_at(conn, submissions, recorded_by))
    except _TakenBack as end:
        return end.seen
    except Problems as wrong:
        return Preview(problems=wrong.each)
    except Invalid as wrong:
        return Preview(problems=(wrong,))
    except (NotFound, Conflict) as wrong:
        return Preview(problems=(Invalid(str(wrong)),))


class _TakenBack(Exception):
    """Ends the transaction without an error."""

    def __init__(self, seen: Preview) -> None:
        super().__init__()
        self.seen = seen


def _take_back(seen: Preview) -> NoReturn:
    raise _TakenBack(seen)


def _looked_at(conn: Connection, submissions: Sequence[Submission], recorded_by: str) -> Preview:
    plans: list[Plan] = []
    made = record(conn, submissions, recorded_by, written=plans.append)
    touched, more = _touched(conn, plans)
    found: dict[Subject, Change] = {}
    for threshold in (Confidence.REPORTED, Confidence.ALLEGED, Confidence.CONFIRMED):
        rest = [each for each in touched if each not in found or not found[each].changes]
        if not rest:
            break
        before, after = _views(conn, made, threshold)
        for each in _changes(before, after, rest):
            if each.changes or (each.layer, each.key) not in found:
                found[each.layer, each.key] = each
    return Preview(
        tuple(found[each] for each in touched if each in found),
        tuple(_entered(plans)),
        tuple(_doubts(made, plans)),
        more=more,
    )


def _views(conn: Connection, made: Sequence[Recorded], threshold: Confidence) -> tuple[View, View]:
    """Before and after, from within the same transaction: what was known then and now."""
    earlier = f"@{made[0].position - 1}"
    return (
        open_view(conn, as_of=None, known_at=earlier, confidence=threshold.word),
        open_view(conn, as_of=None, known_at=None, confidence=threshold.word),
    )


def _touched(conn: Connection, plans: Iterable[Plan]) -> tuple[list[Subject], int]:
    """The subjects of which any row was closed or written; and how many more there are."""
    found: dict[Subject, None] = {}
    whole: list[Subject] = []
    for made in plans:
        for table in (setting, span, remark):
            change = made.changes.get(table)
            for row in (*change.closed, *change.insert) if change else ():
                subject = (str(row["layer"]), str(row["subject"]))
                if subject[1].endswith("|*"):
                    whole.append(subject)
                else:
                    found[subject] = None
    view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
    for layer, key in whole:  # said of all parties of an agreement
        found |= dict.fromkeys(known_subjects(view, [layer], *starting(key[:-1])))
    order = list(LAYERS)
    ranked = sorted(found, key=lambda each: (order.index(each[0]), each[1]))
    return ranked[:MOST], max(len(ranked) - MOST, 0)


def _changes(before: View, after: View, subjects: Sequence[Subject]) -> Iterable[Change]:
    if not subjects:
        return
    was, now = _by_subject(before, subjects), _by_subject(after, subjects)
    said_before, said_after = answers(before, subjects), answers(after, subjects)
    names = names_of(
        after, subjects, _named(subjects, (*said_before.values(), *said_after.values()))
    )
    today = day_recorded(clock())

    def say(layer: str, possible: Sequence[str], certain: bool) -> str:
        return answer_words(layer, possible, names, certain=certain)

    for place, each in enumerate(subjects, start=1):
        layer, key = each
        subject = subject_words(layer, LAYERS[layer].subject(key), names)
        lines = [line("Now", was[each], say), line("After saving", now[each], say)]
        title = f"{layer_words(layer)}: {subject}"
        yield Change(
            layer,
            key,
            title,
            LAYERS[layer].question,
            after.threshold.word,
            was[each],
            now[each],
            said_before[each],
            said_after[each],
            _today(said_before[each], names),
            _today(said_after[each], names),
            _picture(lines, today, f"preview-{after.threshold.word}-{place}", title),
        )


def _picture(lines: Sequence[Line], today: int, name: str, title: str) -> Picture:
    return drawn(lines, today, name, f"{title}, as it is now and as it would be after saving")


def _by_subject(view: View, subjects: Sequence[Subject]) -> dict[Subject, Segments]:
    found: dict[Subject, list[Mapping[str, Any]]] = {each: [] for each in subjects}
    for each in segments(view, subjects):
        found[each["layer"], LAYERS[each["layer"]].key_of(each["subject"])].append(each)
    return {each: tuple(rows) for each, rows in found.items()}


def _named(subjects: Sequence[Subject], said: Iterable[Mapping[str, Any]]) -> list[str]:
    """The parties that are values, as protecting powers are."""
    if all(layer != "protecting_power" for layer, _ in subjects):
        return []
    return [each for answer in said for each in answer["possible"]]


def _today(answer: Mapping[str, Any], names: Names) -> str:
    if answer["basis"] == "default":
        return "nothing on record" if answer["value"] != "none" else "none on record"
    certain = bool(answer["certain"])
    return answer_words(answer["layer"], answer["possible"], names, certain=certain)


def _held(runs: Segments) -> list[tuple[Any, ...]]:
    return [(r["from"], r["to"], r["possible"], r["certain"]) for r in runs]


def _entered(plans: Iterable[Plan]) -> Iterable[Entered]:
    for made in plans:
        change = made.changes.get(entity)
        if change is None:
            continue
        old = {(row["kind"], row["key"]): row for row in change.closed}
        new = {(row["kind"], row["key"]): row for row in change.insert}
        for kind, key in {**old, **new}:
            how = "changed" if (kind, key) in old and (kind, key) in new else "new"
            if (kind, key) not in new:
                how = "gone"
            doc = orjson.loads((new.get((kind, key)) or old[kind, key])["doc"])
            name = doc["title"] if kind == "source" else label(doc, _EVER, Confidence.REPORTED)
            yield Entered(kind, key, name, how)


_EVER: Final = 2_000_000_000


def _doubts(made: Iterable[Recorded], plans: Iterable[Plan]) -> Iterable[Doubt]:
    """Each once: those about these events, and those that others get by them."""
    found = [doubt for each in made for doubt in each.doubts]
    found += [doubt for each in plans for doubt in each.doubts]
    yield from dict.fromkeys(found)

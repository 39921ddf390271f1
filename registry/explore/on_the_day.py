"""What held on a day, as plain sentences: one for each answer of a layer."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from registry.domain.dates import Day, day_of
from registry.domain.layers import LAYERS
from registry.domain.parties import looks_like_party
from registry.explore.dates_said import at, since_window
from registry.explore.holding import holds, none_recorded, unrecorded
from registry.explore.naming import Link, Namer, namer_of
from registry.explore.telling import finished
from registry.queries.view import View
from registry.web.days_said import day_in_words
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

Answer = Mapping[str, Any]


@dataclass(frozen=True)
class Sentence:
    """An answer in words; Markup where links were asked for.

    `text`: a whole sentence with its day and a full stop. `clause`: without its day. `tag`:
    certain, possible or unknown, which is said as certain, possible, nothing recorded. `since`: a
    half sentence, empty where no day is known or readings differ. `evidence`: ids of events.
    """

    layer: str
    subject: Mapping[str, Any]
    text: str
    clause: str
    tag: str
    since: str
    evidence: tuple[str, ...]

    @property
    def tag_said(self) -> str:
        return _(TAGS[self.tag])

    @property
    def whole(self) -> str:
        """On 1 June 2009 Bolivia and the United States had diplomatic relations (certain)."""
        if self.tag == "unknown":
            return self.text
        marked = f"{self.text.removesuffix('.')} ({self.tag_said})."
        return type(self.text)(marked)


TAGS: Final = {"certain": t("certain"), "possible": t("possible"), "unknown": t("nothing recorded")}


def said_on(
    view: View, answers: Iterable[Answer], link: Link | None = None, namer: Namer | None = None
) -> list[Sentence]:
    """A sentence for each answer, in their order, on the day of the view."""
    given = list(answers)
    called = namer or _namer(view, given, link)
    return [sentence(each, at(view.as_of), called) for each in given]


def sentence(answer: Answer, on_day: str, namer: Namer) -> Sentence:
    """`on_day`: the day as a phrase: on 1 June 2009."""
    layer, subject, possible = str(answer["layer"]), answer["subject"], list(answer["possible"])
    tag = tag_of(answer)
    since = ""
    if tag == "unknown":
        clause = _silence(answer, namer)
    elif tag == "certain":
        since = since_said(answer)
        clause = holds(layer, subject, possible[0], namer)
        if answer["basis"] == "coverage":
            clause = namer.fill(t("%(what)s, by a list that is complete"), {"what": clause})
    elif len(possible) == 1:
        clause = _as_far_as_recorded(answer, namer)
    else:
        readings = [_reading(layer, subject, each, namer) for each in possible]
        clause = namer.fill(
            t("it is open on the record whether %(readings)s"), {"readings": _or(readings, namer)}
        )
    said = namer.fill(t("%(on_day)s %(clause)s"), {"on_day": on_day, "clause": clause})
    if since:
        said = namer.fill(t("%(what)s, %(since)s"), {"what": said, "since": since})
    evidence = tuple(answer.get("evidence", ()))
    return Sentence(layer, subject, finished(said), clause, tag, since, evidence)


def tag_of(answer: Answer) -> str:
    """Certain, possible or unknown: which of the three the answer is."""
    possible = list(answer["possible"])
    if not possible or possible == ["unknown"] or answer.get("basis") == "default":
        return "unknown"
    return "certain" if answer["certain"] else "possible"


def since_said(answer: Answer) -> str:
    """Since 10 December 1981; since some day in 2011; empty where nothing is known of it."""
    return since_window(*_window(answer.get("since")))


def _window(said: Mapping[str, str | None] | None) -> tuple[Day | None, Day | None]:
    if said is None:
        return None, None
    return _day(said["earliest"]), _day(said["latest"])


def _day(text: str | None) -> Day | None:
    """The inverse of `iso`, years of more than four digits included."""
    if text is None:
        return None
    year, month, day = text.rsplit("-", 2)
    return day_of(int(year), int(month), int(day))


def _silence(answer: Answer, namer: Namer) -> str:
    layer = str(answer["layer"])
    if list(answer["possible"]) == ["none"]:
        return none_recorded(layer, answer["subject"], namer)
    return unrecorded(layer, answer["subject"], namer)


def _as_far_as_recorded(answer: Answer, namer: Namer) -> str:
    """One reading, and yet no certainty: a list is known to be complete only up to a day."""
    (value,) = answer["possible"]
    what = holds(str(answer["layer"]), answer["subject"], value, namer)
    if (until := _day(answer.get("covered_until"))) is not None:
        return namer.fill(
            t("%(what)s, as far as is recorded; the list is complete only up to %(day)s"),
            {"what": what, "day": day_in_words(until)},
        )
    return namer.fill(t("it is open on the record whether %(readings)s"), {"readings": what})


def _reading(layer: str, subject: Mapping[str, Any], value: str, namer: Namer) -> str:
    if value == "unknown":
        return _("nothing is recorded of it yet")
    return holds(layer, subject, value, namer)


def _or(readings: list[str], namer: Namer) -> str:
    said = readings[0]
    for each in readings[1:]:
        said = namer.fill(t("%(one)s, or %(other)s"), {"one": said, "other": each})
    return said


def _namer(view: View, answers: list[Answer], link: Link | None) -> Namer:
    subjects = [
        (each["layer"], LAYERS[each["layer"]].key_of(each["subject"]))
        for each in answers
        if each["layer"] in LAYERS
    ]
    bound = [each["subject"] for each in answers if each["layer"] not in LAYERS]
    return namer_of(
        view,
        link,
        subjects=subjects,
        parties=[*_valued(answers), *(str(each["party"]) for each in bound)],
        agreements=[str(each["agreement"]) for each in bound],
    )


def _valued(answers: Iterable[Answer]) -> Iterator[str]:
    """Parties that are values, as protecting powers and depositaries."""
    for each in answers:
        if each["layer"] in ("protecting_power", "depositary"):
            yield from (value for value in each["possible"] if looks_like_party(value))

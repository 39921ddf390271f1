"""The answer to one question in plain words: was this party bound on that day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.explore.days import day_said
from registry.explore.naming import namer_of
from registry.explore.shown import Looking
from registry.explore.telling import Told, events_told
from registry.queries import events as of_events
from registry.queries.bound import BOUND, NOT_BOUND, PROVISIONALLY
from registry.web.languages import gettext as _

REASONS = 12


@dataclass(frozen=True)
class Asked:
    """`sure`: certain, possible or unknown. `reasons`: the events that the answer rests on."""

    sentence: str
    sure: str
    reasons: tuple[Told, ...]


def asked_of(here: Looking, answer: Mapping[str, Any], party: str) -> Asked:
    """From the answer of `bound` for the party."""
    view = here.view
    who = namer_of(view, parties=[party]).party(party)
    documents = of_events.documents(view, answer["evidence"][:REASONS])
    told = events_told(view, documents, here.link)
    order = sorted(documents, key=lambda each: str(documents[each].get("occurred") or ""))
    sentence, sure = _said(answer, who, day_said(view))
    return Asked(sentence, sure, tuple(told[each] for each in order))


def _said(answer: Mapping[str, Any], who: str, day: str) -> tuple[str, str]:
    parts = {"day": day, "party": who}
    if answer["basis"] == "default":
        said = _(
            "Nothing is recorded of %(party)s taking part in this agreement by %(day)s.", **parts
        )
        return said, "unknown"
    if answer["value"] == "not_applicable":
        return _("On %(day)s %(party)s did not exist (certain).", **parts), "certain"
    if answer["certain"]:
        return _certainly(answer["value"], parts), "certain"
    possible = [each for each in (BOUND, PROVISIONALLY, NOT_BOUND) if each in answer["possible"]]
    if len(possible) > 1:
        said = _(
            "Whether %(party)s was bound on %(day)s is open on the record: it is possible, and "
            "not certain.",
            **parts,
        )
        return said, "possible"
    if possible == [NOT_BOUND]:
        said = _(
            "Nothing recorded says that %(party)s was bound on %(day)s; the record is not "
            "complete enough to be certain.",
            **parts,
        )
        return said, "unknown"
    said = _("On %(day)s %(party)s was perhaps bound (possible).", **parts)
    return said, "possible"


def _certainly(value: str, parts: Mapping[str, str]) -> str:
    match value:
        case "bound":
            return _("On %(day)s %(party)s was bound (certain).", **parts)
        case "provisionally_bound":
            return _("On %(day)s %(party)s applied it provisionally (certain).", **parts)
    return _("On %(day)s %(party)s was not bound (certain).", **parts)

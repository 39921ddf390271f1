"""How two parties stood to each other: the layers as timelines, the day in sentences, the evidence."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from flask import abort, redirect, request

from registry.domain.layers import LAYERS
from registry.explore.dates_said import at
from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.pair_picture import in_order, line_words, pictured
from registry.explore.settling import left_open
from registry.explore.shown import Looking, Shown
from registry.queries import agreements as of_agreements
from registry.queries import relations
from registry.queries.answers import Subject
from registry.queries.competing import accounts_of
from registry.queries.segments import segments
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.pages import plain
from registry.web.wording import Names, answer_words, names_of

ROWS: Final = 40
"""Agreements on a page."""


@shows(blueprint, "/relations/<a>/<b>", "explore/pair.html")
def pair(here: Looking, a: str, b: str) -> Shown:
    view = here.view
    first, second = canonical(here, a, b)
    between = relations.between(view, first, second)
    subjects = list(between.answers)
    accounts = accounts_of(view, subjects)
    names = names_of(view, subjects, [first, second, *_powers(between.answers)])
    documents = between.evidence
    said = pictured(
        view,
        (first, second),
        _by_subject(segments(view, subjects)),
        accounts,
        lambda event_id: _by_whom(documents.get(event_id, {})),
        names,
    )
    titled = [
        (subject, line_words(subject, names), _words(between.answers[subject], names), answer)
        for subject in in_order(between.answers, first)
        if (answer := between.answers[subject])
    ]
    title = _("%(a)s and %(b)s", a=names.party(first), b=names.party(second))
    return Shown(
        title,
        {
            "first": {"id": first, "name": names.party(first)},
            "second": {"id": second, "name": names.party(second)},
            "picture": said.picture,
            "silent": said.silent,
            "titled": [
                (title, words, answer)
                for _s, title, words, answer in titled
                if answer["basis"] != "default"
            ],
            "agreements": _agreements(view, first, second),
            "claims": between.claims,
            "conduct": between.conduct,
            "evidence": _evidence(documents),
            "opened": left_open(
                titled,
                accounts,
                lambda event_id: _told(documents, event_id),
                lambda event_id: _when(documents, event_id),
            ),
        },
        description=_(
            "How %(a)s and %(b)s stood to each other, layer by layer, on any day, with the evidence.",
            a=names.party(first),
            b=names.party(second),
        ),
        api=f"/relations/{first}/{second}",
        csv=here.program(f"/relations/{first}/{second}/timeline", format="csv"),
        subject="pair:" + ":".join(sorted((first, second))),
        feeds=f"/relations/{first}/{second}",
    )


def canonical(here: Looking, a: str, b: str) -> tuple[str, str]:
    """Their ids; where the address names them by codes, the reader is led to that with the ids."""
    found = relations.parties_of(here.view, a, b)
    if found != (a, b):
        path = request.path.replace(f"/{a}/{b}", f"/{found[0]}/{found[1]}")
        abort(redirect(here.to(path, **request.args.to_dict()), 302))
    return found


def _by_subject(runs: Iterable[Mapping[str, Any]]) -> dict[Subject, list[Mapping[str, Any]]]:
    found: dict[Subject, list[Mapping[str, Any]]] = {}
    for each in runs:
        layer = LAYERS[each["layer"]]
        found.setdefault((layer.name, layer.key_of(each["subject"])), []).append(each)
    return found


def _powers(answers: Mapping[Subject, Mapping[str, Any]]) -> list[str]:
    """The parties that are values."""
    return [
        value
        for (layer, _key), answer in answers.items()
        if layer == "protecting_power"
        for value in answer["possible"]
    ]


def _words(answer: Mapping[str, Any], names: Names) -> str:
    certain = bool(answer["certain"])
    return answer_words(answer["layer"], answer["possible"], names, certain=certain)


def _by_whom(document: Mapping[str, Any]) -> str:
    """Whose account an event is: who claims it, else the sources that tell it."""
    if by := document.get("claimed_by"):
        return str(by)
    titles = []
    for cited in document.get("sources", ()):
        record = cited.get("source_record") or {}
        titles.append(str(record.get("publisher") or record.get("title") or cited["source"]))
    return ", ".join(dict.fromkeys(titles)) or _("no source named")


def _told(documents: Mapping[str, Mapping[str, Any]], event_id: str) -> str:
    return plain(documents[event_id]["type"]) if event_id in documents else event_id


def _when(documents: Mapping[str, Mapping[str, Any]], event_id: str) -> str:
    document = documents.get(event_id, {})
    date = document.get("occurred") or document.get("effective")
    return f"{at(date)} ({_by_whom(document)})" if date else _by_whom(document)


def _evidence(documents: Mapping[str, Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(documents.values(), key=lambda d: str(d.get("occurred") or ""))


def _agreements(view: View, first: str, second: str) -> Sequence[Mapping[str, Any]]:
    docs = of_agreements.shared(view, first, second)
    ranked = sorted(docs.values(), key=lambda d: (d.get("form") != "bilateral", d["id"]))
    return of_agreements.between_by(view, first, second, ranked[:ROWS])

"""How two parties stood to each other: the layers as timelines, the day in sentences, the evidence."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from flask import abort, redirect, request

from registry.domain.confidence import BY_WORD
from registry.domain.dates import parse
from registry.domain.layers import LAYERS
from registry.explore.alleged import alleged_of
from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.naming import namer_of
from registry.explore.on_the_day import said_on
from registry.explore.pair_agreements import lines_of, of_two
from registry.explore.pair_picture import in_order, pictured, subject_said, values_said
from registry.explore.settling import left_open
from registry.explore.shown import Looking, Shown
from registry.explore.telling import Told, events_told
from registry.explore.typed import number_in
from registry.queries import relations
from registry.queries.answers import Subject
from registry.queries.competing import accounts_of
from registry.queries.segments import segments
from registry.queries.view import View
from registry.web.languages import gettext as _

START = "agreements_from"


@shows(blueprint, "/relations/<a>/<b>", "explore/pair.html")
def pair(here: Looking, a: str, b: str) -> Shown:
    view = here.view
    first, second = parties = canonical(here, a, b)
    between = relations.between(view, first, second)
    documents = {i: d for i, d in between.evidence.items() if _counts(view, d)}
    subjects = list(between.answers)
    accounts = accounts_of(view, subjects)
    runs = _by_subject(segments(view, subjects))
    shared = of_two(view, first, second, number_in(START))
    namer = namer_of(
        view,
        subjects=subjects,
        documents=documents.values(),
        parties=[*parties, *_powers(between.answers)],
    )
    linked = replace(namer, link=here.link)
    told = events_told(view, documents, here.link)
    by_whom = {each: _by_whom(one) for each, one in told.items()}
    titles = view.directory.labels(
        "agreement", [d["id"] for d in shared.drawn], view.day, view.threshold
    )
    lines = lines_of(view, parties, shared.drawn, titles, _suspended(runs))
    shown = pictured(view, parties, runs, accounts, lambda e: by_whom.get(e, ""), namer, lines)
    titled = [
        (
            subject,
            subject_said(subject, namer),
            values_said(subject[0], answer["possible"], namer, certain=answer["certain"]),
            answer,
        )
        for subject in in_order(between.answers, first)
        if (answer := between.answers[subject])
    ]
    claims = [told[each["event_id"]] for each in between.claims]
    alleged = _alleged(here, parties, claims)
    return Shown(
        namer.join([namer.names.party(first), namer.names.party(second)]),
        {
            "first": {"id": first, "name": namer.names.party(first)},
            "second": {"id": second, "name": namer.names.party(second)},
            "picture": shown.picture,
            "silent": shown.silent,
            "said": [
                each
                for each in said_on(view, (a for *_, a in titled), namer=linked)
                if each.tag != "unknown"
            ],
            "agreements": shared,
            "said_of": lambda each: values_said(
                str(each.get("layer", "bound")), each["possible"], namer, certain=each["certain"]
            ),
            "claims": claims,
            "called": {each: one.called for each, one in told.items()},
            "alleged": alleged,
            "evidence": _by_date(documents, told, {c.event_id for c in claims}),
            "opened": left_open(titled, accounts, told),
        },
        description=_(
            "How %(a)s and %(b)s stood to each other, layer by layer, on any day, with the evidence.",
            a=namer.party(first),
            b=namer.party(second),
        ),
        api=f"/relations/{first}/{second}",
        csv=here.program(f"/relations/{first}/{second}/timeline", format="csv"),
        subject="pair:" + ":".join(sorted(parties)),
        feeds=f"/relations/{first}/{second}",
        alleged=any(each.alleged for each in (*told.values(), *alleged)),
    )


def canonical(here: Looking, a: str, b: str) -> tuple[str, str]:
    """Their ids; where the address names them by codes, the reader is led to that with the ids."""
    found = relations.parties_of(here.view, a, b)
    if found != (a, b):
        path = request.path.replace(f"/{a}/{b}", f"/{found[0]}/{found[1]}")
        abort(redirect(here.to(path, **request.args.to_dict()), 302))
    return found


def _counts(view: View, document: Mapping[str, Any]) -> bool:
    """Whether it may be shown as evidence: a statement may be about what is only alleged."""
    stands = document["standing"]["state"] == "live"
    return stands and BY_WORD[document["confidence"]].counts_at(view.threshold)


def _by_subject(runs: Iterable[Mapping[str, Any]]) -> dict[Subject, list[Mapping[str, Any]]]:
    found: dict[Subject, list[Mapping[str, Any]]] = {}
    for each in runs:
        layer = LAYERS[each["layer"]]
        found.setdefault((layer.name, layer.key_of(each["subject"])), []).append(each)
    return found


def _suspended(
    runs: Mapping[Subject, list[Mapping[str, Any]]],
) -> dict[str, list[Mapping[str, Any]]]:
    return {
        key.rsplit("|", 1)[1]: found
        for (layer, key), found in runs.items()
        if layer == "suspension_between"
    }


def _powers(answers: Mapping[Subject, Mapping[str, Any]]) -> list[str]:
    """The parties that are values."""
    return [
        value
        for (layer, _key), answer in answers.items()
        if layer == "protecting_power"
        for value in answer["possible"]
    ]


def _by_whom(told: Told) -> str:
    """Whose account an event is: the publishers of the sources that tell it."""
    named = dict.fromkeys(each.publisher or each.title for each in told.sources)
    return ", ".join(named) or _("no source named")


def _by_date(
    documents: Mapping[str, Mapping[str, Any]], told: Mapping[str, Told], left_out: set[str]
) -> list[Told]:
    """In order of the days on which they may have happened first; those without one at the end."""

    def place(event_id: str) -> tuple[bool, int, int]:
        document = documents[event_id]
        date = document.get("occurred") or document.get("effective") or ""
        return not date, parse(date).earliest if date else 0, document["position"]

    return [told[each] for each in sorted(documents, key=place) if each not in left_out]


def _alleged(here: Looking, parties: tuple[str, str], shown: Iterable[Told]) -> list[Told]:
    if not here.includes_alleged:
        return []
    already = {each.event_id for each in shown}
    found = alleged_of(here.opened, here.link, parties=parties)
    return [each for each in found if each.event_id not in already]

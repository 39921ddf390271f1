"""A subject compared: between two days, or between two points of what the register knew."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, redirect, request

from registry.domain.dates import parse
from registry.domain.errors import Invalid
from registry.explore import comparing_asked, differing
from registry.explore.comparing_asked import FIELDS, Asked, Form
from registry.explore.days import day_said
from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.naming import namer_of
from registry.explore.shown import POINTS, Looking, Shown
from registry.explore.telling import Told, events_told
from registry.queries import comparing, in_between
from registry.queries.comparing import Compared
from registry.queries.moved import Two
from registry.web.languages import gettext as _
from registry.web.pages import page

TEMPLATE = "explore/compare.html"
ALL = "all"
FIRST = 40
"""Subjects that are looked at unless the reader asks for all."""


@shows(blueprint, "/compare", TEMPLATE)
def compare(here: Looking) -> Shown:
    said = {name: request.args[name] for name in FIELDS if request.args.get(name)}
    form = Form(comparing_asked.boxes(said))
    if not said:
        return _form(here, form)
    try:
        plain = comparing_asked.plainly(here.view, said)
        asked = comparing_asked.asked(here.view, plain)
        two = None
        if asked.days:
            two = comparing.two_days(here.view, *asked.days)
        elif asked.points:
            two = comparing.two_points(here.view, *asked.points)
    except Invalid as wrong:
        return _refused(here, form, wrong)
    if plain != said:
        abort(redirect(here.here(**{**dict.fromkeys(FIELDS), **plain}), 303))
    return _form(here, form) if two is None else _compared(here, form, asked, two)


def _compared(here: Looking, form: Form, asked: Asked, two: Two) -> Shown:
    found = _found(asked, two, comparing.MOST if request.args.get(ALL) else FIRST)
    link = here.link
    groups = differing.told(two, found.changed, asked.keys, link)
    parties, agreements = differing.named_in(found.changed)
    if asked.kind == "agreement":
        agreements.update(asked.keys)
    else:
        parties.update(asked.keys)
    documents, more = found.evidence, False
    recorded: list[Told] = []
    if two.by_knowledge:
        between, more = in_between.recorded_between(two, asked.tags, here.opened.threshold)
        recorded = list(events_told(two.after, between, link).values())
    elif asked.kind != "agreement":
        documents = {**documents, **in_between.happened_between(two, *asked.keys)}
    evidence = events_told(two.after, documents, link)
    namer = namer_of(
        two.after,
        parties=() if asked.kind == "agreement" else asked.keys,
        agreements=asked.keys if asked.kind == "agreement" else (),
    )
    named = namer.names.agreement if asked.kind == "agreement" else namer.names.party
    who = " – ".join(named(each) for each in asked.keys)
    before, after = _ends(two)
    return Shown(
        _("%(who)s: %(before)s and %(after)s compared", who=who, before=before, after=after),
        {
            "form": form,
            "examples": (),
            "asked": asked,
            "who": who,
            "two": two,
            "before": before,
            "after": after,
            "groups": groups,
            "more": found.more,
            "all_asked": ALL in request.args,
            "renamed": _renamed(two, asked, parties, agreements),
            "recorded": recorded,
            "more_recorded": more,
            "evidence": _by_date(documents, evidence),
            "told": evidence,
        },
        description=_("What changed between two days, or between two points of knowledge."),
        subject=asked.subject,
        alleged=any(each.alleged for each in (*evidence.values(), *recorded)),
        **_api(asked),
    )


def _found(asked: Asked, two: Two, most: int) -> Compared:
    key, *other = asked.keys
    match asked.kind:
        case "party":
            return comparing.of_party(two, key, most)
        case "pair":
            return comparing.of_pair(two, key, other[0], most)
    return comparing.of_agreement(two, key)


def _renamed(
    two: Two, asked: Asked, parties: set[str], agreements: set[str]
) -> list[differing.Renamed]:
    """Beside what is told of the party's own name as a layer."""
    if asked.kind == "party":
        parties = parties - set(asked.keys)
    return differing.renamed(two, parties, agreements)


def _ends(two: Two) -> tuple[str, str]:
    if not two.by_knowledge and two.before.as_of != two.after.as_of:
        return day_said(two.before), day_said(two.after)
    return (
        _("position %(position)s", position=two.before.moment),
        _("position %(position)s", position=two.after.moment),
    )


def _api(asked: Asked) -> dict[str, Any]:
    """Only what changed between a pair's two days is one answer of the API."""
    if asked.kind != "pair" or asked.days is None:
        return {}
    a, b = asked.keys
    return {
        "api": f"/relations/{a}/{b}/changes",
        "asks": {"from": asked.days[0], "to": asked.days[1]},
    }


def _by_date(
    documents: Mapping[str, Mapping[str, Any]], told: Mapping[str, Told]
) -> Sequence[Told]:
    def place(event_id: str) -> tuple[int, int]:
        document = documents[event_id]
        date = document.get("occurred") or document.get("effective")
        return parse(date).earliest if date else 0, document["position"]

    return [told[each] for each in sorted(documents, key=place)]


def _form(here: Looking, form: Form) -> Shown:
    return Shown(
        _("Compare two days, or two points of knowledge"),
        {"form": form, "asked": None, "examples": _examples(here)},
        description=_("What changed between two days, or in what the register knew."),
    )


def _refused(here: Looking, form: Form, wrong: Invalid) -> Shown:
    box = wrong.field if wrong.field in FIELDS else "a"
    form.wrong[box] = wrong.message
    form.offers = wrong.offers
    shown = _form(here, form)
    kept = {n: v for n, v in request.args.items() if n not in (*POINTS, "cursor")}
    response = page(
        TEMPLATE, 422, **shown.words, looking=here, shown=shown, title=shown.title, kept=kept
    )
    abort(response)


def _examples(here: Looking) -> list[dict[str, str]]:
    return [
        {
            "words": _("Bolivia between 1 January 2008 and 30 June 2012"),
            "address": here.to("/compare", of="party:BOL", from_="2008-01-01", to="2012-06-30"),
        },
        {
            "words": _("Bolivia and the United States before and after September 2008"),
            "address": here.to("/compare", of="pair:BOL:USA", from_="2008-09-01", to="2008-10-01"),
        },
        {
            "words": _("The Single Convention between 2011 and 2013"),
            "address": here.to(
                "/compare",
                of="agreement:un-single-convention-1961-as-amended",
                from_="2011-01-01",
                to="2013-06-01",
            ),
        },
    ]

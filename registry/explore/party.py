"""A party: what it was called, how it stood to others, what bound it, what it did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import abort, redirect, request

from registry.domain.entities import called
from registry.domain.errors import Invalid
from registry.domain.events.parties import PartySucceededBy
from registry.domain.layers import LAYERS
from registry.explore.alleged import alleged_of
from registry.explore.dates_said import at
from registry.explore.desk import blueprint
from registry.explore.holding import value_said
from registry.explore.looking import shows
from registry.explore.naming import Namer, namer_of
from registry.explore.numbered import numbered
from registry.explore.on_the_day import Sentence, said_on
from registry.explore.party_relations import ONLY, chosen, row_of, silent
from registry.explore.shown import Looking, Shown
from registry.explore.telling import Told, events_told
from registry.explore.typed import number_in
from registry.queries import events as of_events
from registry.queries import parties, party_line
from registry.queries.commitments import GROUPS, Commitment, commitments
from registry.queries.view import View
from registry.web.days_said import any_of
from registry.web.languages import gettext as _
from registry.web.languages import language
from registry.web.languages import text_of as t

KINDS: Final = {
    "state": t("State"),
    "organisation": t("Organisation"),
    "agency": t("Agency"),
    "territory": t("Territory"),
    "non_state": t("Party that is no state"),
}
SCHEMES: Final = {
    "iso3": "ISO 3166-1 alpha-3",
    "iso2": "ISO 3166-1 alpha-2",
    "isohist": "ISO 3166-3",
    "cow": "Correlates of War",
    "gw": "Gleditsch and Ward",
    "wikidata": "Wikidata",
}
GROUPS_SAID: Final = {
    "bound": t("Bound by"),
    "possibly_bound": t("Possibly bound by"),
    "signatory": t("Signed or consented to, and not bound by"),
    "formerly_bound": t("No longer bound by"),
}
LINES_SAID: Final = {
    "": t("everything"),
    "agreements": t("acts about agreements"),
    "relations": t("relations and missions"),
    "conduct": t("conduct"),
    "party": t("itself"),
}
OTHERS: Final = 60
FIRST: Final = 8
OF_GROUP: Final = 100
EVENTS: Final = 20


@dataclass(frozen=True)
class Entry:
    """An agreement in a list: how it took part, in words, and how sure that is."""

    id: str
    title: str
    words: str
    tag: str


@dataclass(frozen=True)
class Group:
    name: str
    words: str
    count: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Line:
    """One page of what happened. `more`: whether there are earlier ones."""

    told: tuple[Told, ...]
    number: int
    more: bool


@shows(blueprint, "/parties/<party>", "explore/party.html")
def party(here: Looking, party: str) -> Shown:
    view = here.view
    key = canonical(here, party)
    one = parties.one(view, key)
    doc = view.directory.docs("party", [key])[key]
    stood = commitments(view, key)
    only = request.args.get("only", "")
    items = parties.relations_in_short(view, key)
    met = chosen(items, only, _agreed_alone(view, key, stood) if only == "agreements" else ())
    page = numbered(len(met), OTHERS, request.args.get("others"), "others")
    shown = met[page.start : page.end]
    namer = _namer(view, key, shown)
    line = line_of(here, key)
    alleged = _alleged(here, key, line.told)
    name = namer.names.party(key)
    return Shown(
        name,
        {
            "key": key,
            "kind": _(KINDS[doc["kind"]]),
            "names": names_over_time(view, doc),
            "codes": codes_over_time(doc),
            "life": said_on(view, [one["existence"]], here.link),
            "note": doc.get("note", ""),
            "part_of": doc.get("part_of", ""),
            "namer": namer_of(view, here.link, parties=[key, doc.get("part_of", "")]),
            "successions": successions(here, key, doc),
            "memberships": _told_on(here, one["memberships"]),
            "only": only,
            "choices": {each: _(words) for each, words in ONLY.items()},
            "rows": [row_of(key, each, namer) for each in shown],
            "page": page,
            "silent": sum(silent(each) for each in items),
            "groups": _groups(view, stood),
            "line": line,
            "kinds": {each: _(words) for each, words in LINES_SAID.items()},
            "kind_of_line": request.args.get("line", ""),
            "alleged": alleged,
        },
        description=_(
            "%(party)s on any day: names, relations with others, agreements, and what it did.",
            party=name,
        ),
        api=f"/parties/{key}",
        csv=here.program(f"/parties/{key}/relations", format="csv"),
        subject=f"party:{key}",
        feeds=f"/parties/{key}",
        alleged=any(each.alleged for each in (*line.told, *alleged)),
    )


@shows(blueprint, "/parties/<party>/agreements", "explore/party_agreements.html")
def agreements_of(here: Looking, party: str) -> Shown:
    """One of the groups as a whole, in pages."""
    view = here.view
    key = canonical(here, party)
    group = request.args.get("group", "bound")
    if group not in GROUPS:
        raise Invalid(f"expected one of {', '.join(GROUPS)}; got {group!r}", "group")
    stood = commitments(view, key)
    mine = [each for each in stood if each.group == group]
    page = numbered(len(mine), OF_GROUP, request.args.get("page"), "page")
    name = namer_of(view, parties=[key]).names.party(key)
    return Shown(
        _("%(party)s: agreements", party=name),
        {
            "key": key,
            "name": name,
            "group": group,
            "entries": _entries(view, mine[page.start : page.end]),
            "page": page,
            "groups": [
                (each, _(GROUPS_SAID[each]), sum(one.group == each for one in stood))
                for each in GROUPS
            ],
        },
        description=_("The agreements of %(party)s on any day.", party=name),
        api=f"/parties/{key}/agreements",
        csv=here.program(f"/parties/{key}/agreements", format="csv"),
        subject=f"party:{key}",
    )


def canonical(here: Looking, named: str) -> str:
    """Its id; where the address names it by a code, the reader is led to that with the id."""
    key = here.view.party(named)
    if key != named:
        path = request.path.replace(f"/parties/{named}", f"/parties/{key}", 1)
        abort(redirect(here.to(path, **request.args.to_dict()), 302))
    return key


def names_over_time(view: View, doc: Mapping[str, Any]) -> list[dict[str, str]]:
    """Each name with the words for its time; those in other languages beside it."""
    several = called(doc, view.threshold)
    made = []
    for number, each in enumerate(several):
        since = at(each["since"]) if each.get("since") else ""
        later = several[number + 1].get("since") if number + 1 < len(several) else None
        made.append(
            {
                "name": each["name"],
                "since": _("since it was so named, %(when)s", when=since)
                if since
                else _("as it is recorded"),
                "until": _("until another name was taken, %(when)s", when=at(later))
                if later
                else "",
                "languages": ", ".join(
                    f"{word} ({code})" for code, word in (each.get("languages") or {}).items()
                ),
            }
        )
    return made


def codes_over_time(doc: Mapping[str, Any]) -> list[dict[str, str]]:
    return [
        {
            "scheme": SCHEMES.get(each["scheme"], each["scheme"]),
            "code": each["code"],
            "valid": at(each["valid"]) if each.get("valid") else _("at all times"),
        }
        for each in doc.get("codes", ())
    ]


def successions(here: Looking, key: str, doc: Mapping[str, Any]) -> list[Told]:
    """The acts by which it came after another party, or another came after it."""
    view = here.view
    others = {each["party"] for each in doc.get("succeeded_by") or ()}
    others |= {
        other
        for other, each in view.directory.all("party").items()
        if any(one["party"] == key for one in each.get("succeeded_by") or ())
    }
    found: dict[str, dict[str, Any]] = {}
    for other in sorted(others):
        ids = of_events.about(view, [PartySucceededBy.TYPE], key, other)
        found |= of_events.documents(view, ids)
    return list(events_told(view, found, here.link).values())


def line_of(here: Looking, key: str) -> Line:
    """What it did and what was done to it by the day, the latest first, one page of it."""
    view = here.view
    kind = request.args.get("line", "")
    if kind not in LINES_SAID:
        raise Invalid(
            f"expected one of {', '.join(filter(None, LINES_SAID))}; got {kind!r}", "line"
        )
    if not (number := number_in("events", 1)):
        raise Invalid("expected the number of a page, from 1", "events")
    filed = party_line.filed(view, key, kind, (number - 1) * EVENTS, EVENTS + 1)
    documents = party_line.stands(view, key, filed[:EVENTS])
    told = tuple(events_told(view, documents, here.link).values())
    return Line(told, number, len(filed) > EVENTS)


def _namer(view: View, key: str, items: Sequence[Mapping[str, Any]]) -> Namer:
    subjects = [
        (answer["layer"], LAYERS[answer["layer"]].key_of(answer["subject"]))
        for each in items
        for answer in each["layers"]
    ]
    powers = [
        value
        for each in items
        for answer in each["layers"]
        if answer["layer"] == "protecting_power"
        for value in answer["possible"]
    ]
    return namer_of(view, subjects=subjects, parties=[key, *powers])


def _told_on(here: Looking, answers: Sequence[Mapping[str, Any]]) -> list[Sentence]:
    said = said_on(here.view, answers, here.link)
    return [each for each in said if each.tag != "unknown"]


def _groups(view: View, stood: Sequence[Commitment]) -> list[Group]:
    made = []
    for name in GROUPS:
        mine = [each for each in stood if each.group == name]
        made.append(
            Group(name, _(GROUPS_SAID[name]), len(mine), tuple(_entries(view, mine[:FIRST])))
        )
    return made


def _entries(view: View, several: Sequence[Commitment]) -> list[Entry]:
    slugs = [each.agreement for each in several]
    titles = view.directory.labels("agreement", slugs, view.day, view.threshold, language())
    return [
        Entry(
            each.agreement,
            titles[each.agreement],
            any_of(value_said("participation", value) for value in each.participation),
            "certain" if each.certain else "possible",
        )
        for each in several
    ]


def _agreed_alone(view: View, key: str, stood: Sequence[Commitment]) -> set[str]:
    """The others with whom an agreement between the two alone bound it, or may have."""
    slugs = [each.agreement for each in stood if each.group in ("bound", "possibly_bound")]
    return {
        other
        for doc in view.directory.docs("agreement", slugs).values()
        if doc.get("form") == "bilateral"
        for other in doc.get("parties", ())
        if other != key
    }


def _alleged(here: Looking, key: str, shown: Sequence[Told]) -> list[Told]:
    if not here.includes_alleged:
        return []
    already = {each.event_id for each in shown}
    found = alleged_of(here.opened, here.link, parties=[key])
    return [each for each in found if each.event_id not in already]

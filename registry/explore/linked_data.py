"""What a page is about, as JSON-LD in the words of schema.org: only what is certain on the day."""

from collections.abc import Mapping
from typing import Any, Final

import orjson
from markupsafe import Markup

from registry.domain.entities import called, label
from registry.explore.memento_links import absolute
from registry.explore.shown import Looking
from registry.queries.answers import answers
from registry.web.languages import language

_PARTIES: Final = {
    "state": "Country",
    "territory": "AdministrativeArea",
    "agency": "GovernmentOrganization",
    "organisation": "Organization",
    "non_state": "Organization",
}
_IN_FORCE: Final = {
    "in_force": "InForce",
    "provisional": "PartiallyInForce",
    "suspended": "NotInForce",
    "terminated": "NotInForce",
    "void": "NotInForce",
}


def of(here: Looking, subject: str | None) -> Markup | None:
    """A block of data for the head of the page of a party or an agreement; None of others."""
    kind, _, key = (subject or "").partition(":")
    if kind not in ("party", "agreement"):
        return None
    doc = here.view.directory.docs(kind, [key]).get(key)
    if doc is None:
        return None
    return block(party(here, doc) if kind == "party" else agreement(here, doc))


def block(said: Mapping[str, Any]) -> Markup:
    """A browser does not run it, and nothing in it can end it."""
    text = orjson.dumps(said).decode()
    for sign in "<>&":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(f'<script type="application/ld+json">{text}</script>')  # noqa: S704  # escaped


def party(here: Looking, doc: Mapping[str, Any]) -> dict[str, Any]:
    view = here.view
    name = label(doc, view.day, view.threshold, language())
    names = [each["name"] for each in called(doc, view.threshold)]
    names += [
        each
        for said in called(doc, view.threshold)
        for each in (said.get("languages") or {}).values()
    ]
    codes = doc.get("codes", ())
    same = [
        f"http://www.wikidata.org/entity/{each['code']}"
        for each in codes
        if each["scheme"] == "wikidata"
    ]
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _PARTIES[doc["kind"]],
        "@id": absolute(f"/parties/{doc['id']}"),
        "name": name,
        "alternateName": [each for each in dict.fromkeys(names) if each != name],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": each["scheme"], "value": each["code"]}
            for each in codes
        ],
        "sameAs": same,
    }
    if made["@type"] in ("Organization", "GovernmentOrganization"):
        made |= _life(here, str(doc["id"]))
    return _told(made)


def agreement(here: Looking, doc: Mapping[str, Any]) -> dict[str, Any]:
    view = here.view
    key = str(doc["id"])
    title = label(doc, view.day, view.threshold, language())
    titles = [each["title"] for each in called(doc, view.threshold)]
    found = answers(view, [("force", key), ("conclusion", key)])
    force, conclusion = found["force", key], found["conclusion", key]
    made: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Legislation",
        "@id": absolute(f"/agreements/{key}"),
        "name": title,
        "alternateName": [each for each in dict.fromkeys(titles) if each != title],
        "legislationType": doc.get("kind") if doc.get("kind") != "unknown" else None,
        "identifier": [
            {"@type": "PropertyValue", "propertyID": scheme, "value": value}
            for scheme, value in (doc.get("external_ids") or {}).items()
        ],
        "about": list(doc.get("topics") or ()),
    }
    if force["certain"] and force["value"] in _IN_FORCE:
        made["legislationLegalForce"] = f"https://schema.org/{_IN_FORCE[force['value']]}"
    if force["certain"] and force["value"] == "in_force":
        made["legislationDateOfApplicability"] = _one_day(force)
    if conclusion["certain"] and conclusion["value"] in ("adopted", "signed"):
        made["legislationDate"] = _one_day(conclusion)
    return _told(made)


def _life(here: Looking, key: str) -> dict[str, Any]:
    stood = answers(here.view, [("existence", key)])["existence", key]
    if not stood["certain"]:
        return {}
    names = {"exists": "foundingDate", "ended": "dissolutionDate"}
    name = names.get(stood["value"])
    return {name: _one_day(stood)} if name else {}


def _one_day(answer: Mapping[str, Any]) -> str | None:
    """Since when, where every reading says the same day, and the calendar of ISO 8601 has it."""
    since = answer["since"] or {}
    first, last = since.get("earliest"), since.get("latest")
    return first if first and first == last and len(first) == 10 else None


def _told(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if value not in (None, [], "")}

"""Party names of others matched to parties: the W3C Reconciliation Service API 0.2, for OpenRefine.

With a date (the property `as_of`) a name counts as it was valid on that day: Zaire is a name of
1980, not of 2010. A match is called one only where no other party could be meant.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, Final

import orjson
from flask import Response, request

from registry.domain import dates
from registry.domain.entities import called, label
from registry.domain.errors import Invalid, RegistryError
from registry.domain.events.parties import PARTY_KINDS
from registry.explore import reconciled_data
from registry.explore.dates_said import at
from registry.explore.desk import blueprint
from registry.explore.looking import looking
from registry.explore.memento_links import absolute
from registry.explore.party import KINDS
from registry.explore.shown import Looking
from registry.queries import parties
from registry.queries.view import View
from registry.web.answering import JSON
from registry.web.languages import gettext as _
from registry.web.pages import rendered
from registry.web.statuses import status_of

BATCH: Final = 50
LONGEST: Final = 300
CANDIDATES: Final = 10
LEAST: Final = 60.0
SURE: Final = 100.0
ELSEWHEN: Final = 0.7
"""A name that was not valid on the day weighs so much."""
BIGGEST: Final = 200_000

Doc = Mapping[str, Any]


@dataclass(frozen=True)
class Query:
    """`types`: kinds of parties, all where none is named. `day`: on which the name was valid."""

    text: str
    types: Sequence[str]
    limit: int
    day: int | None


def serves(rule: str, *methods: str) -> Callable[[Callable[[], Any]], Callable[[], Response]]:
    """A route of the service: JSON that pages of anywhere may read; it takes and keeps nothing."""

    def decorate(find: Callable[[], Any]) -> Callable[[], Response]:
        @wraps(find)
        def respond() -> Response:
            try:
                said, status = find(), 200
            except RegistryError as wrong:
                said, status = {"status": "error", "message": str(wrong)}, status_of(wrong)
            return _open(Response(orjson.dumps(said), status, mimetype=JSON))

        blueprint.route(rule, methods=list(methods or ("GET",)))(respond)
        return respond

    return decorate


@serves("/reconcile", "GET", "POST")
def reconcile() -> Any:
    """The manifest; candidates for a batch of names; or data of parties that were matched."""
    if (request.content_length or 0) > BIGGEST:
        raise Invalid(f"expected at most {BIGGEST:,} bytes")
    asked = request.form if request.method == "POST" else request.args
    if queries := asked.get("queries"):
        with looking() as here:
            return _batch(here, _object(queries, "queries"))
    if extend := asked.get("extend"):
        with looking() as here:
            return reconciled_data.extended(here.view, _object(extend, "extend"))
    return _manifest()


@serves("/reconcile/suggest/entity")
def suggest_entity() -> Any:
    """Parties whose name may go on as what was typed."""
    prefix, start = request.args.get("prefix", "")[:LONGEST], request.args.get("cursor", "0")
    at = int(start) if start.isdigit() and len(start) < 6 else 0
    with looking() as here:
        found = parties.listed(here.view, {"q": prefix}, at, CANDIDATES).items if prefix else []
        return {
            "result": [
                {
                    "id": each["id"],
                    "name": each["name"],
                    "description": _(KINDS[each["kind"]]),
                    "notable": [_type(each["kind"])],
                }
                for each in found
            ]
        }


@serves("/reconcile/suggest/type")
def suggest_type() -> Any:
    prefix = request.args.get("prefix", "").casefold()
    types = [_type(kind) for kind in PARTY_KINDS]
    return {"result": [each for each in types if each["name"].casefold().startswith(prefix)]}


@serves("/reconcile/suggest/property")
def suggest_property() -> Any:
    """What a query may say of a party beside its name."""
    prefix = request.args.get("prefix", "").casefold()
    said = [
        {"id": "as_of", "name": _("Day on which the name was valid")},
        {"id": "kind", "name": _("Kind of party")},
    ]
    return {
        "result": [
            each for each in said if any(w.casefold().startswith(prefix) for w in each.values())
        ]
    }


@serves("/reconcile/extend/propose")
def propose() -> Any:
    """The properties that matched parties can be extended by."""
    return reconciled_data.proposed(request.args.get("type", ""))


@blueprint.get("/reconcile/preview")
def preview() -> Response:
    """A small page about a party, for a frame."""
    with looking() as here:
        key = here.view.party(request.args.get("id", ""), "id")
        doc = here.view.directory.docs("party", [key])[key]
        body = rendered(
            "explore/reconcile_preview.html",
            key=key,
            name=label(doc, here.view.day, here.view.threshold),
            kind=_(KINDS[doc["kind"]]),
            names=[
                (each["name"], at(each["since"]) if each.get("since") else "")
                for each in called(doc, here.view.threshold)[:6]
            ],
            codes=doc.get("codes", ())[:8],
            address=absolute(here.party(key)),
        )
    return _open(Response(body, mimetype="text/html"))


def _open(response: Response) -> Response:
    """For any page to read: nothing here depends on who asks."""
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _manifest() -> dict[str, Any]:
    here = absolute("/reconcile")
    suggest = {
        name: {"service_url": here, "service_path": f"/suggest/{name}"}
        for name in ("entity", "type", "property")
    }
    return {
        "versions": ["0.2"],
        "name": _("Agreement registry: parties"),
        "identifierSpace": absolute("/parties/"),
        "schemaSpace": absolute("/reconcile/types/"),
        "defaultTypes": [_type(kind) for kind in PARTY_KINDS],
        "view": {"url": absolute("/parties/{{id}}")},
        "preview": {
            "url": absolute("/reconcile/preview?id={{id}}"),
            "width": 400,
            "height": 260,
        },
        "suggest": suggest,
        "extend": {
            "propose_properties": {"service_url": here, "service_path": "/extend/propose"},
            "property_settings": [],
        },
        "batchSize": BATCH,
    }


def _type(kind: str) -> dict[str, str]:
    return {"id": kind, "name": _(KINDS[kind])}


def _batch(here: Looking, queries: Mapping[str, Any]) -> dict[str, Any]:
    if len(queries) > BATCH:
        raise Invalid(f"expected at most {BATCH} queries at once, got {len(queries)}", "queries")
    everybody = list(here.view.directory.all("party").values())
    return {name: _answer(here.view, everybody, said) for name, said in queries.items()}


def _answer(view: View, everybody: Sequence[Doc], said: Any) -> dict[str, Any]:
    """One that cannot be read has no candidates, and says why: the others of the batch go on."""
    try:
        query = _query(said)
    except Invalid as wrong:
        return {"result": [], "message": str(wrong)}
    return {"result": candidates(view, everybody, query)}


def candidates(view: View, everybody: Sequence[Doc], query: Query) -> list[dict[str, Any]]:
    """Who may be meant, the likeliest first."""
    on = view if query.day is None else view.on(dates.iso(query.day), "as_of")
    scored = [
        (min(likeness(on, doc, query), SURE), doc)
        for doc in everybody
        if not query.types or doc["kind"] in query.types
    ]
    found = sorted(
        (each for each in scored if each[0] >= LEAST), key=lambda each: (-each[0], each[1]["id"])
    )
    sure = [doc["id"] for score, doc in found if score >= SURE]
    return [
        {
            "id": doc["id"],
            "name": label(doc, on.day, on.threshold),
            "description": _(KINDS[doc["kind"]]),
            "score": round(score, 1),
            "match": sure == [doc["id"]],
            "type": [_type(doc["kind"])],
        }
        for score, doc in found[: query.limit]
    ]


def likeness(view: View, doc: Doc, query: Query) -> float:
    """From 0 to 100 and a little; of names and codes of other days, less."""
    counted = {**doc, "names": called(doc, view.threshold)}
    every = parties.score(counted, query.text)
    if query.day is None or every < LEAST:
        return every
    if _not_yet(doc, query.day) or _ended(doc, query.day):
        return every * ELSEWHEN
    then = {**doc, "names": [_valid(doc, view)], "codes": _codes(doc, query.day)}
    return max(parties.score(then, query.text), every * ELSEWHEN)


def _valid(doc: Doc, view: View) -> Mapping[str, Any]:
    """The name of the day, in every language in which it is recorded."""
    name = label(doc, view.day, view.threshold)
    names = [each for each in called(doc, view.threshold) if each["name"] == name]
    return names[-1] if names else {"name": name}


def _codes(doc: Doc, day: int) -> list[Any]:
    return [
        each
        for each in doc.get("codes", ())
        if each.get("valid") is None or day in dates.parse(each["valid"]).over
    ]


def _not_yet(doc: Doc, day: int) -> bool:
    began = doc.get("began")
    return bool(began) and dates.parse(str(began)).earliest > day


def _ended(doc: Doc, day: int) -> bool:
    """Whether it was certainly no more on that day."""
    ends = [dates.parse(each).latest for each in doc.get("ended") or () if each]
    return bool(ends) and max(ends) < day


def _query(said: Any) -> Query:
    if isinstance(said, str):
        said = {"query": said}
    if not isinstance(said, Mapping) or not isinstance(said.get("query"), str):
        raise Invalid("expected a query: an object with text in `query`")
    text = said["query"].strip()
    if not text or len(text) > LONGEST or "\x00" in text:
        raise Invalid(f"expected 1 to {LONGEST} characters in `query`")
    types = said.get("type") or []
    types = [types] if isinstance(types, str) else list(types)
    day = None
    for each in said.get("properties") or ():
        name, value = each.get("pid"), _value(each.get("v"))
        if name in ("as_of", "date") and value:
            day = _day(value)
        elif name == "kind" and value:
            types.append(value.lower())
    limit = said.get("limit", CANDIDATES)
    if not isinstance(limit, int) or limit < 1:
        limit = CANDIDATES
    return Query(text, types, min(limit, CANDIDATES), day)


def _value(value: Any) -> str:
    """OpenRefine sends text, numbers, cells that were matched, and lists of them."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = value.get("id", "")
    return str(value).strip() if value is not None else ""


def _day(text: str) -> int:
    """The first day that the text may mean: of "1980", 1 January."""
    try:
        date = dates.parse(text[:10] if text[10:11] == "T" else text)
    except Invalid:
        date = dates.from_human(text)
    return date.earliest


def _object(text: str, name: str) -> dict[str, Any]:
    try:
        said = orjson.loads(text)
    except orjson.JSONDecodeError:
        said = None
    if not isinstance(said, dict):
        raise Invalid(f"expected an object in JSON in `{name}`", name)
    return said

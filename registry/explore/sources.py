"""Sources: the list of them, and each with what it supports."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request

from registry.domain.errors import NotFound
from registry.domain.parties import looks_like_party
from registry.explore.dates_said import at
from registry.explore.desk import blueprint
from registry.explore.looking import shows
from registry.explore.naming import namer_of
from registry.explore.shown import Looking, Shown
from registry.explore.telling import Told, events_told
from registry.explore.typed import number_in
from registry.queries import cited, entities
from registry.queries import events as of_events
from registry.queries.entities import MOST
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

SIZE: Final = 50
EVENTS: Final = 40

KINDS: Final = {
    "depositary": t("Depositary"),
    "gazette": t("Gazette"),
    "official_statement": t("Official statement"),
    "court": t("Court"),
    "press": t("Press"),
    "dataset": t("Dataset"),
    "leak": t("Leak"),
}


@shows(blueprint, "/sources", "explore/sources.html")
def sources(here: Looking) -> Shown:
    asked = request.args.get("q", "")
    found = entities.found(here.view, "source", asked, request.args.get("after", ""), SIZE)
    items = found[:SIZE]
    return Shown(
        _("Sources"),
        {
            "asked": asked,
            "items": [_line(each) for each in items],
            "next": items[-1]["id"] if len(found) > SIZE else None,
            "further": bool(request.args.get("after")),
        },
        description=_("What the register rests on: each source with the events that cite it."),
    )


@shows(blueprint, "/sources/<source>", "explore/source.html")
def source(here: Looking, source: str) -> Shown:
    view = here.view
    doc = view.directory.docs("source", [source]).get(source)
    if doc is None:
        raise NotFound(f"no source is recorded as {source!r}")
    after = number_in("after")
    page = cited.citing(view, source, here.opened.threshold, after, EVENTS)
    recorded = of_events.documents(view, [doc["recorded"]])[doc["recorded"]]
    documents = of_events.documents(view, page.ids)
    told = events_told(view, documents, here.link)
    count = cited.how_often(view, source)
    return Shown(
        str(doc["title"]),
        {
            "doc": doc,
            "facts": _facts(doc),
            "note": recorded.get("note", ""),
            "groups": _grouped(here, source, documents, told),
            "next": page.next,
            "further": after > 0,
            "count": count - 1,
            "most": count >= MOST,
        },
        description=_("%(title)s: what the register rests on it.", title=doc["title"]),
        csv=here.program("/events", subject=f"source:{source}", format="csv"),
        api="/events",
        asks={"subject": f"source:{source}"},
        alleged=any(each.alleged for each in told.values()),
    )


def _line(doc: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": doc["id"],
        "title": doc["title"],
        "kind": _(KINDS.get(doc["kind"], doc["kind"])),
        "publisher": doc.get("publisher") or doc.get("author") or "",
        "published": at(doc["published"]) if doc.get("published") else "",
    }


def _facts(doc: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(label, words, address) of what is recorded of it."""
    made = [(_("What it is"), _(KINDS.get(doc["kind"], doc["kind"])), "")]
    for name, label in (
        ("publisher", _("Publisher")),
        ("author", _("Author")),
        ("published", _("Published")),
        ("accessed", _("Read")),
        ("language", _("Language")),
        ("url", _("Where it is")),
        ("archived_url", _("Archived copy")),
        ("content_sha256", _("SHA-256 of the copy that was read")),
    ):
        if value := doc.get(name):
            said = at(value) if name in ("published", "accessed") else str(value)
            made.append((label, said, value if name in ("url", "archived_url") else ""))
    return made


def _grouped(
    here: Looking, source: str, documents: Mapping[str, Mapping[str, Any]], told: Mapping[str, Told]
) -> list[dict[str, Any]]:
    """By what the events are about: an agreement, two parties, a party; each with its quotes."""
    namer = namer_of(here.view, documents=documents.values())
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for event_id, document in documents.items():
        if event_id not in told:
            continue
        kind, _colon, key = str(document["stream"]).partition(":")
        lines = [each for each in told[event_id].sources if source in (each.key, each.via_key)]
        groups.setdefault((kind, key), []).append({"told": told[event_id], "lines": lines})
    made = []
    for (kind, key), events in groups.items():
        words, address = key, ""
        if kind == "agreement":
            words, address = namer.names.agreement(key), here.agreement(key)
        elif kind == "pair":
            first, _colon, second = key.partition(":")
            if looks_like_party(first) and looks_like_party(second):
                words = namer.join([namer.names.party(first), namer.names.party(second)])
                address = here.pair(first, second)
        elif kind == "party":
            words, address = namer.names.party(key), here.party(key)
        made.append({"words": words, "address": address, "events": events})
    return made

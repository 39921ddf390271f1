"""Feeds of what is recorded of a party, a pair or an agreement: Atom (RFC 4287), JSON Feed 1.1."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask import request

from registry.explore import atom
from registry.explore.citing import PUBLISHER
from registry.explore.desk import blueprint
from registry.explore.for_programs import answers
from registry.explore.lately import Entry, entries_of, entries_of_any
from registry.explore.memento_links import absolute
from registry.explore.pairing import canonical
from registry.explore.shown import Looking
from registry.explore.written import as_html, as_text
from registry.queries import search as of_words
from registry.web.languages import gettext as _
from registry.web.languages import language

ATOM: Final = "application/atom+xml"
JSON_FEED: Final = "application/feed+json"
FOLLOWED: Final = ("party", "agreement", "source")
PARTIES: Final = 3
OTHERS: Final = 12
"""Of a search: so many parties, and so many agreements and sources, are followed."""


@dataclass(frozen=True)
class Feed:
    """`page`: the path of the page that it belongs to, with its own parameters."""

    title: str
    page: str
    entries: Sequence[Entry]


def party(here: Looking, key: str) -> Feed:
    named = here.view.party(key)
    called = here.view.directory.labels(
        "party", [named], here.view.day, here.view.threshold, language()
    )
    return Feed(called[named], here.party(named), entries_of(here, [f"party:{named}"]))


def pair(here: Looking, a: str, b: str) -> Feed:
    first, second = canonical(here, a, b)
    called = here.view.directory.labels(
        "party", [first, second], here.view.day, here.view.threshold, language()
    )
    return Feed(
        _("%(a)s and %(b)s", a=called[first], b=called[second]),
        here.pair(first, second),
        entries_of(here, [f"party:{first}", f"party:{second}"]),
    )


def agreement(here: Looking, key: str) -> Feed:
    here.view.agreement(key)
    called = here.view.directory.labels(
        "agreement", [key], here.view.day, here.view.threshold, language()
    )
    return Feed(called[key], here.agreement(key), entries_of(here, [f"agreement:{key}"]))


def search(here: Looking) -> Feed:
    q = request.args.get("q", "").strip()[:200]
    return Feed(
        _("Search: %(words)s", words=q),
        here.to("/search", q=q),
        entries_of_any(here, _found(here, q)) if q else [],
    )


def _found(here: Looking, q: str) -> list[str]:
    """The parties, agreements and sources that the words mean most likely."""
    found = of_words.search(here.view, q, OTHERS, FOLLOWED).groups
    most = {"party": PARTIES}
    return [
        f"{kind}:{hit.key}" for kind in FOLLOWED for hit in found[kind][: most.get(kind, OTHERS)]
    ]


def as_atom(here: Looking, feed: Feed) -> bytes:
    entries = [
        atom.Entry(
            id=f"urn:uuid:{each.event_id}",
            title=each.title,
            updated=each.recorded_at,
            address=absolute(here.event(each.event_id)),
            html=as_html(each),
            categories=_tags(each),
            via=[line.url for line in each.told.sources if line.url] if each.told else [],
        )
        for each in feed.entries
    ]
    return atom.written(
        id=absolute(feed.page),
        title=feed.title,
        updated=_updated(here, feed),
        author=PUBLISHER,
        itself=absolute(here.here()),
        page=absolute(feed.page),
        language=language(),
        entries=entries,
    )


def as_json(here: Looking, feed: Feed) -> bytes:
    items = [_item(here, each) for each in feed.entries]
    return orjson.dumps(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": feed.title,
            "home_page_url": absolute(feed.page),
            "feed_url": absolute(here.here()),
            "language": language(),
            "authors": [{"name": PUBLISHER}],
            "items": items,
        }
    )


def _item(here: Looking, each: Entry) -> dict[str, Any]:
    return {
        "id": f"urn:uuid:{each.event_id}",
        "url": absolute(here.event(each.event_id)),
        "title": each.title,
        "content_html": as_html(each),
        "content_text": as_text(each),
        "date_published": each.recorded_at,
        "date_modified": each.recorded_at,
        "tags": [term for _scheme, term in _tags(each)],
        "_registry": {
            "position": each.document["position"],
            "type": each.document["type"],
            "confidence": each.document["confidence"],
            "occurred": each.document.get("occurred") if each.told else None,
        },
    }


def _tags(entry: Entry) -> list[tuple[str, str]]:
    """(scheme, term): how sure, and what kind of event it is."""
    return [
        ("urn:registry:confidence", str(entry.document["confidence"])),
        ("urn:registry:event-type", str(entry.document["type"])),
    ]


def _updated(here: Looking, feed: Feed) -> str:
    return feed.entries[0].recorded_at if feed.entries else here.recorded_at


_OF: Final[dict[str, Callable[..., Feed]]] = {
    "/parties/<key>": party,
    "/relations/<a>/<b>": pair,
    "/agreements/<key>": agreement,
    "/search": search,
}


def _enter(rule: str, find: Callable[..., Feed]) -> None:
    def in_atom(here: Looking, **path: str) -> bytes:
        return as_atom(here, find(here, **path))

    def in_json(here: Looking, **path: str) -> bytes:
        return as_json(here, find(here, **path))

    in_atom.__name__, in_json.__name__ = f"{find.__name__}_atom", f"{find.__name__}_json_feed"
    answers(blueprint, f"{rule}/feed.atom", ATOM)(in_atom)
    answers(blueprint, f"{rule}/feed.json", JSON_FEED)(in_json)


for _rule, _find in _OF.items():
    _enter(_rule, _find)

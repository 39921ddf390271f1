"""A feed in Atom, RFC 4287."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

_ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_UNSPEAKABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""What XML 1.0 has no way to say."""


@dataclass(frozen=True)
class Entry:
    """`categories`: (scheme, term); `via`: addresses of the sources."""

    id: str
    title: str
    updated: str
    address: str
    html: str
    categories: Sequence[tuple[str, str]]
    via: Sequence[str]


def written(
    *,
    id: str,  # noqa: A002  # as the RFC calls it
    title: str,
    updated: str,
    author: str,
    itself: str,
    page: str,
    language: str,
    entries: Sequence[Entry],
) -> bytes:
    feed = ET.Element("feed", {"xmlns": _ATOM, f"{{{_XML}}}lang": language})
    _said(feed, "id", id)
    _said(feed, "title", title)
    _said(feed, "updated", updated)
    _said(ET.SubElement(feed, "author"), "name", author)
    ET.SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": itself})
    ET.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page})
    for each in entries:
        _enter(feed, each)
    made: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _enter(feed: ET.Element, said: Entry) -> None:
    entry = ET.SubElement(feed, "entry")
    _said(entry, "id", said.id)
    _said(entry, "title", said.title)
    _said(entry, "published", said.updated)
    _said(entry, "updated", said.updated)
    ET.SubElement(entry, "link", {"rel": "alternate", "type": "text/html", "href": said.address})
    for each in dict.fromkeys(said.via):
        ET.SubElement(entry, "link", {"rel": "via", "href": _spoken(each)})
    for scheme, term in said.categories:
        ET.SubElement(entry, "category", {"scheme": scheme, "term": term})
    _said(entry, "content", said.html).set("type", "html")


def _said(parent: ET.Element, name: str, text: str) -> ET.Element:
    made = ET.SubElement(parent, name)
    made.text = _spoken(text)
    return made


def _spoken(text: str) -> str:
    return _UNSPEAKABLE.sub("\ufffd", text)

"""What was recorded lately of a party, a pair, an agreement: the newest first, each told in words.

Nothing that is only alleged is here unless the reader chose it. A correction that makes a record
an allegation is told all the same, without its words, to those who have read the record before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, select

from registry.domain.confidence import BY_WORD
from registry.domain.errors import Gone
from registry.domain.events.register import EventErased
from registry.explore.shown import Looking
from registry.explore.telling import Told, events_told, is_alleged
from registry.queries import events as of_events
from registry.queries.view import View
from registry.store.tables import event, event_payload, event_tag
from registry.web.languages import gettext as _

MOST: Final = 50
_AT_ONCE: Final = 80
_TURNS: Final = 5
"""So many times it is read on where what was read is not to be told."""

Documents = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Entry:
    """An event of the log in words. `title` is safe to be read alone."""

    document: Mapping[str, Any]
    told: Told | None
    title: str
    sentence: str

    @property
    def event_id(self) -> str:
        return str(self.document["event_id"])

    @property
    def recorded_at(self) -> str:
        return str(self.document["recorded_at"])


def entries_of(here: Looking, tags: Sequence[str]) -> list[Entry]:
    """Of what is filed under all of these tags; at most `MOST`."""
    view = here.view
    found: list[Entry] = []
    before = view.moment + 1
    for _turn in range(_TURNS):
        rows = view.conn.execute(_touching(tags, before, view.moment)).all()
        found += entries_by(here, [row.event_id for row in rows])
        if len(found) >= MOST or len(rows) < _AT_ONCE:
            break
        before = rows[-1].position
    return found[:MOST]


def entries_of_any(here: Looking, tags: Sequence[str]) -> list[Entry]:
    """Of what is filed under at least one of these tags."""
    view = here.view
    rows = {
        (row.position, row.event_id)
        for tag in tags
        for row in view.conn.execute(_touching([tag], view.moment + 1, view.moment))
    }
    newest = sorted(rows, reverse=True)[: 2 * _AT_ONCE]
    return entries_by(here, [event_id for _position, event_id in newest])[:MOST]


def entries_by(here: Looking, event_ids: Sequence[str]) -> list[Entry]:
    """Those of these events that may be told, in the same order."""
    documents = _documents(here.view, event_ids)
    originals = _originals(here.view, documents)
    sayings = documents
    if not here.includes_alleged:
        sayings = {i: d for i, d in documents.items() if _may_be_told(here.view, d, originals)}
    told = _told(here.view, {i: d for i, d in sayings.items() if d["type"] != EventErased.TYPE})
    entries = []
    for event_id, document in sayings.items():
        if (lowered := _lowered(here, document, originals)) is not None:
            entries.append(Entry(document, None, *lowered))
        elif document["type"] == EventErased.TYPE:
            words = _("The content of a record was erased on request.")
            entries.append(Entry(document, None, words, words))
        elif (said := told.get(event_id)) is not None:
            entries.append(_entry(document, said))
    return entries


def reported(view: View, documents: Documents) -> Documents:
    """Those that may be told to who did not choose what is only alleged."""
    originals = _originals(view, documents)
    return {i: d for i, d in documents.items() if _may_be_told(view, d, originals)}


def _entry(document: Mapping[str, Any], told: Told) -> Entry:
    """What is alleged has no title of its own words: a title is often shown alone."""
    if told.alleged:
        return Entry(document, told, _("An allegation: %(what)s", what=told.called), told.sentence)
    words = _begun(str(told.dated))
    return Entry(document, told, words, words)


def _begun(words: str) -> str:
    return words[:1].upper() + words[1:]


def _touching(tags: Sequence[str], before: int, moment: int) -> Select[Any]:
    first = event_tag.alias("first")
    statement = (
        select(event.c.event_id, event.c.position)
        .select_from(first.join(event, event.c.position == first.c.position))
        .where(first.c.tag == tags[0], first.c.position < before, first.c.position <= moment)
    )
    for n, tag in enumerate(tags[1:]):
        other = event_tag.alias(f"other_{n}")
        statement = statement.join(other, other.c.position == first.c.position).where(
            other.c.tag == tag
        )
    return statement.order_by(first.c.position.desc()).limit(_AT_ONCE)


def _documents(view: View, event_ids: Sequence[str]) -> Documents:
    """Without those that were erased, where the answer is not one that once held them."""
    try:
        return of_events.documents(view, event_ids)
    except Gone:
        if view.pinned:
            raise
    there = view.conn.scalars(
        select(event.c.event_id)
        .join(event_payload, event_payload.c.position == event.c.position)
        .where(event.c.event_id.in_(event_ids))
    ).all()
    kept = set(there)
    return of_events.documents(view, [each for each in event_ids if each in kept])


def _told(view: View, documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Told]:
    try:
        return events_told(view, documents)
    except Gone:
        if view.pinned:
            raise
    return dict(_one_by_one(view, documents))


def _one_by_one(
    view: View, documents: Mapping[str, Mapping[str, Any]]
) -> Iterator[tuple[str, Told]]:
    """Those that do not speak of what was erased."""
    for event_id, document in documents.items():
        try:
            yield event_id, events_told(view, {event_id: document})[event_id]
        except Gone:
            continue


def _originals(view: View, documents: Documents) -> dict[str, tuple[bool, bool]]:
    """Of the events that these speak of: whether it was alleged when it was recorded, and is now."""
    named = {
        str(document[name])
        for document in documents.values()
        for name in _SPEAKING_OF
        if document.get(name) and document["type"] != EventErased.TYPE
    }
    found: dict[str, tuple[bool, bool]] = {}
    now = _documents(view, sorted(named))
    stood = of_events.standings(view, now)
    for event_id, document in now.items():
        first = stood[event_id].record.event
        was = is_alleged({"confidence": first.confidence.word, "type": first.TYPE})
        found[event_id] = (was, is_alleged(document))
    return found


_SPEAKING_OF: Final = ("target", "about", "responds_to", "same_act_as", "to")


def _may_be_told(
    view: View, document: Mapping[str, Any], originals: Mapping[str, tuple[bool, bool]]
) -> bool:
    if is_alleged(document) or not BY_WORD[document["confidence"]].counts_at(view.threshold):
        return False
    if isinstance(new := document.get("event"), Mapping) and "target" in document:
        wanted = {"confidence": new.get("confidence", "reported"), "type": new["type"]}
        if is_alleged(wanted):
            return not originals.get(str(document["target"]), (True, True))[0]
    for name in _SPEAKING_OF:
        was, now = originals.get(str(document.get(name)), (False, False))
        if now and (was or name != "target"):
            return False
    return True


def _lowered(
    here: Looking, document: Mapping[str, Any], originals: Mapping[str, tuple[bool, bool]]
) -> tuple[str, str] | None:
    """Of a correction to a record that is told no more: only that it is so."""
    was, now = originals.get(str(document.get("target")), (False, False))
    if here.includes_alleged or was or not now:
        return None
    title = _("A record was corrected: it is no longer told as reported.")
    return title, title

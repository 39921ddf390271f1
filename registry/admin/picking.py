"""Parties, agreements, sources and events by what somebody types, and the answers while typing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from flask import g, request
from sqlalchemy import Connection, select

from registry.admin import date_boxes, entering
from registry.admin.desk import blueprint, engine
from registry.admin.typed import PICKED, Typed, named, picked, rows_of
from registry.domain import dates
from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.entities import label
from registry.domain.errors import Invalid, NotFound
from registry.domain.fields import Kind, Told, told_by
from registry.domain.layers import LAYERS, PARTY_PARTS
from registry.domain.parties import is_party_id
from registry.ingest.parties import Parties
from registry.projections.tables import entity
from registry.queries import parties as of_parties
from registry.queries.view import View, open_view
from registry.store import log
from registry.store.engine import reading
from registry.store.tables import event, event_tag
from registry.web.pages import plain
from registry.web.visiting import needs

MOST: Final = 12
LONGEST_ASKED: Final = 1_000
_KINDS: Final = {"party": Kind.PARTY, "actor": Kind.ACTOR, "agreement": Kind.AGREEMENT} | {
    "source": Kind.SOURCE,
    "event": Kind.EVENT,
}
_UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Match:
    """`value`: what is put into the input; `words` and `more`: what is read in the list."""

    id: str
    words: str
    more: str = ""

    @property
    def value(self) -> str:
        return f"{self.words} [{self.id}]"


@blueprint.get("/pick/<kind>")
@needs("recorder")
def pick(kind: str) -> Any:
    """What may be meant by `q`, on the day of the event where that is known already."""
    if kind not in _KINDS:
        raise NotFound(f"nothing of the kind {kind[:40]!r} is picked")
    asked = request.args.get("q", "").strip()[:200]
    with reading(engine()) as conn:
        view = _view_on(conn, request.args.get("on", ""))
        near = [each for each in request.args.getlist("near") if each][:5]
        found = matches(view, _KINDS[kind], asked, near)
    items = [{"value": each.value, "words": each.words, "more": each.more} for each in found]
    return {"items": items}


def matches(view: View, kind: Kind, asked: str, near: Iterable[str] = ()) -> list[Match]:
    """The likeliest first. `near`: agreements and parties of the same form, for events."""
    if kind is Kind.EVENT:
        return _events(view, asked, near)
    if not asked:
        return []
    if kind in (Kind.PARTY, Kind.ACTOR):
        listed = of_parties.listed(view, {"q": asked}, None, MOST).items
        return [Match(each["id"], each["name"], _codes(each)) for each in listed]
    return _titled(view, kind, asked)


def settled(
    conn: Connection, cls: type[Event], typed: Typed, event_id: str = ""
) -> tuple[Typed, list[Invalid]]:
    """What was typed with everything on record by name and id: `bolivia` as `Bolivia [BOL]`.

    Choices among what may be meant are taken over. What may mean several things, or nothing, is a
    problem whose `offers` are the values to choose from. `event_id`: of the event in the form.
    """
    typed = Typed(typed)
    _choose(typed)
    view = _view_on(conn, day_of(typed))
    problems: list[Invalid] = []
    for at, kind in places(cls, typed):
        if text := typed.get(at, "").strip():
            try:
                typed[at] = settle(view, kind, text, at)
            except Invalid as wrong:
                problems.append(wrong)
    for at, kind_name in entering.places(cls, typed):
        _name_new(view, typed, at, kind_name, event_id)
    return typed, problems


def settle(view: View, kind: Kind, text: str, at: str) -> str:
    """What is on record under what was typed, as `Bolivia [BOL]`; Invalid with offers where that is
    not one thing. `at`: the input.
    """
    inner = picked(kind, text)
    if kind is Kind.EVENT:
        return _settled_event(view, inner, text, at)
    if kind in (Kind.AGREEMENT, Kind.SOURCE):
        docs = view.directory.docs(str(kind), [inner])
        found = [Match(key, _label(view, kind, doc)) for key, doc in docs.items()]
        if not found and inner == text:
            like = matches(view, kind, text)
            found = [each for each in like if each.words.casefold() == text.casefold()]
            if len(found) != 1:
                raise _which(kind, text, at, found or like)
    else:
        found = _party(view, inner)
        if not found and inner == text:
            if kind is Kind.ACTOR:
                return text
            raise _which(kind, text, at, matches(view, kind, text))
    if len(found) == 1:
        return found[0].value
    raise _which(kind, text, at, found)


def event_words(stored: log.Stored) -> str:
    """An event in a few words: what, when, who."""
    return _event_match(stored).words


def is_id(text: str) -> bool:
    return _UUID.fullmatch(text) is not None


def places(cls: type[Event], typed: Typed) -> Iterator[tuple[str, Kind]]:
    """The inputs in which something on record is named."""
    for one in told_by(cls):
        yield from _places(one, one.wire, typed)


def day_of(typed: Typed) -> str:
    """The date in whose names parties are spoken of, in EDTF; empty where none is given."""
    for name in ("occurred", "over", "effective"):
        try:
            read = date_boxes.read_boxes(name, typed)
        except Invalid:
            continue
        if read is not None:
            return read.edtf
    return ""


def _places(one: Told, at: str, typed: Typed) -> Iterator[tuple[str, Kind]]:
    if one.kind is Kind.SUBJECT:
        layer = LAYERS.get(typed.get("layer", ""))
        for part in layer.parts if layer else ():
            if part == "pair":
                yield from ((f"{at}.pair.{row}", Kind.PARTY) for row in (0, 1))
            elif part in entering.AGREEMENT_PARTS:
                yield f"{at}.{part}", Kind.AGREEMENT
            elif part in PARTY_PARTS:
                yield f"{at}.{part}", Kind.PARTY
    elif one.many:
        for row in rows_of(typed, at):
            yield from _place(one, f"{at}.{row}", typed)
    else:
        yield from _place(one, at, typed)


def _place(one: Told, at: str, typed: Typed) -> Iterator[tuple[str, Kind]]:
    if one.kind in PICKED:
        yield at, one.kind
    elif one.record is not None:
        for inner in told_by(one.record):
            yield from _places(inner, f"{at}.{inner.wire}", typed)


def _choose(typed: Typed) -> None:
    """Put what was chosen among offers into the input that it was offered for."""
    for name in [each for each in typed if each.endswith(".pick")]:
        chosen = typed.pop(name, "")
        if chosen:
            at = name.removesuffix(".pick")
            at, chosen = (
                (f"{at}.text", date_boxes.in_words_or_edtf(chosen))
                if f"{at}.year" in typed or f"{at}.text" in typed
                else (at, chosen)
            )
            typed[at] = chosen


def _view_on(conn: Connection, day: str) -> View:
    try:
        date = dates.from_human(day) if day else None
        on = dates.iso(date.earliest) if date else None
        return open_view(
            conn, as_of=None if on in (None, "..") else on, known_at=None, confidence="alleged"
        )
    except Invalid:
        return open_view(conn, as_of=None, known_at=None, confidence="alleged")


def _which(kind: Kind, text: str, at: str, found: list[Match]) -> Invalid:
    what = "party" if kind is Kind.ACTOR else str(kind)
    offers = tuple(each.value for each in found)
    words = f"“{text[:60]}”: choose below which {what} is meant"
    return Invalid(
        f"{named(at)}: {words if found else f'no {what} on record is called “{text[:60]}”'}",
        at,
        offers,
    )


def _settled_event(view: View, inner: str, text: str, at: str) -> str:
    if _UUID.fullmatch(inner):
        if stored := log.by_ids(view.conn, [inner]):
            return _event_match(stored[inner]).value
        raise _which(Kind.EVENT, inner, at, [])
    raise _which(Kind.EVENT, text, at, _events(view, text, ()))


def _party(view: View, text: str) -> list[Match]:
    """The party of this id or code, or so called on the day; several where several are."""
    docs = view.directory.docs("party", [text] if is_party_id(text) else [])
    if not docs:
        every, parties = _parties(view)
        found = parties.find(text, None)
        keys = (
            (found,)
            if isinstance(found, str)
            else found.suggestions
            if "several" in found.reason
            else ()
        )
        docs = {key: every[key] for key in keys if key in every}
    return [Match(key, label(doc, view.day, view.threshold)) for key, doc in docs.items()]


def _parties(view: View) -> tuple[Mapping[str, Mapping[str, Any]], Parties]:
    """All parties, read once for the many rows of a request."""
    kept = g.setdefault("parties_on_record", {})
    every_at, named_at = (view.generation, view.moment), (view.generation, view.moment, view.day)
    if every_at not in kept:
        kept[every_at] = view.directory.all("party")
    if named_at not in kept:
        kept[named_at] = Parties(kept[every_at], view.day)
    return kept[every_at], kept[named_at]


def _codes(item: Mapping[str, Any]) -> str:
    codes = sorted({item["id"], *(str(each) for each in item["external_ids"].values())})
    names = sorted({each["name"] for each in item["names"]} - {item["name"]})
    return f"{item['kind']}; {', '.join(codes[:5])}" + (
        f"; {', '.join(names[:3])}" if names else ""
    )


def _titled(view: View, kind: Kind, asked: str) -> list[Match]:
    """Agreements or sources with all these words; the shortest titles first."""
    if len(asked) > LONGEST_ASKED:  # no title; a database refuses to look for so much
        return []
    conditions = [
        entity.c.words.contains(word, autoescape=True) for word in asked.lower().split()[:8]
    ]
    rows = view.conn.execute(
        select(entity.c.key, entity.c.doc)
        .where(
            entity.c.generation == view.generation,
            entity.c.kind == str(kind),
            entity.c.known_from <= view.moment,
            entity.c.known_to > view.moment,
            *conditions,
        )
        .limit(60)
    )
    found = [
        Match(key, _label(view, kind, doc), plain(str(doc.get("kind") or "")))
        for key, doc in ((row.key, orjson.loads(row.doc)) for row in rows)
    ]
    begins = asked.casefold()
    found.sort(key=lambda each: (not each.words.casefold().startswith(begins), len(each.words)))
    return found[:MOST]


def _label(view: View, kind: Kind, doc: Mapping[str, Any]) -> str:
    title = doc["title"] if kind is Kind.SOURCE else label(doc, view.day, view.threshold)
    return str(title).replace("[", "(").replace("]", ")")


def _events(view: View, asked: str, near: Iterable[str]) -> list[Match]:
    """Events of what the form speaks of, the latest first, with all these words."""
    if _UUID.fullmatch(asked):
        return [_event_match(each) for each in log.by_ids(view.conn, [asked]).values()]
    tags = [_tag(each) for each in near]
    if not tags:
        if not asked:
            return []
        tags = [f"agreement:{each.id}" for each in _titled(view, Kind.AGREEMENT, asked)]
        tags += [f"party:{each.id}" for each in matches(view, Kind.PARTY, asked)[:3]]
        asked = ""
    rows = view.conn.execute(
        select(event.c.event_id)
        .join(event_tag, event_tag.c.position == event.c.position)
        .where(event_tag.c.tag.in_(tags), event.c.target.is_(None))
        .order_by(event.c.position.desc())
        .limit(200)
    ).scalars()
    stored = sorted(log.by_ids(view.conn, list(rows)).values(), key=lambda each: -each.position)
    words = asked.casefold().split()
    found = [_event_match(each) for each in stored]
    return [each for each in found if all(word in each.value.casefold() for word in words)][:MOST]


def _tag(near: str) -> str:
    inner = picked(Kind.AGREEMENT, near)
    return f"party:{inner}" if inner.isupper() else f"agreement:{inner}"


def _event_match(stored: log.Stored) -> Match:
    words = plain(stored.type)
    if stored.data is None or stored.type not in CATALOGUE:
        return Match(stored.event_id, words)
    said = orjson.loads(stored.data)
    when = said.get("occurred") or said.get("over")
    who = said.get("parties") or [
        said[each]
        for each in ("party", "sender", "receiver", "from", "to", "by", "on")
        if isinstance(said.get(each), str)
    ]
    parts = [f"{words}, {dates.human(dates.parse(when))}" if when else words, ", ".join(who)]
    shown = ", ".join(each for each in parts if each).replace("[", "(").replace("]", ")")
    return Match(stored.event_id, shown, str(said.get("agreement") or ""))


def _name_new(view: View, typed: Typed, at: str, kind: str, event_id: str) -> None:
    """A short name that is free, where none was typed; one that this very form took stays its own."""
    if typed.get(f"{at}.new.slug", "").strip() or not typed.get(f"{at}.new.title", "").strip():
        return
    wanted = entering.slug_of(typed, at)
    own = entering.event_id_of(event_id, at) if event_id else ""
    tries = [wanted, *(f"{wanted}-{number}" for number in range(2, 50))]
    docs = view.directory.docs(kind, tries)
    free = (each for each in tries if each not in docs or docs[each]["recorded"] == own)
    typed[f"{at}.new.slug"] = next(free, wanted)

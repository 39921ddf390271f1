"""The events on record: the list with its filters, and all about one of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import request, url_for

from registry.admin.desk import blueprint, engine, me
from registry.admin.telling import date_words, teller
from registry.domain import dates
from registry.domain.catalogue import CATALOGUE, Correction
from registry.domain.dates import iso
from registry.domain.errors import Invalid, NotFound
from registry.domain.events.register import EventAmended
from registry.domain.layers import LAYERS
from registry.queries import events as of_events
from registry.queries.surroundings import Setting, doubts_about, settings_by, speaking_of
from registry.queries.view import View, open_view
from registry.store.engine import reading
from registry.web.correcting import WORDS, Link, as_recorded, chain_of
from registry.web.days_said import day_in_words
from registry.web.pages import page, plain
from registry.web.telling import Fact, Teller, content_of
from registry.web.visiting import needs
from registry.web.wording import layer_words, names_of, subject_words, value_words

PAGE: Final = 50
Errors = list[tuple[str, str]]
Document = Mapping[str, Any]


@dataclass(frozen=True)
class Listed:
    """An event in a list. `state`: live, amended, retracted."""

    event_id: str
    title: str
    occurred: str
    confidence: str
    state: str
    recorded_at: str
    recorded_by: str
    reviewed_by: str | None


@dataclass(frozen=True)
class Told:
    """All that the page of one event shows."""

    event_id: str
    title: str
    type: str
    state: str
    confidence: str
    facts: tuple[Fact, ...]
    sources: tuple[Mapping[str, Any], ...]
    document: Document
    chain: tuple[Link, ...]
    original: tuple[Fact, ...]
    sets: tuple[str, ...]
    doubts: tuple[Mapping[str, Any], ...]
    others: tuple[Listed, ...]
    is_correction: bool
    target: Listed | None


@blueprint.get("/events")
@needs("reader")
def events() -> Any:
    """The list, the newest first."""
    asked = {name: request.args.get(name, "").strip() for name in FILTERS}
    errors: Errors = []
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        filters = _filters(view, asked, errors)
        before = request.args.get("before", "")
        found = of_events.newest(
            view, filters, int(before) if before.isdigit() and len(before) < 16 else None, PAGE
        )
        rows = [] if errors else listed(view, found.items)
    older = None
    if found.next is not None and not errors:
        said = {name: value for name, value in asked.items() if value}
        older = url_for("admin.events", before=found.next, **said)  # type: ignore[arg-type]
    return page(
        "admin/events.html",
        422 if errors else 200,
        title="Events",
        rows=rows,
        asked=asked,
        errors=errors,
        older=older,
        types=[{"value": name, "label": plain(name)} for name in sorted(CATALOGUE)],
    )


FILTERS: Final = ("type", "party", "by", "when")


@blueprint.get("/events/<event_id>")
@needs("reader")
def event(event_id: str) -> Any:
    """Everything about one event."""
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        told = told_of(view, event_id)
    return page(
        "admin/event.html",
        title=told.title,
        told=told,
        may=me().may("recorder"),
        done=request.args.get("done", ""),
    )


def listed(view: View, documents: Iterable[Document]) -> list[Listed]:
    """Events as they stand, told in a line each."""
    every = list(documents)
    contents = [content_of(each) for each in every]
    targets = [str(said["target"]) for said in contents if "target" in said]
    corrected = of_events.documents(view, targets) if targets else {}
    beside = [(each, content_of(document)) for each, document in corrected.items()]
    telling = teller(view, contents, beside)
    return [
        Listed(
            each["event_id"],
            _listed_title(telling, said),
            date_words(said["occurred"]).text if said.get("occurred") else "",
            "" if "target" in said else str(said.get("confidence", "")),
            _state(each),
            each["recorded_at"][:16].replace("T", " "),
            each["recorded_by"],
            each["reviewed_by"],
        )
        for each, said in zip(every, contents, strict=True)
    ]


def _listed_title(telling: Teller, said: Mapping[str, Any]) -> str:
    """A correction is called by what it corrects."""
    title = telling.title(said)
    if about := telling.titles.get(str(said.get("target"))):
        return f"{WORDS.get(str(said['type']), title)} – {about}"
    return title


def told_of(view: View, event_id: str) -> Told:
    """NotFound where there is none."""
    document = of_events.one(view, event_id)
    said = content_of(document)
    chain = document["corrections"]
    named = [each for each in _named(said, chain) if each != event_id]
    beside = of_events.documents(view, [*named, *speaking_of(view, event_id)])
    contents = [(each, content_of(doc)) for each, doc in beside.items()]
    telling = teller(view, [said, *map(content_of, chain)], contents)
    first = as_recorded(view, event_id)
    is_correction = issubclass(CATALOGUE[document["type"]], Correction)
    settings = settings_by(view, event_id, document["position"])
    speaking = [doc for each, doc in beside.items() if each not in named]
    target = beside.get(str(said.get("target"))) if is_correction else None
    return Told(
        event_id,
        telling.title(said),
        plain(document["type"]),
        _state(document),
        str(said.get("confidence", "reported")),
        tuple(telling.facts(said, but=("sources", "confidence", "event"))),
        tuple(document["sources"]),
        document,
        tuple(chain_of(view, telling, event_id, first, chain)),
        tuple(telling.facts(first, but=("confidence",))) if _was_amended(chain) else (),
        tuple(_setting_words(view, settings)),
        tuple(doubts_about(view, event_id, [(each.layer, each.key) for each in settings])),
        tuple(listed(view, speaking)),
        is_correction,
        listed(view, [target])[0] if target else None,
    )


def _filters(view: View, asked: Mapping[str, str], errors: Errors) -> dict[str, str]:
    made: dict[str, str] = {}
    if asked["type"]:
        if asked["type"] in CATALOGUE:
            made["type"] = asked["type"]
        else:
            errors.append(("type", "Kind of event: choose one of the list"))
    if asked["party"]:
        try:
            made["party"] = view.party(asked["party"])
        except (Invalid, NotFound) as wrong:
            close = ", ".join(wrong.offers)
            hint = f"; did you mean {close}?" if close else ""
            errors.append(("party", f"Party: none is on record as “{asked['party']}”{hint}"))
    if asked["by"]:
        made["recorded_by"] = asked["by"]
    if asked["when"]:
        try:
            date = dates.from_human(asked["when"])
        except Invalid as wrong:
            offers = f" Did you mean {', '.join(wrong.offers)}?" if wrong.offers else ""
            errors.append(("when", f"When it happened: {wrong.message}.{offers}"))
        else:
            made["occurred_from"] = made["occurred_to"] = date.text
    return made


def _state(document: Document) -> str:
    standing = document["standing"]
    if standing["state"] == "retracted":
        return "retracted"
    return "amended" if standing.get("amended_by") else "live"


def _named(said: Mapping[str, Any], chain: Sequence[Document]) -> list[str]:
    names = [
        said.get("responds_to"),
        said.get("same_act_as"),
        said.get("about"),
        said.get("target"),
    ]
    names += said.get("follows", [])
    names += [each["event_id"] for each in chain]
    return [str(each) for each in dict.fromkeys(names) if each]


def _was_amended(chain: Sequence[Document]) -> bool:
    return any(each["type"] == EventAmended.TYPE for each in chain)


def _setting_words(view: View, settings: Sequence[Setting]) -> Iterable[str]:
    names = names_of(view, [(each.layer, each.key) for each in settings])
    for each in settings:
        subject = subject_words(each.layer, LAYERS[each.layer].subject(each.key), names)
        value = _VALUES.get(each.value) or value_words(each.layer, each.value, names)
        yield f"{layer_words(each.layer)}, {subject}: {value}, {_window(each)}"


_VALUES: Final = {
    "@in_charge": "chargé d’affaires (vacant where no mission stands)",
    "@class_before": "the class held before",
    "@notice_retracted": "what held before the notice",
}


def _window(each: Setting) -> str:
    lo, hi = each.window.lo, each.window.hi
    if iso(lo) == "..":
        return "at all times" if iso(hi) == ".." else f"some day up to {day_in_words(hi)}"
    if iso(hi) == "..":
        return f"some day from {day_in_words(lo)} on"
    if lo == hi:
        return f"from {day_in_words(lo)}"
    return f"from some day between {day_in_words(lo)} and {day_in_words(hi)}"

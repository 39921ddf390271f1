"""A party's page: its names, codes and existence over time, where it is used, and what changes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import request, url_for

from registry.admin.corrections import REASON
from registry.admin.desk import blueprint, engine, me
from registry.admin.events import listed
from registry.admin.merging import page_of
from registry.admin.telling import date_words
from registry.admin.typed import Typed, rows_of, typed_of
from registry.domain.catalogue import CATALOGUE, family
from registry.domain.events.parties import PartyRecorded
from registry.domain.parties import CODE_SCHEMES
from registry.queries import events as of_events
from registry.queries import parties as of_parties
from registry.queries.entities import COUNTED, Uses, own_events, uses
from registry.queries.view import View, open_view
from registry.record.merging import merged_into
from registry.store.engine import reading
from registry.web.pages import page, plain
from registry.web.telling import content_of
from registry.web.visiting import needs
from registry.web.wording import answer_words, names_of

OWN: Final = tuple(each for each in CATALOGUE if family(each) == "party")
"""The types of events that a party is made of."""
SCHEMES: Final = {
    "iso3": "ISO 3166, three letters",
    "iso2": "ISO 3166, two letters",
    "isohist": "ISO 3166-3, former names",
    "cow": "Correlates of War",
    "gw": "Gleditsch and Ward",
    "wikidata": "Wikidata",
}


@dataclass(frozen=True)
class Name:
    name: str
    since: str
    languages: str


@dataclass(frozen=True)
class Held:
    """A code and when it was valid."""

    scheme: str
    code: str
    valid: str


@dataclass(frozen=True)
class Use:
    """How many of the events that speak of it are of one kind; `url`: where they are listed."""

    words: str
    number: int
    url: str


@dataclass(frozen=True)
class Short:
    """A form that only adds something to a registration: all else is sent along as it stands."""

    url: str
    carried: tuple[tuple[str, str], ...]
    reason: str = REASON


@blueprint.get("/parties/<party>")
@needs("reader")
def party(party: str) -> Any:
    """Show a party."""
    with reading(engine()) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence="alleged")
        if party not in view.directory.docs("party", [party]):
            return gone(view, "party", party)
        said = of_parties.one(view, party)
        doc = view.directory.docs("party", [party])[party]
        registration = registered(view, doc)
        used = uses(view, "party", party)
        own = listed(
            view, of_events.documents(view, own_events(view, "party", party, OWN)).values()
        )
        existence = _existence(view, said)
        names = names_of(view, [], _named(doc))
    codes = [_held(each) for each in said["codes"]]
    typed = typed_of(PartyRecorded, registration)
    return page(
        "admin/party.html",
        title=said["name"],
        party=said,
        names=[_name(each) for each in doc["names"]],
        codes=codes,
        existence=existence,
        began=date_words(doc["began"]) if doc.get("began") else None,
        ended=[date_words(each) for each in doc.get("ended", ()) if each],
        part_of=_other(names, doc.get("part_of")),
        successors=[
            (_other(names, each["party"]), plain(each["mode"]))
            for each in doc.get("succeeded_by", ())
        ],
        used=used,
        by_type=uses_by_type(used, party=party),
        counted=COUNTED,
        own=own,
        recorded=doc["recorded"],
        called=f"{_bracketless(said['name'])} [{party}]",
        code_row=f"codes.{max(rows_of(typed, 'codes'), default=-1) + 1}",
        short=short(doc["recorded"], typed),
        schemes=[{"value": each, "label": SCHEMES[each]} for each in CODE_SCHEMES],
        may=me().may("recorder"),
        merges=me().may("reviewer"),
        gone=request.args.get("merged", "")[:100],
    )


def gone(view: View, kind: str, key: str) -> Any:
    """What is not on record (any more), with the one it was the same as."""
    stays = merged_into(view.conn, kind, key)
    return page(
        "admin/gone.html",
        404,
        title="Not found",
        kind=kind,
        key=key[:100],
        stays=stays,
        url=page_of(kind, stays) if stays else "",
    )


def registered(view: View, doc: Mapping[str, Any]) -> dict[str, Any]:
    """What the event that registered it says by now."""
    recorded = str(doc["recorded"])
    return content_of(of_events.documents(view, [recorded])[recorded])


def short(recorded: str, typed: Typed, but: Iterable[str] = ()) -> Short:
    """An amendment of the registration in which only the inputs of `but` are asked for."""
    without = set(but)
    return Short(
        url_for("admin.amend", event_id=recorded),
        tuple((name, value) for name, value in typed.items(multi=True) if name not in without),
    )


def uses_by_type(used: Uses, **filters: str) -> list[Use]:
    return [
        Use(
            plain(name),
            number,
            url_for("admin.events", type=name, **filters),  # type: ignore[arg-type]
        )
        for name, number in used.by_type.items()
        if name in CATALOGUE
    ]


def _existence(view: View, said: Mapping[str, Any]) -> str:
    answer = said["existence"]
    if answer["basis"] == "default":
        return "nothing on record of when it began or ended"
    words = answer_words(
        "existence", answer["possible"], names_of(view, []), certain=bool(answer["certain"])
    )
    return f"{words} today"


def _name(each: Mapping[str, Any]) -> Name:
    languages = ", ".join(
        f"{name} ({code})" for code, name in (each.get("languages") or {}).items()
    )
    since = date_words(each["since"]).text if each.get("since") else ""
    return Name(each["name"], since, languages)


def _held(code: Mapping[str, Any]) -> Held:
    valid = date_words(code["valid"]).text if code.get("valid") else "at all times"
    return Held(SCHEMES.get(code["scheme"], code["scheme"]), code["code"], valid)


def _named(doc: Mapping[str, Any]) -> list[str]:
    return [doc.get("part_of") or "", *(each["party"] for each in doc.get("succeeded_by", ()))]


def _other(names: Any, key: str | None) -> tuple[str, str] | None:
    """(its page, its name)."""
    return (url_for("admin.party", party=key), names.party(key)) if key else None


def _bracketless(name: str) -> str:
    return name.replace("[", "(").replace("]", ")")

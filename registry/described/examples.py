"""One valid event of each type, made from its fields.

A field whose kind alone would give a dull example has a better one here, by its name (or by its
holder and name); a field that is not listed still gets the example of its kind.
"""

from collections.abc import Mapping
from typing import Any, Final, cast

from registry import codec
from registry.domain.catalogue import CATALOGUE, Event, required
from registry.domain.fields import Kind, Told, told_by
from registry.domain.sets import At
from registry.kinds import KINDS

_COMMON: Final = frozenset(one.name for one in told_by(Event))
_AMENDING: Final = "relations.established"

_SAID: Final[Mapping[Kind, Mapping[str, object]]] = {
    Kind.DATE: {
        "effective": "2012-07-20",
        "until": "2017-06-20",
        "conduct.visited.until": "2012-06-21",
        "over": "2008/2012",
        "published": "2012-06",
        "accessed": "2026-11-23",
        "on": "2013-01-01",
    },
    Kind.PARTY: {
        "parties": ["BOL", "USA"],
        "between": ["BOL", "USA"],
        "named": ["BOL", "USA"],
        "concerning": ["USA"],
        "sender": "USA",
        "receiver": "BOL",
        "host": "BOL",
        "agency": "US-DEA",
        "from": "USA",
        "on": "IRN",
        "to": "BOL",
        "provider": "BRA",
        "recipient": "BOL",
        "power": "CHE",
        "predecessor": "CSK",
        "successor": "BRA",
        "organisation": "UN",
        "part_of": "USA",
        "resident_at": "PER",
        "Visitor.party": "IRN",
    },
    Kind.ACTOR: {
        "against": "USA",
        "by": "BOL",
        "depositary": "UN",
        "deposited_with": "UN",
        "established_by": "ICJ",
        "territory": "Hong Kong",
    },
    Kind.AGREEMENT: {"to": "bol-usa-1987-narcotics", "by": "single-convention-1972-protocol"},
    Kind.SOURCE: {"via": "el-diario-2012-06"},
    Kind.NEW_SLUG: {
        "agreement": "bol-irn-2012-counternarcotics",
        "source": "insight-crime-2012-06",
    },
    Kind.CONFIDENCE: {"to": "confirmed"},
    Kind.CHOICE: {
        "level": "embassy",
        "class": "ambassador",
        "rule": "on_nth_consent",
        "kind": "agreement",
        "how": "departed",
    },
    Kind.TEXT: {
        "title": "Agreement on cooperation against illicit drugs",
        "name": "Bolivia",
        "value": "established",
        "of": "state",
        "topics": ["narcotics"],
        "articles": ["art. 50(3)"],
        "article": "art. 4",
        "forum": "United Nations Conference on Narcotic Drugs",
        "vote": "97 - 0 - 3",
        "number": "7515",
        "volume": "520",
        "series": "UNTS",
        "ground": "coercion (VCLT 52)",
        "what": "training of anti-narcotics officers",
        "quantity": "10 officers",
        "capacity": "Minister of Government",
        "person": "Philip Goldberg",
        "office": "President",
        "Visitor.person": "Mahmoud Ahmadinejad",
        "city": "La Paz",
        "place": "La Paz",
        "instrument": "exchange of notes",
        "reason": "as stated by the ministry",
        "deadline": "within 72 hours",
        "notice": "six months",
        "organ": "Senate",
        "mode": "a",
        "verbatim_header": "Accession(a), Succession(d)",
        "programme": "arms embargo",
        "locator": "para. 2",
        "publisher": "InSight Crime",
        "author": "staff",
        "key": "registry.example.org+c2f1a9d0+ASmEFmLoGQ",
    },
    Kind.PROSE: {
        "quote": "signed during the visit of the president",
        "note": "The place is given differently elsewhere.",
        "confidence_reason": "One newspaper, no text seen.",
        "content": "that the agency supports the opposition",
        "text": "The Agreement shall enter into force on the thirtieth day.",
        "terms": "mutual respect, and the return of ambassadors",
        "searched": "the gazettes of both countries",
        "reason": "the source has published a correction",
    },
    Kind.NUMBER: {"n": 40, "days": 30, "months": 2, "number": 2},
}


def example(cls: type[Event], *, whole: bool = False) -> dict[str, Any]:
    """A valid event on the wire: its own fields and the common ones that matter to it, or all.

    It is in the form in which `codec.write` gives it back.
    """
    said: dict[str, Any] = {"type": cls.TYPE}
    for one in told_by(cls):
        if one.name not in _COMMON or whole or _telling(cls, one):
            said[one.wire] = _said(one, whole, cls.TYPE)
    return codec.write(codec.read(said))


def _telling(cls: type[Event], one: Told) -> bool:
    """Whether a short example shows this common field."""
    match one.name:
        case "occurred":
            return required(cls, one) or any(each.at is not At.OVER for each in cls.SETS)
        case "effective":
            return any(each.at is At.EFFECTIVE for each in cls.SETS)
        case "sources":
            return "source" not in {each.wire for each in told_by(cls)}
        case _:
            return one.name == "confidence"


def _said(one: Told, whole: bool, holder: str) -> object:
    of_kind = _SAID.get(one.kind, {})
    better = of_kind.get(f"{holder}.{one.wire}", of_kind.get(one.wire))
    if one.kind is Kind.RECORD:
        record = cast("type", one.record)
        found: object = {
            each.wire: _said(each, whole, record.__name__)
            for each in told_by(record)
            if whole or each.required or each.wire in _SAID.get(each.kind, {})
        }
    elif one.kind is Kind.CHOICE:
        found = better if better in one.choices else one.choices[0]
    elif one.kind is Kind.CONTENT:
        found = example(CATALOGUE[_AMENDING])
    else:
        found = KINDS[one.kind].example if better is None else better
    return [found] if one.many and not isinstance(found, list) else found

"""What is known of matched parties, for the columns of a table: names, codes, dates."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from registry.domain.entities import called, label
from registry.domain.errors import Invalid
from registry.queries.view import View
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t

PARTIES: Final = 500
CODES: Final = ("iso3", "iso2", "isohist", "cow", "gw", "wikidata")

Doc = Mapping[str, Any]


def proposed(kind: str) -> dict[str, Any]:
    return {
        "type": kind,
        "properties": [{"id": key, "name": _(name)} for key, (name, _find) in _PROPERTIES.items()],
    }


def extended(view: View, asked: Mapping[str, Any]) -> dict[str, Any]:
    """A row for each id; of an id that is none, empty cells."""
    ids = [str(each)[:100] for each in asked.get("ids") or ()]
    wanted = [str(each.get("id")) for each in asked.get("properties") or ()]
    unknown = [each for each in wanted if each not in _PROPERTIES]
    if unknown or len(ids) > PARTIES:
        raise Invalid(
            f"expected at most {PARTIES} ids, and of the properties {', '.join(_PROPERTIES)}",
            "extend",
        )
    docs = view.directory.docs("party", ids)
    return {
        "meta": [{"id": each, "name": _(_PROPERTIES[each][0])} for each in wanted],
        "rows": {
            key: {
                name: [
                    {"str": value}
                    for value in (_PROPERTIES[name][1](view, docs[key]) if key in docs else ())
                ]
                for name in wanted
            }
            for key in ids
        },
    }


def _coded(scheme: str) -> Callable[[View, Doc], list[str]]:
    return lambda _view, doc: [
        each["code"] for each in doc.get("codes", ()) if each["scheme"] == scheme
    ]


def _names(view: View, doc: Doc) -> list[str]:
    return list(dict.fromkeys(each["name"] for each in called(doc, view.threshold)))


def _told(*values: Any) -> list[str]:
    return [str(each) for each in values if each]


_PROPERTIES: Final[Mapping[str, tuple[str, Callable[[View, Doc], list[str]]]]] = {
    "name": (t("Name"), lambda view, doc: [label(doc, view.day, view.threshold)]),
    "names": (t("Names over time"), _names),
    "kind": (t("Kind of party"), lambda _view, doc: [doc["kind"]]),
    "began": (t("Began"), lambda _view, doc: _told(doc.get("began"))),
    "ended": (t("Ended"), lambda _view, doc: _told(*(doc.get("ended") or ()))),
    **{each: (each, _coded(each)) for each in CODES},
}

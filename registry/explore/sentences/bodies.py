"""An event as a clause without its date: the parts of its record in words, put into its text.

Only `telling` asks for it, which sees to it that what is alleged is told as alleged.
"""

from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from registry.domain.catalogue import CATALOGUE
from registry.domain.dates import parse
from registry.domain.fields import Kind, Told, told_by
from registry.explore.dates_said import at, until
from registry.explore.holding import holds, question
from registry.explore.naming import Namer
from registry.explore.sentences import FORMS
from registry.explore.sentences.choices import CHOICES, CONFIDENCES
from registry.web.languages import gettext as _
from registry.web.languages import ngettext
from registry.web.languages import text_of as t

Document = Mapping[str, Any]
Refer = Callable[[str], str]
"""What another event is called inside a sentence, by its id."""

LONGEST = 400
"""Of a text that is quoted inside a sentence; the whole of it stands beside the event."""


def clause(document: Document, namer: Namer, refer: Refer) -> str:
    """The event as a clause, which begins with a small letter unless with a name."""
    form = FORMS[document["type"]]
    parts = _parts(document, namer, refer)
    said = next(each for each in form.says if each.holds(document, parts))
    used = set(said.named)
    texts = [namer.fill(said.text, parts)]
    if _place_matters(document):
        texts.append(namer.fill(" (%(place)s)", parts))
    for each in form.adds:
        if each.holds(document, parts):
            used |= set(each.named)
            texts.append(namer.fill(each.text, parts))
    if "effective" in parts and "effective" not in used:
        texts.append(namer.fill(t("; effective %(effective)s"), parts))
    return Markup("").join(texts) if namer.link else "".join(texts)


def _place_matters(document: Document) -> bool:
    """Not beside a seat of the same name, nor after somebody's words."""
    place = document.get("place")
    return bool(place) and place != document.get("city") and "content" not in document


def _parts(document: Document, namer: Namer, refer: Refer) -> dict[str, Any]:
    """Each field that is told, in words; and what follows from several of them."""
    cls = CATALOGUE[document["type"]]
    parts: dict[str, Any] = {}
    for one in told_by(cls):
        value = document.get(one.wire)
        if value is None or value == []:
            continue
        parts[one.wire] = _many(one, value, namer) if one.many else _one(one, value, namer, refer)
    if (by := document.get("by")) and (pair := document.get("parties")):
        parts["other"] = namer.several(each for each in pair if each != by)
    if document.get("effective") == document.get("occurred"):
        parts.pop("effective", None)
    if document["type"] == "status.observed":
        parts["holds"] = holds(document["layer"], document["subject"], document["value"], namer)
    elif "layer" in document:
        parts["question"] = question(document["layer"], document["subject"], namer)
    return parts


def _many(one: Told, values: list[Any], namer: Namer) -> str:
    match one.kind:
        case Kind.PARTY:
            return namer.several(values)
        case Kind.RECORD if one.wire == "signatories":
            return namer.join(_person(each) for each in values)
        case Kind.TEXT:
            return namer.join(values)
    return ""


def _person(said: Mapping[str, str]) -> str:
    capacity = said.get("capacity")
    return f"{said['name']} ({capacity})" if capacity else said["name"]


def _one(one: Told, value: Any, namer: Namer, refer: Refer) -> Any:  # noqa: C901  # one case per kind
    match one.kind:
        case Kind.PARTY | Kind.NEW_PARTY:
            return namer.party(value)
        case Kind.ACTOR:
            return namer.actor(value)
        case Kind.AGREEMENT:
            return namer.agreement(value)
        case Kind.NEW_SLUG if one.wire == "agreement":
            return namer.agreement(value)
        case Kind.EVENT:
            return refer(value)
        case Kind.DATE:
            return until(value) if one.wire == "until" else at(parse(value))
        case Kind.CONFIDENCE:
            return _(CONFIDENCES[value])
        case Kind.CHOICE:
            said = CHOICES.get(one.wire, {}).get(value, value)
            return _(said) if said else ""
        case Kind.RECORD if one.wire == "visitor":
            return _visitor(value, namer)
        case Kind.RECORD if one.wire in ("delay", "later_delay"):
            return _delay(value)
        case Kind.NUMBER:
            return str(value)
        case Kind.PROSE if len(value) > LONGEST:
            return namer.plain(f"{value[:LONGEST].rsplit(' ', 1)[0]} …")
        case Kind.TEXT | Kind.PROSE | Kind.LABEL:
            said = value.strip()
            return namer.plain(said.removesuffix(".") if one.wire == "reason" else said)
    return ""


def _visitor(said: Mapping[str, str], namer: Namer) -> str:
    parts = {name: namer.plain(value) for name, value in said.items() if name != "party"}
    parts["party"] = namer.party(said["party"])
    if namer.names.party(said["party"]) in said.get("office", ""):
        return namer.fill(t("%(person)s (%(office)s)") if "person" in said else "%(office)s", parts)
    match "person" in said, "office" in said:
        case True, True:
            text = t("%(person)s (%(office)s, %(party)s)")
        case True, False:
            text = t("%(person)s (%(party)s)")
        case False, True:
            text = t("a representative of %(party)s (%(office)s)")
        case _:
            text = t("a representative of %(party)s")
    return namer.fill(text, parts)


def _delay(said: Mapping[str, Any]) -> str:
    words = []
    if months := said.get("months"):
        words.append(ngettext("%(num)s month later", "%(num)s months later", months))
    if days := said.get("days"):
        words.append(ngettext("%(num)s day later", "%(num)s days later", days))
    if said.get("first_of_next_month"):
        words.append(_("on the first day of the month that follows"))
    return ", ".join(words)

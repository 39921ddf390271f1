"""An agreement or a source that is entered in place, in the form of an event that speaks of it."""

import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from typing import Any, Final

from registry.admin import date_boxes
from registry.domain import dates
from registry.domain.catalogue import Event
from registry.domain.errors import Invalid
from registry.domain.fields import Kind, Told, told_by

AGREEMENT_PARTS: Final = ("agreement", "under", "to_agreement")
"""The parts of a layer's subject that are agreements."""
ENTERED: Final = {Kind.AGREEMENT: "agreement", Kind.SOURCE: "source"}
ASKED: Final = {
    "agreement": ("title", "kind", "slug"),
    "source": ("title", "kind", "publisher", "published", "url", "slug"),
}
"""The inputs of a new one, each named `<field>.new.<part>`."""
_SMALL: Final = frozenset(("the", "of", "and", "on", "for", "a", "an", "in", "to", "de", "la"))


def is_new(typed: Mapping[str, str], at: str) -> bool:
    """Whether something was typed into the inputs of a new one."""
    begins = f"{at}.new."
    return any(
        name.startswith(begins) and value.strip() and not name.endswith(".kind")
        for name, value in typed.items()
    )


def slug_of(typed: Mapping[str, str], at: str) -> str:
    """As typed, or made of the title."""
    if slug := typed.get(f"{at}.new.slug", "").strip():
        return slug
    return slug_from(typed.get(f"{at}.new.title", "")) or "untitled"


def slug_from(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    telling = [each for each in words if each not in _SMALL] or words
    slug = ""
    for each in telling:
        longer = f"{slug}-{each}" if slug else each
        if len(longer) > 60:
            break
        slug = longer
    return slug or (telling[0][:60] if telling else "")


def places(cls: type[Event], typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """(input, agreement or source) of each place in which a new one was entered."""
    for one in told_by(cls):
        yield from _places(one, one.wire, typed)


def event_id_of(event_id: str, at: str) -> str:
    """The id under which the new one is recorded: the same however often the form is sent."""
    return str(uuid.uuid5(uuid.UUID(event_id), f"{at}.new"))


def said_of_new(
    kind: str, at: str, typed: Mapping[str, str]
) -> tuple[dict[str, Any], list[Invalid]]:
    """The event that enters it, and what cannot be read; `field` is the id of an input."""
    text = {part: typed.get(f"{at}.new.{part}", "").strip() for part in ASKED[kind]}
    problems: list[Invalid] = []
    said: dict[str, Any] = {"type": f"{kind}.recorded", kind: slug_of(typed, at)}
    if not text["title"]:
        problems.append(Invalid("give its title", f"{at}.new.title"))
    if published := text.get("published"):
        try:
            said["published"] = dates.from_human(published).text
        except Invalid as wrong:
            words = date_boxes.refused(wrong, published)
            problems.append(Invalid(words, f"{at}.new.published", wrong.offers))
    if kind == "source" and not text["kind"]:
        problems.append(Invalid("choose what kind of source it is", f"{at}.new.kind"))
    said |= {part: text[part] for part in ("title", "kind", "publisher", "url") if text.get(part)}
    return said, problems


def place_of(kind: str, at: str, path: str) -> str:
    """The input of a wire field of the event that enters it."""
    return f"{at}.new.{'slug' if path == kind else path if path in ASKED[kind] else 'title'}"


def _places(one: Told, at: str, typed: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if one.kind in ENTERED and not one.many:
        if is_new(typed, at):
            yield at, ENTERED[one.kind]
    elif one.kind is Kind.RECORD and one.record is not None:
        wanted = [each for each in told_by(one.record) if each.kind in ENTERED]
        begins = re.compile(rf"{re.escape(at)}\.([0-9]{{1,4}})\." if one.many else re.escape(at))
        rows = (
            sorted({match[1] for name in typed if (match := begins.match(name))}, key=int)
            if (one.many)
            else [""]
        )
        for row in rows:
            inner = f"{at}.{row}" if one.many else at
            for each in wanted:
                yield from _places(each, f"{inner}.{each.wire}", typed)

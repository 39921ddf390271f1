"""What is to be compared, as an address or a form says it, brought into the register's own words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from registry.domain.errors import Invalid, NotFound
from registry.explore.typed import WHOLE_DAY, day_in, end_of
from registry.queries.view import View
from registry.web.languages import gettext as _

FIELDS: Final = ("of", "a", "b", "agreement", "from", "to", "known_from", "known_to")


@dataclass(frozen=True)
class Asked:
    """`kind`: party, pair, agreement; `keys`: its ids. Either two days or two points are given."""

    kind: str
    keys: tuple[str, ...]
    days: tuple[str, str] | None = None
    points: tuple[str, str | None] | None = None

    @property
    def subject(self) -> str:
        return ":".join((self.kind, *self.keys))

    @property
    def tags(self) -> tuple[str, ...]:
        """Under which the log files what is recorded of it."""
        word = "agreement" if self.kind == "agreement" else "party"
        return tuple(f"{word}:{key}" for key in self.keys)


@dataclass
class Form:
    """What stands in the boxes of the form, and what is wrong with it, by box."""

    said: Mapping[str, str]
    wrong: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ()

    def value(self, name: str) -> str:
        return self.said.get(name, "")


def boxes(said: Mapping[str, str]) -> dict[str, str]:
    """The form filled in as an address has it."""
    shown = {name: text for name in FIELDS if (text := said.get(name, "").strip())}
    kind, _colon, rest = shown.pop("of", "").partition(":")
    if kind == "pair":
        a, _colon, b = rest.partition(":")
        return {"a": a, "b": b, **shown}
    if kind in ("party", "agreement") and rest:
        return {"a" if kind == "party" else "agreement": rest, **shown}
    return shown


def plainly(view: View, said: Mapping[str, str]) -> dict[str, str]:
    """The same in the register's own words: one subject by its ids, days in EDTF, points as they
    are asked for. Invalid with the box that is wrong.
    """
    given = boxes(said)
    kind, keys = _subject(view, given)
    plain = {"of": ":".join((kind, *keys))}
    for name in ("from", "to"):
        if text := given.get(name):
            plain[name] = day_in(text, name)
    for name in ("known_from", "known_to"):
        if text := given.get(name):
            point = _point(text, name)
            if point:
                plain[name] = point
    return plain


def asked(view: View, plain: Mapping[str, str]) -> Asked:
    """Without a second day, up to the day that is looked at."""
    kind, *keys = plain["of"].split(":")
    days = points = None
    if "from" in plain or "to" in plain:
        if "known_from" in plain or "known_to" in plain:
            raise Invalid(_("Choose two days or two points of knowledge, not both."), "known_from")
        if "from" not in plain:
            raise Invalid(_("Say the first day, too."), "from")
        days = plain["from"], plain.get("to", view.as_of_text)
    elif "known_from" in plain or "known_to" in plain:
        if "known_from" not in plain:
            raise Invalid(_("Say the first point of knowledge, too."), "known_from")
        points = plain["known_from"], plain.get("known_to")
    return Asked(kind, tuple(keys), days, points)


def _subject(view: View, given: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    a, b, slug = (given.get(name, "") for name in ("a", "b", "agreement"))
    if slug:
        if a or b:
            raise Invalid(_("Choose parties or an agreement, not both."), "agreement")
        return "agreement", (_agreement(view, slug),)
    if not a:
        raise Invalid(_("Say which party or agreement is to be compared."), "a")
    first = _party(view, a, "a")
    if not b:
        return "party", (first,)
    second = _party(view, b, "b")
    if first == second:
        raise Invalid(_("Choose two different parties."), "b")
    return "pair", tuple(sorted((first, second)))


def _party(view: View, named: str, box: str) -> str:
    try:
        return view.party(named, box)
    except (Invalid, NotFound) as wrong:
        raise Invalid(str(wrong), box, getattr(wrong, "offers", ())) from None


def _agreement(view: View, slug: str) -> str:
    try:
        return str(view.agreement(slug)["id"])
    except NotFound as wrong:
        raise Invalid(str(wrong), "agreement") from None


def _point(text: str, box: str) -> str:
    """A day stands for its end; today's is what is known now, which needs not be said."""
    if text.startswith("@") or _INSTANT.match(text):
        return text
    day = day_in(text, box)
    if not WHOLE_DAY.fullmatch(day):
        raise Invalid(_("Expected a day, such as 2026-03-01, or a position, such as @1200."), box)
    end = end_of(day)
    if end is None and box != "known_to":
        raise Invalid(_("Expected a day before today."), box)
    return end or ""


_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}[Tt ]\d{2}:")

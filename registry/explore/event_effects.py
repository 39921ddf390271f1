"""What an event changed: the layers that it set, where that is seen, and what held the day after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from registry.domain.dates import MAX_DAY, Day, iso
from registry.domain.layers import LAYERS
from registry.explore.dates_said import at
from registry.explore.holding import layer_said, question, value_said
from registry.explore.naming import Namer, namer_of
from registry.explore.on_the_day import Sentence, said_on
from registry.explore.shown import Looking
from registry.queries.answers import answers
from registry.queries.bearing import POSSIBLE
from registry.queries.surroundings import Setting
from registry.web.languages import gettext as _

MOST: Final = 12
"""Of the settings whose answer on the day after is told."""


@dataclass(frozen=True)
class Effect:
    """`window`: on which days it may have begun. `address`: of the page of its subject on the last
    of them; `after`: the answer on the day after that, and `address_after` where it is.
    """

    layer: str
    about: str
    value: str
    window: str
    address: str
    after: Sentence | None
    address_after: str


def effects_of(here: Looking, settings: Sequence[Setting]) -> list[Effect]:
    """Of those that count where one looks."""
    counted = [each for each in settings if each.confidence.counts_at(here.view.threshold)]
    namer = namer_of(here.view, subjects=[(each.layer, each.key) for each in counted])
    return [
        Effect(
            layer_said(each.layer),
            question(each.layer, LAYERS[each.layer].subject(each.key), namer),
            _value(each, namer),
            _window(each),
            _seen_at(here, each, _last(each)),
            _after(here, each) if place < MOST else None,
            _seen_at(here, each, _next(each)),
        )
        for place, each in enumerate(counted)
    ]


def _after(here: Looking, each: Setting) -> Sentence | None:
    day = _next(each)
    if day is None:
        return None
    view = here.view.on(day, "as_of")
    found = answers(view, [(each.layer, each.key)], POSSIBLE)
    (said,) = said_on(view, found.values(), here.link)
    return said


def _value(each: Setting, namer: Namer) -> str:
    special = {
        "@in_charge": _("a chargé d’affaires, or nobody where no mission stands"),
        "@class_before": _("the class it had before"),
        "@notice_retracted": _("what held before the notice"),
    }
    return special.get(each.value) or value_said(each.layer, each.value, namer)


def _window(each: Setting) -> str:
    lo, hi = iso(each.window.lo), iso(each.window.hi)
    if lo == hi == "..":
        return _("at all times")
    if lo == hi:
        return at(lo)
    return at(f"[{'' if lo == '..' else lo}..{'' if hi == '..' else hi}]")


def _last(each: Setting) -> str | None:
    """The day on which it has certainly happened, if it has an end."""
    return _dated(each.window.hi)


def _next(each: Setting) -> str | None:
    return None if _last(each) is None else _dated(each.window.hi + 1)


def _dated(day: Day) -> str | None:
    said = ".." if day >= MAX_DAY else iso(day)
    return None if said == ".." or said.startswith("Y") else said


def _seen_at(here: Looking, each: Setting, day: str | None) -> str:
    """The page of its subject on the day; empty where it has none of its own."""
    on = {"as_of": day} if day else {}
    subject = LAYERS[each.layer].subject(each.key)
    parties = LAYERS[each.layer].party_parts(each.key)
    if "agreement" in subject:
        return here.to(f"/agreements/{subject['agreement']}", **on)
    if len(parties) >= 2:
        return here.to(f"/relations/{parties[0]}/{parties[1]}", **on)
    return here.to(f"/parties/{parties[0]}", **on) if parties else ""

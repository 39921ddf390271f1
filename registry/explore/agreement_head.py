"""What stands over a status table: how the agreement was made, from when it is in force, its numbers."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from registry.domain.dates import Edtf, parse
from registry.domain.entry_into_force import Rule
from registry.domain.events import agreements as of
from registry.domain.events import participation
from registry.explore.dates_said import at, since_window
from registry.explore.naming import namer_of
from registry.queries.answers import answers
from registry.queries.status import Claim, Status
from registry.queries.view import View
from registry.web.days_said import any_of
from registry.web.languages import gettext as _
from registry.web.languages import text_of as t


@dataclass(frozen=True)
class Fact:
    """A line of the head, and the events that say it."""

    label: str
    words: str
    events: tuple[str, ...] = ()
    sure: str = ""


@dataclass(frozen=True)
class Head:
    """`force_words`: in force, and how sure that is, on the day."""

    facts: tuple[Fact, ...]
    force_words: str


def head_of(
    view: View,
    doc: Mapping[str, Any],
    status: Status,
    force: Mapping[str, Any],
    rule: Rule | None,
) -> Head:
    words = force_said(force)
    facts = [
        *_made(doc, status),
        *_entry(status, force, rule),
        Fact(_("On the day looked at"), words, tuple(force["evidence"]), _sure(force)),
        *_registered(view, status),
        *_kept(view, doc),
        *_published(status),
    ]
    return Head(tuple(facts), words)


def force_said(answer: Mapping[str, Any]) -> str:
    """In force; provisionally in force or in force; nothing recorded of its force."""
    possible = [each for each in answer["possible"] if each != "unknown"]
    if not possible:
        return _("nothing is recorded of its entry into force")
    said = [_(_FORCE.get(each, each)) for each in possible]
    if "unknown" in answer["possible"]:
        said.append(_("not recorded"))
    return any_of(said)


_FORCE = {
    "provisional": t("provisionally in force"),
    "in_force": t("in force"),
    "suspended": t("suspended"),
    "terminated": t("terminated"),
    "void": t("void"),
}


def _sure(answer: Mapping[str, Any]) -> str:
    if answer["certain"]:
        return "certain"
    return "unknown" if answer["possible"] == ["unknown"] else "possible"


def _made(doc: Mapping[str, Any], status: Status) -> Iterator[Fact]:
    """Place and date of conclusion, as far as it is recorded how it was concluded."""
    recorded = [each for each in status.whole if isinstance(each.event, of.Recorded)]
    place = next((each.event.place for each in recorded if each.event.place), None)
    found = False
    for cls, words in (
        (of.Announced, t("Announced")),
        (of.Initialled, t("Initialled")),
        (of.TextAdopted, t("Text adopted")),
        (of.SignatureOpened, t("Opened for signature")),
    ):
        for claim in status.named(cls):
            own = claim.event.place or (place if cls is not of.Announced else None)
            yield Fact(_(words), _when_and_where(claim, own), (claim.event_id,))
            found = found or cls in (of.TextAdopted, of.SignatureOpened)
    signed = [c for s in status.spells for a in s.acts for c in a.claims if _is_signed(c)]
    if signed and (not found or doc.get("form") == "bilateral"):
        dates = list(dict.fromkeys(_when_and_where(c, c.event.place or place) for c in signed))
        words = any_of(dates) if len(dates) <= 3 else _first_of(signed, place)
        yield Fact(_("Signed"), words, tuple(c.event_id for c in signed[:4]))
    elif place and not found:
        yield Fact(_("Place"), place, tuple(each.event_id for each in recorded))


def _is_signed(claim: Claim) -> bool:
    return isinstance(claim.event, participation.Signed | participation.SignedAdReferendum)


def _first_of(signed: Iterable[Claim], place: str | None) -> str:
    first = min(signed, key=lambda each: (each.begins, each.position))
    return _("first %(when)s", when=_when_and_where(first, first.event.place or place))


def _when_and_where(claim: Claim, place: str | None) -> str:
    date = claim.event.occurred or claim.event.effective
    said = at(date) if date else _("on a day that is not recorded")
    return _("%(when)s, %(place)s", when=said, place=place) if place else said


def _entry(status: Status, force: Mapping[str, Any], rule: Rule | None) -> Iterator[Fact]:
    """From when it is in force: as stated, with the article; else as computed."""
    article = _article(status)
    stated = status.named(of.EnteredIntoForce) + status.named(of.ProvisionallyInForce)
    for claim in stated:
        provisional = isinstance(claim.event, of.ProvisionallyInForce)
        date: Edtf | None = claim.event.effective or claim.event.occurred
        said = at(date) if date else _("on a day that is not recorded")
        if article and not provisional:
            said = _("%(when)s, in accordance with article %(article)s", when=said, article=article)
        how = _("derived") if getattr(claim.event, "stated", None) is False else _("stated")
        label = _("Provisional entry into force") if provisional else _("Entry into force")
        yield Fact(label, f"{said} ({how})", (claim.event_id,))
    if stated:
        return
    since = force["since"] or {}
    days = [parse(since[e]).earliest if since.get(e) else None for e in ("earliest", "latest")]
    if rule is not None and "in_force" in force["possible"] and (said := since_window(*days)):
        if article:
            said = _("%(when)s, in accordance with article %(article)s", when=said, article=article)
        words = _("%(when)s (computed from its rule and the consents recorded)", when=said)
        yield Fact(_("Entry into force"), words, tuple(force["evidence"][:4]))
    else:
        yield Fact(_("Entry into force"), _("not recorded by this day"))


def _article(status: Status) -> str:
    for claim in reversed(status.named(of.EntryIntoForceRuleSet)):
        if article := getattr(claim.event, "article", None):
            return str(article)
    return ""


def _registered(view: View, status: Status) -> Iterator[Fact]:
    for claim in (*status.named(of.Registered), *status.named(of.FiledAndRecorded)):
        event: Any = claim.event
        parts = [_("No. %(number)s", number=event.number)] if event.number else []
        if event.volume:
            parts.append(_("volume %(volume)s", volume=event.volume))
        if event.occurred:
            parts.append(at(event.occurred))
        if event.by:
            parts.append(_("by %(whom)s", whom=namer_of(view, parties=[event.by]).actor(event.by)))
        label = _("Registered") if isinstance(event, of.Registered) else _("Filed and recorded")
        yield Fact(label, ", ".join(parts), (claim.event_id,))


def _kept(view: View, doc: Mapping[str, Any]) -> Iterator[Fact]:
    subject = ("depositary", doc["id"])
    answer = answers(view, [subject])[subject]
    named = [each for each in answer["possible"] if each not in ("none", "unknown")]
    if named:
        namer = namer_of(view, parties=named)
        words = any_of(namer.actor(each) for each in named)
        yield Fact(_("Depositary"), words, tuple(answer["evidence"]))


def _published(status: Status) -> Iterator[Fact]:
    for claim in status.named(of.Published):
        event: Any = claim.event
        parts = [each for each in (event.series, event.number) if each]
        if event.occurred:
            parts.append(at(event.occurred))
        yield Fact(_("Published"), ", ".join(parts), (claim.event_id,))

"""The rule by which an agreement enters into force, in words, and how far it has come."""

from collections.abc import Callable, Mapping
from typing import Any

from registry.domain.entry_into_force import Rule
from registry.explore.dates_said import at
from registry.web.days_said import all_of
from registry.web.languages import gettext as _
from registry.web.languages import ngettext


def rule_said(rule: Rule, name: Callable[[str], str], text: str | None) -> list[str]:
    """As sentences. `text`: the clause itself, where it is recorded."""
    said = rule.said
    delay = delay_said(said.get("delay"))
    sentences = [_first(said, name, delay)]
    later = delay_said(said.get("later_delay") or said.get("delay"))
    if said["rule"] == "on_nth_consent" and later and not rule.binds_all:
        sentences.append(
            _("For a party that consents later: %(delay)s after its own consent.", delay=later)
        )
    if rule.binds_all:
        sentences.append(_("Once in force, it binds all that have consented."))
    if text:
        sentences.append(_("In its words: “%(text)s”", text=text))
    return sentences


def delay_said(delay: Mapping[str, Any] | None) -> str:
    """30 days; 3 months; empty for none."""
    delay = delay or {}
    parts = []
    if months := delay.get("months"):
        parts.append(ngettext("%(num)d month", "%(num)d months", int(months)))
    if days := delay.get("days"):
        parts.append(ngettext("%(num)d day", "%(num)d days", int(days)))
    if delay.get("first_of_next_month"):
        parts.append(_("to the first day of the month that follows"))
    return all_of(parts) if parts else ""


def _first(said: Mapping[str, Any], name: Callable[[str], str], delay: str) -> str:
    named = all_of(name(each) for each in said.get("named", ()))
    match said["rule"]:
        case "on_nth_consent":
            n = int(said["n"])
            if delay:
                return _(
                    "It enters into force %(delay)s after consent no. %(n)s to be bound.",
                    delay=delay,
                    n=n,
                )
            return _("It enters into force with consent no. %(n)s to be bound.", n=n)
        case "on_date":
            return _("It enters into force %(when)s.", when=at(said["on"]))
        case "on_signature":
            return _("It enters into force on signature.")
        case "on_exchange":
            return _(
                "It enters into force when %(parties)s have exchanged consents.", parties=named
            )
        case "named_parties":
            return _("It enters into force when %(parties)s have consented.", parties=named)
    return _("It enters into force as its text says; the register does not compute that.")

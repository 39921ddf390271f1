"""When an agreement enters into force by its own rule, from the consents on record (VCLT 24)."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from registry.domain.dates import MAX_DAY, MIN_DAY, Days, day_of, parse
from registry.domain.dates.gregorian import calendar_of, month_length
from registry.domain.settings import Setting


@dataclass(frozen=True, slots=True)
class Rule:
    """An entry-into-force rule, read from the value of its layer."""

    said: dict[str, Any]

    @classmethod
    def read(cls, value: str) -> "Rule":
        return cls(json.loads(value))

    @property
    def binds_all(self) -> bool:
        return bool(self.said.get("binds_all"))

    def later(self, day: int) -> int:
        """The effect, for a party that consents on `day` to a treaty already in force."""
        return _delayed(self.said.get("later_delay") or self.said.get("delay"), day)

    @property
    def computes_effect(self) -> bool:
        """Whether the effect of a single consent follows from the rule."""
        return self.said["rule"] == "on_nth_consent" and bool(
            self.said.get("later_delay") or self.said.get("delay")
        )

    def in_words(self) -> str:
        rule, n = self.said["rule"], self.said.get("n")
        what = f"on consent no. {n}" if rule == "on_nth_consent" else rule.replace("_", " ")
        delay = self.said.get("delay") or {}
        parts = [f"{delay[unit]} {unit}" for unit in ("days", "months") if delay.get(unit)]
        if delay.get("first_of_next_month"):
            parts.append("the first day of the month that follows")
        return f"computed by its rule (VCLT 24): {what}" + (
            f", after {' and '.join(parts)}" if parts else ""
        )


def computed(rule: Rule, settings: Sequence[Setting], negotiating: Sequence[str]) -> Days | None:
    """The days on which force may have begun, between the N-th smallest first and last days of
    the consents, each with the delay; None where the rule computes nothing (yet).

    `settings`: of participation, of all parties. `negotiating`: those whom a rule without names
    means.
    """
    kind = rule.said["rule"]
    if kind == "on_date":
        return parse(rule.said["on"]).begins
    if kind == "on_nth_consent":
        firsts = list(_first_days(settings, ("contracting",)).values())
        return _nth(firsts, int(rule.said["n"]), rule)
    if kind in ("on_exchange", "named_parties", "on_signature"):
        values = ("contracting",) if kind != "on_signature" else ("signatory", "contracting")
        wanted = rule.said.get("named") or list(negotiating)
        by_party = _first_days(settings, values)
        if not wanted or any(party not in by_party for party in wanted):
            return None
        return _nth([by_party[party] for party in wanted], len(wanted), rule)
    return None


def _first_days(settings: Iterable[Setting], values: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """By party: first and last day on which its first act of this kind may have come.

    An act with competing claims came, whichever is right, by the last day of its last claim; one
    that may not have happened bounds nothing from above.
    """
    acts: dict[tuple[str, int], tuple[int, int]] = {}
    for each in settings:
        if not set(each.values) & set(values):
            continue
        key = (each.subject.rsplit("|", 1)[1], each.position if each.act is None else each.act)
        lo, hi = each.window.lo, MAX_DAY if each.optional else each.window.hi
        old = acts.get(key)
        acts[key] = (min(old[0], lo), max(old[1], hi)) if old else (lo, hi)
    parties: dict[str, tuple[int, int]] = {}
    for (party, _), (lo, hi) in acts.items():
        before = parties.get(party, (MAX_DAY, MAX_DAY))
        parties[party] = min(before[0], lo), min(before[1], hi)
    return parties


def _nth(days: Sequence[tuple[int, int]], n: int, rule: Rule) -> Days | None:
    if len(days) < n:
        return None
    delay = rule.said.get("delay")
    lo = _delayed(delay, sorted(lo for lo, _ in days)[n - 1])
    hi = _delayed(delay, sorted(hi for _, hi in days)[n - 1])
    return Days(((lo, hi),))


def _delayed(delay: dict[str, Any] | None, day: int) -> int:
    if not delay or day in (MIN_DAY, MAX_DAY):
        return day
    if months := delay.get("months"):
        day = _months_after(day, int(months))
    day += int(delay.get("days") or 0)
    if delay.get("first_of_next_month"):
        year, month, _ = calendar_of(day)
        day = day_of(year + month // 12, month % 12 + 1, 1)
    return day


def _months_after(day: int, months: int) -> int:
    """The same day of a later month, or its last day where it has no such day."""
    year, month, number = calendar_of(day)
    year, month = year + (month - 1 + months) // 12, (month - 1 + months) % 12 + 1
    return day_of(year, month, min(number, month_length(year, month)))

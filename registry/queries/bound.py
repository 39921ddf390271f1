"""Whether a party is bound by an agreement: joined from its parts when asked, never stored.

Each part gives the values possible on the day; the answer holds every joint world of theirs.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

from sqlalchemy import (
    Connection,
    Select,
)

from registry.domain.dates import Days
from registry.domain.entry_into_force import Rule
from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.projections.tables import span
from registry.queries.answers import Subject, answers
from registry.queries.bearing import POSSIBLE
from registry.queries.consents import NO_CONSENT, Consent, consent_on, consents_said, known_of
from registry.queries.view import View
from registry.store.among import among, parameter
from registry.store.direct import rows

BOUND, PROVISIONALLY, NOT_BOUND = "bound", "provisionally_bound", "not_bound"
VALUES = (BOUND, PROVISIONALLY, NOT_BOUND, NOT_APPLICABLE)
PARTS = ("participation", "provisional_application")
_RULE = "entry_into_force_rule"


def subjects_for(agreement: str, parties: Sequence[str]) -> list[Subject]:
    """The layers that `bound` is joined from, beside the rule of entry into force."""
    made: list[Subject] = [("force", agreement)]
    made += [(layer, f"{agreement}|{party}") for party in parties for layer in PARTS]
    return made


def rule_for(agreement: str) -> Subject:
    """What the rule of its entry into force is: `bound` asks only where a party is contracting."""
    return _RULE, agreement


def bound_answers(
    view: View,
    agreement: Mapping[str, Any],
    parties: Sequence[str],
    known: Mapping[Subject, dict[str, Any]] | None = None,
    *,
    mutual: bool = False,
) -> dict[str, dict[str, Any]]:
    """The answer of `bound` for each party. `known`: answers of `subjects_for` read already.

    `mutual`: bound towards the others among `parties`, so not by what is suspended between them.
    """
    return bound_by_all(view, [agreement], parties, known, mutual=mutual)[agreement["id"]]


def bound_by_all(
    view: View,
    agreements: Sequence[Mapping[str, Any]],
    parties: Sequence[str],
    known: Mapping[Subject, dict[str, Any]] | None = None,
    *,
    mutual: bool = False,
) -> dict[str, dict[str, dict[str, Any]]]:
    """`bound_answers` of many agreements by their slugs, read at once."""
    return bound_of_each(view, [(each, parties) for each in agreements], known, mutual=mutual)


def bound_of_each(
    view: View,
    asked: Sequence[tuple[Mapping[str, Any], Sequence[str]]],
    known: Mapping[Subject, dict[str, Any]] | None = None,
    *,
    mutual: bool = False,
) -> dict[str, dict[str, dict[str, Any]]]:
    """The same of agreements with the parties that are asked about in each."""
    found = known or answers(view, [s for doc, ids in asked for s in subjects_for(doc["id"], ids)])
    # of those that may have been contracting, since of all others nothing depends on it
    waiting = [
        (doc["id"], key)
        for doc, ids in asked
        for party in ids
        if "contracting" in found["participation", key := f"{doc['id']}|{party}"]["possible"]
    ]
    consents = _consents(view, [key for _, key in waiting])
    rules = _rules(view, dict.fromkeys(slug for slug, _ in waiting), found)
    suspended = _suspended_between(
        view, {doc["id"] for doc, _ in asked}, sorted({party for _, ids in asked for party in ids})
    )
    return {
        doc["id"]: _bound(
            view,
            doc,
            ids,
            found,
            consents,
            rules.get(doc["id"]),
            suspended.get(doc["id"], {}),
            mutual=mutual,
        )
        for doc, ids in asked
    }


def _bound(
    view: View,
    agreement: Mapping[str, Any],
    parties: Sequence[str],
    found: Mapping[Subject, dict[str, Any]],
    consents: Mapping[str, Consent],
    rule: Rule | None,
    suspended: Mapping[str, Mapping[str, dict[str, Any]]],
    *,
    mutual: bool,
) -> dict[str, dict[str, Any]]:
    slug = agreement["id"]
    force = found["force", slug]
    bilateral = agreement.get("form") == "bilateral"
    made: dict[str, dict[str, Any]] = {}
    for party in parties:
        participation = found["participation", f"{slug}|{party}"]
        provisional = found["provisional_application", f"{slug}|{party}"]
        consent = consents.get(f"{slug}|{party}", NO_CONSENT)
        values = joint_values(
            participation, force, provisional, consent, rule, view.days, bilateral=bilateral
        )
        toward = suspended.get(party, {})
        between = [toward[each] for each in parties if mutual and each in toward]
        for answer in between:
            values = (set() if answer["certain"] else values) | {
                NOT_BOUND if value in (BOUND, PROVISIONALLY) else value for value in values
            }
        made[party] = _answer(
            slug, party, values, participation, force, provisional, bilateral=bilateral
        )
        made[party]["evidence"] += [e for answer in between for e in answer["evidence"]]
        if toward:
            made[party]["suspended_towards"] = sorted(toward)
    return made


def joint_values(
    participation: Mapping[str, Any],
    force: Mapping[str, Any],
    provisional: Mapping[str, Any],
    consent: Consent,
    rule: Rule | None,
    days: Days,
    *,
    bilateral: bool,
) -> set[str]:
    """What follows from any of the values that each part may have."""
    parts = participation["possible"], force["possible"], provisional["possible"]
    if all(len(each) == 1 for each in parts):
        (took_part,), (in_force,), (applied,) = parts
        return bound_values(took_part, in_force, applied, consent, rule, days, bilateral=bilateral)
    return {
        value
        for took_part in participation["possible"]
        for in_force in force["possible"]
        for applied in provisional["possible"]
        for value in bound_values(
            took_part, in_force, applied, consent, rule, days, bilateral=bilateral
        )
    }


def bound_values(
    participation: str,
    force: str,
    provisional: str,
    consent: Consent,
    rule: Rule | None,
    days: Days,
    *,
    bilateral: bool,
) -> set[str]:
    """What follows from one value of each part (DESIGN 9.8; VCLT 24-26)."""
    if participation == NOT_APPLICABLE:
        return {NOT_APPLICABLE}
    ended = force in ("suspended", "terminated", "void")
    otherwise = PROVISIONALLY if provisional == "applied" and not ended else NOT_BOUND
    if participation == "party":
        return {otherwise if ended else BOUND}
    if force != "in_force":
        return {otherwise}
    if bilateral and participation in ("signatory", "contracting"):
        return {BOUND}
    if participation != "contracting":
        return {otherwise}
    if rule is not None and rule.binds_all:
        return {BOUND}
    if consent.effect_stated:
        return {otherwise}
    if rule is not None and rule.computes_effect and consent.windows:
        return _by_rule(consent.windows, rule, days, otherwise)
    return {BOUND, otherwise}


def _by_rule(windows: Sequence[Days], rule: Rule, days: Days, otherwise: str) -> set[str]:
    """From the day of consent and the delay for those that consent later."""
    made: set[str] = set()
    for window in windows:
        if rule.later(window.lo) <= days.hi:
            made.add(BOUND)
        if rule.later(window.hi) > days.lo:
            made.add(otherwise)
    return made


def rule_of(answer: Mapping[str, Any]) -> Rule | None:
    value = answer["value"]
    return Rule.read(value) if value and value.startswith("{") else None


def _rules(
    view: View, agreements: Iterable[str], found: Mapping[Subject, dict[str, Any]]
) -> dict[str, Rule | None]:
    """By agreement, as it was on the days; read where it is not known yet."""
    wanted = [rule_for(each) for each in agreements]
    read = answers(view, [each for each in wanted if each not in found], POSSIBLE)
    return {each[1]: rule_of(found.get(each) or read[each]) for each in wanted}


def _consents(view: View, keys: Sequence[str]) -> dict[str, Consent]:
    """By agreement and party, from its settings as known at the view."""
    return {key: consent_on(mine, view.days) for key, mine in consents_said(view, keys).items()}


_KEPT: dict[str, Select[Any]] = {}
"""By dialect: to make and compile a statement takes far longer than to run it."""


def _suspensions(conn: Connection) -> Select[Any]:
    key = conn.dialect.name
    if key not in _KEPT:
        _KEPT[key] = known_of(span, "suspension_between", span.c.subject).where(
            among(conn, span.c.first_party, "parties") | among(conn, span.c.second_party, "parties")
        )
    return _KEPT[key]


def _suspended_between(
    view: View, agreements: AbstractSet[str], parties: Sequence[str]
) -> dict[str, dict[str, dict[str, dict[str, Any]]]]:
    """By agreement and party, those towards whom it may have been suspended, with the answers."""
    said = {
        "generation": view.generation,
        "moment": view.moment,
        "parties": parameter(view.conn, list(parties)),
    }
    suspended = {key for (key,) in rows(view.conn, _suspensions(view.conn), said)}
    keys = sorted(key for key in suspended if key.rsplit("|", 1)[1] in agreements)
    found = answers(view, [("suspension_between", key) for key in keys])
    made: dict[str, dict[str, dict[str, dict[str, Any]]]] = {}
    for (_, key), answer in found.items():
        if "suspended" in answer["possible"]:
            one, other, agreement = key.split("|")
            of = made.setdefault(agreement, {})
            of.setdefault(one, {})[other] = answer
            of.setdefault(other, {})[one] = answer
    return made


def _answer(
    agreement: str,
    party: str,
    values: set[str],
    participation: Mapping[str, Any],
    force: Mapping[str, Any],
    provisional: Mapping[str, Any],
    *,
    bilateral: bool,
) -> dict[str, Any]:
    possible = list(values) if len(values) == 1 else [each for each in VALUES if each in values]
    default = participation["basis"] == "default"
    evidence = _once(participation["evidence"], force["evidence"], provisional["evidence"])
    if possible == [NOT_APPLICABLE]:
        evidence = list(participation["evidence"])
    return {
        "layer": "bound",
        "subject": {"agreement": agreement, "party": party},
        "value": possible[0] if len(possible) == 1 else None,
        "certain": len(possible) == 1
        and is_told(participation, force, provisional, bilateral=bilateral),
        "possible": possible,
        "basis": "default" if default else participation["basis"],
        "since": participation["since"] if len(possible) == 1 else None,
        "until": participation["until"] if len(possible) == 1 else None,
        "evidence": evidence,
        "because": {},
        "undetermined": _once(participation["undetermined"], force["undetermined"]),
        "competing_claims": participation["competing_claims"],
        "assumed": [*participation["assumed"], *force["assumed"]],
        "doubts": [*participation["doubts"], *force["doubts"]],
    }


def _once(*several: list[str]) -> list[str]:
    """Those of all the lists in order, each once."""
    every = [each for some in several for each in some]
    return list(dict.fromkeys(every)) if len(every) > 1 else every


def is_told(
    participation: Mapping[str, Any],
    force: Mapping[str, Any],
    provisional: Mapping[str, Any],
    *,
    bilateral: bool,
) -> bool:
    """Whether every part that decides is said by the record, and by none of its silences.

    Whoever is a party is bound where nothing is said of force (DESIGN 9.8); whether a contracting
    state is, or a signatory of a bilateral agreement, depends on it.
    """
    if participation["possible"] == [NOT_APPLICABLE]:
        return True
    took_part = set(participation["possible"])
    by_force = {"contracting", "signatory"} if bilateral else {"contracting"}
    return (
        not _silent(participation)
        and (not took_part & by_force or not _silent(force))
        and ("party" not in took_part or not _past_coverage(force))
        and ("applied" not in provisional["possible"] or not _silent(provisional))
    )


def _silent(answer: Mapping[str, Any]) -> bool:
    """Whether the answer, or one of its possible values, is only that nothing is recorded."""
    if answer["basis"] == "default" or _past_coverage(answer):
        return True
    default = LAYERS[answer["layer"]].default
    said = answer["basis"] == "coverage" or default in answer["because"]
    return default in answer["possible"] and not said


def _past_coverage(answer: Mapping[str, Any]) -> bool:
    """Whether a coverage was stated that the day is outside of."""
    return "covered_until" in answer and not answer["certain"] and len(answer["possible"]) == 1

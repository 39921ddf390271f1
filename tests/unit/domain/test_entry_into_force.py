"""Entry into force as its rule computes it (VCLT 24; VCDR 51)."""

import json

from registry.domain.confidence import Confidence
from registry.domain.dates import Days, iso, parse
from registry.domain.entry_into_force import Rule, computed
from registry.domain.settings import Setting

VCDR = Rule({"rule": "on_nth_consent", "n": 22, "delay": {"days": 30}})


def _consent(party: str, date: str, position: int, act: int | None = None) -> Setting:
    return Setting(
        layer="participation",
        subject=f"vcdr|{party}",
        event_id=f"e{position}",
        position=position,
        part=0,
        values=("contracting",),
        window=parse(date).begins,
        confidence=Confidence.REPORTED,
        rank=2,
        act=act,
    )


def _shown(days: Days | None) -> tuple[str, str] | None:
    return (iso(days.lo), iso(days.hi)) if days else None


def test_the_vcdr_enters_into_force_on_the_30th_day_after_the_22nd_instrument() -> None:
    early = [_consent(f"P{n:02d}", "1963-01-01", n) for n in range(21)]
    last = _consent("P99", "1964-03-25", 99)
    assert computed(VCDR, early, ()) is None
    assert _shown(computed(VCDR, [*early, last], ())) == ("1964-04-24", "1964-04-24")


def test_vague_consents_bound_the_day_from_both_sides() -> None:
    rule = Rule({"rule": "on_nth_consent", "n": 2, "delay": {"months": 3}})
    consents = [_consent("A", "1990-01-15", 1), _consent("B", "1990", 2), _consent("C", "1991", 3)]
    # the second of the three came between 15 January and 31 December 1990
    assert _shown(computed(rule, consents, ())) == ("1990-04-15", "1991-03-31")


def test_two_accounts_of_one_consent_count_once() -> None:
    rule = Rule({"rule": "on_nth_consent", "n": 2})
    twice = [_consent("A", "1990-01-01", 1, act=1), _consent("A", "1990-02-01", 2, act=1)]
    assert computed(rule, twice, ()) is None
    both = [*twice, _consent("B", "1989-01-01", 3)]
    assert _shown(computed(rule, both, ())) == ("1990-01-01", "1990-02-01")


def test_a_second_accession_of_the_same_party_is_no_second_consent() -> None:
    rule = Rule({"rule": "on_nth_consent", "n": 2})
    again = [_consent("BOL", "1976-09-23", 1), _consent("BOL", "2013-01-11", 2)]
    assert computed(rule, again, ()) is None


def test_the_first_day_of_the_month_that_follows_three_months() -> None:
    rule = Rule(
        {"rule": "on_nth_consent", "n": 1, "delay": {"months": 3, "first_of_next_month": True}}
    )
    assert _shown(computed(rule, [_consent("A", "2000-11-30", 1)], ())) == (
        "2001-03-01",
        "2001-03-01",
    )


def test_named_parties_must_all_consent() -> None:
    rule = Rule(json.loads('{"rule": "named_parties", "named": ["A", "B"]}'))
    assert computed(rule, [_consent("A", "2000-01-01", 1)], ()) is None
    both = [_consent("A", "2000-01-01", 1), _consent("B", "2000-05", 2)]
    assert _shown(computed(rule, both, ())) == ("2000-05-01", "2000-05-31")


def test_a_stated_clause_is_never_computed() -> None:
    assert computed(Rule({"rule": "stated"}), [_consent("A", "2000-01-01", 1)], ()) is None

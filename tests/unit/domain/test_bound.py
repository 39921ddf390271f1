"""`bound` holds every joint world of its parts, and says what the law says in each."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.domain.entry_into_force import Rule
from registry.domain.fold import fold
from registry.domain.layers import LAYERS, NOTHING
from registry.domain.segments import possible_over
from registry.domain.settings import Setting
from registry.queries.bound import bound_values
from registry.queries.consents import Consent

REPORTED = Confidence.REPORTED
DAYS = range(1, 7)
THIRTY_DAYS = Rule({"rule": "on_nth_consent", "n": 2, "delay": {"days": 2}})


def _setting(layer: str, value: str, lo: int, hi: int, position: int) -> Setting:
    return Setting(
        layer=layer,
        subject="x",
        event_id=f"e{position}",
        position=position,
        part=0,
        values=(value,),
        window=Days(((lo, hi),)),
        confidence=REPORTED,
        rank=LAYERS[layer].rank(value),
    )


@st.composite
def _histories(draw: st.DrawFn) -> list[Setting]:
    made = []
    for position in range(draw(st.integers(1, 4))):
        layer = draw(st.sampled_from(["participation", "force", "provisional_application"]))
        value = draw(st.sampled_from(LAYERS[layer].values))
        lo = draw(st.integers(1, 6))
        made.append(_setting(layer, value, lo, draw(st.integers(lo, 6)), position))
    return made


def _law(participation: str, force: str, applied: str, *, bilateral: bool) -> set[str]:
    """DESIGN 9.8 and VCLT 24-26 once more, as a table."""
    over = force in ("suspended", "terminated", "void")
    aside = "provisionally_bound" if applied == "applied" and not over else "not_bound"
    table = {
        "party": {aside} if over else {"bound"},
        "contracting": {aside}
        if force != "in_force"
        else {"bound"}
        if bilateral
        else {"bound", aside},
        "signatory": {"bound"} if bilateral and force == "in_force" else {aside},
    }
    return table.get(participation, {aside})


@given(_histories(), st.booleans())
@settings(max_examples=300)
def test_every_joint_world_is_among_the_possible_answers(
    history: list[Setting], bilateral: bool
) -> None:
    consent = Consent((), effect_stated=False)
    for day in DAYS:
        at = Days.on(day)
        possible: dict[str, list[str]] = {}
        for layer in ("participation", "force", "provisional_application"):
            mine = [s for s in history if s.layer == layer]
            folded = fold(LAYERS[layer], mine, {}, REPORTED)
            values, _ = possible_over(folded.segments, at)
            possible[layer] = [v or LAYERS[layer].default for v in values]
        answer = {
            value
            for took_part, force, applied in product(*possible.values())
            for value in bound_values(
                took_part, force, applied, consent, None, at, bilateral=bilateral
            )
        }
        for world in product(*(range(s.window.lo, s.window.hi + 1) for s in history)):
            held = {
                layer: _held(layer, history, world, day)
                for layer in ("participation", "force", "provisional_application")
            }
            if any(value is None for value in held.values()):
                continue  # an order of the legal chain that this world does not respect
            expected = _law(
                held["participation"] or "none",
                held["force"] or "unknown",
                held["provisional_application"] or "none",
                bilateral=bilateral,
            )
            assert expected <= answer, (world, held)


def _held(layer: str, history: list[Setting], world: tuple[int, ...], day: int) -> str | None:
    """The value of a layer in one world, found by walking through it; None if it is no world."""
    dated = [(s, d) for s, d in zip(history, world, strict=True) if s.layer == layer]
    chain = [(s, d) for s, d in dated if layer == "participation" and s.rank in (1, 2, 3)]
    for one, first in chain:
        for other, second in chain:
            overlap = one.window.hi >= other.window.lo and other.window.hi >= one.window.lo
            if overlap and one.rank < other.rank and first > second:
                return None
    past = sorted(
        ((LAYERS[layer].tier(s.values[0]), d, s.rank, s.position, s) for s, d in dated if d <= day),
        key=lambda each: each[:4],
    )
    return past[-1][4].values[0] if past else LAYERS[layer].default or NOTHING


@pytest.mark.parametrize(
    ("day", "expected"),
    [(4, {"not_bound"}), (5, {"bound", "not_bound"}), (7, {"bound"})],
)
def test_a_late_consent_binds_when_the_delay_of_the_rule_has_passed(
    day: int, expected: set[str]
) -> None:
    consent = Consent((Days(((3, 5),)),), effect_stated=False)
    found = bound_values(
        "contracting", "in_force", "none", consent, THIRTY_DAYS, Days.on(day), bilateral=False
    )
    assert found == expected


def test_before_an_effect_on_record_a_contracting_state_is_not_bound() -> None:
    # Bolivia, 20 January 2013: acceded on the 11th, in force for it on 10 February.
    consent = Consent((Days.on(1),), effect_stated=True)
    found = bound_values(
        "contracting", "in_force", "none", consent, None, Days.on(2), bilateral=False
    )
    assert found == {"not_bound"}


def test_relations_of_two_signatories_of_a_bilateral_treaty_in_force_are_bound() -> None:
    nothing = Consent((), effect_stated=False)
    found = bound_values("signatory", "in_force", "none", nothing, None, Days.on(1), bilateral=True)
    assert found == {"bound"}


def test_a_party_to_a_terminated_treaty_is_not_bound() -> None:
    nothing = Consent((), effect_stated=False)
    found = bound_values("party", "terminated", "none", nothing, None, Days.on(1), bilateral=False)
    assert found == {"not_bound"}

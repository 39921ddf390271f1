"""A long history folded only around a change has the rows of one folded whole."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry.domain.dates import iso
from registry.projections import neighbourhood, plan
from registry.projections.rebuild import rebuild
from tests.conftest import ENGINES, Databases
from tests.store.given import opened, tell

PAIR = ["BOL", "USA"]
STATES = [
    {"type": "party.recorded", "party": party, "kind": "state", "name": party} for party in PAIR
]
TYPES = [f"relations.{verb}" for verb in ("established", "interrupted", "severed", "reestablished")]
FIRST = 720_000


@st.composite
def _acts(draw: st.DrawFn, odd: bool) -> dict[str, Any]:
    """An act on some day of forty; where `odd`, some vague, with holes, of another confidence."""
    day = FIRST + draw(st.integers(0, 40))
    dates = [iso(day)] * 8 + [f"[{iso(day)}..{iso(day + 2)}]"]
    words = ["reported"]
    if odd:
        dates.append(f"[{iso(day)},{iso(day + 4)}]")
        words = ["reported"] * 6 + ["confirmed", "confirmed", "alleged", "disputed"]
    return {
        "type": draw(st.sampled_from(TYPES)),
        "parties": PAIR,
        "occurred": draw(st.sampled_from(dates)),
        "confidence": draw(st.sampled_from(words)),
    }


@st.composite
def _told(draw: st.DrawFn) -> list[tuple[str, Any]]:
    """Acts out of order, one transaction each, with corrections between them."""
    odd = draw(st.integers(0, 3)) == 0
    turns = draw(st.integers(8, 25))
    moves: list[tuple[str, Any]] = [("act", draw(_acts(odd))) for _ in range(turns)]
    for _ in range(draw(st.integers(0, 5))):
        at = draw(st.integers(4, len(moves)))
        which = draw(st.integers(0, 3))
        correction = draw(
            st.sampled_from([("retract", which), ("amend", (which, draw(_acts(odd))))])
        )
        moves.insert(at, correction)
    return moves


@pytest.mark.parametrize("on", ENGINES)
@settings(max_examples=25)
@given(moves=_told())
def test_rows_around_the_change_are_those_of_the_whole(
    databases: Databases, on: str, moves: list[tuple[str, Any]]
) -> None:
    with databases.fresh(on) as url, opened(url) as engine, pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbourhood, "LARGE", 2)
        patch.setattr(neighbourhood, "NEAR", 8)
        tell(engine, *STATES)
        ids: list[str] = []
        for kind, said in moves:
            if kind == "act":
                ids.append(tell(engine, said)[0].event_id)
            elif kind == "retract":
                tell(engine, {"type": "event.retracted", "target": ids[said], "reason": "a test"})
            else:
                which, content = said
                tell(
                    engine,
                    {
                        "type": "event.amended",
                        "target": ids[which],
                        "reason": "a test",
                        "event": content,
                    },
                )
        patch.setattr(neighbourhood, "LARGE", 10**9)
        assert rebuild(engine).differences == ()


def test_an_act_in_a_long_history_is_folded_around_it_only(
    databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    with databases.fresh("sqlite") as url, opened(url) as engine:
        turns = ("relations.interrupted", "relations.reestablished")
        tell(
            engine,
            *STATES,
            *(
                {"type": turns[n % 2], "parties": PAIR, "occurred": iso(FIRST + 10 * n)}
                for n in range(neighbourhood.LARGE + 50)
            ),
        )
        folded: list[int] = []
        whole = plan._folds

        def counting(layer: str, settings: list[Any], *rest: Any) -> Any:
            folded.append(len(settings))
            return whole(layer, settings, *rest)

        monkeypatch.setattr(plan, "_folds", counting)
        tell(engine, {"type": turns[0], "parties": PAIR, "occurred": iso(FIRST + 1_005)})
        assert max(folded) < 10
        monkeypatch.undo()
        assert rebuild(engine).differences == ()

"""What is told at once of a subject is what its spans, taken one by one, come to."""

from itertools import product

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.dates import Days
from registry.domain.layers import LAYERS, NOT_APPLICABLE, NOTHING, OPTIONAL_PARTS
from registry.queries.existence import parties_of
from registry.queries.outcomes import bounds, outcome, told
from registry.queries.states import Span, state_on
from registry.queries.subjects import namer

EVENTS = ("e1", "e2", "e3")
DAYS = st.integers(min_value=700_000, max_value=700_012)
EDGES = st.one_of(st.none(), DAYS)


@st.composite
def spans(draw: st.DrawFn, layer: str) -> list[Span]:
    values = (*LAYERS[layer].values, "unknown", NOTHING)
    made = []
    for _ in range(draw(st.integers(0, 2))):
        day_from, day_to = sorted((draw(DAYS), draw(DAYS)))
        evidence = draw(st.lists(st.sampled_from(EVENTS), max_size=3))
        since, until = draw(EDGES), draw(EDGES)
        made.append(
            Span(
                draw(st.sampled_from(values)),
                *(day_from, day_to, orjson.dumps(evidence).decode()),
                *(since, since, until, until),
            )
        )
    return made


@given(st.data(), st.sampled_from(sorted(LAYERS)), DAYS, st.sampled_from([None, False, True]))
def test_the_quick_way_tells_what_the_long_way_tells(
    data: st.DataObject, layer: str, day: int, covered: bool | None
) -> None:
    held = data.draw(spans(layer))
    days = Days(((day, day + data.draw(st.integers(0, 3))),))
    absent = data.draw(
        st.lists(st.tuples(st.just(True), st.booleans(), st.just(["gone"])), max_size=1)
    )
    found = told(LAYERS[layer], list(held), days, covered, absent)
    state = state_on(list(held), days)
    came = outcome(LAYERS[layer], state, covered=covered, absent=absent)
    applies = came.value != NOT_APPLICABLE
    assert found == (
        *(came.value, came.certain, list(came.possible), came.basis),
        bounds(*state.since) if applies and state.since else None,
        bounds(*state.until) if applies and state.until else None,
        *(came.evidence, came.because),
    )


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_a_subject_is_named_as_its_layer_names_it(layer: str) -> None:
    of = LAYERS[layer]
    names = ("pair", *of.parts) if of.of_pair else of.parts
    choices = [("A", "B", "") if name in OPTIONAL_PARTS else ("A", "B") for name in names]
    for parts in product(*choices):
        key = "|".join(parts)
        assert namer(layer)(key) == of.subject(key)


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_a_key_with_too_many_parts_names_no_subject(layer: str) -> None:
    of = LAYERS[layer]
    if of.parts == ("pair",):
        return
    with pytest.raises(ValueError):  # noqa: PT011 - as strict zip and unpacking have it
        namer(layer)("|".join("A" * (len(of.parts) + of.of_pair + 1)))


@pytest.mark.parametrize("layer", sorted(LAYERS))
def test_the_parties_of_a_subject_are_those_of_its_layer(layer: str) -> None:
    of = LAYERS[layer]
    parts = "ABCD"[: len(of.parts) + of.of_pair]
    expected = () if layer in ("name", "existence") else of.party_parts("|".join(parts))
    assert parties_of(layer, "|".join(parts)) == expected

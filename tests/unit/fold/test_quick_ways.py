"""The quick ways of fold and codec give what the long ways give."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from registry import codec
from registry.domain import fold as folding
from registry.domain.confidence import THRESHOLDS, Confidence
from registry.domain.dates import MAX_DAY, Days
from registry.domain.layers import LAYERS, Layer
from registry.domain.quick import quickly
from registry.domain.settings import Setting

days = st.integers(1, 12)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Layer, list[Setting]]:
    """Of layers in which the latest rules, the furthest does, and where tiers and a legal chain do."""
    names = ("diplomatic_relations", "conclusion", "force", "participation", "name")
    layer = LAYERS[draw(st.sampled_from(names))]
    made = []
    for position in range(1, draw(st.integers(0, 6)) + 1):
        for part in range(draw(st.sampled_from((1, 1, 1, 2)))):
            lo, value = draw(days), draw(st.sampled_from(layer.values or ("Bolivia", "Persia")))
            bounds = [(lo, lo + draw(st.sampled_from((0, 0, 1, 3))))]
            if draw(st.integers(0, 15)) == 0:
                bounds.append(draw(st.sampled_from(((18, 19), (18, MAX_DAY)))))
            made.append(
                Setting(
                    layer=layer.name,
                    subject="BOL|USA",
                    event_id=f"e{position}",
                    position=position,
                    part=part,
                    values=(value,),
                    window=Days(tuple(bounds)),
                    confidence=draw(st.sampled_from(Confidence)),
                    rank=layer.rank(value),
                    after=draw(st.sampled_from(((), (), (), (), (), ("e1",)))),
                    act=draw(st.sampled_from((None,) * 9 + (1,))),
                )
            )
    return layer, made


@settings(max_examples=400)
@given(histories(), st.sampled_from(THRESHOLDS))
def test_a_plain_history_folds_at_once_as_it_does_day_by_day(
    history: tuple[Layer, list[Setting]], threshold: Confidence
) -> None:
    layer, told = history
    quick = folding.fold(layer, told, {}, threshold)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folding, "quickly", lambda *_: None)
        slow = folding.fold(layer, told, {}, threshold)
    assert quick.segments == slow.segments
    assert [list(each.possible) for each in quick.segments] == [
        list(each.possible) for each in slow.segments
    ]
    assert quick.ordered.windows == slow.ordered.windows
    assert (quick.doubts, quick.assumed) == (slow.doubts, slow.assumed)


@pytest.mark.parametrize("name", ["conclusion", "diplomatic_relations", "force"])
def test_the_quick_ways_are_taken_where_windows_meet(name: str) -> None:
    layer = LAYERS[name]
    told = [
        Setting(
            layer=name,
            subject="a",
            event_id=f"e{position}",
            position=position,
            part=0,
            values=(layer.values[position % 3],),
            window=Days(((position, position + 2),)),
            confidence=Confidence.REPORTED,
            rank=0,
        )
        for position in range(1, 5)
    ]
    assert quickly(layer, told)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_stored_bytes_are_compact_json_with_letters_as_they_are(words: str) -> None:
    said = {"type": "party.recorded", "party": "BOL", "kind": "state", "name": f"La {words[:90]}"}
    text = codec.stored_text(codec.read(said))
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    assert json.loads(text)["name"] == said["name"]

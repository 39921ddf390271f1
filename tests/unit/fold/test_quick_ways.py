"""The quick ways of fold and codec give what the long ways give."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry import codec
from registry.domain import fold as folding
from registry.domain.confidence import Confidence
from registry.domain.dates import Days
from registry.domain.layers import LAYERS
from registry.domain.settings import Setting

days = st.integers(1, 12)


@st.composite
def histories(draw: st.DrawFn) -> list[Setting]:
    layer = LAYERS["diplomatic_relations"]
    made = []
    for position in range(1, draw(st.integers(0, 4)) + 1):
        for part in range(draw(st.integers(1, 2))):
            lo, value = draw(days), draw(st.sampled_from(layer.values))
            window = Days(((lo, lo + draw(st.sampled_from((0, 0, 1, 3)))),))
            made.append(
                Setting(
                    layer=layer.name,
                    subject="BOL|USA",
                    event_id=f"e{position}",
                    position=position,
                    part=part,
                    values=(value,),
                    window=window,
                    confidence=Confidence.REPORTED,
                    rank=layer.rank(value),
                )
            )
    return made


@given(histories())
def test_a_plain_history_folds_at_once_as_it_does_day_by_day(settings: list[Setting]) -> None:
    layer = LAYERS["diplomatic_relations"]
    quick = folding.fold(layer, settings, {}, Confidence.REPORTED)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(folding, "_one_after_another", lambda *_: None)
        slow = folding.fold(layer, settings, {}, Confidence.REPORTED)
    assert quick.segments == slow.segments
    assert [list(each.possible) for each in quick.segments] == [
        list(each.possible) for each in slow.segments
    ]
    assert quick.ordered.windows == slow.ordered.windows
    assert (quick.doubts, quick.assumed) == (slow.doubts, slow.assumed)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1))
def test_stored_bytes_are_compact_json_with_letters_as_they_are(words: str) -> None:
    said = {"type": "party.recorded", "party": "BOL", "kind": "state", "name": f"La {words[:90]}"}
    text = codec.stored_text(codec.read(said))
    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
    assert json.loads(text)["name"] == said["name"]

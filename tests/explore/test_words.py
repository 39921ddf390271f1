"""Every answer that a page may have to say has its words."""

import pytest

from registry.domain.layers import LAYERS
from registry.explore.sentences.layers import HOLDS, LAYERS_SAID, VALUES
from registry.queries import bound

ANSWERS = {**{name: layer.values for name, layer in LAYERS.items()}, "bound": bound.VALUES}


@pytest.mark.parametrize("layer", ANSWERS)
def test_every_layer_and_every_value_of_it_has_words(layer: str) -> None:
    assert LAYERS_SAID[layer]
    for value in ANSWERS[layer]:
        assert VALUES[value]
        assert value == "not_applicable" or HOLDS[layer][value]

"""The reference: each layer and each type of event, as the catalogue has them."""

from registry.domain.catalogue import CATALOGUE
from registry.domain.layers import LAYERS
from tests.api.desk import Desk
from tests.explore.test_frame import read
from tests.explore.test_pair import words


def test_every_type_and_every_layer_has_its_place_and_its_words(embedded: Desk) -> None:
    page = read(embedded, "/reference").text
    said = words(page)
    for each in embedded.get("/api/v1/event-types").json["items"]:
        assert f'id="{each["type"]}"' in page
        for effect in each["sets"]:
            assert " ".join(effect["description"].replace("`", "").split()) in said.replace("`", "")
        assert f'href="/api/v1/event-types/{each["type"]}"' in page
    assert page.count("<details>") == len(CATALOGUE)
    for layer in LAYERS.values():
        assert f'id="layer-{layer.name}"' in page
        assert layer.question in said


def test_the_record_of_an_event_leads_to_the_place_of_its_type(embedded: Desk) -> None:
    event = embedded.first("type=agreement.ratified")
    page = read(embedded, f"/events/{event['event_id']}").text
    assert "/reference#agreement.ratified" in page


def test_the_spanish_page_says_that_descriptions_are_english(embedded: Desk) -> None:
    spanish = read(embedded, "/reference?lang=es").text
    english = read(embedded, "/reference").text
    assert 'class="notice"' in spanish
    assert 'class="notice"' not in english
    assert '<p lang="en">' in spanish

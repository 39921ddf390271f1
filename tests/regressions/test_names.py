"""A rumour renames nobody at a threshold that does not hear it."""

import pytest

from tests.api.desk import Desk
from tests.regressions.asking import SLUG, agreement, asked, happened


@pytest.mark.parametrize(
    ("confidence", "name"),
    [("confirmed", "Nepal"), ("reported", "New Nepal"), ("alleged", "Rumoured Nepal")],
)
def test_a_party_has_the_name_that_counts_at_the_threshold(
    embedded: Desk, confidence: str, name: str
) -> None:
    for day, said, how_sure in (
        ("2010-01-01", "New Nepal", "reported"),
        ("2011-01-01", "Rumoured Nepal", "alleged"),
        ("2012-01-01", "Denied Nepal", "disputed"),
    ):
        happened(
            embedded, "party.renamed", party="NPL", name=said, occurred=day, confidence=how_sure
        )
    query = f"as_of=2020-01-01&confidence={confidence}"
    party = asked(embedded, f"parties/NPL?{query}")
    assert party["name"] == name
    assert "Denied Nepal" not in [each["name"] for each in party["names"]] or (
        confidence == "alleged"
    )
    assert asked(embedded, f"relations/BOL/NPL?{query}")["parties"][1]["name"] == name


def test_so_does_an_agreement_its_title(embedded: Desk) -> None:
    slug = agreement(embedded)
    happened(
        embedded,
        "agreement.retitled",
        agreement=slug,
        title="A rumoured title",
        occurred="2010-01-01",
        confidence="alleged",
    )
    path = f"agreements/{SLUG}?as_of=2020-01-01"
    assert asked(embedded, path)["title"] == "A test convention"
    assert asked(embedded, path)["titles"] == [{"title": "A test convention"}]
    heard = asked(embedded, f"{path}&confidence=alleged")
    assert heard["title"] == "A rumoured title"
    assert heard["titles"][1] == {"title": "A rumoured title", "since": "2010-01-01"}

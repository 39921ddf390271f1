"""The world on a day says of each pair what is said when the pair is asked about alone."""

import csv
import io
from typing import Any

import pytest

from registry.domain.layers import LAYERS, NOT_APPLICABLE
from registry.queries.answers import answers, known_subjects
from registry.queries.network import network
from registry.queries.view import View, open_view
from registry.store.engine import reading
from tests.api.desk import Desk, assert_problem

AT = "/api/v1/network"
DAYS = ("1943-04-08", "1975", "1990-06-01", "2009-06-01", "[2008-09..2008-10]", "{1950,2012}")
SHORT = ("subject", "value", "certain", "possible", "basis", "since", "until", "evidence")


@pytest.mark.parametrize("layer", LAYERS)
def test_every_subject_is_answered_as_it_is_alone(library: Desk, layer: str) -> None:
    with reading(library.engine) as conn:
        for day in DAYS:
            for threshold in ("confirmed", "reported", "alleged"):
                view = open_view(conn, as_of=day, known_at=None, confidence=threshold)
                _assert_as_alone(view, layer)


def _assert_as_alone(view: View, layer: str) -> None:
    items = list(network(view, layer))
    keys = [LAYERS[layer].key_of(item["subject"]) for item in items]
    assert keys == sorted(set(keys))
    every = known_subjects(view, [layer])
    alone = answers(view, every)
    for key, item in zip(keys, items, strict=True):
        answer = alone[layer, key]
        assert {name: answer[name] for name in SHORT} == {name: item[name] for name in SHORT}
        assert item.get("covered_until", "none stated") == answer.get(
            "covered_until", "none stated"
        )
    for subject in every:
        if subject[1] not in keys:
            left_out = alone[subject]
            assert left_out["basis"] != "events" or left_out["value"] == NOT_APPLICABLE


def test_the_layer_is_asked_for_and_checked(library: Desk) -> None:
    assert_problem(library.get(AT), 422, "layer")
    said = assert_problem(library.get(f"{AT}?layer=friendship"), 422, "layer")
    assert "diplomatic_relations" in said["errors"][0]["message"]
    assert_problem(library.get(f"{AT}?layer=force&as_of=1900-02-29"), 422, "as_of")
    assert_problem(library.get(f"{AT}?layer=force&format=xlsx"), 422, "format")
    assert_problem(library.get(f"{AT}?layer=force&known_at=@999999"), 404)


def _table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("layer", ["diplomatic_relations", "representation", "participation"])
def test_the_table_holds_what_the_document_holds(library: Desk, layer: str) -> None:
    url = f"{AT}?layer={layer}&as_of=2009-06-01"
    items = library.get(url).json["items"]
    rows = _table(library.get(url, Accept="text/csv").text)
    assert len(rows) == len(items) > 0
    for row, item in zip(rows, items, strict=True):
        parts: list[Any] = list(item["subject"].get("pair") or item["subject"].values())
        assert list(row.values())[: len(parts)] == parts
        assert row["value"] == (item["value"] or "")
        assert row["possible"] == "; ".join(item["possible"])
        assert row["since.earliest"] == ((item["since"] or {}).get("earliest") or "")


def test_an_answer_at_hand_is_not_made_again(library: Desk) -> None:
    url = f"{AT}?layer=force&as_of=2009-06-01"
    first = library.get(url)
    again = library.get(url, If_None_Match=first.headers["ETag"])
    assert (again.status_code, again.data) == (304, b"")
    other = library.get(f"{url}&format=csv")
    assert other.headers["ETag"] != first.headers["ETag"]
    assert library.client.head(url).status_code == 200


def test_many_answers_that_nobody_reads_hold_no_connection(library: Desk) -> None:
    """More than the pool has."""
    for _ in range(40):
        library.client.get(f"{AT}?layer=participation").close()
        library.client.head(f"{AT}?layer=participation")
    assert library.get(f"{AT}?layer=participation").status_code == 200

"""Every list is a table too."""

import csv
import io

import pytest

from tests.api.desk import Desk
from tests.api.test_pinned import ASKED, AT

TABLES = [
    AT + rule.split("/<", maxsplit=1)[0] + asked[0]
    for rule, asked in ASKED.items()
    if asked and rule not in ("/agreements/<agreement>", "/parties/<party>", "/relations/<a>/<b>")
]


@pytest.mark.parametrize("url", TABLES)
def test_a_list_is_a_table_by_header_or_parameter(library: Desk, url: str) -> None:
    by_header = library.get(url, Accept="text/csv")
    assert by_header.mimetype == "text/csv"
    by_parameter = library.get(f"{url}{'&' if '?' in url else '?'}format=csv")
    assert by_parameter.data == by_header.data
    assert library.get(by_header.headers["Content-Location"]).data == by_header.data
    rows = list(csv.DictReader(io.StringIO(by_header.text)))
    items = library.get(url).json["items"]
    assert len(rows) == len(items) > 0
    for row, item in zip(rows, items, strict=True):
        for name, value in item.items():
            if isinstance(value, str) and not value.startswith(("=", "+", "-", "@")):
                assert row[name] == value


def test_an_empty_table_has_its_columns(library: Desk) -> None:
    text = library.get("/api/v1/agreements?q=nothing-has-this-title&format=csv").text
    assert text.startswith("id,title,kind,")
    assert "force.value" in text


def test_a_cell_that_would_be_a_formula_is_text(embedded: Desk) -> None:
    embedded.told(
        [
            {
                "type": "agreement.recorded",
                "agreement": f"formula-{place}",
                "title": f"{sign}SUM(A1:A9)",
                "kind": "agreement",
            }
            for place, sign in enumerate("=+-@")
        ]
    )
    text = embedded.get("/api/v1/agreements?q=sum(a1&format=csv").text
    titles = [row["title"] for row in csv.DictReader(io.StringIO(text))]
    assert titles == ["'=SUM(A1:A9)", "'+SUM(A1:A9)", "'-SUM(A1:A9)", "'@SUM(A1:A9)"]


def test_a_layer_is_told_in_columns(library: Desk) -> None:
    url = "/api/v1/agreements/un-single-convention-1961-as-amended/parties?as_of=2012-06-01&format=csv"
    rows = {row["party.id"]: row for row in csv.DictReader(io.StringIO(library.get(url).text))}
    assert rows["BOL"]["participation.value"] == "withdrawn"
    assert rows["BOL"]["bound.value"] == "not_bound"
    assert rows["BOL"]["bound.certain"] == "true"

"""Tables of what held say what the routes about single subjects say, in every form."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import openpyxl
import orjson
import pytest

from registry.domain.dates import iso
from registry.domain.layers import LAYERS
from registry.queries.answers import answers
from registry.queries.exports import asked, rows, table
from registry.queries.exports.dyads import RULES
from registry.queries.view import View, open_view
from registry.store.engine import reading
from tests.api.desk import Desk, assert_problem
from tests.api.test_pinned import SINGLE

AT = "/api/v1/exports"
DAYS = ("1950", "1990-06-01", "2009-06-01", "2013")
ITEM = ("certain", "possible", "basis")


def _items(desk: Desk, path: str) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = desk.get(f"{AT}{path}").json["items"]
    return items


@pytest.mark.parametrize("day", DAYS)
def test_participations_are_those_of_each_agreement(library: Desk, day: str) -> None:
    every = _items(library, f"/participation?as_of={day}&confidence=alleged")
    for slug in (SINGLE, "bol-irn-2012-counternarcotics"):
        said = library.get(f"/api/v1/agreements/{slug}/parties?as_of={day}&confidence=alleged").json
        mine = {row["party"]: row for row in every if row["agreement"] == slug}
        assert mine.keys() == {item["party"]["id"] for item in said["items"]}
        for item in said["items"]:
            row, took_part = mine[item["party"]["id"]], item["participation"]
            assert row["participation"] == took_part["value"]
            assert {n: row[n] for n in ITEM} == {n: took_part[n] for n in ITEM}
            assert row["evidence"] == took_part["evidence"]
            assert (row["bound"], row["bound_possible"], row["bound_certain"]) == (
                item["bound"]["value"],
                item["bound"]["possible"],
                item["bound"]["certain"],
            )
            cited = [s["source"] for e in row["evidence"] for s in said["evidence"][e]["sources"]]
            assert row["sources"] == list(dict.fromkeys(cited))
            assert row["party_name"] == item["party"]["name"]


@pytest.mark.parametrize("day", DAYS)
def test_party_days_are_those_of_each_party(library: Desk, day: str) -> None:
    every = {row["party"]: row for row in _items(library, f"/party-day?as_of={day}")}
    for party in ("BOL", "USA", "CSK", "UN"):
        row = every[party]
        said = library.get(f"/api/v1/parties/{party}?as_of={day}").json
        assert row["name"] == said["name"]
        assert row["existence"] == said["existence"]["value"]
        assert {n: row[n] for n in ITEM} == {n: said["existence"][n] for n in ITEM}
        members = [each for each in said["memberships"] if "member" in each["possible"]]
        assert row["memberships"] == [
            each["subject"]["organisation"] for each in members if each["certain"]
        ]
        taken = library.get(f"/api/v1/parties/{party}/agreements?as_of={day}").json["items"]
        possible = [
            each["bound"]
            for each in taken
            if {"bound", "provisionally_bound"} & set(each["bound"]["possible"])
        ]
        assert row["agreements_possibly_bound"] == len(possible)
        assert row["agreements_bound"] == len([each for each in possible if each["certain"]])


@pytest.fixture
def view(library: Desk) -> Iterator[View]:
    with reading(library.engine) as conn:
        yield open_view(conn, as_of="2005/2012", known_at=None, confidence=None)


def _key(row: dict[str, Any]) -> tuple[str, str]:
    parts = [row["first"], row["second"], *(row["about"] or "").split("; ")]
    return row["layer"], LAYERS[row["layer"]].key(*parts[: len(parts) if row["about"] else 2])


@pytest.mark.parametrize("rule", RULES)
def test_a_dyad_year_is_the_answer_on_its_days(view: View, rule: str) -> None:
    layers = ("diplomatic_relations", "representation", "agency_presence", "membership")
    of = table("dyad-year")
    found = list(rows(view, of, asked(of, layers, rule)))
    assert {row["year"] for row in found} == set(range(2005, 2013))
    assert {row["rule"] for row in found} == {rule}
    for row in found:
        on = f"{row['year']}-12-31" if rule == "last_day" else row["days"]
        answer = answers(view.on(on, "as_of"), [_key(row)])[_key(row)]
        assert {n: row[n] for n in (*ITEM, "evidence")} == {
            n: answer[n] for n in (*ITEM, "evidence")
        }
        assert row["since_earliest"] == (answer["since"] or {}).get("earliest")
        if rule != "any_certain":
            assert row["value"] == answer["value"]


def test_what_held_on_any_day_is_found_by_asking_for_every_day(view: View) -> None:
    of = table("dyad-year")
    year = view.on("2008", "as_of")
    found = list(rows(year, of, asked(of, ("diplomatic_relations", "membership"), "any_certain")))
    subjects = [_key(row) for row in found]
    held: dict[tuple[str, str], list[str]] = {each: [] for each in subjects}
    for day in range(year.days.lo, year.days.hi + 1):
        for subject, answer in answers(year.on(iso(day), "as_of"), subjects).items():
            if answer["certain"] and answer["value"] not in held[subject]:
                held[subject].append(answer["value"])
    assert {_key(row): row["held"] for row in found} == held
    assert any(each for each in held.values())


def test_every_form_holds_the_same_rows(library: Desk) -> None:
    url = "/participation?as_of=2009-06-01"
    items = _items(library, url)
    lines = library.get(f"{AT}{url}&format=jsonl").data.splitlines()
    assert [orjson.loads(each) for each in lines] == items
    text = library.get(f"{AT}{url}", Accept="text/csv").text
    cells = list(csv.DictReader(io.StringIO(text)))
    assert [row["party"] for row in cells] == [row["party"] for row in items]
    assert [row["sources"] for row in cells] == ["; ".join(row["sources"]) for row in items]
    assert all(row["basis"] for row in cells)
    response = library.get(f"{AT}{url}&format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(response.data), read_only=True)
    assert book.sheetnames == ["participation", "codebook"]
    sheet = list(book["participation"].values)
    assert list(sheet[0]) == list(cells[0])
    assert len(sheet) == len(items) + 1
    assert ("replication", "table", "text", "participation") in list(book["codebook"].values)


def test_a_workbook_has_the_same_bytes_whenever_it_is_made(library: Desk) -> None:
    url = f"{AT}/dyad-year?as_of=2005/2009&known_at=@{library.position()}&format=xlsx"
    first, second = library.get(url), library.get(url)
    assert first.data == second.data
    assert "immutable" in first.headers["Cache-Control"]


@pytest.mark.parametrize("name", ["party-day", "dyad-year", "participation"])
def test_the_codebook_tells_every_column_and_how_to_get_the_table_again(
    library: Desk, name: str
) -> None:
    answer = library.get(f"{AT}/{name}?as_of=2009-06-01")
    link = answer.headers["Link"].split(">")[0].removeprefix("<")
    assert 'rel="describedby"' in answer.headers["Link"]
    said = library.get(link).json
    told = [each["name"] for each in said["items"] if each["part"] == "column"]
    assert told == list(answer.json["items"][0])
    assert all(each["text"] for each in said["items"])
    again = {each["name"]: each["text"] for each in said["items"] if each["part"] == "replication"}
    assert again["known_at"] == f"@{library.position()}"
    assert len(again["root"]) == 64
    for word in ("root=", "rules=", "confidence=reported", "day_rule=", f"table={name}"):
        assert word in answer.json["replication"]
    layers = {each["name"] for each in said["items"] if each["part"] == "layer"}
    assert layers
    assert layers <= LAYERS.keys()


def test_the_root_of_an_earlier_point_is_that_of_the_log_then(desk: Desk) -> None:
    url = f"{AT}/dyad-year/codebook?as_of=2009&known_at=@{desk.position()}"
    before = desk.get(url)
    desk.told({"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009-01-14"})
    assert desk.get(url).data == before.data


def test_a_cell_that_a_spreadsheet_would_compute_is_guarded(desk: Desk) -> None:
    for slug, title in (("a-formula", "=1+1"), ("a-command", "@SUM(A1)")):
        desk.told(
            [
                {"type": "agreement.recorded", "agreement": slug, "title": title},
                {
                    "type": "agreement.ratified",
                    "agreement": slug,
                    "party": "BOL",
                    "occurred": "2001-01-01",
                },
            ]
        )
    url = f"{AT}/participation?as_of=2009-06-01"
    text = desk.get(f"{url}&format=csv").text
    titles = {row["agreement"]: row["title"] for row in csv.DictReader(io.StringIO(text))}
    assert (titles["a-formula"], titles["a-command"]) == ("'=1+1", "'@SUM(A1)")
    book = openpyxl.load_workbook(io.BytesIO(desk.get(f"{url}&format=xlsx").data))
    cells = [cell for row in book["participation"].iter_rows() for cell in row]
    assert "'=1+1" in [cell.value for cell in cells]
    assert not [cell for cell in cells if cell.data_type == "f"]
    plain = {row["agreement"]: row["title"] for row in _items(desk, "/participation")}
    assert plain["a-formula"] == "=1+1"


def test_what_is_asked_wrongly_is_refused_before_anything_is_sent(library: Desk) -> None:
    said = assert_problem(library.get(f"{AT}/treaties"), 404)
    assert "participation" in said["offers"]
    assert_problem(library.get(f"{AT}/participation?rule=last_day"), 422, "rule")
    assert_problem(library.get(f"{AT}/party-day?layer=force"), 422, "layer")
    assert_problem(library.get(f"{AT}/dyad-year?layer=force"), 422, "layer")
    assert_problem(library.get(f"{AT}/dyad-year?rule=first_day"), 422, "rule")
    assert_problem(library.get(f"{AT}/dyad-year?as_of=0001/2009"), 422, "as_of")
    assert_problem(library.get(f"{AT}/dyad-year?format=parquet"), 422, "format")
    assert_problem(library.get(f"{AT}/participation", Accept="image/png"), 406)

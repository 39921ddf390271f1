"""Every face that is derived from the catalogue tells of every type, and they agree."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from registry import codec
from registry.api.schemas import load, schema_for
from registry.described import (
    columns,
    components,
    described,
    effects,
    example,
    form,
    from_row,
    json_schema,
    to_row,
)
from registry.domain.catalogue import CATALOGUE, Event, required
from registry.domain.errors import Problems
from registry.domain.fields import told_by
from registry.domain.layers import LAYERS
from registry.reference import render

every_type = pytest.mark.parametrize("cls", CATALOGUE.values(), ids=list(CATALOGUE))
brief_and_whole = pytest.mark.parametrize("whole", [False, True], ids=["brief", "whole"])
REFERENCE = Path(__file__).parents[3] / "docs" / "reference.md"


def _fits(schema: dict[str, Any], said: object) -> bool:
    return Draft202012Validator(schema).is_valid(said)


def _verdict(said: dict[str, Any]) -> Event | set[str | None]:
    try:
        return codec.read(said)
    except Problems as problems:
        return {each.field for each in problems.each}


@every_type
@brief_and_whole
def test_the_example_is_read_alike_by_schema_marshmallow_and_codec(
    cls: type[Event], whole: bool
) -> None:
    said = example(cls, whole=whole)
    Draft202012Validator(json_schema(cls)).validate(said)
    event = codec.read(said)
    assert type(event) is cls
    assert load(said) == event
    assert codec.write(event) == said == schema_for(cls)().dump(event)


@every_type
def test_the_whole_example_tells_every_field(cls: type[Event]) -> None:
    assert set(example(cls, whole=True)) == {"type", *(one.wire for one in told_by(cls))}


@every_type
def test_the_json_schema_is_a_schema_and_describes_every_field(cls: type[Event]) -> None:
    schema = json_schema(cls)
    Draft202012Validator.check_schema(schema)
    assert schema["title"] == cls.TYPE
    assert schema["properties"]["type"]["const"] == cls.TYPE
    assert list(schema["properties"]) == ["type", *(one.wire for one in told_by(cls))]
    assert all(each["description"] for each in schema["properties"].values())
    for layer in (each.layer for each in effects(cls) if each.layer != "*"):
        assert layer in schema["description"]


@every_type
def test_the_json_schema_and_the_codec_want_the_same_fields_and_know_no_others(
    cls: type[Event],
) -> None:
    said, schema = example(cls, whole=True), json_schema(cls)
    for name in said:
        less = {other: value for other, value in said.items() if other != name}
        if name in schema["required"]:
            assert not _fits(schema, less)
            with pytest.raises(Problems):
                codec.read(less)
        else:
            assert _fits(schema, less)
            assert _fits(schema, said | {name: None})
            assert _verdict(less) == _verdict(said | {name: None})
    assert not _fits(schema, said | {"unheard_of": "x"})


def test_the_openapi_components_hold_every_type_and_any_event_fits_just_one() -> None:
    parts = components()
    whole = {"$ref": "#/components/schemas/Event", "components": {"schemas": parts}}
    Draft202012Validator.check_schema(whole)
    assert set(parts) > set(CATALOGUE)
    assert set(parts["Event"]["discriminator"]["mapping"]) == set(CATALOGUE)
    for cls in (CATALOGUE["agreement.signed"], CATALOGUE["conduct.visited"]):
        Draft202012Validator(whole).validate(example(cls, whole=True))
    with pytest.raises(ValidationError):
        Draft202012Validator(whole).validate({"type": "agreement.dreamt_of"})


@every_type
@brief_and_whole
def test_a_row_of_the_table_holds_the_event_and_gives_it_back(
    cls: type[Event], whole: bool
) -> None:
    said = example(cls, whole=whole)
    row = to_row(cls, said)
    names = [each.name for each in columns(cls)]
    assert list(row) == names
    assert len(set(names)) == len(names)
    assert all(isinstance(cell, str) for cell in row.values())
    assert codec.write(codec.read(from_row(cls, row))) == said


def test_a_row_names_the_first_citation_in_four_plain_columns() -> None:
    row = to_row(CATALOGUE["agreement.signed"], example(CATALOGUE["agreement.signed"]))
    assert row["source"] == "insight-crime-2012-06"
    assert row["source_via"] == "el-diario-2012-06"
    assert row["locator"] == "para. 2"
    assert row["quote"] == "signed during the visit of the president"


def test_a_source_s_own_slug_and_the_source_it_cites_are_two_columns() -> None:
    names = [each.name for each in columns(CATALOGUE["source.recorded"])]
    assert names[0] == "source"
    assert "cited_source" in names


def test_a_list_in_a_cell_is_parted_by_semicolons_and_keeps_those_inside_its_items() -> None:
    cls = CATALOGUE["agreement.signed"]
    said = example(cls) | {
        "signatories": [
            {"name": "Quintana; Juan Ramón", "capacity": "Minister"},
            {"name": "Najjar"},
            {"name": "Salehi", "capacity": "Minister"},
        ]
    }
    row = to_row(cls, said)
    assert row["signatories_name"] == r"Quintana\; Juan Ramón; Najjar; Salehi"
    assert row["signatories_capacity"] == "Minister; ; Minister"
    assert from_row(cls, row) == said


def test_what_a_row_says_wrongly_is_refused_by_the_one_reader() -> None:
    cls = CATALOGUE["party.recorded"]
    row = {"party": "BOL", "kind": "realm", "name": "Bolivia", "codes": "145", "colour": "red"}
    with pytest.raises(Problems) as refusal:
        codec.read(from_row(cls, row))
    assert {each.field for each in refusal.value.each} == {"kind", "codes", "colour"}


@every_type
def test_the_form_asks_for_every_field_own_ones_first(cls: type[Event]) -> None:
    asked = form(cls)
    assert [each["name"] for each in asked] == [one.wire for one in told_by(cls)]
    assert [each["required"] for each in asked] == [required(cls, one) for one in told_by(cls)]
    groups = [each["group"] for each in asked]
    assert groups == sorted(groups, key=["own", "common"].index)
    for each in asked:
        assert each["label"]
        assert each["hint"]
        assert each["widget"]
        assert each["widget"] != "select" or each["choices"]
        assert each["widget"] != "group" or each["fields"]


@every_type
def test_the_description_of_a_type_is_whole_and_plain_json(cls: type[Event]) -> None:
    told = described(cls)
    assert json.loads(json.dumps(told)) == told
    assert list(told) == [
        *("type", "version", "family", "title", "description", "basis", "cameo", "sets"),
        *("schema", "columns", "form", "example"),
    ]
    assert len(told["sets"]) == len(cls.SETS)
    for each in told["sets"]:
        assert each["values"]
        values = LAYERS[each["layer"]].values if each["layer"] != "*" else ()
        quoted = ("as ", "nothing", "the class", "what held", "charge_ad_interim (")
        for one in each["values"]:
            closed = values and not one["value"].startswith(quoted)
            assert not closed or one["value"] in values


SAID_TO_SET = {
    "agreement.signed": (
        "participation = contracting when `definitive` is true; signatory when `definitive` is "
        "false or not given, on the day it `occurred`"
    ),
    "agreement.participation_recorded": (
        "participation = as given in `role`; nothing when `role` is unknown, "
        "on the day it `occurred`"
    ),
    "recognition.refused": (
        "recognition_government = refused when `of` is anything else, "
        "from `effective` where given, else from `occurred`"
    ),
    "party.succeeded_by": (
        "existence = ended when `mode` is not continuity, "
        "from `effective` where given, else from `occurred`"
    ),
    "agreement.denunciation_notified": (
        "participation = withdrawn, from `effective`, where that is given, "
        "unless the notice is taken back before"
    ),
    "status.observed": (
        "the layer named in `layer` = as given in `value`, from the first day of `over` "
        "(an assumption: observed, act not recorded)"
    ),
}


@pytest.mark.parametrize(("type_", "words"), SAID_TO_SET.items())
def test_what_a_type_sets_is_told_in_words_with_its_conditions(type_: str, words: str) -> None:
    assert words in {str(each) for each in effects(CATALOGUE[type_])}


def test_the_reference_page_names_every_type_and_layer_and_is_up_to_date() -> None:
    page = render()
    assert page.startswith("<!-- Generated by `registry reference`")
    assert all(f"\n#### `{name}`\n" in page for name in CATALOGUE)
    assert all(f"\n| `{name}` |" in page for name in LAYERS)
    assert REFERENCE.read_text(encoding="utf-8") == page

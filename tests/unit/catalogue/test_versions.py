"""A type that changed its fields still reads what was stored before."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from registry import codec
from registry.described import example, json_schema
from registry.domain.catalogue import CATALOGUE, Event, stored
from registry.domain.errors import Problems
from registry.domain.fields import Kind, told


def _the_agency_has_a_party_id(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 knew an agency by its name alone."""
    ids = {"Drug Enforcement Administration": "US-DEA"}
    rest = {name: value for name, value in data.items() if name != "agency_name"}
    return {**rest, "agency": ids[data["agency_name"]]}


def _the_deadline_is_told(data: dict[str, Any]) -> dict[str, Any]:
    """Version 2 did not ask by when."""
    return {**data, "deadline": "unknown"}


@pytest.fixture
def ordered_out() -> Iterator[type[Event]]:
    """A type in its third version, in the catalogue for the length of one test."""

    @stored(
        "conduct.agency_ordered_out",
        basis="VCDR 11(2)",
        upcasts=(_the_agency_has_a_party_id, _the_deadline_is_told),
    )
    class OrderedOut(Event):
        """The host orders an agency of the sender to leave."""

        host: str = told(Kind.PARTY, "The state in which it works.", required=True)
        agency: str = told(Kind.PARTY, "The agency.", required=True)
        deadline: str = told(Kind.TEXT, "By when it has to leave.", required=True)

    try:
        yield OrderedOut
    finally:
        del CATALOGUE["conduct.agency_ordered_out"]


def test_a_payload_of_version_one_decodes_as_the_version_of_today(
    ordered_out: type[Event],
) -> None:
    v1 = {
        "host": "BOL",
        "agency_name": "Drug Enforcement Administration",
        "occurred": "2008-11-01",
        "confidence": "reported",
    }
    event = codec.restored(ordered_out.TYPE, 1, json.dumps(v1))
    assert type(event) is ordered_out
    assert ordered_out.VERSION == 3
    assert codec.write(event) == {
        "type": "conduct.agency_ordered_out",
        "host": "BOL",
        "agency": "US-DEA",
        "deadline": "unknown",
        "occurred": "2008-11-01",
        "confidence": "reported",
    }


def test_each_version_is_lifted_only_from_where_it_was_written(ordered_out: type[Event]) -> None:
    v2 = {"host": "BOL", "agency": "US-DEA", "occurred": "2008-11-01"}
    v3 = v2 | {"deadline": "three months"}
    assert codec.write(codec.restored(ordered_out.TYPE, 2, json.dumps(v2)))["deadline"] == (
        "unknown"
    )
    assert codec.write(codec.restored(ordered_out.TYPE, 3, json.dumps(v3)))["deadline"] == (
        "three months"
    )


def test_the_wire_takes_only_the_version_of_today(ordered_out: type[Event]) -> None:
    assert "agency_name" not in json_schema(ordered_out)["properties"]
    said = example(ordered_out)
    assert codec.write(codec.read(said)) == said
    with pytest.raises(Problems) as refusal:
        codec.read({**said, "agency_name": "Drug Enforcement Administration"})
    assert refusal.value.field == "agency_name"


def test_two_classes_cannot_be_stored_under_one_name(ordered_out: type[Event]) -> None:
    class Another(Event):
        """Something else under the same name."""

    with pytest.raises(TypeError, match=r"conduct\.agency_ordered_out"):
        stored("conduct.agency_ordered_out")(Another)
    assert CATALOGUE["conduct.agency_ordered_out"] is ordered_out

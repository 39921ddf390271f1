"""However an event is damaged, the two readers agree, and what is accepted can be kept."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from registry import codec
from registry.api.schemas import load, schema_for
from registry.described import example, json_schema
from registry.domain.catalogue import CATALOGUE, Event
from registry.domain.dates import parse_day
from registry.domain.errors import Problems
from registry.domain.events.register import EventAmended
from registry.domain.settings import settings_of
from registry.readers import quickly_read

JUNK: tuple[Any, ...] = (
    *(None, [], {}, "", " ", "x", "a\x00b", "half \ud800", 0, 10, -1, 3.5, 10**12, True, False),
    *("true", "10", "145", "BOL", "cow:145", "state", "none", "agreement.signed", "participation"),
    *("2012-06-20", "1900-02-29", "2008/2005", "..", "[..2012]", "x" * 600, [None], [[]]),
    *(["BOL", "USA"], ["BOL", "BOL"], ["BOL"] * 3, {"a": "b"}, {"type": "x"}, {"es": "Bolivia"}),
    *({"pair": ["BOL", "USA"]}, {"agreement": "x"}, {"sender": "USA"}, [{"source": "x"}], [{}]),
    *({"cow": "145"}, {"cow": ["145"]}, [{"scheme": "cow", "code": 145, "valid": "1900/"}]),
)
NEW_KEYS = ("unheard_of", "", "_schema", "0", "a.b", "class", "from_", "x" * 300, "source")
SCHEMAS = {name: Draft202012Validator(json_schema(cls)) for name, cls in CATALOGUE.items()}


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside."""
    if isinstance(value, dict):
        inside: list[tuple[Any, Any]] = [(value, key) for key in value]
    elif isinstance(value, list):
        inside = [(value, key) for key in range(len(value))]
    else:
        return []
    return inside + [place for holder, key in inside for place in _places(holder[key])]


@st.composite
def damaged(draw: st.DrawFn) -> dict[str, Any]:
    cls = CATALOGUE[draw(st.sampled_from(sorted(CATALOGUE)))]
    said: dict[str, Any] = copy.deepcopy(example(cls, whole=draw(st.booleans())))
    for _ in range(draw(st.integers(0, 4))):
        if not (places := _places(said)):
            break
        holder, key = draw(st.sampled_from(places))
        junk = copy.deepcopy(draw(st.sampled_from(JUNK)))
        match draw(st.sampled_from(("drop", "add", "retype", "wrap"))):
            case "drop":
                del holder[key]
            case "add" if isinstance(holder, dict):
                holder[draw(st.sampled_from(NEW_KEYS))] = junk
            case "wrap":
                holder[key] = [holder[key]]
            case _:
                holder[key] = junk
    return said


def _read(read: Any, said: object) -> tuple[Event | None, set[str | None]]:
    try:
        return read(said), set()
    except Problems as problems:
        return None, {each.field for each in problems.each}


@settings(max_examples=1_000)
@given(damaged(), st.sampled_from(["", "events[2]."]))
def test_marshmallow_and_codec_accept_the_same_events_and_blame_the_same_fields(
    said: dict[str, Any], prefix: str
) -> None:
    by_codec = _read(lambda each: codec.read(each, prefix), said)
    by_schema = _read(lambda each: load(each, prefix), said)
    assert by_schema == by_codec


@settings(max_examples=1_000)
@given(damaged())
def test_the_quick_reader_gives_the_very_event_or_nothing(said: dict[str, Any]) -> None:
    """Of what it gives up on, `codec` finds something wrong; what it takes, `codec` takes, too."""
    if not isinstance(said.get("type"), str) or said["type"] not in CATALOGUE:
        return
    cls = CATALOGUE[said["type"]]
    quick = quickly_read(cls, said, dated=cls.DATED)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(codec, "quickly_read", lambda *_, **__: None)
        patched.setattr(cls, "objections", Event.objections)
        slow, _ = _read(codec.read, said)
    assert quick == slow
    assert quick is None or list(vars(quick).items()) == list(vars(slow).items())


def test_an_empty_list_of_codes_tells_nothing() -> None:
    said = {"type": "party.recorded", "party": "ATL", "kind": "state", "name": "Atlantis"}
    event = codec.read({**said, "occurred": "1900", "codes": []})
    assert event == codec.read({**said, "occurred": "1900"}) == load({**said, "occurred": "1900"})


@settings(max_examples=500)
@given(damaged())
def test_what_is_accepted_can_be_written_stored_restored_and_asked_what_it_sets(
    said: dict[str, Any],
) -> None:
    event, wrong = _read(codec.read, said)
    if event is None:
        assert wrong
        return
    if isinstance(event, EventAmended) and _read(codec.read, event.event)[1]:
        return  # refused where it is recorded, with the new content's own fields named
    written = codec.write(event)
    assert codec.read(written) == event
    assert schema_for(type(event))().dump(event) == written
    SCHEMAS[event.TYPE].validate(written)
    text = codec.stored_text(event)
    assert json.loads(text.encode()) == {k: v for k, v in written.items() if k != "type"}
    assert codec.restored(event.TYPE, event.VERSION, text) == event
    assert event.stream or event.TYPE.startswith("event.")
    settings_of(event, "0190aaaa-0000-7000-8000-00000000aaaa", 1, parse_day("2026-11-24"))


def test_what_is_no_event_at_all_is_refused_alike() -> None:
    nothing: tuple[Any, ...] = (None, [], "agreement.signed", 3, {}, {"type": ["agreement.signed"]})
    for said in nothing:
        assert _read(load, said) == _read(codec.read, said) != (None, set())

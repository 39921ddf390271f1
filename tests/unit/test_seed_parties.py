"""The seeds of parties are whole: every name leads somewhere, every code to one party on any day."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = [*sorted((SEEDS / "parties").glob("*.yaml")), SEEDS / "sources" / "parties.yaml"]

KINDS = {"state", "organisation", "agency", "territory", "non_state"}
SCHEMES = {"iso3", "iso2", "isohist", "cow", "gw", "wikidata"}
FIELDS = {
    "party.recorded": {"kind", "name", "names", "codes", "part_of"},
    "party.renamed": {"name", "names"},
    "party.succeeded_by": {"successor", "mode"},
    "party.ended": set(),
    "party.membership_joined": {"organisation"},
    "party.membership_left": {"organisation"},
    "source.recorded": {
        *("source", "kind", "title", "publisher", "author"),
        *("url", "published", "accessed", "language"),
    },
}
COMMON = {
    "id",
    "type",
    "party",
    "occurred",
    "effective",
    "confidence",
    "sources",
    "note",
    "follows",
}
# Present at the end of 2025: 51 original members, less two that ended, and those admitted since.
UN_MEMBERS = 193

DAY = r"\d{4}(-\d{2}(-\d{2})?)?"
EDTF = re.compile(rf"{DAY}|\[(\.\.)?{DAY}(\.\.{DAY}|(,{DAY})*)\]|({DAY}|\.\.)/({DAY}|\.\.)")


def read(path: Path) -> list[dict[str, Any]]:
    """All scalars as text: a date stays as written, and the code NO is no falsehood."""
    events: list[dict[str, Any]] = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - BaseLoader makes nothing but text, lists and maps
    return events


EVENTS = [event for path in FILES for event in read(path)]
RECORDED = {e["party"]: e for e in EVENTS if e["type"] == "party.recorded"}
ENDED = {e["party"]: e for e in EVENTS if e["type"] == "party.ended"}


def of_type(name: str) -> list[dict[str, Any]]:
    return [event for event in EVENTS if event["type"] == name]


def codes_of(event: dict[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(scheme, code, valid); a code without validity is valid at all times."""
    for scheme, said in event.get("codes", {}).items():
        for each in said if isinstance(said, list) else [{"code": said}]:
            yield scheme, each["code"], each.get("valid", "../..")


def bounds(interval: str) -> tuple[date, date]:
    start, end = interval.split("/")
    return (
        date.min if start == ".." else date.fromisoformat(start),
        date.max if end == ".." else date.fromisoformat((end + "-12-31")[:10]),
    )


def test_every_event_has_an_id_of_its_own() -> None:
    twice = [each for each, times in Counter(e["id"] for e in EVENTS).items() if times > 1]
    assert twice == []
    assert [e["id"] for e in EVENTS if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", e["id"])] == []


def test_no_party_and_no_source_is_entered_twice() -> None:
    assert len(RECORDED) == len(of_type("party.recorded"))
    sources = [e["source"] for e in of_type("source.recorded")]
    assert len(set(sources)) == len(sources)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event["id"])
def test_an_event_says_only_what_its_type_knows(event: dict[str, Any]) -> None:
    assert event["type"] in FIELDS
    assert set(event) <= COMMON | FIELDS[event["type"]]
    assert event.get("confidence", "reported") in {"confirmed", "reported", "alleged", "disputed"}
    for field in ("occurred", "effective", "published", "accessed"):
        if field in event:
            assert EDTF.fullmatch(event[field]), f"{field}: {event[field]}"


def test_parties_have_a_legal_id_kind_and_name() -> None:
    for party, event in RECORDED.items():
        assert re.fullmatch(r"[A-Z][A-Z0-9-]{1,31}", party)
        assert event["kind"] in KINDS, party
        assert event["name"], party
        assert set(event.get("codes", {})) <= SCHEMES, party


def test_every_party_that_is_named_is_recorded() -> None:
    named = {
        event[field]
        for event in EVENTS
        for field in ("party", "successor", "organisation", "part_of")
        if field in event
    }
    assert named <= set(RECORDED)


def test_every_source_that_is_cited_is_declared_and_every_declared_one_cited() -> None:
    cited = {each["source"] for event in EVENTS for each in event.get("sources", [])}
    assert cited == {e["source"] for e in of_type("source.recorded")}


def test_every_event_that_is_followed_exists() -> None:
    followed = {each for event in EVENTS for each in event.get("follows", [])}
    assert followed <= {f"seed:{event['id']}" for event in EVENTS}


def test_the_united_nations_have_193_members() -> None:
    members = {
        e["party"]
        for e in of_type("party.membership_joined")
        if e["organisation"] == "UN" and e["party"] not in ENDED
    }
    assert len(members) == UN_MEMBERS
    assert {RECORDED[party]["kind"] for party in members} == {"state"}


def test_who_left_an_organisation_had_joined_and_these_came_back() -> None:
    for left in of_type("party.membership_left"):
        joined = [
            e["occurred"]
            for e in of_type("party.membership_joined")
            if (e["party"], e["organisation"]) == (left["party"], left["organisation"])
        ]
        assert min(joined) < left["occurred"] < max(joined)


def test_a_code_means_at_most_one_party_on_any_day() -> None:
    uses = defaultdict(list)
    for party, event in RECORDED.items():
        for scheme, code, valid in codes_of(event):
            uses[scheme, code].append((party, *bounds(valid)))
    for (scheme, code), claims in uses.items():
        edges = {day for _, start, end in claims for day in (start, end)}
        edges |= {day - timedelta(1) for day in edges if day > date.min}
        edges |= {day + timedelta(1) for day in edges if day < date.max}
        for day in edges:
            meant = [party for party, start, end in claims if start <= day <= end]
            assert len(meant) <= 1, f"{scheme}:{code} on {day}: {meant}"


@pytest.mark.parametrize(
    ("code", "day", "party"),
    [
        ("isohist:YUCS", "1980-05-04", "YUG"),
        ("isohist:YUCS", "1992-04-26", "YUG"),
        ("isohist:YUCS", "1992-04-27", "SRB"),
        ("isohist:YUCS", "2005-01-01", "SRB"),
        ("isohist:CSXX", "2005-01-01", "SRB"),
        ("isohist:SUHH", "1980-01-01", "RUS"),
        ("iso3:SUN", "1980-01-01", "RUS"),
        ("iso3:SUN", "2005-01-01", None),
        ("isohist:CSHH", "2005-01-01", "CSK"),
        ("iso2:CS", "1980-01-01", "CSK"),
        ("iso2:CS", "2005-01-01", "SRB"),
        ("isohist:DDDE", "1980-01-01", "DDR"),
        ("cow:260", "1980-01-01", "DEU"),
        ("cow:255", "1914-01-01", "DEU"),
        ("gw:678", "1980-01-01", "YAR"),
        ("gw:678", "2000-01-01", "YEM"),
        ("iso3:YEM", "1980-01-01", "YAR"),
        ("cow:145", "2009-06-01", "BOL"),
        ("gw:970", "2009-06-01", "KIR"),
        ("cow:970", "2009-06-01", "NRU"),
        ("iso2:NO", "2009-06-01", "NOR"),
    ],
)
def test_codes_that_moved_mean_the_party_of_their_day(
    code: str, day: str, party: str | None
) -> None:
    meant = [
        recorded
        for recorded, event in RECORDED.items()
        for scheme, each, valid in codes_of(event)
        if f"{scheme}:{each}" == code
        and bounds(valid)[0] <= date.fromisoformat(day) <= bounds(valid)[1]
    ]
    assert meant == ([party] if party else [])


def test_successions_take_effect_on_the_day_on_which_the_state_ended() -> None:
    for event in of_type("party.succeeded_by"):
        assert event["mode"] in {"succession", "merger", "separation"}  # continuity is one party
        assert event["successor"] != event["party"]
        assert event["effective"] == ENDED[event["party"]]["effective"], event["id"]


def test_no_present_member_of_the_united_nations_has_ended() -> None:
    assert [party for party in ENDED if RECORDED[party].get("codes", {}).get("iso3") == party] == []


def test_facts_are_typed_not_sentences() -> None:
    for event in EVENTS:
        assert len(event.get("note", "")) <= 200, event["id"]
    for path in FILES:
        assert not re.search(r"<[a-z/!]|&[a-z]+;", path.read_text("utf-8")), path.name

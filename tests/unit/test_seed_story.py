"""The seed story reads, refers only to what was told before, and keeps its competing claims."""

import re
import uuid
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry import codec
from registry.domain.catalogue import Event, naming
from registry.domain.confidence import Confidence
from registry.domain.fields import Kind

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = [
    SEEDS / "sources" / "story.yaml",
    *sorted((SEEDS / "agreements").glob("*.yaml")),
    *sorted((SEEDS / "story").glob("*.yaml")),
]
UNSOURCED = ("source.recorded",)


@cache
def told() -> list[dict[str, Any]]:
    """Every event of the story in order of loading; all scalars are text."""
    return [
        each
        for file in FILES
        for each in yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader)  # noqa: S506 - text only
    ]


def _event_id(local: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"seed:{local}"))


def _linked(value: Any) -> Any:
    """The same value with `seed:` references as event ids."""
    if isinstance(value, dict):
        return {name: _linked(each) for name, each in value.items()}
    if isinstance(value, list):
        return [_linked(each) for each in value]
    return _event_id(value[5:]) if isinstance(value, str) and value.startswith("seed:") else value


@cache
def story() -> dict[str, Event]:
    """Local id -> event, in order of loading."""
    return {
        each["id"]: codec.read(_linked({k: v for k, v in each.items() if k != "id"}))
        for each in told()
    }


def _of(name: str, **fields: Any) -> dict[str, Any]:
    return {
        local: event
        for local, event in story().items()
        if name == event.TYPE and all(getattr(event, f) == v for f, v in fields.items())
    }


@pytest.mark.parametrize("said", told(), ids=lambda said: said.get("id", "?"))
def test_every_event_reads(said: dict[str, Any]) -> None:
    codec.read(_linked({k: v for k, v in said.items() if k != "id"}))


def test_every_local_id_is_a_slug_and_told_once() -> None:
    ids = [each["id"] for each in told()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]*", local) for local in ids)


def test_an_event_refers_only_to_events_told_before() -> None:
    before: set[str] = set()
    for each in told():
        for reference in _references(each):
            assert reference in before, f"{each['id']} refers to {reference}"
        before.add(each["id"])


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _references(each)
    elif isinstance(value, list):
        for each in value:
            yield from _references(each)
    elif isinstance(value, str) and value.startswith("seed:"):
        yield value[5:]


def test_every_source_and_agreement_is_recorded_before_it_is_named() -> None:
    recorded: set[str] = set()
    for local, event in story().items():
        if event.TYPE == "source.recorded":
            recorded.add(event.source)  # type: ignore[attr-defined]
        if event.TYPE == "agreement.recorded":
            recorded.add(event.agreement)  # type: ignore[attr-defined]
        for field, name in naming(event)[Kind.SOURCE] + naming(event)[Kind.AGREEMENT]:
            assert name in recorded, f"{local}: {field} is {name}"


def test_every_recorded_source_is_cited() -> None:
    cited = {name for event in story().values() for _, name in naming(event)[Kind.SOURCE]}
    assert {event.source for event in _of("source.recorded").values()} == cited


@pytest.mark.parametrize("local", [each["id"] for each in told()])
def test_every_event_has_a_source(local: str) -> None:
    event = story()[local]
    assert event.sources or event.TYPE in UNSOURCED


def test_competing_claims_are_of_one_type_and_point_at_the_first() -> None:
    by_id = {_event_id(local): event for local, event in story().items()}
    claims = [event for event in story().values() if event.same_act_as]
    assert claims
    for claim in claims:
        first = by_id[claim.same_act_as or ""]
        assert (first.TYPE, first.same_act_as) == (claim.TYPE, None)


def test_nothing_in_the_story_corrects_anything() -> None:
    """A better date is added as a competing claim; the claim that was there stays."""
    assert not [event.TYPE for event in story().values() if event.TYPE.startswith("event.")]


def test_the_dea_was_expelled_in_2008_and_the_exact_days_stand_beside_it() -> None:
    claims = _of("conduct.agency_expelled", agency="US-DEA")
    assert list(claims) == ["dea-expelled", "dea-expelled-november"]
    article, newspaper = claims.values()
    assert article.occurred.text == "2008"
    assert article.effective is None
    assert [each.source for each in article.sources] == ["insight-crime-2012-06"]
    assert newspaper.same_act_as == _event_id("dea-expelled")
    assert newspaper.occurred.text == "2008-11-01"
    assert newspaper.effective.text == "[2008-11-01..2009-01-31]"


def test_relations_with_iran_have_two_years() -> None:
    claims = _of("relations.established", parties=("BOL", "IRN")).values()
    assert [each.occurred.text for each in claims] == ["2006", "2007-09"]


def test_the_ambassadors_answer_each_other() -> None:
    first, answer = _of("conduct.declared_persona_non_grata").values()
    assert (first.by, first.effective.text, first.is_head_of_mission) == ("BOL", "2008-09-14", True)
    assert (answer.by, answer.responds_to) == ("USA", _event_id("goldberg-persona-non-grata"))


def test_the_press_account_names_its_source_and_the_source_behind_it() -> None:
    account = story()["press-relations-only-2011"]
    assert [(each.source, each.via) for each in account.sources] == [
        ("insight-crime-2012-06", None),
        ("insight-crime-2011-11-08", "insight-crime-2012-06"),
    ]
    assert not account.SETS


def test_bolivia_leaves_the_single_convention_and_returns_with_a_reservation() -> None:
    mine = {
        local: (event.TYPE.split(".")[1], event.occurred.text, getattr(event.effective, "text", ""))
        for local, event in story().items()
        if getattr(event, "agreement", "") == "un-single-convention-1961-as-amended"
        and getattr(event, "party", "") == "BOL"
        and event.occurred
    }
    assert list(mine.values()) == [
        ("acceded", "1976-09-23", "1976-10-23"),
        ("denunciation_notified", "2011-06-29", "2012-01-01"),
        ("withdrew", "2012-01-01", ""),
        ("acceded", "2013-01-11", "2013-02-10"),
        ("reservation_made", "[2011-12..2012-01-10]", "2013-01-11"),
    ]


def test_fifteen_parties_object_to_the_reservation() -> None:
    objections = _of("agreement.objection_made", to=_event_id("bol-coca-reservation"))
    parties = "CAN DEU FIN FRA GBR IRL ISR ITA JPN MEX NLD PRT RUS SWE USA"
    assert sorted(each.party for each in objections.values()) == parties.split()


def test_the_signing_with_iran_has_two_days() -> None:
    for party in ("BOL", "IRN"):
        claims = _of(
            "agreement.signed", agreement="bol-irn-2012-counternarcotics", party=party
        ).values()
        assert [each.occurred.text for each in claims] == ["2012-06-20", "2012-06-19"]


def test_the_drones_are_reported_and_known_through_the_article() -> None:
    for local in ("brazil-drones-bolivia", "iran-drones-venezuela"):
        event = story()[local]
        assert event.confidence is Confidence.REPORTED
        assert event.sources[0].via == "insight-crime-2012-06"


def test_hezbollah_is_named_only_in_what_somebody_says() -> None:
    naming = [each for each in story().values() if "hezbollah" in str(codec.write(each)).lower()]
    assert [(each.TYPE, each.SETS) for each in naming] == [("conduct.accusation_made", ())]
    assert "so far with little evidence" in naming[0].content  # type: ignore[attr-defined]


def test_too_few_consents_are_typed_to_compute_an_entry_into_force() -> None:
    """The lists are a choice: were there n of them, a wrong day would be computed beside the stated."""
    consents = ("ratified", "acceded", "accepted", "approved", "succeeded_to")
    for rule in _of("agreement.entry_into_force_rule_set").values():
        parties = {
            event.party  # type: ignore[attr-defined]
            for event in story().values()
            if getattr(event, "agreement", "") == rule.agreement
            and (
                event.TYPE.split(".")[1] in consents or getattr(event, "role", "") == "contracting"
            )
        }
        assert len(parties) < rule.n

"""What one event changes in the rows of others."""

import pytest
from sqlalchemy import Engine, text

from registry.domain.dates import parse_day
from registry.store.engine import reading
from tests.projections.slow_path import on_record, slow_path, told
from tests.store.given import COCA, DRUGS, recorded_background, tell


def in_step(engine: Engine) -> None:
    """The rows of this very moment are what the raw events say."""
    with reading(engine) as conn:
        events = told(conn)
        expected = slow_path(events, len(events))
        found = on_record(conn, len(events))
    for name in ("spans", "findings", "remarks", "documents"):
        assert getattr(found, name) == getattr(expected, name)


def values(engine: Engine, layer: str, subject: str) -> set[str]:
    with reading(engine) as conn:
        rows = conn.execute(
            text(
                "SELECT value FROM span WHERE layer = :layer AND subject = :subject "
                "AND known_to = 9007199254740991"
            ),
            {"layer": layer, "subject": subject},
        )
        return set(rows.scalars())


@pytest.fixture(autouse=True)
def _background(engine: Engine) -> None:
    recorded_background(engine)


def test_a_name_amended_to_be_another_partys_stays_with_that_party(engine: Engine) -> None:
    # Given a renaming told of the wrong party, and amended
    (renamed,) = tell(
        engine,
        {
            "type": "party.renamed",
            "party": "USA",
            "name": "Plurinational State",
            "occurred": "2009",
        },
    )
    tell(
        engine,
        {
            "type": "event.amended",
            "target": renamed.event_id,
            "reason": "it was Bolivia",
            "event": {
                "type": "party.renamed",
                "party": "BOL",
                "name": "Plurinational State",
                "occurred": "2009-02-07",
            },
        },
    )
    # When the party is renamed once more
    tell(engine, {"type": "party.renamed", "party": "BOL", "name": "Bolivia", "occurred": "2030"})
    # Then its document has both names
    in_step(engine)


def test_other_negotiating_parties_make_another_entry_into_force(engine: Engine) -> None:
    tell(
        engine,
        {
            "type": "agreement.entry_into_force_rule_set",
            "agreement": DRUGS,
            "rule": "on_signature",
        },
        *(
            {"type": "agreement.signed", "agreement": DRUGS, "party": party, "occurred": day}
            for party, day in (("BOL", "2012-06-20"), ("IRN", "2012-06-21"))
        ),
    )
    assert values(engine, "force", DRUGS) == {"in_force"}
    with reading(engine) as conn:
        recorded = next(e for e in told(conn) if getattr(e.event, "agreement", "") == DRUGS)
    tell(
        engine,
        {
            "type": "event.amended",
            "target": recorded.event_id,
            "reason": "three negotiated",
            "event": {
                "type": "agreement.recorded",
                "agreement": DRUGS,
                "title": "Counternarcotics",
                "parties": ["BOL", "IRN", "USA"],
            },
        },
    )
    assert values(engine, "force", DRUGS) == set()
    in_step(engine)


def test_a_claim_retracted_in_one_place_frees_the_other(engine: Engine) -> None:
    # Given two accounts of one act: relations broken off, or only interrupted with another
    (one,) = tell(
        engine,
        {"type": "relations.established", "parties": ["BOL", "USA"], "occurred": "2007"},
    )
    (severed,) = tell(
        engine,
        {"type": "relations.severed", "parties": ["BOL", "USA"], "occurred": "2008-09-11"},
    )
    (other,) = tell(
        engine,
        {
            "type": "relations.interrupted",
            "parties": ["BOL", "IRN"],
            "occurred": "2008-09-11",
            "same_act_as": severed.event_id,
        },
    )
    in_step(engine)
    assert _possible(engine, "BOL|USA", "2009-01-01") == {"established", "severed"}
    # When the other is retracted, this one is certain; when that is retracted, no longer
    retraction = {"type": "event.retracted", "reason": "confused"}
    (taken_back,) = tell(engine, retraction | {"target": other.event_id})
    in_step(engine)
    assert _possible(engine, "BOL|USA", "2009-01-01") == {"severed"}
    tell(engine, retraction | {"target": taken_back.event_id})
    in_step(engine)
    assert _possible(engine, "BOL|USA", "2009-01-01") == {"established", "severed"}
    assert one.position < severed.position


def _possible(engine: Engine, pair: str, day: str) -> set[str]:
    with reading(engine) as conn:
        rows = on_record(conn, 2**40).spans
    at = parse_day(day)
    return {
        value
        for layer, key, bit, value, first, last, *_ in rows
        if (layer, key, bit) == ("diplomatic_relations", pair, 2) and first <= at <= last
    }


def test_a_source_named_like_an_agreement_is_not_taken_for_it(engine: Engine) -> None:
    tell(
        engine,
        {"type": "source.recorded", "source": DRUGS, "kind": "press", "title": "The paper"},
        {
            "type": "agreement.entry_into_force_rule_set",
            "agreement": DRUGS,
            "rule": "on_signature",
        },
        {"type": "agreement.signed", "agreement": DRUGS, "party": "BOL", "occurred": "2012-06-20"},
        {"type": "agreement.signed", "agreement": DRUGS, "party": "IRN", "occurred": "2012-06-21"},
    )
    assert values(engine, "force", DRUGS) == {"in_force"}
    in_step(engine)


def test_a_rule_and_the_consents_it_waits_for_may_come_in_any_order(engine: Engine) -> None:
    rule = {"type": "agreement.entry_into_force_rule_set", "agreement": COCA}
    told_in_turn = (
        {"type": "agreement.ratified", "agreement": COCA, "party": "BOL", "occurred": "1976"},
        rule | {"rule": "on_nth_consent", "n": 2, "delay": {"days": 30}},
        {"type": "agreement.acceded", "agreement": COCA, "party": "USA", "occurred": "1967-05-25"},
        {"type": "agreement.terminated", "agreement": COCA, "occurred": "2020"},
    )
    for each in told_in_turn:
        tell(engine, each)
        in_step(engine)
    assert values(engine, "force", COCA) == {"", "in_force", "terminated"}


def test_a_coverage_that_was_only_an_amendment_goes_with_it(engine: Engine) -> None:
    (told_first,) = tell(
        engine, {"type": "relations.established", "parties": ["BOL", "USA"], "occurred": "1849"}
    )
    (amended,) = tell(
        engine,
        {
            "type": "event.amended",
            "target": told_first.event_id,
            "reason": "a list, not an act",
            "event": {
                "type": "coverage.stated",
                "layer": "diplomatic_relations",
                "subject": {"pair": ["BOL", "USA"]},
                "over": "1849",
            },
        },
    )
    in_step(engine)
    tell(engine, {"type": "event.retracted", "target": amended.event_id, "reason": "an act"})
    in_step(engine)

"""Recording: corrections of every kind, refusals that name the field, doubts that are kept."""

from typing import Any

import pytest
from sqlalchemy import Engine

from registry import codec
from registry.domain.dates import parse_day
from registry.domain.errors import Conflict, Invalid, Problems
from registry.record import Recorded
from registry.store import log
from registry.store.engine import reading
from tests.projections.slow_path import on_record
from tests.projections.test_projections import in_step
from tests.store.given import BROKEN_OFF, COCA, DRUGS, Wire, recorded_background, tell

HERE = "diplomatic_relations", "BOL|USA"
ELSEWHERE = "diplomatic_relations", "BOL|IRN"
NOBODY = "0190dddd-0000-7000-8000-00000000dddd"
SIGNED: Wire = {"type": "agreement.signed", "agreement": DRUGS, "occurred": "2012-06-20"}


@pytest.fixture(autouse=True)
def background(engine: Engine) -> list[Recorded]:
    return recorded_background(engine)


def possible(
    engine: Engine,
    subject: tuple[str, str],
    day: str,
    known_at: int = 2**40,
    threshold: int = 2,
) -> set[str]:
    """The values possible on a day; at threshold 1 confirmed, 2 reported, 4 alleged."""
    with reading(engine) as conn:
        rows = on_record(conn, known_at).spans
    at = parse_day(day)
    return {
        value
        for layer, key, bit, value, first, last, *_ in rows
        if (layer, key, bit) == (*subject, threshold) and first <= at <= last
    }


def retracted(event_id: str) -> Wire:
    return {"type": "event.retracted", "target": event_id, "reason": "a mistake"}


def amended(event_id: str, event: Wire) -> Wire:
    return {"type": "event.amended", "target": event_id, "reason": "better known", "event": event}


def confidence(event_id: str, to: str) -> Wire:
    return {
        "type": "event.confidence_changed",
        "target": event_id,
        "reason": "another source",
        "to": to,
    }


def problems(engine: Engine, *said: Wire) -> dict[str | None, Invalid]:
    """What is refused, by field; the log has not grown."""
    with reading(engine) as conn:
        before = log.head(conn)
    with pytest.raises(Problems) as refused:
        tell(engine, *said)
    with reading(engine) as conn:
        assert log.head(conn) == before
    return {each.field: each for each in refused.value.each}


def codes(recorded: Recorded) -> set[str]:
    return {doubt.code for doubt in recorded.doubts}


# --- corrections ----------------------------------------------------------------------------------


def test_a_retracted_severance_is_gone_today_but_was_there_yesterday(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (gone,) = tell(engine, retracted(broken_off.event_id))
    assert possible(engine, HERE, "2009-01-01") == set()
    assert possible(engine, HERE, "2009-01-01", broken_off.position) == {"severed"}
    # A retraction may itself be retracted, and that again.
    (back,) = tell(engine, retracted(gone.event_id))
    assert possible(engine, HERE, "2009-01-01") == {"severed"}
    assert possible(engine, HERE, "2009-01-01", gone.position) == set()
    tell(engine, retracted(back.event_id))
    assert possible(engine, HERE, "2009-01-01") == set()
    assert gone.stream == back.stream == broken_off.stream
    assert back.stream_version == 3
    in_step(engine)


def test_an_amendment_brings_a_whole_new_event_also_of_another_subject(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (moved,) = tell(
        engine,
        amended(
            broken_off.event_id,
            {"type": "relations.interrupted", "parties": ["IRN", "BOL"], "occurred": "2009"},
        ),
    )
    assert possible(engine, HERE, "2010-01-01") == set()
    assert possible(engine, ELSEWHERE, "2010-01-01") == {"interrupted"}
    assert possible(engine, HERE, "2010-01-01", broken_off.position) == {"severed"}
    in_step(engine)
    # The last live amendment wins; without it, the one before.
    (again,) = tell(engine, amended(broken_off.event_id, BROKEN_OFF | {"occurred": "2011"}))
    assert possible(engine, HERE, "2012-01-01") == {"severed"}
    assert possible(engine, ELSEWHERE, "2010-01-01") == set()
    in_step(engine)
    tell(engine, retracted(again.event_id))
    assert possible(engine, ELSEWHERE, "2010-01-01") == {"interrupted"}
    tell(engine, retracted(moved.event_id))
    assert possible(engine, HERE, "2009-01-01") == {"severed"}
    in_step(engine)


def test_an_amended_event_keeps_its_place_in_the_order_of_recording(engine: Engine) -> None:
    # Two observations of one day, of which the law ranks neither: the later recorded rules.
    seen: Wire = {"type": "status.observed", "layer": "representation", "over": "2008-09-11"}
    seen |= {"subject": {"sender": "USA", "receiver": "BOL"}}
    mission = "representation", "USA|BOL"
    first, second = tell(
        engine, seen | {"value": "legation", "over": "2008-09-10"}, seen | {"value": "embassy"}
    )
    tell(engine, amended(first.event_id, seen | {"value": "liaison_office"}))
    assert second.position > first.position
    assert possible(engine, mission, "2008-09-11") == {"embassy"}
    in_step(engine)


def test_a_change_of_confidence_counts_on_top_of_an_amendment_before_it_only(
    engine: Engine,
) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    tell(engine, confidence(broken_off.event_id, "alleged"))
    assert possible(engine, HERE, "2009-01-01") == set()
    assert possible(engine, HERE, "2009-01-01", threshold=4) == {"severed"}
    # An amendment brings its own confidence.
    tell(engine, amended(broken_off.event_id, BROKEN_OFF | {"confidence": "confirmed"}))
    assert possible(engine, HERE, "2009-01-01", threshold=1) == {"severed"}
    # A change after it counts again, until it is retracted.
    (change,) = tell(engine, confidence(broken_off.event_id, "disputed"))
    assert possible(engine, HERE, "2009-01-01") == set()
    assert possible(engine, HERE, "2009-01-01", threshold=4) == {"severed", ""}
    tell(engine, retracted(change.event_id))
    assert possible(engine, HERE, "2009-01-01", threshold=1) == {"severed"}
    in_step(engine)


def test_a_retracted_event_may_be_amended_and_shows_it_once_it_is_back(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (gone,) = tell(engine, retracted(broken_off.event_id))
    tell(engine, amended(broken_off.event_id, BROKEN_OFF | {"occurred": "2010-01-01"}))
    assert possible(engine, HERE, "2011-01-01") == set()
    tell(engine, retracted(gone.event_id))
    assert possible(engine, HERE, "2011-01-01") == {"severed"}
    assert possible(engine, HERE, "2009-01-01") == set()
    in_step(engine)


def test_corrections_in_the_same_request_as_their_target(engine: Engine) -> None:
    name = "0190eeee-0000-7000-8000-00000000ee0"
    recorded = tell(
        engine,
        BROKEN_OFF | {"id": f"{name}1"},
        amended(f"{name}1", BROKEN_OFF | {"occurred": "2010"}) | {"id": f"{name}2"},
        retracted(f"{name}1") | {"id": f"{name}3"},
        retracted(f"{name}3"),
    )
    assert {each.stream for each in recorded} == {"pair:BOL:USA"}
    assert [each.stream_version for each in recorded] == [1, 2, 3, 4]
    assert possible(engine, HERE, "2009-06-01") == set()
    assert possible(engine, HERE, "2011-01-01") == {"severed"}
    in_step(engine)


def test_an_event_is_all_its_subjects_or_none(engine: Engine) -> None:
    # Severance ends the missions too: they come back with its retraction.
    tell(
        engine,
        {"type": "mission.opened", "sender": "USA", "receiver": "BOL", "level": "embassy"}
        | {"occurred": "1942"},
    )
    mission = "representation", "USA|BOL"
    (broken_off,) = tell(engine, BROKEN_OFF)
    assert possible(engine, mission, "2009-01-01") == {"none"}
    tell(engine, retracted(broken_off.event_id))
    assert possible(engine, mission, "2009-01-01") == {"embassy"}
    in_step(engine)


# --- what is refused ------------------------------------------------------------------------------


def test_a_correction_can_only_be_retracted(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (gone,) = tell(engine, retracted(broken_off.event_id))
    (changed,) = tell(engine, confidence(broken_off.event_id, "alleged"))
    (better,) = tell(engine, amended(broken_off.event_id, BROKEN_OFF))
    for correction in (gone, changed, better):
        for correcting in (
            amended(correction.event_id, BROKEN_OFF),
            confidence(correction.event_id, "alleged"),
        ):
            assert "can only be retracted" in problems(engine, correcting)["target"].message
        tell(engine, retracted(correction.event_id))
    in_step(engine)


def test_an_amendment_brings_no_correction(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    found = problems(engine, amended(broken_off.event_id, retracted(broken_off.event_id)))
    assert set(found) == {"event.type"}


def test_the_new_content_is_read_like_any_event(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    content = {"type": "relations.severed", "parties": ["BOL", "ATL"], "occurred": "24.10.1648"}
    assert set(problems(engine, amended(broken_off.event_id, content))) == {"event.occurred"}
    content |= {"occurred": "1648-10-24"}
    assert set(problems(engine, amended(broken_off.event_id, content))) == {"event.parties[1]"}


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"target": NOBODY}, "target"),
        ({"sources": [{"source": "never-seen"}]}, "sources[0].source"),
    ],
)
def test_a_correction_names_what_is_on_record(
    engine: Engine, changed: dict[str, Any], field: str
) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    assert set(problems(engine, retracted(broken_off.event_id) | changed)) == {field}


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        (SIGNED | {"party": "BOO"}, {"party"}),
        (SIGNED | {"party": "cow:999"}, {"party"}),
        (SIGNED | {"party": "BOL", "agreement": "never-made"}, {"agreement"}),
        (
            SIGNED | {"party": "BOL", "sources": [{"source": "abi-2012"}, {"source": "abi-2013"}]},
            {"sources[1].source"},
        ),
        (
            SIGNED | {"party": "BOL", "follows": [NOBODY], "responds_to": NOBODY},
            {"follows[0]", "responds_to"},
        ),
        (SIGNED | {"party": "BOL", "same_act_as": NOBODY}, {"same_act_as"}),
        (
            {
                "type": "coverage.stated",
                "layer": "participation",
                "over": "2008",
                "subject": {"agreement": "never-made"},
            },
            {"subject.agreement"},
        ),
    ],
)
def test_what_is_not_on_record_is_named_by_its_field(
    engine: Engine, said: Wire, fields: set[str]
) -> None:
    assert set(problems(engine, said)) == fields


def test_an_unknown_party_is_refused_with_close_names(engine: Engine) -> None:
    found = problems(engine, SIGNED | {"party": "BOLIVIA"})
    assert "BOL" in found["party"].offers


def test_in_a_list_every_mistake_is_named_and_nothing_is_written(engine: Engine) -> None:
    found = problems(
        engine,
        BROKEN_OFF,
        SIGNED | {"party": "XXA"},
        SIGNED | {"party": "BOL", "agreement": "never-made"},
        retracted(NOBODY),
    )
    assert set(found) == {"events[1].party", "events[2].agreement", "events[3].target"}
    assert possible(engine, HERE, "2009-01-01") == set()


def test_what_the_register_itself_records_nobody_else_may(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    erased = {"type": "event.erased", "target": broken_off.event_id, "reason": "on request"}
    assert set(problems(engine, erased)) == {"type"}


@pytest.mark.parametrize(
    "said",
    [
        {"type": "party.recorded", "party": "BOL", "kind": "state", "name": "Bolivia"},
        {"type": "agreement.recorded", "agreement": COCA, "title": "Again"},
        {"type": "source.recorded", "source": "abi-2012", "kind": "press", "title": "Again"},
    ],
)
def test_nothing_is_entered_twice(engine: Engine, said: Wire) -> None:
    with pytest.raises(Conflict, match="already recorded"):
        tell(engine, said)
    fresh = {k: "new-one" if k in {"agreement", "source"} else v for k, v in said.items()}
    fresh |= {"party": "ATL"} if "party" in said else {}
    with pytest.raises(Conflict, match="already recorded"):
        tell(engine, fresh, fresh)


def test_an_event_id_is_taken_once(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    with pytest.raises(Conflict, match=broken_off.event_id):
        tell(engine, SIGNED | {"party": "BOL", "id": broken_off.event_id})


def test_an_expected_version_guards_the_stream(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF | {"expected": 0})
    tell(engine, retracted(broken_off.event_id) | {"expected": 1})
    with pytest.raises(Conflict, match="version 2"):
        tell(engine, BROKEN_OFF | {"expected": 1})
    assert possible(engine, HERE, "2009-01-01") == set()


# --- what is still spoken of ----------------------------------------------------------------------

CITING = SIGNED | {"party": "BOL", "sources": [{"source": "abi-2012"}]}


def source_of(background: list[Recorded]) -> str:
    return next(each.event_id for each in background if each.stream == "source:abi-2012")


def test_a_cited_source_cannot_be_retracted_until_nothing_cites_it(
    engine: Engine, background: list[Recorded]
) -> None:
    source = source_of(background)
    (citing,) = tell(engine, CITING)
    found = problems(engine, retracted(source))
    assert citing.event_id in found["target"].message
    tell(engine, retracted(citing.event_id))
    tell(engine, retracted(source))
    assert set(problems(engine, CITING)) == {"sources[0].source"}


def test_a_source_cited_only_through_an_amendment_is_cited(
    engine: Engine, background: list[Recorded]
) -> None:
    source = source_of(background)
    (broken_off,) = tell(engine, BROKEN_OFF)
    citing = BROKEN_OFF | {"sources": [{"source": "abi-2012"}]}
    (better,) = tell(engine, amended(broken_off.event_id, citing))
    assert set(problems(engine, retracted(source))) == {"target"}
    tell(engine, retracted(better.event_id))
    tell(engine, retracted(source))


def test_a_source_that_an_amendment_no_longer_cites_is_free(
    engine: Engine, background: list[Recorded]
) -> None:
    (citing,) = tell(engine, CITING)
    tell(engine, amended(citing.event_id, SIGNED | {"party": "BOL"}))
    tell(engine, retracted(source_of(background)))


def test_a_source_that_a_correction_cites_is_cited(
    engine: Engine, background: list[Recorded]
) -> None:
    source = source_of(background)
    (broken_off,) = tell(engine, BROKEN_OFF)
    (gone,) = tell(engine, retracted(broken_off.event_id) | {"sources": [{"source": "abi-2012"}]})
    assert set(problems(engine, retracted(source))) == {"target"}
    tell(engine, retracted(gone.event_id))
    tell(engine, retracted(source))


def test_a_source_may_go_in_the_same_request_as_what_cites_it(
    engine: Engine, background: list[Recorded]
) -> None:
    (citing,) = tell(engine, CITING)
    tell(engine, retracted(citing.event_id), retracted(source_of(background)))
    in_step(engine)


def test_a_source_cited_in_the_same_request_cannot_go(
    engine: Engine, background: list[Recorded]
) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    source = source_of(background)
    assert set(problems(engine, CITING, retracted(source))) == {"events[1].target"}
    better = amended(broken_off.event_id, BROKEN_OFF | {"sources": [{"source": "abi-2012"}]})
    assert set(problems(engine, better, retracted(source))) == {"events[1].target"}


@pytest.mark.parametrize("place", [0, 5])
def test_a_party_or_agreement_that_is_spoken_of_keeps_its_name(
    engine: Engine, background: list[Recorded], place: int
) -> None:
    tell(engine, SIGNED | {"party": "BOL"})
    target = background[place].event_id
    assert set(problems(engine, retracted(target))) == {"target"}
    other = (
        {"type": "party.recorded", "party": "ATL", "kind": "state", "name": "Atlantis"}
        if place == 0
        else {"type": "agreement.recorded", "agreement": "another-one", "title": "Another"}
    )
    assert set(problems(engine, amended(target, other))) == {"target"}
    assert set(problems(engine, amended(target, BROKEN_OFF))) == {"target"}


def test_an_amendment_does_not_enter_a_party_twice(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    bolivia = {"type": "party.recorded", "party": "BOL", "kind": "state", "name": "Bolivia"}
    with pytest.raises(Conflict, match="already recorded"):
        tell(engine, amended(broken_off.event_id, bolivia))


def test_a_correction_is_no_account_of_an_act(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (gone,) = tell(engine, retracted(broken_off.event_id))
    found = problems(engine, SIGNED | {"party": "BOL", "same_act_as": gone.event_id})
    assert set(found) == {"same_act_as"}


# --- names ----------------------------------------------------------------------------------------


def test_a_code_becomes_the_id_it_stands_for_on_the_day(engine: Engine) -> None:
    (signed,) = tell(engine, SIGNED | {"party": "cow:145"})
    (broken_off,) = tell(engine, BROKEN_OFF | {"parties": ["cow:2", "cow:145"]})
    (moved,) = tell(
        engine, amended(broken_off.event_id, BROKEN_OFF | {"parties": ["cow:630", "cow:145"]})
    )
    with reading(engine) as conn:
        stored = log.by_ids(conn, [signed.event_id, broken_off.event_id, moved.event_id])
    data = {
        place: codec.restored(s.type, s.type_version, s.data or "") for place, s in stored.items()
    }
    assert codec.write(data[signed.event_id])["party"] == "BOL"
    assert sorted(codec.write(data[broken_off.event_id])["parties"]) == ["BOL", "USA"]
    assert sorted(codec.write(data[moved.event_id])["event"]["parties"]) == ["BOL", "IRN"]
    assert broken_off.stream == "pair:BOL:USA"
    assert possible(engine, ELSEWHERE, "2009-01-01") == {"severed"}
    in_step(engine)


def test_a_list_may_speak_of_what_it_enters(engine: Engine) -> None:
    recorded = tell(
        engine,
        {"type": "agreement.signed", "agreement": "new-pact", "party": "ATL"}
        | {"occurred": "2020", "sources": [{"source": "new-paper"}]},
        {
            "type": "agreement.recorded",
            "agreement": "new-pact",
            "title": "Pact",
            "parties": ["ATL"],
        },
        {"type": "party.recorded", "party": "ATL", "kind": "state", "name": "Atlantis"},
        {"type": "source.recorded", "source": "new-paper", "kind": "press", "title": "Paper"},
    )
    assert len({each.recorded_at for each in recorded}) == 1
    assert possible(engine, ("participation", "new-pact|ATL"), "2021-01-01") == {"signatory"}
    in_step(engine)


# --- doubts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "said", "doubt"),
    [
        (
            [SIGNED | {"party": "BOL"}],
            {"type": "agreement.ratified", "agreement": DRUGS, "party": "BOL", "occurred": "2011"},
            "consent_before_signature",
        ),
        ([], BROKEN_OFF | {"type": "relations.reestablished"}, "reestablished_without_break"),
        (
            [SIGNED | {"party": "BOL"}],
            {"type": "agreement.entered_into_force", "agreement": DRUGS, "occurred": "2010"},
            "in_force_before_any_consent",
        ),
        ([], BROKEN_OFF | {"occurred": "1700"}, "party_not_in_existence"),
        ([], BROKEN_OFF | {"occurred": "2999"}, "dated_in_future"),
    ],
)
def test_odd_history_is_recorded_and_doubted(
    engine: Engine, before: list[Wire], said: Wire, doubt: str
) -> None:
    for each in before:
        assert codes(tell(engine, each)[0]) == set()
    (recorded,) = tell(engine, said)
    assert codes(recorded) == {doubt}
    assert all(recorded.event_id in each.events for each in recorded.doubts)
    in_step(engine)


def test_an_order_against_the_dates_is_set_aside_and_doubted(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (established,) = tell(
        engine,
        {"type": "relations.established", "parties": ["BOL", "USA"], "occurred": "1849"}
        | {"follows": [broken_off.event_id]},
    )
    assert codes(established) == {"order_set_aside"}
    assert possible(engine, HERE, "2009-01-01") == {"severed"}
    in_step(engine)


def test_a_doubt_that_an_amendment_raises_is_told(engine: Engine) -> None:
    (broken_off,) = tell(engine, BROKEN_OFF)
    (again,) = tell(
        engine,
        {"type": "relations.reestablished", "parties": ["BOL", "USA"], "occurred": "2011-11-07"},
    )
    assert codes(again) == set()
    later = BROKEN_OFF | {"occurred": "2012"}
    (better,) = tell(engine, amended(broken_off.event_id, later))
    assert codes(better) <= {"reestablished_without_break"}
    in_step(engine)


def test_one_transaction_is_one_moment_of_knowledge(engine: Engine) -> None:
    recorded = tell(engine, BROKEN_OFF, SIGNED | {"party": "BOL"})
    first, last = (each.position for each in recorded)
    assert possible(engine, HERE, "2009-01-01", first) == set()
    assert possible(engine, HERE, "2009-01-01", last) == {"severed"}

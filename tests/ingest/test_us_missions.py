"""The missions of the United States: ranges, claims about them, chiefs and travels, in small tables."""

from pathlib import Path

from sqlalchemy import Engine

from registry.ingest.importing import Line
from registry.ingest.profiles.us_missions import PROFILE
from registry.queries.answers import answers
from registry.queries.ladder import Rung, mission_status, rung
from registry.queries.view import open_view
from registry.store.engine import reading
from tests.ingest.conftest import taken_in

COW = "country_code_cow,country_name_cow,date_start,date_end,us_mission_status"
GWM = "country_code_gw,country_name_gw,date_start,date_end,us_mission_status"
EXTRACTED = (
    "country_slug,ordinal,date_verbatim,new_status,confidence,source_type,description,"
    "quote_verbatim"
)
CHIEFS = (
    "country_slug,list,chief_id,person_id,role_title_id,appointed_date,appointed_note,"
    "started_date,started_note,ended_date,ended_note,note"
)
TRAVELS = "trip_id,role,name,start_date,end_date,country_id,locale,remarks_verbatim"

_GOLDBERG = (
    "bolivia,chiefs,bo-2006,goldberg-philip-s,ambassador-e-p,2006-05-30,,2006-10-13,,2008-09-14,"
    '"Declared persona non grata; left post,",'
)

CUBA = (
    "40,Cuba,1923-02-10,1961-01-02,Embassy",
    "40,Cuba,1961-01-03,1977-08-31,None",
    "40,Cuba,1977-09-01,2015-07-19,Interests",
    "40,Cuba,2015-07-20,2024-12-31,Embassy",
)


def given(
    folder: Path,
    cow: tuple[str, ...] = CUBA,
    gwm: tuple[str, ...] = (),
    extracted: tuple[str, ...] = (),
    chiefs: tuple[str, ...] = (),
    travels: tuple[str, ...] = (),
) -> Path:
    tables = {
        "mission_status_range_cow.csv": (COW, *cow),
        "mission_status_range_gwm.csv": (GWM, *gwm),
        "mission_events_extracted.csv": (EXTRACTED, *extracted),
        "chiefs_of_mission.csv": (CHIEFS, *chiefs),
        "official_travels.csv": (TRAVELS, *travels),
    }
    for name, lines in tables.items():
        (folder / name).write_text("\n".join(lines) + "\n", "utf-8")
    return folder


def stood(
    engine: Engine, receiver: str, day: str, confidence: str | None = None
) -> tuple[tuple[str, ...], bool]:
    """The possible statuses of the mission on the day, and whether that is certain."""
    with reading(engine) as conn:
        view = open_view(conn, as_of=day, known_at=None, confidence=confidence)
        found = mission_status(view, "USA", receiver)
    return found.possible, found.certain


def of(lines: list[Line], file: str) -> list[Line]:
    return [each for each in lines if each.file == file]


def test_havana_had_an_embassy_then_nothing_then_a_section_then_an_embassy(
    engine: Engine, tmp_path: Path
) -> None:
    done, _ = taken_in(engine, PROFILE, given(tmp_path))
    assert done.rows == {"imported": 4}
    assert stood(engine, "CUB", "1961-01-02") == (("Embassy",), True)
    assert stood(engine, "CUB", "1961-01-03") == (("None",), True)
    assert stood(engine, "CUB", "1977-09-01") == (("Interests",), True)
    assert stood(engine, "CUB", "2015-07-19") == (("Interests",), True)
    assert stood(engine, "CUB", "2015-07-20") == (("Embassy",), True)


def test_past_the_end_of_the_list_nothing_carried_on_is_certain(
    engine: Engine, tmp_path: Path
) -> None:
    taken_in(engine, PROFILE, given(tmp_path))
    assert stood(engine, "CUB", "2024-12-31") == (("Embassy",), True)
    assert stood(engine, "CUB", "2025-01-01") == (("Embassy",), False)


def test_in_a_gap_of_the_list_what_went_before_is_not_certain(
    engine: Engine, tmp_path: Path
) -> None:
    cow = (
        "210,Netherlands,1839-01-01,1940-07-14,Legation",
        "210,Netherlands,1945-06-26,2024-12-31,Embassy",
    )
    taken_in(engine, PROFILE, given(tmp_path, cow=cow))
    assert stood(engine, "NLD", "1940-07-14") == (("Legation",), True)
    assert stood(engine, "NLD", "1943-01-01") == (("Legation",), False)
    assert stood(engine, "NLD", "1945-06-26") == (("Embassy",), True)


def test_an_embassy_says_nothing_about_consular_posts(engine: Engine, tmp_path: Path) -> None:
    taken_in(engine, PROFILE, given(tmp_path))
    with reading(engine) as conn:
        view = open_view(conn, as_of="1950-01-01", known_at=None, confidence=None)
        (post,) = answers(view, [("consular_post", "USA|CUB")]).values()
    assert post["certain"] is False
    assert post["value"] == "unknown"


def test_the_second_list_adds_what_the_first_has_not_and_repeats_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    gwm = (
        "40,Cuba,1961-01-03,1977-08-31,None",
        "396,Abkhazia,2008-08-26,2020-12-31,None",
        "40,Cuba,1902-05-27,1961-01-02,Legation",
    )
    done, lines = taken_in(engine, PROFILE, given(tmp_path, gwm=gwm))
    assert done.rows == {"imported": 6, "already there": 1}
    assert stood(engine, "ABKHAZIA", "2010-01-01") == (("None",), True)
    (there,) = [each for each in lines if each.status == "already there"]
    assert there.reason == "said in mission_status_range_cow.csv, line 3"


def test_where_the_lists_contradict_each_other_both_are_kept_and_nothing_is_certain(
    engine: Engine, tmp_path: Path
) -> None:
    gwm = ("40,Cuba,1959-01-01,1977-08-31,None",)
    taken_in(engine, PROFILE, given(tmp_path, gwm=gwm))
    assert stood(engine, "CUB", "1960-01-01") == (
        ("Embassy", "None", "unknown"),  # no mission, perhaps, and nothing said of posts
        False,
    )
    assert stood(engine, "CUB", "1962-01-01") == (("None",), True)


def test_a_number_that_passed_to_another_party_is_told_apart_by_its_days(
    engine: Engine, tmp_path: Path
) -> None:
    cow = ("345,Yugoslavia,1944-10-20,1992-05-20,Embassy",)
    taken_in(engine, PROFILE, given(tmp_path, cow=cow))
    assert stood(engine, "YUG", "1992-04-26") == (("Embassy",), True)
    assert stood(engine, "SRB", "1992-05-20") == (("Embassy",), True)
    assert stood(engine, "SRB", "1990-01-01") == (("unknown",), False)


def test_an_extracted_event_competes_with_the_nearest_transition_to_its_status(
    engine: Engine, tmp_path: Path
) -> None:
    extracted = ("cuba,0,2015-07-01,Embassy,high,rdcr,Announced,On July 1 it was announced.",)
    done, _ = taken_in(engine, PROFILE, given(tmp_path, extracted=extracted))
    assert done.rows == {"imported": 5}
    assert stood(engine, "CUB", "2015-06-30") == (("Interests",), True)
    assert stood(engine, "CUB", "2015-07-10") == (("Embassy", "Interests"), False)
    assert stood(engine, "CUB", "2015-07-20") == (("Embassy",), True)


def test_an_extracted_event_on_the_very_day_takes_no_certainty_away(
    engine: Engine, tmp_path: Path
) -> None:
    extracted = ("cuba,0,1961-01-03,None,high,rdcr,Severed,Relations were severed.",)
    taken_in(engine, PROFILE, given(tmp_path, extracted=extracted))
    assert stood(engine, "CUB", "1961-01-02") == (("Embassy",), True)
    assert stood(engine, "CUB", "1961-01-03") == (("None",), True)


def test_an_extracted_event_without_a_transition_is_alleged_and_reported(
    engine: Engine, tmp_path: Path
) -> None:
    extracted = (
        "cuba,0,1970,Liaison,low,pocom,A guess,",
        "texas,0,1837-10-23,Legation,high,rdcr,At Houston,",
    )
    _, lines = taken_in(engine, PROFILE, given(tmp_path, extracted=extracted))
    liaison, legation = of(lines, "mission_events_extracted.csv")
    assert liaison.reason == (
        "the status ranges have no transition to Liaison that this can speak of"
    )
    assert legation.reason == "the status ranges have nothing on this country"
    assert stood(engine, "CUB", "1971-01-01") == (("None",), True)
    assert "Liaison" in stood(engine, "CUB", "1971-01-01", "alleged")[0]


def test_a_claim_from_beyond_another_transition_is_no_claim_about_this_one(
    engine: Engine, tmp_path: Path
) -> None:
    extracted = ("cuba,0,1915-01-01,None,high,rdcr,Long before,",)
    cow = ("40,Cuba,1902-05-27,1923-02-09,Legation", *CUBA)
    _, lines = taken_in(engine, PROFILE, given(tmp_path, cow=cow, extracted=extracted))
    assert stood(engine, "CUB", "1950-01-01") == (("Embassy",), True)
    assert all(each.reason for each in of(lines, "mission_events_extracted.csv"))


def test_what_cannot_be_a_range_is_refused_or_held_with_its_cell(
    engine: Engine, tmp_path: Path
) -> None:
    cow = (
        "40,Cuba,1961-01-03,1960-01-01,None",
        "40,Cuba,1961-01-03,9999-12-31,None",
        "40,Cuba,1961-02-30,1962-01-01,None",
        "40,Cuba,1961-01-03,1962-01-01,Chancery",
        "4711,Ruritania,1961-01-03,1962-01-01,None",
        "40,Cuba,1980-01-01,1990-01-01,None",
        "40,Cuba,1985-01-01,1991-01-01,Embassy",
    )
    done, lines = taken_in(engine, PROFILE, given(tmp_path, cow=cow))
    assert done.rows == {"refused": 4, "held": 2, "imported": 1}
    assert [(e.column, e.verbatim) for e in lines if e.status in ("refused", "held")] == [
        ("date_end", "1960-01-01"),
        ("date_end", "9999-12-31"),
        ("date_start", "1961-02-30"),
        ("us_mission_status", "Chancery"),
        ("country_code_cow", "4711"),
        ("us_mission_status", "Embassy"),
    ]


def test_an_ambassador_is_appointed_presents_credentials_and_leaves(
    engine: Engine, tmp_path: Path
) -> None:
    chiefs = (
        _GOLDBERG,
        "bolivia,chiefs,bo-2009,creamer-john-s,charge-daffaires-ad-interim,,,2009-08,,2012-07,,",
        "bolivia,other-nominees,bo-1999,nobody,ambassador-e-p,,,,,,,Declined appointment.",
        "china,chiefs,cn-1973,bruce-david-k,chief,1973-03-15,,1973-05-14,,1974-09-25,Left post on,",
    )
    done, lines = taken_in(engine, PROFILE, given(tmp_path, chiefs=chiefs))
    assert done.rows == {"imported": 6, "refused": 1, "held": 1}
    assert [each.type for each in of(lines, "chiefs_of_mission.csv") if each.type] == [
        "head_of_mission.appointed",
        "head_of_mission.credentials_presented",
        "head_of_mission.left",
        "head_of_mission.charge_designated",
        "head_of_mission.left",
        "head_of_mission.appointed",
        "head_of_mission.left",
    ]
    with reading(engine) as conn:
        subject = ("head_of_mission", "USA|BOL")
        view = open_view(conn, as_of="2008-09-13", known_at=None, confidence=None)
        assert answers(view, [subject])[subject]["value"] == "ambassador"
        after = answers(view.on("2008-09-15", "as_of"), [subject])[subject]
        assert after["value"] == "charge_ad_interim"


def test_a_visit_that_ends_before_it_begins_is_refused(engine: Engine, tmp_path: Path) -> None:
    travels = (
        "1,president,Richard M. Nixon,1972-02-21,1972-02-28,china,Peking,Met with Chairman Mao.",
        "2,secretary,Somebody,1972-02-21,1972-02-20,china,Peking,",
        "3,secretary,John Kerry,2016-11-11,2016-11-12,antarctica,McMurdo,",
        "4,secretary,John Foster Dulles,1955-02-28,1955-03-01,vietnam,Saigon,",
    )
    done, lines = taken_in(engine, PROFILE, given(tmp_path, travels=travels))
    assert done.rows == {"imported": 5, "refused": 1, "held": 2}
    _, reversed_, _, vietnam = of(lines, "official_travels.csv")
    assert (reversed_.column, reversed_.verbatim) == ("end_date", "1972-02-20")
    assert vietnam.suggestions == "RVN VNM"


def test_the_ladder_ranks_a_mission_above_any_post() -> None:

    def said(possible: list[str], *, certain: bool) -> dict[str, object]:
        return {"possible": possible, "certain": certain}

    legation = said(["legation"], certain=True)
    nothing = said(["none"], certain=True)
    consulate = said(["consulate"], certain=True)
    unknown = said(["unknown"], certain=False)
    assert rung(legation, unknown) == Rung(("Legation",), certain=True)
    assert rung(nothing, consulate) == Rung(("Consulate",), certain=True)
    assert rung(nothing, nothing) == Rung(("None",), certain=True)
    assert rung(nothing, unknown) == Rung(("unknown",), certain=False)
    assert rung(said(["none", "legation"], certain=False), consulate) == Rung(
        ("Legation", "Consulate"), certain=False
    )

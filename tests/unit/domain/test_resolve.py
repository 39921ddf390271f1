"""What a setting means in its surroundings: heads of mission, notices, successions."""

from collections.abc import Mapping

from registry import codec
from registry.domain.confidence import Confidence
from registry.domain.dates import Days, parse_day
from registry.domain.fold import Folded, fold
from registry.domain.layers import LAYERS
from registry.domain.resolve import resolved
from registry.domain.segments import possible_over
from registry.domain.settings import Setting, settings_of

RECORDED = parse_day("2026-01-01")
REPORTED = Confidence.REPORTED


def _told(*said: Mapping[str, object]) -> list[Setting]:
    return [
        setting
        for number, each in enumerate(said, start=1)
        for setting in settings_of(codec.read(each), f"e{number}", number, RECORDED)
    ]


def _folded(layer: str, near: str, told: list[Setting]) -> Folded:
    mine = [s for s in told if s.layer == layer]
    ready = resolved(LAYERS[layer], mine, [s for s in told if s.layer == near], {}, REPORTED)
    return fold(LAYERS[layer], ready, {}, REPORTED)


def _on(folded: Folded, day: str) -> set[str]:
    found, _ = possible_over(folded.segments, Days.on(parse_day(day)))
    return set(found)


US_IN_BOLIVIA = {"sender": "USA", "receiver": "BOL"}


def test_after_a_head_of_mission_left_a_standing_mission_a_charge_is_assumed() -> None:
    told = _told(
        {"type": "mission.opened", **US_IN_BOLIVIA, "level": "embassy", "occurred": "1981-12-10"},
        {
            "type": "head_of_mission.credentials_presented",
            **US_IN_BOLIVIA,
            "class": "ambassador",
            "occurred": "2006-10-13",
        },
        {
            "type": "conduct.declared_persona_non_grata",
            "by": "BOL",
            "from": "USA",
            "is_head_of_mission": True,
            "occurred": "2008-09-10",
            "effective": "2008-09-14",
        },
    )
    folded = _folded("head_of_mission", "representation", told)
    assert _on(folded, "2008-09-13") == {"ambassador"}
    assert _on(folded, "2009-06-01") == {"charge_ad_interim"}
    assert any("VCDR 19" in each.rule for each in folded.assumed)


def test_a_head_of_mission_who_leaves_after_severance_leaves_the_post_vacant() -> None:
    told = _told(
        {"type": "mission.opened", **US_IN_BOLIVIA, "level": "embassy", "occurred": "1942-05-23"},
        {
            "type": "head_of_mission.credentials_presented",
            **US_IN_BOLIVIA,
            "occurred": "1942-05-23",
        },
        {"type": "relations.severed", "parties": ["BOL", "USA"], "occurred": "1943-12-20"},
        {"type": "head_of_mission.left", **US_IN_BOLIVIA, "occurred": "1944-02-05"},
    )
    folded = _folded("head_of_mission", "representation", told)
    assert _on(folded, "1943-12-19") == {"ambassador"}
    assert _on(folded, "1944-03-01") == {"vacant"}


def test_where_it_is_open_whether_the_mission_stood_both_values_are_possible() -> None:
    told = _told(
        {"type": "mission.opened", **US_IN_BOLIVIA, "level": "legation", "occurred": "1900"},
        {"type": "mission.closed", **US_IN_BOLIVIA, "occurred": "1910"},
        {"type": "head_of_mission.left", **US_IN_BOLIVIA, "occurred": "1910-06-15"},
    )
    folded = _folded("head_of_mission", "representation", told)
    assert _on(folded, "1910-07-01") == {"vacant", "charge_ad_interim"}


def test_a_returned_head_of_mission_holds_the_class_held_before() -> None:
    told = _told(
        {
            "type": "head_of_mission.credentials_presented",
            **US_IN_BOLIVIA,
            "class": "envoy",
            "occurred": "1900-01-01",
        },
        {
            "type": "head_of_mission.recalled_for_consultations",
            **US_IN_BOLIVIA,
            "occurred": "1901-01-01",
        },
        {"type": "head_of_mission.returned", **US_IN_BOLIVIA, "occurred": "1901-03-01"},
    )
    folded = _folded("head_of_mission", "representation", told)
    assert _on(folded, "1901-02-01") == {"charge_ad_interim"}
    assert _on(folded, "1902-01-01") == {"envoy"}


CONVENTION = {"agreement": "convention", "party": "BOL"}


def test_a_notice_of_withdrawal_taken_back_in_time_has_no_effect() -> None:
    notice = {
        "type": "agreement.denunciation_notified",
        **CONVENTION,
        "occurred": "2011-06-29",
        "effective": "2012-01-01",
    }
    acceded = {
        "type": "agreement.acceded",
        **CONVENTION,
        "occurred": "1976-09-23",
        "effective": "1976-10-23",
    }
    back = {"type": "agreement.denunciation_retracted", **CONVENTION, "occurred": "2011-12-01"}
    assert _on(_folded("participation", "force", _told(acceded, notice)), "2012-06-01") == {
        "withdrawn"
    }
    taken_back = _told(acceded, notice, back)
    assert _on(_folded("participation", "force", taken_back), "2012-06-01") == {"party"}
    late = _told(acceded, notice, back | {"occurred": "2012-02-01"})
    assert _on(_folded("participation", "force", late), "2012-06-01") == {"withdrawn"}
    unclear = _told(acceded, notice, back | {"occurred": "[2011-12..2012-02]"})
    assert _on(_folded("participation", "force", unclear), "2012-06-01") == {"party", "withdrawn"}


def test_a_successor_to_a_treaty_not_yet_in_force_is_contracting_until_it_is() -> None:
    succession = {
        "type": "agreement.succeeded_to",
        "agreement": "convention",
        "party": "CZE",
        "occurred": "1993-02-22",
        "effective": "1993-01-01",
    }
    entry = {
        "type": "agreement.entered_into_force",
        "agreement": "convention",
        "occurred": "1995-05-01",
    }
    folded = _folded("participation", "force", _told(succession, entry))
    assert _on(folded, "1994-01-01") == {"contracting"}
    assert _on(folded, "1995-06-01") == {"party"}
    in_force = _told(succession, entry | {"occurred": "1980-05-01"})
    folded = _folded("participation", "force", in_force)
    assert _on(folded, "1993-01-02") == {"party"}
    assert not folded.assumed

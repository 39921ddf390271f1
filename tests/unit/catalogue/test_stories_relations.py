"""Relations, recognition, missions and those at their head, in the words of diplomats."""

from tests.unit.catalogue.stories import refused, set_by, tells

PAIR = {"parties": ["USA", "BOL"]}
TO_BOLIVIA = {"sender": "USA", "receiver": "BOL"}


@tells("relations.established")
def test_the_united_states_and_bolivia_established_relations_in_1849_in_whatever_order() -> None:
    established = {("diplomatic_relations", "BOL|USA", "established", "1849-01-03")}
    assert set_by("relations.established", **PAIR, occurred="1849-01-03") == established
    assert (
        set_by("relations.established", parties=["BOL", "USA"], occurred="1849-01-03")
        == established
    )
    assert set(refused("relations.established", parties=["BOL"], occurred="1849")) == {"parties"}
    assert set(refused("relations.established", parties=["BOL", "BOL"], occurred="1849")) == {
        "parties"
    }


@tells("relations.interrupted")
def test_relations_were_interrupted_when_the_government_of_1943_was_not_recognised() -> None:
    found = set_by("relations.interrupted", **PAIR, by="USA", reason="coup", occurred="1943-12-20")
    assert found == {("diplomatic_relations", "BOL|USA", "interrupted", "1943-12-20")}


@tells("relations.severed")
def test_severing_relations_ends_the_missions_both_ways_and_leaves_the_consulates() -> None:
    found = set_by("relations.severed", parties=["USA", "IRN"], by="USA", occurred="1980-04-07")
    assert found == {
        ("diplomatic_relations", "IRN|USA", "severed", "1980-04-07"),
        ("representation", "IRN|USA", "none", "1980-04-07"),
        ("representation", "USA|IRN", "none", "1980-04-07"),
        ("head_of_mission", "IRN|USA", "vacant", "1980-04-07"),
        ("head_of_mission", "USA|IRN", "vacant", "1980-04-07"),
    }


@tells("relations.reestablished")
def test_the_united_states_and_cuba_re_established_relations_on_20_july_2015() -> None:
    found = set_by(
        "relations.reestablished",
        parties=["CUB", "USA"],
        instrument="exchange of letters of 30 June 2015",
        occurred="2015-06-30",
        effective="2015-07-20",
    )
    assert found == {("diplomatic_relations", "CUB|USA", "established", "2015-07-20")}


@tells("relations.normalisation_agreed")
def test_the_framework_agreement_of_7_november_2011_changed_no_legal_layer() -> None:
    found = set_by(
        "relations.normalisation_agreed",
        **PAIR,
        instrument="Framework Agreement",
        place="Washington",
        occurred="2011-11-07",
    )
    assert found == set()


@tells("relations.consular_established", "relations.consular_severed")
def test_consular_relations_begin_and_end_apart_from_diplomatic_ones() -> None:
    argentina = {"parties": ["ARG", "GBR"]}
    assert set_by("relations.consular_established", **argentina, occurred="1989-10-19") == {
        ("consular_relations", "ARG|GBR", "established", "1989-10-19")
    }
    assert set_by("relations.consular_severed", **argentina, occurred="1982-04-02") == {
        ("consular_relations", "ARG|GBR", "severed", "1982-04-02")
    }


@tells("recognition.granted")
def test_the_united_states_recognised_israel_de_facto_then_de_jure() -> None:
    of = {"from_": "USA", "to": "ISR"}
    assert set_by("recognition.granted", **of, de_jure=False, occurred="1948-05-14") == {
        ("recognition_state", "USA|ISR", "de_facto", "1948-05-14")
    }
    assert set_by("recognition.granted", **of, occurred="1949-01-31") == {
        ("recognition_state", "USA|ISR", "de_jure", "1949-01-31")
    }


@tells("recognition.granted", "recognition.withdrawn")
def test_recognising_peking_was_a_matter_of_which_government_not_of_the_state() -> None:
    told = {"from_": "USA", "to": "CHN", "occurred": "1979-01-01"}
    peking = {"of": "the People's Republic of China"}
    assert set_by("recognition.granted", **told, **peking) == {
        ("recognition_government", "USA|CHN", "de_jure", "1979-01-01")
    }
    assert set_by("recognition.withdrawn", **told, of="the Republic of China") == {
        ("recognition_government", "USA|CHN", "withdrawn", "1979-01-01")
    }


@tells("recognition.refused", "recognition.withdrawn")
def test_recognition_of_a_state_may_be_refused_or_withdrawn() -> None:
    assert set_by("recognition.refused", from_="USA", to="MANCHUKUO", occurred="1932-01-07") == {
        ("recognition_state", "USA|MANCHUKUO", "refused", "1932-01-07")
    }
    assert set_by("recognition.withdrawn", from_="SUR", to="XKX", occurred="2017-10-27") == {
        ("recognition_state", "SUR|XKX", "withdrawn", "2017-10-27")
    }
    assert set(refused("recognition.refused", from_="USA", to="USA", occurred="1932")) == {"to"}


@tells("mission.opened", "mission.reopened", "mission.level_changed")
def test_the_mission_in_la_paz_was_a_legation_before_it_was_an_embassy() -> None:
    legation = {"level": "legation", "city": "La Paz"}
    assert set_by("mission.opened", **TO_BOLIVIA, **legation, occurred="1849") == {
        ("representation", "USA|BOL", "legation", "1849-01-01..1849-12-31")
    }
    assert set_by("mission.level_changed", **TO_BOLIVIA, level="embassy", occurred="1942-04") == {
        ("representation", "USA|BOL", "embassy", "1942-04-01..1942-04-30")
    }
    assert set_by("mission.reopened", **TO_BOLIVIA, level="embassy", occurred="1944-11-16") == {
        ("representation", "USA|BOL", "embassy", "1944-11-16")
    }
    assert set(refused("mission.opened", **TO_BOLIVIA, occurred="1849")) == {"level"}


@tells("mission.closed", "mission.suspended")
def test_a_mission_closed_or_suspended_leaves_nothing_and_nobody_unless_something_remains() -> None:
    cuba = {"sender": "USA", "receiver": "CUB"}
    gone = {
        ("representation", "USA|CUB", "none", "1961-01-03"),
        ("head_of_mission", "USA|CUB", "vacant", "1961-01-03"),
    }
    assert set_by("mission.closed", **cuba, occurred="1961-01-03") == gone
    assert set_by("mission.suspended", **cuba, occurred="1961-01-03") == gone
    assert set_by("mission.closed", **cuba, level="interests_section", occurred="1977-09-01") == {
        ("representation", "USA|CUB", "interests_section", "1977-09-01")
    }


@tells("consular_post.opened", "consular_post.changed", "consular_post.closed")
def test_a_consular_post_is_opened_changed_and_closed() -> None:
    tehran = {"sender": "USA", "receiver": "IRN"}
    assert set_by("consular_post.opened", **tehran, city="Tabriz", occurred="1906") == {
        ("consular_post", "USA|IRN", "consulate", "1906-01-01..1906-12-31")
    }
    lower = {"level": "consul_nonresident", "occurred": "1953"}
    assert set_by("consular_post.changed", **tehran, **lower) == {
        ("consular_post", "USA|IRN", "consul_nonresident", "1953-01-01..1953-12-31")
    }
    assert set_by("consular_post.closed", **tehran, city="Tabriz", occurred="1979-03") == {
        ("consular_post", "USA|IRN", "none", "1979-03-01..1979-03-31")
    }


@tells("mission.protecting_power_appointed", "mission.protecting_power_ended")
def test_switzerland_took_charge_of_american_interests_in_iran() -> None:
    iran = {"sender": "USA", "receiver": "IRN", "power": "CHE"}
    assert set_by("mission.protecting_power_appointed", **iran, occurred="1980-05-21") == {
        ("protecting_power", "USA|IRN", "CHE", "1980-05-21")
    }
    cuba = {"sender": "USA", "receiver": "CUB", "power": "CHE"}
    assert set_by("mission.protecting_power_ended", **cuba, occurred="2015-07-20") == {
        ("protecting_power", "USA|CUB", "none", "2015-07-20")
    }


@tells("head_of_mission.appointed", "head_of_mission.credentials_presented")
def test_an_ambassador_is_at_the_head_from_the_presentation_of_credentials() -> None:
    goldberg = {**TO_BOLIVIA, "person": "Philip S. Goldberg", "class_": "ambassador"}
    assert set_by("head_of_mission.appointed", **goldberg, occurred="2006-07-13") == set()
    assert set_by("head_of_mission.credentials_presented", **goldberg, occurred="2006-10-13") == {
        ("head_of_mission", "USA|BOL", "ambassador", "2006-10-13")
    }


@tells("head_of_mission.charge_designated")
def test_a_charge_en_titre_is_told_from_one_who_acts_ad_interim() -> None:
    told = {**TO_BOLIVIA, "occurred": "2008-09-14"}
    assert set_by("head_of_mission.charge_designated", **told) == {
        ("head_of_mission", "USA|BOL", "@in_charge", "2008-09-14")
    }
    assert set_by("head_of_mission.charge_designated", **told, class_="charge") == {
        ("head_of_mission", "USA|BOL", "charge", "2008-09-14")
    }


@tells("head_of_mission.left", "head_of_mission.recalled_for_consultations")
def test_when_the_ambassador_leaves_or_is_recalled_somebody_acts_while_the_mission_stands() -> None:
    left = {**TO_BOLIVIA, "person": "Philip S. Goldberg", "how": "persona_non_grata"}
    acting = {("head_of_mission", "USA|BOL", "@in_charge", "2008-09-14")}
    assert set_by("head_of_mission.left", **left, occurred="2008-09-14") == acting
    recalled = {**TO_BOLIVIA, "occurred": "2008-09-14"}
    assert set_by("head_of_mission.recalled_for_consultations", **recalled) == acting


@tells("head_of_mission.returned")
def test_an_ambassador_who_returns_takes_up_the_class_held_before() -> None:
    told = {"sender": "FRA", "receiver": "USA", "occurred": "2021-09-30"}
    assert set_by("head_of_mission.returned", **told) == {
        ("head_of_mission", "FRA|USA", "@class_before", "2021-09-30")
    }
    assert set_by("head_of_mission.returned", **told, class_="ambassador") == {
        ("head_of_mission", "FRA|USA", "ambassador", "2021-09-30")
    }


@tells("conduct.declared_persona_non_grata")
def test_declaring_the_ambassador_non_grata_empties_the_post_on_departure_and_severs_nothing() -> (
    None
):
    told = {
        "by": "BOL",
        "from_": "USA",
        "person": "Philip S. Goldberg",
        "occurred": "2008-09-10",
        "effective": "2008-09-14",
    }
    assert set_by("conduct.declared_persona_non_grata", **told, is_head_of_mission=True) == {
        ("head_of_mission", "USA|BOL", "@in_charge", "2008-09-14")
    }
    assert set_by("conduct.declared_persona_non_grata", **told) == set()
    ordered = {"by": "BOL", "from_": "USA", "occurred": "2008-09-10", "is_head_of_mission": True}
    assert set_by("conduct.declared_persona_non_grata", **ordered) == set()
    assert set(refused("conduct.declared_persona_non_grata", **(ordered | {"from_": "BOL"}))) == {
        "from"
    }

"""What happens to an agreement as a whole, in the words of diplomats."""

import json

from tests.unit.catalogue.stories import refused, set_by, tells

SINGLE_CONVENTION = "single-convention-1961"


@tells("agreement.recorded")
def test_an_agreement_entered_in_the_register_names_its_depositary_and_no_stage_of_its_making() -> (
    None
):
    found = set_by(
        "agreement.recorded",
        agreement=SINGLE_CONVENTION,
        title="Single Convention on Narcotic Drugs, 1961",
        kind="convention",
        binding="yes",
        form="multilateral",
        topics=["narcotics"],
        depositary="UN",
    )
    assert found == {("depositary", SINGLE_CONVENTION, "UN", "always")}


@tells("agreement.announced")
def test_an_agreement_announced_in_january_2012_is_no_further_than_announced() -> None:
    found = set_by(
        "agreement.announced",
        agreement="bol-bra-usa-2012-coca-monitoring",
        parties=["BOL", "BRA", "USA"],
        occurred="2012-01",
    )
    assert found == {
        (
            *("conclusion", "bol-bra-usa-2012-coca-monitoring", "announced"),
            "2012-01-01..2012-01-31",
        )
    }


@tells("agreement.negotiation_opened")
def test_the_conference_of_1961_opens_the_negotiation_of_the_single_convention() -> None:
    found = set_by(
        "agreement.negotiation_opened",
        agreement=SINGLE_CONVENTION,
        forum="United Nations Conference for the Adoption of a Single Convention",
        occurred="1961-01-24",
    )
    assert found == {("conclusion", SINGLE_CONVENTION, "negotiating", "1961-01-24")}


@tells("agreement.initialled")
def test_the_dayton_agreement_was_initialled_weeks_before_it_was_signed_in_paris() -> None:
    found = set_by(
        "agreement.initialled", agreement="dayton-1995", forum="Dayton, Ohio", occurred="1995-11-21"
    )
    assert found == {("conclusion", "dayton-1995", "initialled", "1995-11-21")}


@tells("agreement.text_adopted")
def test_the_law_of_treaties_was_adopted_by_seventy_nine_votes_to_one() -> None:
    found = set_by(
        "agreement.text_adopted",
        agreement="vclt-1969",
        forum="United Nations Conference on the Law of Treaties",
        vote="79 - 1 - 19",
        occurred="1969-05-22",
    )
    assert found == {("conclusion", "vclt-1969", "adopted", "1969-05-22")}


@tells("agreement.signature_opened", "agreement.signature_closed")
def test_opening_and_closing_an_agreement_for_signature_binds_nobody() -> None:
    opened = {"agreement": "vclt-1969", "occurred": "1969-05-23", "until": "1970-04-30"}
    assert set_by("agreement.signature_opened", **opened) == set()
    assert set_by("agreement.signature_closed", agreement="vclt-1969", occurred="1970-04-30") == (
        set()
    )


@tells("agreement.entry_into_force_rule_set")
def test_the_vienna_convention_enters_into_force_thirty_days_after_the_twenty_second_instrument() -> (
    None
):
    [(layer, subject, rule, window)] = set_by(
        "agreement.entry_into_force_rule_set",
        agreement="vcdr-1961",
        rule="on_nth_consent",
        n=22,
        delay={"days": 30},
        later_delay={"days": 30},
        article="51",
    )
    assert (layer, subject, window) == ("entry_into_force_rule", "vcdr-1961", "always")
    told = json.loads(rule)
    assert (told["rule"], told["n"], told["delay"]["days"]) == ("on_nth_consent", 22, 30)


@tells("agreement.entry_into_force_rule_set")
def test_a_rule_that_lacks_its_number_day_or_parties_is_refused() -> None:
    of = {"agreement": "vcdr-1961"}
    rule = "agreement.entry_into_force_rule_set"
    assert set(refused(rule, **of, rule="on_nth_consent")) == {"n"}
    assert set(refused(rule, **of, rule="on_nth_consent", n=0)) == {"n"}
    assert set(refused(rule, **of, rule="on_date")) == {"on"}
    assert set(refused(rule, **of, rule="on_exchange")) == {"named"}


@tells("agreement.entered_into_force")
def test_the_vienna_convention_on_diplomatic_relations_has_been_in_force_since_24_april_1964() -> (
    None
):
    found = set_by(
        "agreement.entered_into_force", agreement="vcdr-1961", stated=True, occurred="1964-04-24"
    )
    assert found == {("force", "vcdr-1961", "in_force", "1964-04-24")}


@tells("agreement.provisionally_in_force")
def test_gatt_was_applied_provisionally_from_1948() -> None:
    found = set_by("agreement.provisionally_in_force", agreement="gatt-1947", occurred="1948-01-01")
    assert found == {("force", "gatt-1947", "provisional", "1948-01-01")}


@tells("agreement.amended", "agreement.amendment_entered_into_force")
def test_the_single_convention_is_linked_to_the_protocol_that_amended_it_in_1972() -> None:
    by = "single-convention-protocol-1972"
    amended = {"agreement": SINGLE_CONVENTION, "by": by}
    assert set_by("agreement.amended", **amended, occurred="1972-03-25") == {
        ("lineage", f"{SINGLE_CONVENTION}|{by}|amended_by", "linked", "1972-03-25")
    }
    assert set_by("agreement.amendment_entered_into_force", **amended, occurred="1975-08-08") == {
        ("lineage", f"{SINGLE_CONVENTION}|{by}|amended_by_in_force", "linked", "1975-08-08")
    }


@tells("agreement.amended")
def test_an_amendment_without_an_instrument_links_nothing() -> None:
    assert set_by("agreement.amended", agreement="itu-1865", occurred="1868") == set()


@tells("agreement.term_set", "agreement.extended")
def test_new_start_was_made_for_ten_years_and_extended_for_five() -> None:
    made = set_by(
        "agreement.term_set", agreement="new-start", until="2021-02-05", occurred="2011-02-05"
    )
    assert made == {("term", "new-start", "2021-02-05", "2011-02-05")}
    extended = set_by(
        "agreement.extended", agreement="new-start", until="2026-02-04", occurred="2021-02-03"
    )
    assert extended == {("term", "new-start", "2026-02-04", "2021-02-03")}


@tells("agreement.abandoned", "agreement.text_corrected")
def test_giving_up_a_plan_or_mending_an_error_in_the_text_changes_no_status() -> None:
    assert set_by("agreement.abandoned", agreement="mai-1998", occurred="1998-12") == set()
    assert (
        set_by("agreement.text_corrected", agreement="rome-statute", occurred="1998-11-10") == set()
    )


@tells("agreement.suspended", "agreement.suspension_ended")
def test_the_treaty_on_aid_to_suriname_was_suspended_after_the_december_murders_and_resumed() -> (
    None
):
    of = {"agreement": "nld-sur-1975"}
    assert set_by("agreement.suspended", **of, occurred="1982-12-16") == {
        ("force", "nld-sur-1975", "suspended", "1982-12-16")
    }
    assert set_by("agreement.suspension_ended", **of, occurred="1988") == {
        ("force", "nld-sur-1975", "in_force", "1988-01-01..1988-12-31")
    }


@tells("agreement.suspended", "agreement.suspension_ended")
def test_a_suspension_between_india_and_pakistan_leaves_the_chicago_convention_in_force() -> None:
    told = {"agreement": "chicago-1944", "between": ["PAK", "IND"]}
    assert set_by("agreement.suspended", **told, occurred="1965-09-06") == {
        ("suspension_between", "IND|PAK|chicago-1944", "suspended", "1965-09-06")
    }
    assert set_by("agreement.suspension_ended", **told, occurred="[1976..]") == {
        ("suspension_between", "IND|PAK|chicago-1944", "none", "1976-01-01..2026-11-24")
    }
    alone = told | {"between": ["IND"], "occurred": "1965"}
    assert set(refused("agreement.suspended", **alone)) == {"between"}


@tells("agreement.terminated")
def test_the_inf_treaty_ended_on_the_day_the_notice_took_effect() -> None:
    found = set_by(
        "agreement.terminated",
        agreement="inf-1987",
        ground="denunciation",
        occurred="2019-02-02",
        effective="2019-08-02",
    )
    assert found == {("force", "inf-1987", "terminated", "2019-08-02")}


@tells("agreement.declared_invalid")
def test_the_munich_agreement_is_void_by_what_all_parties_established_not_by_one_claim() -> None:
    claimed = {"agreement": "munich-1938", "ground": "coercion", "by": "CSK"}
    assert set_by("agreement.declared_invalid", **claimed, occurred="1942") == set()
    found = set_by(
        "agreement.declared_invalid",
        **claimed,
        established_by="all_parties",
        occurred="1973-12-11",
        effective="1938-09-30",
    )
    assert found == {("force", "munich-1938", "void", "1938-09-30")}


@tells("agreement.linked")
def test_the_1972_protocol_amends_the_single_convention() -> None:
    found = set_by(
        "agreement.linked",
        agreement="single-convention-protocol-1972",
        to=SINGLE_CONVENTION,
        relation="amends",
    )
    subject = f"single-convention-protocol-1972|{SINGLE_CONVENTION}|amends"
    assert found == {("lineage", subject, "linked", "always")}


@tells("agreement.depositary_designated")
def test_the_secretary_general_took_over_from_the_league() -> None:
    found = set_by(
        "agreement.depositary_designated",
        agreement="slavery-1926",
        depositary="UN",
        occurred="1953-12-07",
    )
    assert found == {("depositary", "slavery-1926", "UN", "1953-12-07")}


@tells("agreement.retitled")
def test_a_new_title_is_a_name_and_no_status() -> None:
    told = {"agreement": "eec-1957", "title": "Treaty on the Functioning of the European Union"}
    assert set_by("agreement.retitled", **told, occurred="2009-12-01") == set()


@tells("agreement.registered", "agreement.filed_and_recorded")
def test_registration_keeps_the_number_and_says_so_where_there_is_none() -> None:
    told = {"agreement": SINGLE_CONVENTION, "occurred": "1964-12-13"}
    assert set_by("agreement.registered", **told, number="7515", volume="520", by="UN") == {
        ("registration", SINGLE_CONVENTION, "7515", "1964-12-13")
    }
    assert set_by("agreement.registered", **told) == {
        ("registration", SINGLE_CONVENTION, "registered", "1964-12-13")
    }
    filed = {"agreement": "un-che-1946", "occurred": "1946-12-14"}
    assert set_by("agreement.filed_and_recorded", **filed) == {
        ("registration", "un-che-1946", "filed_and_recorded", "1946-12-14")
    }


@tells("agreement.published")
def test_publication_in_a_series_changes_no_status() -> None:
    told = {"agreement": SINGLE_CONVENTION, "series": "UNTS", "number": "7515"}
    assert set_by("agreement.published", **told, occurred="1966") == set()


@tells("agreement.commitment_made")
def test_iran_pledged_to_train_bolivian_officers_under_the_agreement_of_june_2012() -> None:
    found = set_by(
        "agreement.commitment_made",
        agreement="bol-irn-2012-counternarcotics",
        provider="IRN",
        recipient="BOL",
        kind="training",
        what="intelligence and planning, by the military",
        quantity="ten anti-narcotics officers",
        occurred="2012-06-20",
        claimed_by="Felipe Cáceres",
    )
    subject = "IRN|BOL|training|bol-irn-2012-counternarcotics"
    assert found == {("assistance", subject, "pledged", "2012-06-20")}

"""What a party does with regard to an agreement, in the words of diplomats."""

from typing import Any

import pytest

from tests.unit.catalogue.stories import EARLIER, ITSELF, Set, set_by, tells

SINGLE_CONVENTION = "single-convention-1961"
DRUGS = "bol-irn-2012-counternarcotics"
BOLIVIA = f"{SINGLE_CONVENTION}|BOL"


@tells("agreement.signed")
def test_a_signature_makes_a_signatory_and_the_agreement_is_signed() -> None:
    told: dict[str, Any] = {
        "agreement": DRUGS,
        "party": "BOL",
        "occurred": "2012-06-20",
        "signatories": [{"name": "Juan Ramón Quintana", "capacity": "Minister"}],
    }
    signed: Set = ("conclusion", DRUGS, "signed", "2012-06-20")
    assert set_by("agreement.signed", **told) == {
        ("participation", f"{DRUGS}|BOL", "signatory", "2012-06-20"),
        signed,
    }
    assert set_by("agreement.signed", **told, definitive=True, effective="2012-07-01") == {
        ("participation", f"{DRUGS}|BOL", "contracting", "2012-06-20"),
        ("participation", f"{DRUGS}|BOL", "party", "2012-07-01"),
        signed,
    }


@tells("agreement.signed_ad_referendum", "agreement.signature_confirmed")
def test_a_signature_ad_referendum_waits_for_the_government_to_confirm_it() -> None:
    of = {"agreement": "bol-chl-1904", "party": "BOL"}
    assert set_by("agreement.signed_ad_referendum", **of, occurred="1904-10-20") == {
        ("participation", "bol-chl-1904|BOL", "ad_referendum", "1904-10-20")
    }
    assert set_by("agreement.signature_confirmed", **of, occurred="1904-11") == {
        ("participation", "bol-chl-1904|BOL", "signatory", "1904-11-01..1904-11-30")
    }


@tells("agreement.signature_withdrawn")
def test_the_united_states_did_not_intend_to_become_a_party_to_the_rome_statute() -> None:
    found = set_by(
        "agreement.signature_withdrawn",
        agreement="rome-statute",
        party="USA",
        occurred="2002-05-06",
    )
    assert found == {("participation", "rome-statute|USA", "none", "2002-05-06")}


@tells("agreement.ratified")
def test_a_ratification_makes_a_contracting_state_from_its_deposit_and_a_party_from_its_effect() -> (
    None
):
    told = {"agreement": "rome-statute", "party": "BOL", "deposited_with": "UN"}
    deposit = {"occurred": "2002-06-27"}
    contracting: Set = ("participation", "rome-statute|BOL", "contracting", "2002-06-27")
    assert set_by("agreement.ratified", **told, **deposit) == {contracting}
    assert set_by("agreement.ratified", **told, **deposit, effective="2002-09-01") == {
        contracting,
        ("participation", "rome-statute|BOL", "party", "2002-09-01"),
    }


@pytest.mark.parametrize(
    ("means", "agreement", "party", "deposit", "effect"),
    [
        ("agreement.accepted", "paris-2015", "NOR", "2016-06-20", "2016-11-04"),
        ("agreement.approved", "kyoto-1997", "FRA", "2002-05-31", "2005-02-16"),
        ("agreement.acceded", SINGLE_CONVENTION, "BOL", "2013-01-11", "2013-02-10"),
        ("agreement.formally_confirmed", "crpd-2006", "EU", "2010-12-23", "2011-01-22"),
        ("agreement.consent_notified", "bol-per-1992-ilo", "PER", "1993-05-11", "1993-06-10"),
    ],
)
@tells(
    "agreement.accepted",
    "agreement.approved",
    "agreement.acceded",
    "agreement.formally_confirmed",
    "agreement.consent_notified",
)
def test_every_other_means_of_consent_makes_contracting_then_party_as_ratification_does(
    means: str, agreement: str, party: str, deposit: str, effect: str
) -> None:
    found = set_by(means, agreement=agreement, party=party, occurred=deposit, effective=effect)
    assert found == {
        ("participation", f"{agreement}|{party}", "contracting", deposit),
        ("participation", f"{agreement}|{party}", "party", effect),
    }


@tells("agreement.domestically_approved")
def test_what_the_press_calls_ratification_in_parliament_sets_nothing() -> None:
    found = set_by(
        "agreement.domestically_approved",
        agreement="sykes-hughes-1998",
        party="BOL",
        organ="Plurinational Legislative Assembly",
        instrument="Law No. 147",
        occurred="2011-06-28",
    )
    assert found == set()


@tells("agreement.participation_recorded")
def test_a_column_of_a_list_counts_for_what_it_amounts_to() -> None:
    told = {
        "agreement": "opium-1912",
        "party": "BOL",
        "mode": "a",
        "verbatim_header": "Ratification, Accession(a)",
        "occurred": "1920-01-10",
    }
    assert set_by("agreement.participation_recorded", **told) == set()
    assert set_by("agreement.participation_recorded", **told, role="signatory") == {
        ("participation", "opium-1912|BOL", "signatory", "1920-01-10")
    }
    assert set_by("agreement.participation_recorded", **told, role="contracting") == {
        ("participation", "opium-1912|BOL", "contracting", "1920-01-10")
    }


@tells("agreement.succeeded_to")
def test_slovakia_is_a_party_by_succession_from_the_day_it_existed_before_its_notification() -> (
    None
):
    told = {"agreement": SINGLE_CONVENTION, "party": "SVK", "predecessor": "CSK"}
    dates = {"occurred": "1993-05-28", "effective": "1993-01-01"}
    subject = f"{SINGLE_CONVENTION}|SVK"
    assert set_by("agreement.succeeded_to", **told, **dates) == {
        ("participation", subject, "party", "1993-01-01")
    }
    assert set_by("agreement.succeeded_to", **told, **dates, to="signature") == {
        ("participation", subject, "signatory", "1993-01-01")
    }


@tells("agreement.provisionally_applied", "agreement.provisional_application_ended")
def test_russia_applied_the_energy_charter_provisionally_from_1994_to_2009() -> None:
    of = {"agreement": "energy-charter-1994", "party": "RUS"}
    subject = "energy-charter-1994|RUS"
    assert set_by("agreement.provisionally_applied", **of, occurred="1994-12-17") == {
        ("provisional_application", subject, "applied", "1994-12-17")
    }
    ended = {"occurred": "2009-08-20", "effective": "2009-10-18"}
    assert set_by("agreement.provisional_application_ended", **of, **ended) == {
        ("provisional_application", subject, "none", "2009-10-18")
    }


@tells("agreement.entered_into_force_for")
def test_the_single_convention_entered_into_force_for_bolivia_again_on_10_february_2013() -> None:
    of = {"agreement": SINGLE_CONVENTION, "party": "BOL"}
    assert set_by("agreement.entered_into_force_for", **of, occurred="2013-02-10") == {
        ("participation", BOLIVIA, "party", "2013-02-10")
    }


@tells(
    "agreement.territorial_application_extended",
    "agreement.territorial_application_ended",
)
def test_the_united_kingdom_extended_the_covenant_to_hong_kong_and_ended_it_at_the_handover() -> (
    None
):
    of = {"agreement": "iccpr-1966", "party": "GBR", "territory": "HKG"}
    subject = "iccpr-1966|GBR|HKG"
    assert set_by("agreement.territorial_application_extended", **of, occurred="1976-05-20") == {
        ("territories", subject, "applied", "1976-05-20")
    }
    assert set_by("agreement.territorial_application_ended", **of, occurred="1997-07-01") == {
        ("territories", subject, "none", "1997-07-01")
    }


@tells("agreement.denunciation_notified")
def test_bolivia_gave_notice_in_june_2011_and_was_out_on_the_first_of_january() -> None:
    told = {"agreement": SINGLE_CONVENTION, "party": "BOL", "occurred": "2011-06-29"}
    notified: Set = ("denunciation", BOLIVIA, "notified", "2011-06-29")
    assert set_by("agreement.denunciation_notified", **told) == {notified}
    assert set_by("agreement.denunciation_notified", **told, effective="2012-01-01") == {
        notified,
        ("participation", BOLIVIA, "withdrawn", "2012-01-01"),
    }


@tells("agreement.denunciation_retracted")
def test_the_gambia_took_back_its_notice_to_leave_the_court() -> None:
    found = set_by(
        "agreement.denunciation_retracted",
        agreement="rome-statute",
        party="GMB",
        responds_to=EARLIER,
        occurred="2017-02-10",
    )
    assert found == {
        ("denunciation", "rome-statute|GMB", "none", "2017-02-10"),
        ("participation", "rome-statute|GMB", "@notice_retracted", "2017-02-10"),
    }


@tells("agreement.withdrew")
def test_the_united_kingdom_left_the_union_and_its_notice_was_spent() -> None:
    found = set_by("agreement.withdrew", agreement="teu-1992", party="GBR", occurred="2020-01-31")
    assert found == {
        ("participation", "teu-1992|GBR", "withdrawn", "2020-01-31"),
        ("denunciation", "teu-1992|GBR", "none", "2020-01-31"),
    }


@tells(
    "agreement.party_suspended",
    "agreement.party_expelled",
    "agreement.participation_restored",
)
def test_a_party_may_be_suspended_restored_and_expelled_by_the_others() -> None:
    honduras = {"agreement": "oas-charter", "party": "HND", "by": "OAS"}
    assert set_by("agreement.party_suspended", **honduras, occurred="2009-07-04") == {
        ("participation", "oas-charter|HND", "suspended", "2009-07-04")
    }
    assert set_by("agreement.participation_restored", **honduras, occurred="2011-06-01") == {
        ("participation", "oas-charter|HND", "party", "2011-06-01")
    }
    russia = {"agreement": "statute-coe-1949", "party": "RUS", "by": "COE"}
    assert set_by("agreement.party_expelled", **russia, occurred="2022-03-16") == {
        ("participation", "statute-coe-1949|RUS", "expelled", "2022-03-16")
    }


@tells("agreement.reservation_made", "agreement.declaration_made", "agreement.statement_recorded")
def test_the_coca_reservation_stands_as_a_statement_of_its_own() -> None:
    told = {"agreement": SINGLE_CONVENTION, "party": "BOL", "occurred": "2013-01-11"}
    made: Set = ("statement", f"{BOLIVIA}|{ITSELF}", "made", "2013-01-11")
    reservation = {"text": "the right to allow traditional coca leaf chewing", "articles": ["49"]}
    assert set_by("agreement.reservation_made", **told, **reservation) == {made}
    assert set_by("agreement.declaration_made", **told) == {made}
    assert set_by("agreement.statement_recorded", **told, kind="mixed_or_unknown") == {made}


@tells("agreement.objection_made")
def test_an_objection_to_the_coca_reservation_is_a_statement_of_the_objecting_state() -> None:
    found = set_by(
        "agreement.objection_made",
        agreement=SINGLE_CONVENTION,
        party="SWE",
        to=EARLIER,
        opposes_entry_into_force=False,
        occurred="2012-12-28",
    )
    subject = f"{SINGLE_CONVENTION}|SWE|{ITSELF}"
    assert found == {("statement", subject, "made", "2012-12-28")}


@tells("agreement.statement_withdrawn")
def test_a_withdrawal_ends_the_statement_it_names() -> None:
    found = set_by(
        "agreement.statement_withdrawn",
        agreement="vcdr-1961",
        party="MNG",
        to=EARLIER,
        occurred="1990-07-19",
    )
    assert found == {("statement", f"vcdr-1961|MNG|{EARLIER}", "withdrawn", "1990-07-19")}

"""The participant tables of the UN: a letter means what its column says, and nothing is mended."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.domain.errors import Invalid
from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED
from registry.ingest.profiles.un_mtdsg import PROFILE
from registry.ingest.profiles.un_mtdsg.columns import meaning, parts, read_cell
from registry.ingest.profiles.un_mtdsg.treaties import kind_of
from registry.queries.agreements import parties
from registry.queries.view import open_view
from registry.store.engine import reading
from tests.ingest.conftest import log_of, taken_in

TREATIES = """\
treaty_id,title_verbatim,date_in_title_verbatim,chapter_name,url
3-3,"Vienna Convention on Diplomatic Relations. Vienna, 18 April 1961",18 April 1961,\
"Privileges and Immunities",http://treaties.un.org/3-3
6-18,"Single Convention on Narcotic Drugs, 1961, as amended. New York, 8 August 1975",\
8 August 1975,Narcotic Drugs,http://treaties.un.org/6-18
"""
EVENTS = """\
treaty_id,participant_verbatim,column_header_verbatim,cell_verbatim
3-3,Bolivia (Plurinational State of),"Accession(a), Succession(d), Ratification",28 Dec 1977 a
3-3,Iran (Islamic Republic of),Signature,27 May 1961
3-3,Iran (Islamic Republic of),"Accession(a), Succession(d), Ratification",3 Feb 1965
3-3,Atlantis,Signature,18 Apr 1961
3-3,Malta,"Accession(a), Succession(d), Ratification",7 Mar 1967 d
3-3,Malta,Registration Number,7310
3-3,Malta,Resolution,34 (I)
6-18,Malta,"Accession(a), Ratification",7 Mar 1967 d
3-3,Peru,Ratification,30 Feb 1968
3-3,Peru,Ratification,18 Dec 2068
9-9,Peru,Ratification,18 Dec 1968
6-18,Peru,Participation in the Convention by virtue of ratification,12 Sep 1977
"""
DECLARATIONS = """\
treaty_id,participant_verbatim,text_verbatim,block_no
3-3,Malta,"The Government reserves its position.",1
3-3,Peru,,2
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "treaties.csv").write_text(TREATIES, "utf-8")
    (tmp_path / "events.csv").write_text(EVENTS, "utf-8")
    (tmp_path / "declarations.csv").write_text(DECLARATIONS, "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("header", "letter", "type_"),
    [
        ("Accession(a), Succession(d), Ratification", "", "agreement.ratified"),
        ("Accession(a), Succession(d), Ratification", "a", "agreement.acceded"),
        ("Accession(a), Succession(d), Ratification", "d", "agreement.succeeded_to"),
        ("Signature, Succession to signature(d)", "d", "agreement.succeeded_to"),
        ("Signature, Succession to signature(d)", "", "agreement.signed"),
        ("Definitive signature(s), Acceptance(A)", "s", "agreement.signed"),
        ("Signature ad referendum (s)", "", "agreement.signed_ad_referendum"),
        ("Ratification, Acceptance(A), Approval(AA)", "AA", "agreement.approved"),
        ("Formal confirmation(c), Accession(a)", "c", "agreement.formally_confirmed"),
        ("Succession(d), Consent to be bound(P)", "P", "agreement.consent_notified"),
        ("Ratification, Participation(P)", "P", "agreement.participation_recorded"),
        ("Provisional application(n)", "n", "agreement.provisionally_applied"),
        ("Notification in respect of the Agreement(d)", "d", "agreement.participation_recorded"),
        ("Date of Adoption", "", "agreement.participation_recorded"),
    ],
)
def test_a_letter_means_what_its_own_column_says(header: str, letter: str, type_: str) -> None:
    meant = meaning(header, letter)
    assert meant is not None
    assert meant.type == type_


def test_a_letter_that_the_column_does_not_explain_means_nothing() -> None:
    assert meaning("Accession(a), Ratification", "d") is None
    assert meaning("Accession(a)", "AA") is None


def test_acts_that_share_a_letter_are_listed_with_what_they_all_amount_to() -> None:
    both = meaning("Definitive signature of the Protocol, Acceptance of the Protocol", "")
    assert both is not None
    assert both.fields["role"] == "contracting"
    assert (
        both.fields["mode"] == "Definitive signature of the Protocol | Acceptance of the Protocol"
    )
    mixed = meaning("Signature, Acceptance of the Protocol", "")
    assert mixed is not None
    assert mixed.fields["role"] == "unknown"


def test_commas_and_brackets_inside_an_act_are_no_new_act() -> None:
    header = "Acceptance of 12 September 1923, as amended(A), Notification under article 7 (1) (b)"
    assert parts(header) == (
        ("Acceptance of 12 September 1923, as amended", "A"),
        ("Notification under article 7 (1) (b)", ""),
    )


@pytest.mark.parametrize("verbatim", ["7310", "34 (I)", "995 (X)", "55/1", "N/A", "30 Feb 1968"])
def test_a_number_is_no_day(verbatim: str) -> None:
    with pytest.raises(Invalid):
        read_cell(verbatim)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Vienna Convention on Diplomatic Relations. Vienna, 18 April 1961", "convention"),
        ("Optional Protocol to the Convention on Special Missions", "protocol"),
        ("Amendment to article 74 of the Constitution of the WHO", "amendment"),
        ("Annex I - ILO - to the Convention on the Privileges", "unknown"),
        ("Constitution of the World Health Organization", "constitution"),
    ],
)
def test_an_agreement_is_of_the_kind_that_its_title_begins_with(title: str, kind: str) -> None:
    assert kind_of(title) == kind


def test_every_row_is_recorded_held_or_refused_with_its_cell(engine: Engine, folder: Path) -> None:
    done, lines = taken_in(engine, PROFILE, folder)
    assert done.rows == Counter({IMPORTED: 8, HELD: 3, REFUSED: 5})
    refused = {(line.column, line.verbatim) for line in lines if line.status == REFUSED}
    assert refused == {
        ("cell_verbatim", "7310"),
        ("cell_verbatim", "34 (I)"),
        ("cell_verbatim", "30 Feb 1968"),
        ("treaty_id", "9-9"),
        ("text_verbatim", ""),
    }
    held = {line.verbatim for line in lines if line.status == HELD}
    assert held == {"Atlantis", "7 Mar 1967 d", "18 Dec 2068"}


def test_a_second_run_adds_nothing(engine: Engine, folder: Path) -> None:
    taken_in(engine, PROFILE, folder)
    before = log_of(engine)
    done, _ = taken_in(engine, PROFILE, folder)
    assert log_of(engine) == before
    assert done.events[IMPORTED] == 0
    assert done.rows[PRESENT] == 8


def test_silence_is_an_answer_only_where_every_column_says_what_it_amounts_to(
    engine: Engine, folder: Path
) -> None:
    taken_in(engine, PROFILE, folder)
    with reading(engine) as conn:
        before = open_view(conn, as_of="1960", known_at=None, confidence=None)
        bases = {
            (slug, item["party"]["id"]): item["participation"]["basis"]
            for slug in ("un-mtdsg-3-3", "un-mtdsg-6-18")
            for item in parties(before, slug)["items"]
        }
        today = open_view(conn, as_of="2014", known_at=None, confidence=None)
        found = {
            item["party"]["id"]: item["participation"]["value"]
            for item in parties(today, "un-mtdsg-3-3")["items"]
        }
    assert bases["un-mtdsg-3-3", "BOL"] == "coverage"
    assert ("un-mtdsg-6-18", "PER") not in bases
    assert found == {"BOL": "contracting", "IRN": "contracting", "MLT": "party"}


def test_the_whole_dataset_is_accounted_for_twice(engine: Engine, data: Path) -> None:
    done, lines = taken_in(engine, PROFILE, data / "un_mtdsg")
    assert done.rows[IMPORTED] > 20_000
    nobody = [line for line in lines if line.column == "participant_verbatim"]
    assert [line for line in nobody if line.status == HELD] == []
    again, _ = taken_in(engine, PROFILE, data / "un_mtdsg")
    assert again.events[IMPORTED] == 0
    assert again.rows[PRESENT] == done.rows[IMPORTED]

"""GGO: dates as vague as the source has them, sentinels that are no dates, rows told twice."""

import csv
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from registry import codec
from registry.domain import dates
from registry.domain.catalogue import Event
from registry.ingest.files import File
from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED
from registry.ingest.profiles import profile
from registry.ingest.profiles.ggo.cells import slug_of
from tests.ingest.conftest import log_of, taken_in

GGO = profile("ggo")
AGREEMENTS, PARTIES = GGO.files
VIENNA = {
    "treatyID": "VIENNA_1961A",
    "Title": "Vienna Convention on Diplomatic Relations",
    "Signature": "1961-04-18",
    "Force": "1964-04-24",
    "End": "9999-12-31",
    "TypeAgree": "Agreement",
    "TypeAmbit": "Multilateral",
}
BOLIVIA = {
    "treatyID": "VIENNA_1961A",
    "stateID": "BOL",
    "StateRatification": "1977-12-28",
    "StateForce": "1978-01-27",
    "StateEnd": "9999-12-31",
    "End": "9999-12-31",
}


def written(folder: Path, agreements: list[dict[str, str]], parties: list[dict[str, str]]) -> Path:
    for file, rows in ((AGREEMENTS, agreements), (PARTIES, parties)):
        with (folder / file.name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, file.columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_an_end_in_the_year_9999_is_no_end_and_is_named_in_the_report(
    engine: Engine, tmp_path: Path
) -> None:
    done, lines = taken_in(engine, GGO, written(tmp_path, [VIENNA], [BOLIVIA]))
    assert done.rows == {IMPORTED: 2}
    types = [type_ for _, type_, _ in log_of(engine)]
    assert "agreement.withdrew" not in types
    assert "agreement.terminated" not in types
    assert any("StateEnd 9999-12-31: still in force" in each.reason for each in lines)


def test_a_force_in_the_year_9999_never_came_about(engine: Engine, tmp_path: Path) -> None:
    signed = {**BOLIVIA, "StateSignature": "1961-04-18", "StateForce": "9999-12-31"}
    _, lines = taken_in(engine, GGO, written(tmp_path, [VIENNA], [signed]))
    types = [type_ for _, type_, _ in log_of(engine)]
    assert "agreement.entered_into_force_for" not in types
    assert any("StateForce 9999-12-31: it never came about" in each.reason for each in lines)


@pytest.mark.parametrize("broken", ["2020-99-99", "2010-XX-XX-", "1976-06-31", "UNTS 7310"])
def test_what_is_no_date_is_refused_with_its_cell(
    engine: Engine, tmp_path: Path, broken: str
) -> None:
    row = {**BOLIVIA, "StateForce": broken}
    done, lines = taken_in(engine, GGO, written(tmp_path, [VIENNA], [row]))
    assert done.rows == {IMPORTED: 1, REFUSED: 1}
    refused = next(each for each in lines if each.status == REFUSED)
    assert (refused.line, refused.column, refused.verbatim) == (2, "StateForce", broken)
    assert any(type_ == "agreement.participation_recorded" for _, type_, _ in log_of(engine))


def test_a_row_told_twice_is_recorded_once_in_whatever_order(
    engine: Engine, tmp_path: Path
) -> None:
    iran = {**BOLIVIA, "stateID": "IRN", "StateRatification": "1965-02-03", "StateForce": ""}
    done, lines = taken_in(engine, GGO, written(tmp_path, [VIENNA], [BOLIVIA, iran, BOLIVIA]))
    assert done.rows == {IMPORTED: 3, PRESENT: 1}
    assert any("the same as line 2" in each.reason for each in lines)
    before = log_of(engine)
    done, _ = taken_in(engine, GGO, written(tmp_path, [VIENNA], [iran, BOLIVIA, BOLIVIA]))
    assert done.events[IMPORTED] == 0
    assert log_of(engine) == before


def test_two_days_for_one_act_are_two_claims_but_a_return_is_another_act(
    engine: Engine, tmp_path: Path
) -> None:
    other = {**BOLIVIA, "StateForce": "1978-01-28"}
    left = {"treatyID": "VIENNA_1961A", "stateID": "PRY", "End": "9999-12-31"}
    rows = [
        BOLIVIA,
        other,
        {**left, "StateForce": "1970-01-22", "StateEnd": "1990-06-01"},
        {**left, "StateForce": "1995-06-01", "StateEnd": "9999-12-31"},
    ]
    taken_in(engine, GGO, written(tmp_path, [VIENNA], rows))
    claims = [
        (event.party, event.same_act_as is not None)  # type: ignore[attr-defined]
        for event in events_of(engine, "agreement.entered_into_force_for")
    ]
    assert claims == [("BOL", False), ("BOL", True), ("PRY", False), ("PRY", False)]


def test_an_end_before_the_beginning_is_recorded_as_it_stands_and_reported(
    engine: Engine, tmp_path: Path
) -> None:
    row = {**BOLIVIA, "StateEnd": "1970-06-30"}
    done, lines = taken_in(engine, GGO, written(tmp_path, [VIENNA], [row]))
    assert done.rows == {IMPORTED: 2}
    assert any("StateEnd 1970-06-30 is before StateForce 1978-01-27" in x.reason for x in lines)
    assert [e.occurred and e.occurred.text for e in events_of(engine, "agreement.withdrew")] == [
        "1970-06-30"
    ]


def test_an_unknown_state_is_held_and_nobody_is_invented(engine: Engine, tmp_path: Path) -> None:
    rows = [{**BOLIVIA, "stateID": "ZUB"}, {**BOLIVIA, "stateID": "Member countries not listed"}]
    done, _ = taken_in(engine, GGO, written(tmp_path, [VIENNA], rows))
    assert done.rows == {IMPORTED: 1, HELD: 2}


def test_a_code_of_two_states_means_the_one_of_the_day(engine: Engine, tmp_path: Path) -> None:
    yugoslavia = {
        "treatyID": "VIENNA_1961A",
        "stateID": "YUG",
        "StateSignature": "1961-04-18",
        "StateRatification": "1963-04-01",
    }
    done, _ = taken_in(engine, GGO, written(tmp_path, [VIENNA], [yugoslavia]))
    assert done.rows == {IMPORTED: 2}
    assert [e.party for e in events_of(engine, "agreement.signed")] == ["YUG"]  # type: ignore[attr-defined]


def test_one_treaty_id_for_two_titles_is_held(engine: Engine, tmp_path: Path) -> None:
    twin = {**VIENNA, "Title": "Optional Protocol concerning Acquisition of Nationality"}
    done, _ = taken_in(engine, GGO, written(tmp_path, [VIENNA, VIENNA, twin], []))
    assert done.rows == {IMPORTED: 1, PRESENT: 1, HELD: 1}


def test_no_two_treaty_ids_share_a_slug() -> None:
    ids = ["ARG-CRI_1983O", "ARG_CRI_1983O", "ARG-CRI-1983O", "arg-cri_1983o", "A" * 200, "A" * 201]
    assert len({slug_of(each) for each in ids}) == len(ids)
    assert slug_of("AI06PO_1978P1:MARPOL_1973A") == "ggo-ai06po-1978p1--marpol-1973a"


def events_of(engine: Engine, type_: str) -> list[Event]:
    with engine.connect() as conn:
        rows = conn.execute(
            text(
                "SELECT type, type_version, data FROM event JOIN event_payload USING (position) "
                "WHERE type = :type ORDER BY position"
            ),
            {"type": type_},
        )
        return [codec.restored(row[0], row[1], row[2]) for row in rows]


DATED_BY = {
    "StateSignature": ("agreement.signed",),
    "StateRatification": ("agreement.participation_recorded",),
    "StateForce": ("agreement.entered_into_force_for",),
    "StateEnd": ("agreement.withdrew", "status.observed", "agreement.terminated"),
}


def test_the_register_answers_the_key_of_vague_dates(
    engine: Engine, data: Path, tmp_path: Path
) -> None:
    """Whether an act had happened by a day, from what was recorded of the pair in the key.

    A sentinel is no event; the source's word for it stands in the quote of the act beside it.
    """
    folder = data / "manytreaties"
    with (folder / "asof_probes_messy.csv").open(encoding="utf-8") as file:
        probes = list(csv.DictReader(file))
    asked = {(each["treatyID"], each["stateID"]) for each in probes}
    treaties = {treaty for treaty, _ in asked}
    agreements = [row for row in rows_of(folder, AGREEMENTS) if row["treatyID"] in treaties]
    parties = [
        row for row in rows_of(folder, PARTIES) if (row["treatyID"], row["stateID"]) in asked
    ]
    done, _ = taken_in(engine, GGO, written(tmp_path, agreements, parties))
    assert done.total == len(agreements) + len(parties)
    told = recorded_dates(engine)
    wrong = [
        probe
        for probe in probes
        if answered(told, probe) != probe["expected_happened_on_or_before"]
    ]
    assert wrong == []
    assert len(probes) >= 100


def rows_of(folder: Path, file: File) -> list[dict[str, str]]:
    with (folder / file.name).open(encoding="utf-8") as opened:
        return [{name: row[name] for name in file.columns} for row in csv.DictReader(opened)]


Told = dict[tuple[str, str], list[tuple[str, list[str], dates.Edtf]]]


def recorded_dates(engine: Engine) -> Told:
    """Of (treatyID, stateID or nobody): type, quoted cells and date of each event."""
    treaties = {
        event.agreement: (event.external_ids or {})["ggo"]  # type: ignore[attr-defined]
        for event in events_of(engine, "agreement.recorded")
    }
    told: Told = defaultdict(list)
    for type_ in {each for types in DATED_BY.values() for each in types}:
        for event in events_of(engine, type_):
            where = getattr(event, "subject", None) or vars(event)
            treaty = treaties[where["agreement"]]
            cited = event.sources[0]
            state = (cited.locator or "").rpartition(", ")[2] if "party" in where else ""
            date = event.occurred or event.over  # type: ignore[attr-defined]
            told[treaty, state].append((type_, (cited.quote or "").split("\n"), date))
    return told


def answered(told: Told, probe: dict[str, str]) -> str:
    day = dates.parse_day(probe["as_of"])
    treaty, state, verbatim = probe["treatyID"], probe["stateID"], probe["date_verbatim"]
    cell = f"{probe['date_field']}: {verbatim}"
    for type_, quoted, date in told[treaty, state]:
        if type_ in DATED_BY[probe["date_field"]] and quoted[0] == cell:
            return dates.happened_by(date, day)
    for type_, quoted, date in told[treaty, ""]:
        if type_ == "agreement.terminated" and quoted == [f"End: {verbatim}"]:
            return dates.happened_by(date, day)
    if any(cell in quoted[1:] for _, quoted, _ in told[treaty, state]):
        return dates.happened_by(dates.parse_messy(verbatim), day)
    return "not recorded"

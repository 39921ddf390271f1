"""UK treaties: dates of the whole, lists without dates, places beside states."""

import csv
from pathlib import Path

from sqlalchemy import Engine

from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED
from registry.ingest.profiles import profile
from tests.ingest.conftest import log_of, taken_in

UK = profile("uk-treaties")
TREATIES, PARTIES, CITATIONS = UK.files
LISBON = {
    "uuid": "u-1891",
    "record_id": "78453",
    "type_code": "BI",
    "title_verbatim": "Agreement respecting Territories in Africa",
    "signed_location_verbatim": "London/Lisbon",
    "signed_event_date": "11/06/1891",
    "definitive_eif_event_date": "28/05/1891",
    "definitive_eif_event_effective_date": "11/06/1891",
}


def written(
    folder: Path,
    treaties: list[dict[str, str]],
    parties: tuple[str, ...] = (),
    citations: tuple[str, ...] = (),
) -> Path:
    uuid = treaties[0]["uuid"]
    listed = [{"uuid": uuid, "party_verbatim": each} for each in parties]
    printed = [{"uuid": uuid, "citation_verbatim": each} for each in citations]
    for file, rows in ((TREATIES, treaties), (PARTIES, listed), (CITATIONS, printed)):
        with (folder / file.name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, file.columns, restval="")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def test_days_come_before_months_and_force_before_signature_is_kept_and_named(
    engine: Engine, tmp_path: Path
) -> None:
    early = {**LISBON, "definitive_eif_event_effective_date": ""}
    done, lines = taken_in(engine, UK, written(tmp_path, [early]))
    assert done.rows == {IMPORTED: 1}
    log = log_of(engine)
    assert any('"over":"1891-06-11/.."' in data for _, _, data in log)
    force = next(data for _, type_, data in log if type_ == "agreement.entered_into_force")
    assert '"occurred":"1891-05-28"' in force
    assert any("before signature on 11/06/1891" in each.reason for each in lines)
    assert any("several places" in each.reason for each in lines)


def test_an_effective_date_that_differs_is_the_effect_of_the_same_act(
    engine: Engine, tmp_path: Path
) -> None:
    taken_in(engine, UK, written(tmp_path, [LISBON]))
    force = [data for _, type_, data in log_of(engine) if type_ == "agreement.entered_into_force"]
    assert len(force) == 1
    assert '"effective":"1891-06-11"' in force[0]


def test_a_cell_that_is_no_day_is_refused(engine: Engine, tmp_path: Path) -> None:
    wrong = {**LISBON, "signed_event_date": "29/02/1900", "terminated_event_date": "1900-03-01"}
    done, lines = taken_in(engine, UK, written(tmp_path, [wrong]))
    assert done.rows == {REFUSED: 1}
    refused = [(each.column, each.verbatim) for each in lines if each.status == REFUSED]
    assert refused == [
        ("signed_event_date", "29/02/1900"),
        ("terminated_event_date", "1900-03-01"),
    ]


def test_capitals_are_states_and_other_names_are_places_of_whoever_held_them(
    engine: Engine, tmp_path: Path
) -> None:
    states = ("PORTUGAL", "PERSIA", "ZUBROWKA", "PORTUGAL")
    places = ("Gibraltar", "Straits Settlements", "Gold Coast", "Aruba", "Indonesia")
    done, _ = taken_in(engine, UK, written(tmp_path, [LISBON], states + places))
    assert done.rows == {IMPORTED: 7, HELD: 2, PRESENT: 1}
    log = log_of(engine)
    took_part = [data for _, type_, data in log if type_ == "agreement.participation_recorded"]
    assert ['"party":"IRN"' in data for data in took_part] == [False, True]
    assert all('"role":"unknown"' in data for data in took_part)
    extended = [
        data for _, type_, data in log if type_ == "agreement.territorial_application_extended"
    ]
    assert ['"party":"GBR"' in data for data in extended] == [True, True, True, False]
    assert '"party":"NLD"' in extended[3]


def test_a_long_title_is_whole_in_the_note_and_citations_are_printed_or_kept(
    engine: Engine, tmp_path: Path
) -> None:
    title = "Convention " + "and additional articles " * 30
    long = {**LISBON, "title_verbatim": title.strip()}
    cited = ("Treaty Series 059/1977: Cmnd 6864", "PRO (now TNA) FO 93/77/46/0: 0")
    done, lines = taken_in(engine, UK, written(tmp_path, [long], (), cited))
    assert done.rows == {IMPORTED: 2, PRESENT: 1}
    log = log_of(engine)
    entered = next(data for _, type_, data in log if type_ == "agreement.recorded")
    assert title.strip() in entered
    assert cited[1] in entered
    printed = next(data for _, type_, data in log if type_ == "agreement.published")
    assert '"number":"059/1977: Cmnd 6864"' in printed
    assert any("shortened" in each.reason for each in lines)


def test_the_catalogue_taken_in_again_adds_nothing(
    engine: Engine, data: Path, tmp_path: Path
) -> None:
    """Every tenth treaty of the catalogue, with all that belongs to it."""
    chosen: set[str] = set()
    total = 0
    for file in UK.files:
        with (data / "uk_treaties" / file.name).open(encoding="utf-8") as opened:
            rows = list(csv.DictReader(opened))
        if file is TREATIES:
            chosen = {row["uuid"] for row in rows[::10]}
        mine = [row for row in rows if row["uuid"] in chosen]
        total += len(mine)
        with (tmp_path / file.name).open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(mine)
    done, _ = taken_in(engine, UK, tmp_path)
    assert done.total == total
    assert done.rows[REFUSED] == 0
    again, _ = taken_in(engine, UK, tmp_path)
    assert (again.total, again.events[IMPORTED]) == (total, 0)

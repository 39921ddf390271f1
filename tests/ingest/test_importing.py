"""The runner of profiles: every row accounted for, nothing twice, nothing half."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from registry.domain.errors import Invalid
from registry.ingest import importing
from registry.ingest.files import File
from registry.ingest.generic import generic_profile
from registry.ingest.importing import HELD, IMPORTED, PRESENT, REFUSED, Imported, run
from registry.ingest.profile import Act, Held, Profile, Reading, Refused, Said
from tests.ingest.conftest import log_of, taken_in

COLUMNS = ("treaty", "participant", "ratified")
VIENNA = "treaty,participant,ratified\n"


def read_ratifications(reading: Reading) -> Iterator[Said]:
    seen: set[str] = set()
    for row in reading.rows("ratifications.csv"):
        treaty = row["treaty"]
        party = reading.party(row, "participant")
        outcomes: list[Act | Held | Refused] = []
        if treaty not in seen:
            seen.add(treaty)
            entered = {"type": "agreement.recorded", "agreement": treaty, "title": treaty.upper()}
            outcomes.append(Act(f"treaty|{treaty}", entered, "treaty", treaty))
        if isinstance(party, Held):
            outcomes.append(party)
        else:
            said = {
                "type": "agreement.ratified",
                "agreement": treaty,
                "party": party,
                "occurred": row["ratified"],
                "sources": [{"source": "list-of-ratifications"}],
            }
            key = f"{treaty}|{row['participant']}|ratified"
            outcomes.append(Act(key, said, "ratified", row["ratified"]))
        yield Said(row, outcomes)


RATIFICATIONS = Profile(
    name="ratifications",
    title="Ratifications",
    files=(File("ratifications.csv", COLUMNS),),
    sources=({"source": "list-of-ratifications", "kind": "dataset", "title": "Ratifications"},),
    read=read_ratifications,
    names_as_of="2015-03-14",
)


def a_file(tmp_path: Path, *rows: str) -> Path:
    (tmp_path / "ratifications.csv").write_text(VIENNA + "\n".join(rows) + "\n", "utf-8")
    return tmp_path


ROWS = (
    "vcdr-1961,Plurinational State of Bolivia,1977-12-28",
    "vcdr-1961,Brazil,1965-03-25",
    "vcdr-1961,Zubrowka,1965-03-25",
    "vcdr-1961,Iran,1965-02-31",
)


def test_every_row_is_imported_held_or_refused_and_the_sums_add_up(
    engine: Engine, tmp_path: Path
) -> None:
    done, lines = taken_in(engine, RATIFICATIONS, a_file(tmp_path, *ROWS))
    assert done.rows == {IMPORTED: 2, HELD: 1, REFUSED: 1}
    assert done.total == 4
    held = next(each for each in lines if each.status == HELD)
    assert (held.line, held.verbatim) == (4, "Zubrowka")
    refused = next(each for each in lines if each.status == REFUSED)
    assert (refused.line, refused.column, refused.verbatim) == (5, "ratified", "1965-02-31")
    assert "1965-02-31" in refused.reason


def test_a_repeated_import_adds_nothing(engine: Engine, tmp_path: Path) -> None:
    folder = a_file(tmp_path, *ROWS)
    taken_in(engine, RATIFICATIONS, folder)
    before = log_of(engine)
    done, _ = taken_in(engine, RATIFICATIONS, folder)
    assert log_of(engine) == before
    assert done.rows == {PRESENT: 2, HELD: 1, REFUSED: 1}
    assert done.events == {PRESENT: 3}


def test_a_dry_run_says_the_same_and_keeps_nothing(engine: Engine, tmp_path: Path) -> None:
    folder = a_file(tmp_path, *ROWS)
    before = log_of(engine)
    said: list[importing.Line] = []
    dry = run(engine, RATIFICATIONS, folder, dry_run=True, report=said.append)
    assert log_of(engine) == before
    done, lines = taken_in(engine, RATIFICATIONS, folder)
    assert (dry, said) == (done, lines)


def test_a_changed_row_is_held_and_amended_only_when_asked(engine: Engine, tmp_path: Path) -> None:
    taken_in(engine, RATIFICATIONS, a_file(tmp_path, *ROWS[:2]))
    corrected = a_file(tmp_path, ROWS[0], "vcdr-1961,Brazil,1965-03-26")
    done, lines = taken_in(engine, RATIFICATIONS, corrected)
    assert done.rows == {PRESENT: 1, HELD: 1}
    assert "--amend" in lines[-1].reason
    amended = run(engine, RATIFICATIONS, corrected, amend=True)
    assert amended.rows == {PRESENT: 1, IMPORTED: 1}
    assert log_of(engine)[-1][1] == "event.amended"
    again = run(engine, RATIFICATIONS, corrected, amend=True)
    assert again.rows == {PRESENT: 2}


def test_an_import_broken_off_and_taken_up_again_has_the_log_of_one_run(
    engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)
    folder = a_file(tmp_path, *ROWS)
    begun = len(log_of(engine))

    def break_off(at: int, of: int) -> None:
        if at == 2 and of == 4:
            raise KeyboardInterrupt

    done = Imported()
    with pytest.raises(KeyboardInterrupt):
        run(engine, RATIFICATIONS, folder, progress=break_off, done=done)
    assert done.rows == {IMPORTED: 2}
    assert len(log_of(engine)) == begun + 4  # the source, the treaty, two ratifications
    taken_in(engine, RATIFICATIONS, folder)
    in_pieces = log_of(engine)[begun:]
    assert [each[1] for each in in_pieces] == [
        "source.recorded",
        "agreement.recorded",
        "agreement.ratified",
        "agreement.ratified",
    ]


def test_what_the_register_refuses_is_named_and_the_rest_recorded(
    engine: Engine, tmp_path: Path
) -> None:
    def read_with_a_stranger(reading: Reading) -> Iterator[Said]:
        for said in read_ratifications(reading):
            outcomes = [
                Act(each.key, {**each.said, "party": "XXZ"}, each.column, each.verbatim)
                if isinstance(each, Act) and each.said.get("party") == "BRA"
                else each
                for each in said.outcomes
            ]
            yield Said(said.row, outcomes)

    profile = Profile(
        **{
            **{name: getattr(RATIFICATIONS, name) for name in ("name", "title", "files")},
            **{name: getattr(RATIFICATIONS, name) for name in ("sources", "names_as_of")},
            "read": read_with_a_stranger,
        }
    )
    done, lines = taken_in(engine, profile, a_file(tmp_path, *ROWS[:2]))
    assert done.rows == {IMPORTED: 1, REFUSED: 1}
    assert "XXZ" in next(each.reason for each in lines if each.status == REFUSED)


def test_a_file_that_turns_out_to_be_none_at_its_end_leaves_nothing(
    engine: Engine, tmp_path: Path
) -> None:
    folder = a_file(tmp_path, *ROWS, "vcdr-1961,Cuba")
    before = log_of(engine)
    with pytest.raises(Invalid, match=r"ratifications\.csv, line 6: expected 3 cells, got 2"):
        run(engine, RATIFICATIONS, folder)
    assert log_of(engine) == before


def test_an_amendment_in_a_file_keeps_its_sources_and_is_recognised_when_repeated(
    engine: Engine, tmp_path: Path
) -> None:
    taken_in(engine, RATIFICATIONS, a_file(tmp_path, *ROWS[:2]))
    event_id = log_of(engine)[-1][0]
    amendment = {
        "type": "event.amended",
        "target": event_id,
        "reason": "the depositary's own page has the day after",
        "sources": [{"source": "list-of-ratifications", "locator": "row 2"}],
        "event": {
            "party": "BRA",
            "occurred": "1965-03-26",
            "agreement": "vcdr-1961",
            "type": "agreement.ratified",
        },
    }
    file = tmp_path / "amendments.jsonl"
    file.write_text(json.dumps(amendment) + "\n", "utf-8")
    done, _ = taken_in(engine, generic_profile("jsonl", file, None), tmp_path)
    assert done.rows == {IMPORTED: 1}
    assert '"locator":"row 2"' in log_of(engine)[-1][2]
    again, _ = taken_in(engine, generic_profile("jsonl", file, None), tmp_path)
    assert again.rows == {PRESENT: 1}

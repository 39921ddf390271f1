"""`registry import` on the command line: what it prints, writes, and refuses in one line."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry.cli import main
from tests.conftest import ENGINES, Databases
from tests.ingest.conftest import people

TREATIES = (
    "treaty_id,chapter_no,treaty_no,title_verbatim,date_in_title_verbatim,chapter_name,url,"
    "has_participants_file\n"
    '3-3,3,3,"Vienna Convention on Diplomatic Relations. Vienna, 18 April 1961",18 April 1961,'
    "Privileges and Immunities,http://treaties.un.org/,1\n"
)
EVENTS = (
    "treaty_id,participant_verbatim,column_header_verbatim,cell_verbatim,marker,action,date_iso,"
    "source_file,source_line\n"
    '3-3,Brazil,"Accession(a), Succession(d), Ratification",25 Mar 1965,,Ratification,1965-03-25,'
    "treaties/3-3.csv,2\n"
    '3-3,Zubrowka,"Accession(a), Succession(d), Ratification",25 Mar 1965,,Ratification,1965-03-25,'
    "treaties/3-3.csv,3\n"
)
DECLARATIONS = "treaty_id,participant_verbatim,text_verbatim,block_no\n"


@pytest.fixture(params=ENGINES)
def shell(
    request: pytest.FixtureRequest, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CliRunner]:
    with databases.fresh(request.param, people) as url:
        monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
        yield CliRunner()


def a_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "depositary"
    folder.mkdir()
    for name, text in (
        ("treaties.csv", TREATIES),
        ("events.csv", EVENTS),
        ("declarations.csv", DECLARATIONS),
    ):
        (folder / name).write_text(text, "utf-8")
    return folder


def refused(result: Result) -> str:
    assert result.exit_code == 2
    (line,) = [each for each in result.stderr.splitlines() if each]
    return line


def test_an_import_says_what_became_of_every_row_and_writes_the_report(
    shell: CliRunner, tmp_path: Path
) -> None:
    report = tmp_path / "report.csv"
    folder = a_folder(tmp_path)
    dry = shell.invoke(main, ["import", "un-mtdsg", str(folder), "--dry-run"])
    done = shell.invoke(main, ["import", "un-mtdsg", str(folder), "--report", str(report)])
    assert done.exit_code == 0, done.output
    first = done.stdout.splitlines()[0]
    assert first == "3 rows: 2 imported, 0 already there, 1 held, 0 refused"
    assert dry.stdout.splitlines()[0] == first
    assert "nothing was kept" in dry.stdout
    with report.open(newline="", encoding="utf-8") as file:
        held = [row for row in csv.DictReader(file) if row["status"] == "held"]
    assert [(row["line"], row["verbatim"]) for row in held] == [("3", "Zubrowka")]
    again = shell.invoke(main, ["import", "un-mtdsg", str(folder)])
    assert "events: 0 recorded" in again.stdout


def test_what_cannot_be_taken_in_is_refused_in_one_line(shell: CliRunner, tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    events = str(folder / "events.csv")
    assert "no profile 'mtdsg'" in refused(shell.invoke(main, ["import", "mtdsg", str(folder)]))
    assert "not a folder" in refused(shell.invoke(main, ["import", "un-mtdsg", events]))
    assert "no file" in refused(shell.invoke(main, ["import", "un-mtdsg", str(tmp_path)]))
    (folder / "events.csv").write_bytes(b"\x7fELF\x02\x01\x01\x00" * 100)
    line = refused(shell.invoke(main, ["import", "un-mtdsg", str(folder)]))
    assert "events.csv" in line
    assert "not a CSV file" in line

"""The commands that write files, and the one that takes a log back."""

import csv
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from registry.cli import main
from tests.conftest import ENGINES

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, fresh_database_url: Callable[[str], str]) -> Run:
    """`run("a", "sqlite", "seed")` on the register `a` of this test's own."""
    urls: dict[str, str] = {}

    def invoke(name: str, engine: str, *said: str) -> Result:
        if name not in urls:
            urls[name] = fresh_database_url(engine)
        monkeypatch.setenv("REGISTRY_DATABASE_URL", urls[name])
        return CliRunner().invoke(main, said, catch_exceptions=False)

    return invoke


def _refused(result: Result, words: str) -> None:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr


def test_a_log_goes_from_one_engine_to_the_other_and_back(run: Run, tmp_path: Path) -> None:
    files = [tmp_path / f"{place}.ndjson" for place in range(3)]
    run("first", ENGINES[0], "seed")
    assert run("first", ENGINES[0], "export", str(files[0])).exit_code == 0
    for place, (name, engine) in enumerate([("second", ENGINES[1]), ("third", ENGINES[0])]):
        done = run(name, engine, "import-log", str(files[place]))
        assert done.exit_code == 0, done.output
        assert "the projections are built" in done.stdout
        assert run(name, engine, "export", str(files[place + 1])).exit_code == 0
    assert files[0].read_bytes() == files[1].read_bytes() == files[2].read_bytes()
    piped = run("first", ENGINES[0], "export")
    assert piped.stdout_bytes == files[0].read_bytes()
    assert sorted(tmp_path.iterdir()) == files
    assert run("third", ENGINES[0], "verify", "--projections").exit_code == 0
    _refused(run("third", ENGINES[0], "import-log", str(files[0])), "already holds")


def test_a_file_that_is_no_log_is_refused_in_one_line(run: Run, tmp_path: Path) -> None:
    binary = tmp_path / "x.ndjson"
    binary.write_bytes(bytes(range(256)) * 10)
    _refused(run("a", "sqlite", "import-log", str(binary)), "line 1 is no JSON")
    _refused(run("a", "sqlite", "import-log", str(tmp_path / "missing")), "cannot read")
    _refused(run("a", "sqlite", "export", str(tmp_path / "no" / "folder")), "cannot write")
    assert "sound: 0 events" in run("a", "sqlite", "verify").stdout


def test_a_table_comes_with_its_codebook(run: Run, tmp_path: Path) -> None:
    run("a", "sqlite", "seed")
    said = ("export-table", "participation", "--as-of", "2009-06-01")
    out = tmp_path / "p.csv"
    done = run("a", "sqlite", *said, "--out", str(out))
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert "root=" in done.stderr
    with out.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert f"wrote {len(rows)} rows" in done.stderr
    assert {row["as_of"] for row in rows} == {"2009-06-01"}
    with (tmp_path / "p.csv.codebook.csv").open(encoding="utf-8", newline="") as file:
        book = list(csv.DictReader(file))
    assert [each["name"] for each in book if each["part"] == "column"] == list(rows[0])
    sheet = tmp_path / "p.xlsx"
    assert run("a", "sqlite", *said, "--format", "xlsx", "--out", str(sheet)).exit_code == 0
    assert len(list(openpyxl.load_workbook(sheet)["participation"].values)) == len(rows) + 1
    piped = run("a", "sqlite", *said)
    assert piped.stdout_bytes == out.read_bytes()


def test_parquet_says_what_to_install_where_it_is_missing(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    out = tmp_path / "p.parquet"
    said = ("export-table", "party-day", "--format", "parquet", "--out", str(out))
    _refused(run("a", "sqlite", *said), "pip install 'agreement-registry[parquet]'")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_table_or_no_day_is_refused(run: Run) -> None:
    _refused(run("a", "sqlite", "export-table", "treaties"), "no table 'treaties'")
    said = ("export-table", "party-day", "--as-of", "1900-02-29")
    _refused(run("a", "sqlite", *said), "as_of")


def test_a_backup_is_its_owners_alone_and_takes_no_other_files_place(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "register.backup"
    run("first", ENGINES[0], "token", "create", "--role", "recorder")
    done = run("first", ENGINES[0], "backup", str(file))
    assert done.exit_code == 0, done.output
    assert file.stat().st_mode & 0o777 == 0o600
    whole = file.read_bytes()
    _refused(run("first", ENGINES[0], "backup", str(file)), "is there already")
    run("first", ENGINES[0], "token", "create", "--role", "reader")
    assert file.read_bytes() == whole
    assert run("first", ENGINES[0], "backup", "--replace", str(file)).exit_code == 0
    assert file.read_bytes() != whole
    restored = run("second", ENGINES[1], "restore", str(file))
    assert restored.exit_code == 0, restored.output
    assert "the log is sound" in restored.stdout
    first, second = (
        run(n, e, "token", "list") for n, e in zip(("first", "second"), ENGINES, strict=True)
    )
    assert first.stdout == second.stdout != ""
    _refused(run("second", ENGINES[1], "restore", str(file)), "not empty")
    _refused(run("second", ENGINES[1], "restore", str(tmp_path / "missing")), "cannot read")
    assert list(tmp_path.iterdir()) == [file]


def test_a_backup_that_finds_the_disk_full_leaves_the_last_one_as_it_was(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "register.backup"
    file.write_bytes(b"the last one")
    run("first", ENGINES[0], "seed")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    signals = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, before[1]))
    try:
        done = run("first", ENGINES[0], "backup", "--replace", str(file))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, signals)
    _refused(done, "cannot write")
    assert [(each, each.read_bytes()) for each in tmp_path.iterdir()] == [(file, b"the last one")]

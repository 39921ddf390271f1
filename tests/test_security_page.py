"""The threat model names tests, files and commands that there are."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "SECURITY.md").read_text()


def test_every_test_that_it_names_is_there() -> None:
    there = {
        name
        for file in (ROOT / "tests").rglob("test_*.py")
        for name in re.findall(r"^\s*def (test_\w+)", file.read_text(), re.MULTILINE)
    }
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 30
    assert named - there == set()


def test_every_file_that_it_names_is_there() -> None:
    named = set(
        re.findall(r"`((?:tests|docs|docker|scripts)/[\w./-]+|docker/\w+|tests/\w+)`", PAGE)
    )
    assert named
    assert {each for each in named if not (ROOT / each).exists()} == set()


def test_every_row_says_what_shows_it() -> None:
    rows = [line for line in PAGE.splitlines() if line.startswith("| ") and "could" not in line]
    assert rows
    for row in rows:
        assert "`" in row.rsplit("|", 2)[1], row

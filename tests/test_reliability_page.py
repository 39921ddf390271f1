"""The page of promises names tests that there are, and says of each promise how it was seen to fail."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs/reliability.md").read_text()
ROWS = [line.strip("|").split("|") for line in PAGE.splitlines() if line.startswith("| ")][1:]
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def test_every_promise_has_a_test_and_was_seen_to_fail() -> None:
    assert len(ROWS) >= 9
    for row in ROWS:
        promise, held_by, broken = row
        assert promise.strip()
        assert re.search(r"`tests/[\w/]+\.py::test_\w+`", held_by), row
        assert len(broken.split()) > 5, row


@pytest.mark.parametrize(("file", "name"), NAMED)
def test_every_test_that_it_names_is_there(file: str, name: str) -> None:
    tree = ast.parse((ROOT / file).read_text())
    assert name in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}

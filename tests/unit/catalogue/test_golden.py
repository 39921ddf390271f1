"""What was stored once is read for ever: one line of each type and version, never changed.

A new type, or a new version of a type, adds its line; no line is ever edited or taken away.
"""

import json
from pathlib import Path
from typing import Any, Final

import pytest

from registry import codec
from registry.domain.catalogue import CATALOGUE
from registry.domain.errors import Problems
from registry.domain.events.register import EventAmended

GOLDEN: Final = Path(__file__).parents[2] / "golden"
LINES: Final[list[dict[str, Any]]] = [
    json.loads(line)
    for file in sorted(GOLDEN.glob("events-*.jsonl"))
    for line in file.read_text(encoding="utf-8").splitlines()
]

every_line = pytest.mark.parametrize(
    "line", LINES, ids=[f"{line['type']}-{line['version']}" for line in LINES]
)


def _text(line: dict[str, Any]) -> str:
    return json.dumps(line["data"], ensure_ascii=False, separators=(",", ":"))


@every_line
def test_a_golden_payload_decodes(line: dict[str, Any]) -> None:
    event = codec.restored(line["type"], line["version"], _text(line))
    assert line["type"] == event.TYPE
    if isinstance(event, EventAmended):
        assert codec.stored_content(codec.content(event.event)) == event.event


@every_line
def test_a_golden_payload_of_the_current_version_is_stored_as_the_same_text(
    line: dict[str, Any],
) -> None:
    event = codec.restored(line["type"], line["version"], _text(line))
    if line["version"] == event.VERSION:
        assert codec.stored_text(event) == _text(line)


def test_every_version_of_every_type_has_one_golden_payload() -> None:
    versions = [
        (name, version) for name, cls in CATALOGUE.items() for version in range(1, cls.VERSION + 1)
    ]
    assert sorted((line["type"], line["version"]) for line in LINES) == sorted(versions)


def test_what_was_accepted_once_is_read_though_it_would_be_refused_today() -> None:
    data = {
        "by": "USA",
        "on": "USA",
        "programme": "x" * 5_000,
        "occurred": "1999",
        "confidence": "reported",
    }
    text = json.dumps(data)
    event = codec.restored("conduct.sanction_imposed", 1, text)
    assert len(getattr(event, "programme", "")) == 5_000
    with pytest.raises(Problems):
        codec.read({"type": "conduct.sanction_imposed", **data})

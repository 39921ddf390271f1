"""What the README shows is what the register answers."""

import re
from pathlib import Path
from typing import Any

import orjson

from tests.api.desk import LIST, Desk

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")


def _block(language: str, holding: str) -> str:
    blocks: list[str] = re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)
    return next(block for block in blocks if holding in block)


def test_the_first_question_has_the_answer_that_is_shown(library: Desk) -> None:
    asked = re.search(r"curl -s 'http://[^/]+(/[^']+)'", README)
    assert asked
    shown: dict[str, Any] = orjson.loads(_block("json", "agency_presence"))
    response = library.get(asked[1])
    assert response.json is not None
    layer = response.json["layers"][0]
    assert {name: layer[name] for name in shown} == shown
    assert list(layer)[: len(shown)] == list(shown)


def test_the_addresses_worth_opening_answer(library: Desk) -> None:
    links = re.findall(r"\]\(http://127\.0\.0\.1:8000(/[^)]+)\)", README)
    assert len(links) >= 3
    for link in links:
        assert library.get(link).status_code in (200, 302, 303, 308)


def test_the_event_that_is_shown_is_recorded(desk: Desk) -> None:
    said = re.search(r"-d '(\{.*?\})'", _block("console", "Authorization"), re.DOTALL)
    assert said
    response = desk.send(LIST, said[1].encode())
    assert response.status_code == 201, response.text

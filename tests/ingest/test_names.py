"""Whom a dataset means: by code, by the name valid on its day, by a stated alias; never by guess."""

from pathlib import Path
from typing import Any, Final

import pytest

from registry.domain import dates
from registry.domain.errors import Invalid
from registry.ingest.names import Names, Unmatched, plain, read_aliases

Doc = dict[str, Any]


def day(text: str) -> int:
    return dates.parse(text).earliest


def since(name: str, text: str) -> Doc:
    return {"name": name, "since": text, "since_day": day(text), "confidence": 3}


PARTIES: Final[dict[str, Doc]] = {
    "BOL": {
        "kind": "state",
        "names": [
            {"name": "Bolivia", "languages": {"de": "Bolivien"}},
            since("Plurinational State of Bolivia", "2009-03-22"),
        ],
        "codes": [{"scheme": "cow", "code": "145"}],
    },
    "CIV": {"kind": "state", "names": [{"name": "Côte d'Ivoire"}]},
    "CSK": {"kind": "state", "names": [{"name": "Czechoslovakia"}], "ended": ["1992-12-31"]},
    "COD": {
        "kind": "state",
        "names": [{"name": "Congo"}],
        "codes": [{"scheme": "iso2", "code": "CD"}],
    },
    "COG": {"kind": "state", "names": [{"name": "Congo"}]},
}


def test_a_name_counts_while_it_is_valid() -> None:
    before, after = Names(PARTIES, day("1990")), Names(PARTIES, day("2015-03-14"))
    assert before.party("Bolivia") == "BOL"
    assert before.party("Bolivien") == "BOL"
    assert isinstance(before.party("Plurinational State of Bolivia"), Unmatched)
    assert after.party("Plurinational State of Bolivia") == "BOL"
    assert isinstance(after.party("Bolivia"), Unmatched)


def test_what_has_ended_is_meant_by_nobody_later() -> None:
    assert Names(PARTIES, day("1990")).party("Czechoslovakia") == "CSK"
    found = Names(PARTIES, day("1993-01-01")).party("Czechoslovakia")
    assert isinstance(found, Unmatched)
    assert found.suggestions[0] == "CSK"


def test_only_printing_may_differ() -> None:
    names = Names(PARTIES, day("1990"))
    assert names.party("CÔTE  D’IVOIRE") == "CIV"
    assert isinstance(names.party("Cote d'Ivoire"), Unmatched)
    assert plain("Guinea–Bissau\u00a0") == "guinea-bissau"


def test_a_code_is_looked_for_only_where_the_cell_holds_codes() -> None:
    names = Names(PARTIES, day("1990"))
    assert names.party("145", "cow") == "BOL"
    assert names.party("cd", "iso2") == "COD"
    assert names.party("COD", "id") == "COD"
    assert isinstance(names.party("145"), Unmatched)
    assert isinstance(names.party("145", "gw"), Unmatched)
    assert isinstance(names.party("Bolivia", "cow"), Unmatched)


def test_two_of_one_name_are_a_question_for_a_person() -> None:
    found = Names(PARTIES, day("1990")).party("Congo")
    assert isinstance(found, Unmatched)
    assert found.suggestions == ("COD", "COG")


def test_what_comes_close_is_only_suggested() -> None:
    found = Names(PARTIES, day("1990")).party("Bolvia")
    assert isinstance(found, Unmatched)
    assert found.suggestions[0] == "BOL"
    assert isinstance(Names(PARTIES, day("1990")).party(""), Unmatched)


def test_an_alias_is_stated_with_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "aliases.yaml"
    path.write_text(
        "Ivory Coast: {party: CIV, reason: the English name until 1986}\n"
        "Atlantis: {party: ATL, reason: is not on record}\n",
        "utf-8",
    )
    aliases = read_aliases(path, PARTIES)
    assert aliases == {"ivory coast": "CIV"}
    assert Names(PARTIES, day("1990"), aliases).party("IVORY COAST") == "CIV"


@pytest.mark.parametrize("text", ["- Ivory Coast", "Ivory Coast: CIV", "Ivory Coast: {party: CIV}"])
def test_an_alias_without_a_reason_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "aliases.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(Invalid, match="party and reason"):
        read_aliases(path, PARTIES)

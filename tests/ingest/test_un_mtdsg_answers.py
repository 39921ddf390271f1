"""Answers over the participant tables agree with keys that somebody else made from them."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from registry.ingest.importing import run
from registry.ingest.names import Names, read_aliases
from registry.ingest.profiles.un_mtdsg import PROFILE
from registry.queries.agreements import of_party, parties
from registry.queries.view import open_view
from registry.settings import seeds_dir
from registry.store.engine import reading
from tests.conftest import ENGINES
from tests.ingest.conftest import Peopled

FOLDER = "un_mtdsg"
CONSENT = ("contracting", "party")


@pytest.fixture(scope="module", params=ENGINES)
def listed(request: pytest.FixtureRequest, peopled: Peopled, data: Path) -> Engine:
    """A register that holds the tables and knows nothing else of these treaties."""
    engine = peopled(request.param)
    done = run(engine, PROFILE, data / FOLDER, aliases_in=seeds_dir() / "aliases")
    assert done.adds_up
    return engine


def key(data: Path, name: str) -> list[dict[str, str]]:
    with (data / FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def state(participation: Mapping[str, Any]) -> str:
    if participation["value"] in CONSENT:
        return "consent_expressed"
    return "signatory" if participation["value"] == "signatory" else "none"


def names_of(view: Any) -> Names:
    """The participants as the tables of 14 March 2015 name them."""
    on_record = view.directory.all("party")
    aliases = read_aliases(seeds_dir() / "aliases" / "un-mtdsg.yaml", on_record)
    return Names(on_record, view.day, aliases)


def test_each_probe_of_a_participant_and_a_treaty_has_the_state_of_the_key(
    listed: Engine, data: Path
) -> None:
    wrong = []
    probes = key(data, "asof_probes.csv")
    with reading(listed) as conn:
        view = open_view(conn, as_of="2015-03-14", known_at=None, confidence=None)
        names, slugs = (
            names_of(view),
            {
                doc["external_ids"]["mtdsg"]: slug
                for slug, doc in view.directory.all("agreement").items()
            },
        )
        for probe in probes:
            then = view.on(probe["as_of"], "as_of")
            party = names.party(probe["participant_verbatim"])
            rows = parties(then, slugs[probe["treaty_id"]])["items"]
            mine = [row["participation"] for row in rows if row["party"]["id"] == party]
            found = state(mine[0]) if mine else "none"
            if found != probe["expected_state"]:
                wrong.append((probe, found, [each["possible"] for each in mine]))
    assert probes
    assert wrong == []


def test_each_count_of_a_participants_treaties_is_that_of_the_key(
    listed: Engine, data: Path
) -> None:
    wrong = []
    probes = key(data, "asof_count_probes.csv")
    with reading(listed) as conn:
        view = open_view(conn, as_of="2015-03-14", known_at=None, confidence=None)
        names = names_of(view)
        for probe in probes:
            party = names.party(probe["participant_verbatim"])
            assert isinstance(party, str)
            rows = of_party(view.on(probe["as_of"], "as_of"), party)
            found = Counter(state(row["participation"]) for row in rows)
            counts = (str(found["consent_expressed"]), str(found["signatory"]))
            expected = (
                probe["expected_consent_expressed_count"],
                probe["expected_signatory_only_count"],
            )
            if counts != expected:
                wrong.append((probe, counts))
    assert probes
    assert wrong == []

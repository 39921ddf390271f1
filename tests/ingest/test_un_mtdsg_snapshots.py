"""Thirteen dated states of the UN tables: `known_at` between two answers from the tables then."""

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from registry.ingest.importing import HELD, IMPORTED, REFUSED
from registry.ingest.profiles.un_mtdsg_snapshots import PROFILE
from registry.queries.agreements import parties
from registry.queries.cells import dated_cells
from registry.queries.events import one
from registry.queries.view import View, open_view
from registry.store.engine import reading
from registry.store.tables import event
from tests.ingest.conftest import log_of, taken_in

SOURCE = "un-mtdsg"
TREATIES = """\
treaty_id,title_verbatim,date_in_title_verbatim,chapter_name,url
4-1,"Genocide Convention. Paris, 9 December 1948",9 December 1948,Human Rights,
"""
EVENTS = """\
treaty_id,participant_verbatim,column_header_verbatim,cell_verbatim
4-1,Cabo Verde,"Accession(a), Ratification",10 Oct 2011 a
4-1,Austria,"Accession(a), Ratification",26 Jan 1990
4-1,Malta,"Accession(a), Ratification",6 Jun 2014 a
4-1,Peru,Signature,11 Dec 1948
"""
SNAPSHOTS = """\
commit,observed_at,treaty_count,dated_cell_count
aaaaaaaaaaaa,2013-08-23T14:52:53-04:00,1,4
bbbbbbbbbbbb,2014-01-06T15:46:09-05:00,1,3
cccccccccccc,2014-07-10T10:59:19-04:00,1,4
"""
CHANGES = """\
treaty_id,participant_verbatim,date_iso,marker,first_seen_at,last_seen_at,present_in_latest
4-1,Cape Verde,2011-10-10,a,2013-08-23T14:52:53-04:00,2013-08-23T14:52:53-04:00,no
4-1,Cabo Verde,2011-10-10,a,2014-01-06T15:46:09-05:00,2014-07-10T10:59:19-04:00,yes
4-1,Austria,1990-08-26,,2013-08-23T14:52:53-04:00,2014-01-06T15:46:09-05:00,no
4-1,Austria,1990-01-26,,2014-07-10T10:59:19-04:00,2014-07-10T10:59:19-04:00,yes
4-1,Yemen,1989-04-06,a,2013-08-23T14:52:53-04:00,2013-08-23T14:52:53-04:00,no
4-1,Malta,2014-06-06,a,2014-07-10T10:59:19-04:00,2014-07-10T10:59:19-04:00,yes
"""
AGREEMENT = "un-mtdsg-as-read-4-1"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in (
        ("treaties", TREATIES),
        ("events", EVENTS),
        ("snapshots", SNAPSHOTS),
        ("snapshot_changes", CHANGES),
    ):
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return tmp_path


def ends(engine: Engine, count: int) -> list[int]:
    """The moments at which the last so many transactions ended."""
    with engine.connect() as conn:
        moments = conn.execute(select(event.c.moment).distinct().order_by(event.c.moment)).scalars()
        return list(moments)[-count:]


def view(conn: object, moment: int) -> View:
    return open_view(conn, as_of="2012", known_at=f"@{moment}", confidence=None)  # type: ignore[arg-type]


def test_what_was_known_after_each_snapshot_is_what_its_table_held(
    engine: Engine, folder: Path
) -> None:
    taken_in(engine, PROFILE, folder)
    first, second, third = ends(engine, 3)
    with reading(engine) as conn:
        known = [
            {(party, day, letter) for _, party, day, letter in dated_cells(view(conn, at), SOURCE)}
            for at in (first, second, third)
        ]
    stays = {("CPV", "2011-10-10", "a"), ("PER", "1948-12-11", "")}
    wrong, right = ("AUT", "1990-08-26", ""), ("AUT", "1990-01-26", "")
    assert known[0] == stays | {wrong, ("YEM", "1989-04-06", "a")}
    assert known[1] == stays | {wrong}
    assert known[2] == stays | {right, ("MLT", "2014-06-06", "a")}


def test_a_vanished_cell_is_retracted_with_the_snapshot_that_lacks_it(
    engine: Engine, folder: Path
) -> None:
    taken_in(engine, PROFILE, folder)
    first, second, _ = ends(engine, 3)
    with reading(engine) as conn:
        before = {
            item["party"]["id"]: item for item in parties(view(conn, first), AGREEMENT)["items"]
        }
        after = {item["party"]["id"] for item in parties(view(conn, second), AGREEMENT)["items"]}
        evidence = before["YEM"]["participation"]["evidence"]
        corrections = one(view(conn, second), evidence[0])["corrections"]
    assert before["YEM"]["participation"]["value"] == "contracting"
    assert "YEM" not in after
    assert "read on 2014-01-06" in corrections[0]["reason"]
    assert corrections[0]["sources"][0]["observed"] == "2014-01-06"


def test_a_new_name_of_a_party_is_no_change_and_a_new_day_is_an_amendment(
    engine: Engine, folder: Path
) -> None:
    taken_in(engine, PROFILE, folder)
    types = [type_ for _, type_, _ in log_of(engine)]
    assert types.count("event.amended") == 1
    assert types.count("event.retracted") == 1


def test_a_second_run_adds_nothing(engine: Engine, folder: Path) -> None:
    first, lines = taken_in(engine, PROFILE, folder)
    assert first.rows[REFUSED] == first.rows[HELD] == 0, lines
    before = log_of(engine)
    again, _ = taken_in(engine, PROFILE, folder)
    assert again.events[IMPORTED] == 0
    assert log_of(engine) == before


def rows(path: Path) -> list[Mapping[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_known_at_between_two_imports_counts_the_cells_of_each_of_the_thirteen_snapshots(
    engine: Engine, data: Path
) -> None:
    folder = data / "un_mtdsg"
    taken_in(engine, PROFILE, folder)
    snapshots = rows(folder / "snapshots.csv")
    with reading(engine) as conn:
        counted = [len(dated_cells(view(conn, at), SOURCE)) for at in ends(engine, len(snapshots))]
    stated = [int(each["dated_cell_count"]) for each in snapshots]
    more = {
        each["observed_at"][:10]: found - said
        for each, found, said in zip(snapshots, counted, stated, strict=True)
        if found != said
    }
    # One cell that was away from November 2013 to January 2015 and came back: it stands in the
    # first table and the last, and the file of changes has only cells that do not.
    away = [
        *("2013-11-18", "2013-12-22", "2014-01-06", "2014-01-27"),
        *("2014-03-19", "2014-07-10", "2014-10-26", "2015-01-27"),
    ]
    assert more == dict.fromkeys(away, 1)
    again, _ = taken_in(engine, PROFILE, folder)
    assert again.events[IMPORTED] == 0

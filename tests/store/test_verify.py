"""`registry verify` holds the log against its tree and every checkpoint, and names the first fault."""

from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine, text

from registry.cli import main
from registry.record import clock
from registry.store import checkpoints, log, notes
from registry.store.engine import reading, writing
from registry.store.signing import Signing
from registry.store.verify import Verified, verify
from tests.store.given import draft

COUNT = 520


@pytest.fixture
def signed(engine: Engine) -> Engine:
    """A log of two tiles and some, signed at 300 events and at its head."""
    for first, end in ((0, 300), (300, COUNT)):
        with writing(engine) as conn:
            drafts = [draft(f"{each}") for each in range(first, end)]
            log.append(conn, log.lock(conn, len(drafts), 1), drafts, "clerk")
        checkpoints.current(engine, Signing(), clock())
    return engine


def found(engine: Engine, *, after: str = "") -> Verified:
    if after:
        with engine.begin() as conn:
            conn.execute(text(after))
    with reading(engine) as conn:
        return verify(conn)


def test_a_log_is_sound_with_its_tree_and_checkpoints(signed: Engine) -> None:
    assert found(signed).sound


@pytest.mark.parametrize(
    ("damage", "position", "problem"),
    [
        ("UPDATE tree_node SET hash = leaf_hash FROM event WHERE position = 1", 256, "kept hash"),
        ("DELETE FROM tree_node WHERE place = 1", 512, "kept hash 1/1"),
        ("UPDATE tree_node SET place = 7 WHERE place = 1", 512, "kept hash 1/1"),
        (
            "INSERT INTO tree_node SELECT 1, 2, leaf_hash FROM event WHERE position = 1",
            COUNT,
            "a tree that is larger",
        ),
    ],
)
def test_a_kept_hash_that_is_not_the_trees_is_named(
    signed: Engine, damage: str, position: int, problem: str
) -> None:
    said = found(signed, after=damage)
    assert said.first_bad == position
    assert problem in str(said.problem)


def test_a_log_whose_end_was_cut_off_with_everything_that_follows_is_found(signed: Engine) -> None:
    """Whoever owns the database may make a shorter log that fits in itself, but no signature."""
    with reading(signed) as conn:
        earlier, last = checkpoints.kept(conn)
    with writing(signed) as conn:
        conn.execute(text("UPDATE checkpoint SET size = size + 9 WHERE size = 300"))
        note = last.note.replace(f"\n{COUNT}\n", f"\n{COUNT + 9}\n")
        conn.execute(text("UPDATE checkpoint SET note = :note WHERE size = 520"), {"note": note})
    said = found(signed)
    assert (said.first_bad, said.problem) == (
        COUNT + 1,
        f"missing: the checkpoint of {COUNT + 9} events goes beyond the head",
    )
    assert earlier.size == 300


def test_a_checkpoint_of_another_log_is_named(signed: Engine) -> None:
    with reading(signed) as conn:
        earlier, last = checkpoints.kept(conn)
        other = notes.Checkpoint(last.origin, earlier.size, last.root, last.note)
        said = verify(conn, against=[other])
    assert (said.first_bad, said.problem) == (
        300,
        "the root hash is not the one in the checkpoint of 300 events",
    )


def test_the_shell_tells_a_program_what_it_found(
    signed: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = signed.url.render_as_string(hide_password=False)
    monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
    with reading(signed) as conn:
        (tmp_path / "kept").write_text(checkpoints.kept(conn)[0].note)
    run = CliRunner().invoke(main, ["verify", "--json", "--against", str(tmp_path / "kept")])
    said = orjson.loads(run.stdout)
    assert run.exit_code == 0
    assert (said["sound"], said["positions"], said["first_bad"]) == (True, COUNT, None)
    with writing(signed) as conn:
        conn.execute(text("UPDATE log_head SET recorded_at = 5"))
    run = CliRunner().invoke(main, ["verify", "--json"])
    said = orjson.loads(run.stdout)
    assert run.exit_code == 1
    assert (said["sound"], said["first_bad"]) == (False, COUNT)
    (tmp_path / "kept").write_text("no checkpoint")
    run = CliRunner().invoke(main, ["verify", "--against", str(tmp_path / "kept")])
    assert run.exit_code == 2
    assert "kept cannot be read" in run.stderr

"""The command line: one clear line for what goes wrong, and only answers on standard output."""

import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Connection, text

from registry.app import create_app
from registry.cli import main
from registry.settings import Settings
from registry.store.engine import connect, writing
from tests.api.desk import LIST, SEVERED, Desk
from tests.conftest import ENGINES

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """`run("token", "list")` on an empty register of this test's own."""
    monkeypatch.setenv("REGISTRY_DATABASE_URL", database_url)
    return lambda *said: CliRunner().invoke(main, said, catch_exceptions=False)


@pytest.fixture
def run_seeded(monkeypatch: pytest.MonkeyPatch, embedded: Desk) -> Run:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", str(embedded.engine.url))
    return lambda *said: CliRunner().invoke(main, said, catch_exceptions=False)


def _refused(result: Result, words: str) -> None:
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert words in result.stderr


def test_a_register_is_filled_checked_and_rebuilt(run: Run) -> None:
    assert "recorded" in run("seed", "--if-empty").stdout
    assert "not empty" in run("seed", "--if-empty").stdout
    assert "seeds: 0 recorded" in run("seed").stdout
    sound = run("verify", "--projections")
    assert sound.exit_code == 0
    assert "the log is sound" in sound.stdout
    assert "the projections are what the events say" in sound.stdout
    rebuilt = run("rebuild")
    assert rebuilt.exit_code == 0
    assert "generation 2 is live" in rebuilt.stdout
    assert "dropped 1 old" in run("rebuild", "--drop-old").stdout
    assert "dropped 0 old" in run("rebuild", "--drop-old").stdout
    _refused(run("rebuild", "--drop-old", "--accept"), "one of them")


def _drop_triggers(conn: Connection) -> None:
    """As somebody could who has the file."""
    triggers = conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all()
    for (name,) in triggers:
        conn.exec_driver_sql(f"DROP TRIGGER {name}")


def test_a_seed_that_changed_is_held_and_named(run_seeded: Run, embedded: Desk) -> None:
    before = embedded.position()
    with embedded.engine.connect() as conn:
        _drop_triggers(conn)
        conn.exec_driver_sql(
            "UPDATE event_payload SET data = replace(data, 'Iran', 'Irán') WHERE data LIKE '%Iran%'"
        )
        conn.commit()
    result = run_seeded("seed")
    assert result.exit_code == 0
    assert "held" in result.stderr
    assert embedded.position() == before


def test_a_changed_byte_is_found_and_its_position_named(run_seeded: Run, embedded: Desk) -> None:
    with embedded.engine.connect() as conn:
        _drop_triggers(conn)
        conn.exec_driver_sql("UPDATE event_payload SET data = data || ' ' WHERE position = 7")
        conn.commit()
    result = run_seeded("verify")
    assert result.exit_code == 1
    assert "position 7: its content is not what was recorded" in result.stderr


def test_a_projection_that_was_changed_is_found(run_seeded: Run, embedded: Desk) -> None:
    with writing(embedded.engine) as conn:
        conn.execute(text("UPDATE span SET value = 'severed' WHERE layer = 'diplomatic_relations'"))
    result = run_seeded("verify", "--projections")
    assert result.exit_code == 1
    assert "differs: span" in result.stderr
    _refused(run_seeded("rebuild"), "differ")
    assert run_seeded("rebuild", "--accept").exit_code == 0
    assert run_seeded("verify", "--projections").exit_code == 0


def test_a_token_alone_is_on_standard_output_and_opens_the_register(
    run: Run, database_url: str
) -> None:
    made = run("token", "create", "--role", "recorder", "--name", "night desk", "--days", "3")
    assert made.exit_code == 0
    token = made.stdout.removesuffix("\n")
    assert token.startswith("reg_")
    assert "\n" not in token
    assert token not in made.stderr
    listed = run("token", "list").stdout
    assert "recorder" in listed
    assert "night desk" in listed
    assert token not in listed
    app = create_app(Settings(database_url))
    desk = Desk(app, app.extensions["registry"], token)
    assert desk.post(LIST, SEVERED).status_code == 422  # nobody recorded the parties here
    revoked = run("token", "revoke", listed.split()[0])
    assert revoked.exit_code == 0
    assert desk.post(LIST, SEVERED).status_code == 401
    desk.engine.dispose()


def test_what_goes_wrong_is_one_line(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    _refused(run("token", "create", "--role", "king"), "expected a role")
    _refused(run("token", "create", "--role", "reader", "--name", "a\nb"), "--name")
    _refused(run("token", "revoke", "nobody"), "nobody")
    monkeypatch.setenv("PORT", "many")
    _refused(run("serve"), "PORT")
    monkeypatch.delenv("PORT")
    monkeypatch.setenv("REGISTRY_DATABASE_URL", "mysql://root@localhost/registry")
    _refused(run("verify"), "sqlite:// or postgresql://")
    monkeypatch.setenv("REGISTRY_DATABASE_URL", "postgresql://u:hidden@127.0.0.1:1/registry")
    for command in ("migrate", "serve", "seed", "verify"):
        refused = run(command)
        _refused(refused, "the database cannot be used")
        assert "hidden" not in refused.output


def test_nothing_runs_on_a_database_that_lacks_migrations(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", f"sqlite:///{tmp_path}/empty.db")
    for command in ("serve", "seed", "verify", "rebuild"):
        _refused(CliRunner().invoke(main, [command]), "registry migrate")
    migrated = CliRunner().invoke(main, ["migrate"])
    assert migrated.exit_code == 0
    assert "revision" in migrated.stdout
    assert CliRunner().invoke(main, ["verify"]).exit_code == 0


def test_the_reference_page_is_up_to_date() -> None:
    assert CliRunner().invoke(main, ["reference", "--check"]).exit_code == 0


def test_help_comes_at_once() -> None:
    best = 9.0
    for _ in range(3):
        begun = time.perf_counter()
        done = subprocess.run(
            [sys.executable, "-m", "registry", "--help"], capture_output=True, check=True
        )
        best = min(best, time.perf_counter() - begun)
        assert done.stdout.startswith(b"Usage: registry ")
    assert best <= 0.6


def test_help_loads_nothing_heavy() -> None:
    seen = "import sys, registry.cli; print(sorted({n.split('.')[0] for n in sys.modules}))"
    loaded = subprocess.run(
        [sys.executable, "-c", seen], capture_output=True, check=True, text=True
    )
    for heavy in ("flask", "sqlalchemy", "marshmallow", "granian", "alembic"):
        assert f"'{heavy}'" not in loaded.stdout


def test_both_engines_can_be_migrated_by_url(
    fresh_database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for engine in ENGINES:
        url = fresh_database_url(engine)
        monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
        assert CliRunner().invoke(main, ["migrate"]).exit_code == 0
        connect(url).dispose()


def test_a_serving_role_is_for_postgresql(
    fresh_database_url: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRY_DATABASE_URL", fresh_database_url("sqlite"))
    refused = CliRunner().invoke(main, ["migrate", "--serving-role", "registry_serves"])
    assert refused.exit_code == 2
    assert "PostgreSQL" in refused.stderr
    assert len(refused.stderr.splitlines()) == 1

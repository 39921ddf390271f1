"""Who restores a register into an empty store is let in again, with nothing but the shell."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from registry.app import create_app
from registry.cli import main
from registry.cli.people import first_admin_link
from registry.ingest.backing_up import back_up
from registry.record import clock
from registry.settings import Settings
from registry.store import accounts, tokens
from registry.store.engine import reading, writing
from registry.store.people_tables import account
from tests.admin.office import PASSWORD, PEOPLE, Office
from tests.admin.test_sign_in import NEW, cookie_of, is_in, try_it
from tests.admin.test_user_command import PERSON, open_link
from tests.conftest import ENGINES

EVA, CARLOS = PEOPLE["admin"][0], PEOPLE["second"][0]
SAID = {"type": "relations.severed", "parties": ["BOL", "ISR"], "occurred": "2009-01-14"}

Empty = Callable[[str], str]


@pytest.fixture
def elsewhere(office: Office, fresh_database_url: Empty, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty, migrated database of the other engine, which the shell is told of."""
    (other,) = (each for each in ENGINES if each != office.engine.dialect.name)
    url = fresh_database_url(other)
    monkeypatch.setenv("REGISTRY_DATABASE_URL", url)
    return url


def shell(*said: str) -> str:
    done = CliRunner().invoke(main, said)
    assert done.exit_code == 0, done.output
    return done.stdout


def restored(office: Office, folder: Path) -> None:
    held = io.BytesIO()
    back_up(office.engine, held)
    (folder / "backup").write_bytes(held.getvalue())
    shell("restore", str(folder / "backup"))


@contextmanager
def served(url: str) -> Iterator[Office]:
    app: Flask = create_app(Settings(url))
    app.testing = True
    office = Office(app, app.extensions["registry"], {})
    try:
        yield office
    finally:
        office.engine.dispose()


def comes_in(office: Office, login: str, password: str) -> bool:
    return try_it(office, login, password).status_code == 303


def test_accounts_passwords_and_tokens_are_those_of_the_backup_and_no_visit_goes_on(
    office: Office, elsewhere: str, tmp_path: Path
) -> None:
    cookie = cookie_of(office.client("admin"))
    for _ in range(30):
        try_it(office, EVA, "a guess that is wrong", "198.51.100.9")
    assert try_it(office, EVA, PASSWORD, "198.51.100.9").status_code == 429
    with writing(office.engine) as conn:
        token = tokens.create(conn, "recorder", "the desk", clock())
        revoked = tokens.create(conn, "recorder", "the old desk", clock())
        (old,) = (each for each in tokens.listed(conn) if each["name"] == "the old desk")
        tokens.revoke(conn, old["id"], clock())
        accounts.disable(conn, office.people["second"].id, clock())
    restored(office, tmp_path)
    assert is_in(office.app, cookie)
    with served(elsewhere) as there:
        assert not is_in(there.app, cookie)
        assert not comes_in(there, EVA, "not the password of Eva")
        assert comes_in(there, EVA, PASSWORD)
        assert try_it(there, EVA, PASSWORD, "198.51.100.9").status_code == 303  # no guess counts
        assert not comes_in(there, CARLOS, PASSWORD)
        there.people = {"admin": office.people["admin"]}
        people = there.client("admin").get("/admin/people")
        assert all(login in people.text for login, _ in PEOPLE.values())
        for holder, status in ((token, 201), (revoked, 401)):
            answer = there.app.test_client().post(
                "/api/v1/events", json=SAID, headers={"Authorization": f"Bearer {holder}"}
            )
            assert answer.status_code == status


def test_who_has_forgotten_the_password_of_the_backup_makes_a_link_in_the_shell(
    office: Office, elsewhere: str, tmp_path: Path
) -> None:
    restored(office, tmp_path)
    assert EVA in shell("user", "list")
    assert open_link(elsewhere, shell("user", "link", EVA), password=NEW, password_again=NEW) == 303
    with served(elsewhere) as there:
        assert not comes_in(there, EVA, PASSWORD)
        assert comes_in(there, EVA, NEW)


def test_a_log_alone_brings_nobody_and_the_first_administrator_is_made_anew(
    office: Office, elsewhere: str, tmp_path: Path
) -> None:
    with pytest.MonkeyPatch.context() as here:
        here.setenv("REGISTRY_DATABASE_URL", office.engine.url.render_as_string(False))
        shell("export", str(tmp_path / "log"))
    shell("import-log", str(tmp_path / "log"))
    assert shell("user", "list") == ""
    link = first_admin_link()
    assert link is not None
    assert open_link(elsewhere, link, **PERSON) == 303
    with served(elsewhere) as there:
        assert comes_in(there, PERSON["login"], PASSWORD)
        with reading(there.engine) as conn:
            made = conn.execute(select(func.count()).select_from(account)).scalar_one()
            assert made == 1
            assert accounts.any_admin(conn)
    assert first_admin_link() is None

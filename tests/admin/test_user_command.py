"""Accounts from the shell, and the link for the first administrator."""

from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from registry.app import create_app
from registry.cli import main
from registry.cli.people import first_admin_link
from registry.settings import Settings
from registry.store.engine import reading
from registry.store.people_tables import access
from tests.admin.office import PASSWORD, token_of
from tests.api.conftest import Seeded
from tests.api.test_serve import served
from tests.conftest import ENGINES

Run = Callable[..., Result]
PERSON = {"login": "eva@example.org", "name": "Eva Morales"}
PASSWORDS = {"password": PASSWORD, "password_again": PASSWORD}


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Run:
    """`run("user", "list")` on an empty register of this test's own."""
    monkeypatch.setenv("REGISTRY_DATABASE_URL", database_url)

    def invoke(*said: str, typed: str = "") -> Result:
        return CliRunner().invoke(main, said, input=typed, catch_exceptions=False)

    return invoke


def open_link(url: str, address: str, **said: str) -> int:
    """The status of filling in the page of a link."""
    app = create_app(Settings(url))
    try:
        client = app.test_client()
        path = "/admin/" + address.strip().split("/admin/")[1]
        page = client.get(path)
        if page.status_code != 200:
            return page.status_code
        form = {**PASSWORDS, **said, "csrf_token": token_of(page)}
        return client.post(path, data=form).status_code
    finally:
        app.extensions["registry"].dispose()


def test_the_first_administrator_is_made_with_a_password_typed_in(
    run: Run, database_url: str
) -> None:
    said = ("user", "create", "--role", "admin", "--login", "Eva@example.org", "--name", "Eva")
    done = run(*said, "--password-stdin", typed=f"{PASSWORD}\n")
    assert (done.exit_code, done.stdout) == (0, "")
    assert PASSWORD not in done.output
    assert "admin     eva@example.org  (Eva)" in run("user", "list").stdout
    app = create_app(Settings(database_url))
    client = app.test_client()
    form = {"login": "eva@example.org", "password": PASSWORD}
    form["csrf_token"] = token_of(client.get("/admin/sign-in"))
    assert client.post("/admin/sign-in", data=form).status_code == 303
    with reading(app.extensions["registry"]) as conn:
        acts = [tuple(row) for row in conn.execute(select(access.c.by, access.c.act))]
    assert acts == [("the shell", "made an account"), ("Eva", "signed in")]
    app.extensions["registry"].dispose()


def test_a_link_alone_is_on_standard_output_and_works_once(run: Run, database_url: str) -> None:
    made = run("user", "create", "--role", "recorder")
    assert made.exit_code == 0
    assert len(made.stdout.splitlines()) == 1
    assert open_link(database_url, made.stdout, **PERSON) == 303
    assert open_link(database_url, made.stdout, **PERSON) == 404
    anew = run("user", "link", "EVA@example.org")
    assert open_link(database_url, anew.stdout) == 303
    assert open_link(database_url, anew.stdout) == 404


@pytest.mark.parametrize(
    ("said", "typed", "words"),
    [
        (("create", "--role", "owner"), "", "role"),
        (("create", "--role", "admin", "--login", "a", "--password-stdin"), "short\n", "15"),
        (("create", "--role", "admin", "--login", " "), "", "login"),
        (("link", "nobody"), "", "there is no account 'nobody'"),
        (("role", "nobody", "reader"), "", "there is no account 'nobody'"),
        (("disable", "nobody"), "", "there is no account 'nobody'"),
    ],
)
def test_a_mistake_is_told_in_one_line(
    run: Run, said: tuple[str, ...], typed: str, words: str
) -> None:
    result = run("user", *said, typed=typed)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert run("user", "list").stdout == ""


def test_a_role_is_changed_and_an_account_ended_from_the_shell(run: Run, database_url: str) -> None:
    for login, role in (("eva@x.org", "admin"), ("ana@x.org", "recorder")):
        said = ("user", "create", "--role", role, "--login", login, "--password-stdin")
        assert run(*said, typed=f"{PASSWORD}\n").exit_code == 0
    app = create_app(Settings(database_url))
    client = app.test_client()
    form = {"login": "ana@x.org", "password": PASSWORD}
    form["csrf_token"] = token_of(client.get("/admin/sign-in"))
    assert client.post("/admin/sign-in", data=form).status_code == 303
    assert client.get("/admin/people").status_code == 403
    assert run("user", "role", "Ana@x.org", "admin").exit_code == 0
    assert client.get("/admin/people").status_code == 200
    assert run("user", "role", "ana@x.org", "owner").exit_code == 2
    assert run("user", "disable", "ana@x.org").exit_code == 0
    assert run("user", "disable", "ana@x.org").exit_code == 0
    assert client.get("/admin/people").status_code == 303
    assert "ana@x.org  (ana@x.org), seen" in run("user", "list").stdout
    assert "disabled" in run("user", "list").stdout
    for last in (("disable", "eva@x.org"), ("role", "eva@x.org", "reader")):
        refused = run("user", *last)
        assert refused.exit_code != 0
        assert "last administrator" in refused.stderr
    with reading(app.extensions["registry"]) as conn:
        acts = [row.act for row in conn.execute(select(access).where(access.c.by == "the shell"))]
    assert acts == ["made an account"] * 2 + ["changed the role", "disabled the account"]
    app.extensions["registry"].dispose()


def test_the_link_for_the_first_administrator_ends_with_the_first(
    run: Run, database_url: str
) -> None:
    older, newer = first_admin_link(), first_admin_link()
    assert older is not None
    assert newer is not None
    assert open_link(database_url, older, **PERSON) == 404
    other = run("user", "create", "--role", "admin").stdout
    assert open_link(database_url, other, **PERSON) == 303
    assert open_link(database_url, newer, login="b", name="B") == 404
    assert first_admin_link() is None


@pytest.mark.parametrize("engine", ENGINES)
def test_the_link_is_printed_only_while_there_is_no_administrator(
    seeded: Seeded, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with seeded.copy(engine) as url:
        printed = []
        for _ in range(2):
            with served(url, "--first-admin") as service:
                pass
            printed.append([x for x in service.said.splitlines() if "/admin/welcome/" in x])
            if len(printed) == 1:
                address = printed[0][0].split()[0]
                assert open_link(url, address, **PERSON) == 303
        assert [len(each) for each in printed] == [1, 0]

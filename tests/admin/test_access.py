"""Who may open which page: the table is made from the URL map, so that no route can be forgotten."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.routing import Rule

from registry.app import create_app
from registry.settings import Settings
from registry.store.accounts import Account
from registry.store.engine import reading
from registry.store.tables import metadata
from registry.store.tokens import ROLES
from registry.store.word_tables import search_text
from registry.web.visiting import needed
from tests.admin.office import Office, Visitor

OPEN = {
    "admin.sign_in",
    "admin.sign_out",
    "admin.welcome",
    "admin.to_provider",
    "admin.from_provider",
    "admin.nowhere",
}
"""Pages for people who are not signed in; each other page names the role that it is for."""
NOT_TOUCHED = ("visit", "attempt", "secret", "access", "kept_form")
"""Tables of the visits themselves, which signing in writes."""


def rules(app: Flask, method: str) -> Iterator[tuple[Rule, str, str]]:
    """Each guarded rule of data entry with an address of it and its role."""
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("admin.") or rule.endpoint in OPEN:
            continue
        if method not in (rule.methods or ()):
            continue
        role = needed(app.view_functions[rule.endpoint])
        assert role in ROLES, f"{rule.rule} does not say for whom it is"
        yield rule, _address(app, rule), role


def _address(app: Flask, rule: Rule) -> str:
    values = dict.fromkeys(rule.arguments, "1")
    with app.test_request_context():
        built = rule.build(values, append_unknown=False)
    assert built is not None, rule.rule
    return str(built[1])


def counts(office: Office) -> dict[str, int]:
    """How many rows each table has, and where the log ends."""
    with reading(office.engine) as conn:
        return {"position": office.position()} | {
            table.name: conn.execute(select(func.count()).select_from(table)).scalar_one()
            for table in metadata.sorted_tables
            if table.name not in NOT_TOUCHED and table is not search_text  # FTS5 counts nothing
        }


def test_every_page_says_for_whom_it_is(small_office: Office) -> None:
    guarded = list(rules(small_office.app, "GET"))
    assert len(guarded) > 5
    for endpoint in OPEN:
        assert needed(small_office.app.view_functions[endpoint]) is None


def test_whoever_is_not_signed_in_is_sent_to_sign_in(small_office: Office) -> None:
    before = counts(small_office)
    for method in ("GET", "POST"):
        for rule, address, _ in rules(small_office.app, method):
            answer = small_office.stranger().open(address, method=method)
            assert answer.status_code == 303, (method, rule.rule)
            assert answer.location.startswith("/admin/sign-in"), (method, rule.rule)
    assert counts(small_office) == before


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_its_pages_and_no_others(office: Office, role: str) -> None:
    visitor = office.client(role)
    before = counts(office)
    for rule, address, wanted in rules(office.app, "GET"):
        status = visitor.get(address).status_code
        if visitor.account.may(wanted):
            assert status in (200, 303, 404, 422), (rule.rule, status)
        else:
            assert status == 403, (rule.rule, status)
    assert counts(office) == before


@pytest.mark.parametrize("role", ROLES)
def test_a_form_for_a_higher_role_changes_nothing(office: Office, role: str) -> None:
    visitor = office.client(role)
    before = counts(office)
    refused = 0
    for rule, address, wanted in rules(office.app, "POST"):
        if not visitor.account.may(wanted):
            assert visitor.post(address).status_code == 403, rule.rule
            refused += 1
    assert counts(office) == before
    assert (refused == 0) == (role == "admin")


@pytest.mark.parametrize("token", [None, "", "wrong", "İ" * 50])
def test_a_form_without_its_proof_is_refused(office: Office, token: str | None) -> None:
    visitor = office.client("admin")
    before = counts(office)
    for rule, address, _ in rules(office.app, "POST"):
        data = {} if token is None else {"csrf_token": token}
        for act in ("", "disable", "invite", "make", "everywhere", "record", "approve"):
            answer = visitor.client.post(address, data={**data, "act": act})
            assert answer.status_code == 400, rule.rule
            assert "nothing was done" in answer.text
    assert visitor.client.post("/admin/sign-out", data={}).status_code == 400
    assert visitor.get("/admin/").status_code == 200
    assert counts(office) == before


def test_the_proof_of_another_visit_is_refused(office: Office) -> None:
    mine, hers = office.client("recorder"), office.client("admin")
    before = counts(office)
    answer = hers.client.post(
        "/admin/people", data={"act": "invite", "role": "admin", "csrf_token": mine.token}
    )
    assert answer.status_code == 400
    assert counts(office) == before


def test_signing_in_needs_its_proof_too(office: Office) -> None:
    """So that nobody is signed in as somebody else without knowing it."""
    account: Account = office.people["recorder"]
    stranger = office.stranger()
    stranger.get("/admin/sign-in")
    answer = stranger.post("/admin/sign-in", data={"login": account.login, "password": "x"})
    assert answer.status_code == 400


def test_a_role_that_was_lowered_holds_from_the_next_page_on(office: Office) -> None:
    admin, reviewer = office.client("admin"), office.client("reviewer")
    of = f"/admin/people/{reviewer.account.id}"
    assert admin.post(of, {"act": "role", "role": "reader"}).status_code == 303
    assert "(reader)" in reviewer.get("/admin/").text
    assert reviewer.get("/admin/tokens").status_code == 403


def test_a_page_for_nobody_is_told_in_words(small_office: Office) -> None:
    visitor: Visitor = small_office.client("reader")
    for answer in (visitor.get("/admin/no/such"), small_office.stranger().get("/admin/no/such")):
        assert answer.status_code == 404
        assert answer.mimetype == "text/html"


@pytest.mark.parametrize("path", ["/admin/", "/admin/sign-in", "/"])
@pytest.mark.parametrize("cookie", ["", "registry_visit=not.signed.here"])
def test_a_page_says_in_words_that_the_database_is_not_there(
    tmp_path: Path, path: str, cookie: str
) -> None:
    app = create_app(Settings(f"sqlite:///{tmp_path}/none/register.db"))
    answer = app.test_client().get(path, headers={"Cookie": cookie} if cookie else {})
    assert (answer.status_code, answer.mimetype) == (503, "text/html")
    assert "cannot be used just now" in answer.text
    assert answer.headers["Retry-After"]

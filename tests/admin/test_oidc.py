"""Signing in with an organisation's own account, at a provider that may lie."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from werkzeug.test import TestResponse

from registry.admin import oidc
from registry.app import create_app
from registry.settings import Settings
from registry.store import accounts
from registry.store.engine import reading
from tests.admin.office import Office, people
from tests.admin.provider import CLIENT, SECRET, IdentityProvider, served
from tests.api.conftest import Seeded
from tests.conftest import ENGINES

MARTA = {"sub": "42", "name": "Marta Vargas", "email": "marta@example.org", "email_verified": True}


@dataclass
class Joined:
    """A register whose people may sign in with the provider."""

    office: Office
    provider: IdentityProvider

    @property
    def app(self) -> Flask:
        return self.office.app

    def start(self, client: FlaskClient, **query: str) -> str:
        """Where the provider sends her back to, once she agreed."""
        answer = client.get("/admin/sign-in/provider", query_string=query)
        assert answer.status_code == 303, answer.text
        return self.provider.agree(answer.location)

    def sign_in(self, **said: Any) -> tuple[FlaskClient, TestResponse]:
        self.provider.said = {**MARTA, **said}
        client = self.app.test_client()
        return client, client.get(self.start(client))

    def logins(self) -> list[str]:
        with reading(self.office.engine) as conn:
            return sorted(each["login"] for each in accounts.listed(conn))


@pytest.fixture(params=ENGINES)
def joined(request: pytest.FixtureRequest, seeded: Seeded) -> Iterator[Joined]:
    with seeded.copy(request.param) as url, served(IdentityProvider()) as provider:
        settings = Settings(
            url,
            oidc_issuer=provider.url,
            oidc_client_id=CLIENT,
            oidc_client_secret=SECRET,
            oidc_role="recorder",
        )
        app = create_app(settings)
        app.testing = True
        office = Office(app, app.extensions["registry"], {})
        try:
            office.people = people(office.engine)
            yield Joined(office, provider)
        finally:
            office.engine.dispose()


def _refused(joined: Joined, client: FlaskClient, answer: TestResponse) -> None:
    assert answer.status_code == 403, answer.text
    assert "You were not signed in" in answer.text
    assert client.get("/admin/").status_code == 303
    assert "marta@example.org" not in joined.logins()


def test_somebody_new_gets_an_account_of_the_role_set_here(joined: Joined) -> None:
    assert "Go on to your organisation" in joined.app.test_client().get("/admin/sign-in").text
    client, answer = joined.sign_in()
    assert (answer.status_code, answer.location) == (303, "/admin/")
    assert "Marta Vargas" in client.get("/admin/").text
    assert "(recorder)" in client.get("/admin/").text
    before = joined.logins()
    again, _ = joined.sign_in(name="Somebody Else", email="another@example.org")
    assert "Marta Vargas" in again.get("/admin/").text  # known by issuer and subject alone
    assert joined.logins() == before


def test_an_account_that_is_there_is_not_taken_over_by_its_address(joined: Joined) -> None:
    client, answer = joined.sign_in(email="eva@example.org", name="Eva Morales")
    _refused(joined, client, answer)
    assert "does not belong to the provider" in answer.text


def test_an_address_that_nobody_checked_is_not_believed(joined: Joined) -> None:
    joined.sign_in(email_verified=False)
    assert "marta@example.org" not in joined.logins()
    assert "42@127.0.0.1" in joined.logins()


def test_the_name_of_somebody_here_is_not_taken(joined: Joined) -> None:
    client, _ = joined.sign_in(name="Eva Morales")
    assert "Eva Morales (marta@example.org)" in client.get("/admin/").text


def test_a_disabled_person_does_not_come_back_by_the_provider(joined: Joined) -> None:
    joined.sign_in()
    with reading(joined.office.engine) as conn:
        marta = accounts.by_login(conn, "marta@example.org")
    assert marta is not None
    joined.office.client("admin").post(f"/admin/people/{marta.id}", {"act": "disable"})
    client, answer = joined.sign_in()
    assert answer.status_code == 403
    assert client.get("/admin/").status_code == 303


@pytest.mark.parametrize(
    "lies",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another-client"},
        {"aud": "another-client", "azp": CLIENT},
        {"iss": "https://evil.example"},
        {"exp": 1_700_000_000},
        {"sub": ""},
    ],
    ids=str,
)
def test_a_false_word_of_the_provider_is_refused(joined: Joined, lies: dict[str, Any]) -> None:
    joined.provider.lies = lies
    _refused(joined, *joined.sign_in())


def test_a_word_signed_by_somebody_else_is_refused(joined: Joined) -> None:
    joined.provider.signs_with = RSAKey.generate_key(2048, {"kid": "1"})
    _refused(joined, *joined.sign_in())


def test_a_provider_that_calls_itself_something_else_is_refused(joined: Joined) -> None:
    joined.provider.calls_itself = "https://evil.example"
    _refused(joined, *joined.sign_in())


def test_an_answer_that_nobody_waited_for_is_refused(joined: Joined) -> None:
    joined.provider.said = MARTA
    client = joined.app.test_client()
    back = joined.start(client)
    for address in (
        back.replace("state=", "state=x"),
        back.split("&state=")[0],
        "/admin/sign-in/provider/back",
        "/admin/sign-in/provider/back?error=access_denied&error_description=<script>",
    ):
        _refused(joined, client, client.get(address))
    stranger = joined.app.test_client()
    _refused(joined, stranger, stranger.get(back))  # another browser than began
    assert client.get(back).status_code == 303


def test_a_code_is_good_once(joined: Joined) -> None:
    joined.provider.said = MARTA
    client = joined.app.test_client()
    back = joined.start(client)
    before = client.get_cookie("registry_visit")
    assert before is not None
    assert client.get(back).status_code == 303
    thief = joined.app.test_client()
    thief.set_cookie("registry_visit", before.value)
    assert thief.get(back).status_code == 403
    assert thief.get("/admin/").status_code == 303


def test_whoever_comes_back_goes_on_within_this_site(joined: Joined) -> None:
    joined.provider.said = MARTA
    for following, to in (("//evil.example", "/admin/"), ("/admin/account", "/admin/account")):
        client = joined.app.test_client()
        answer = client.get(joined.start(client, next=following))
        assert answer.location == to


def test_without_the_extra_a_line_says_so_and_there_is_no_button(
    joined: Joined, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "find_spec", lambda _: None)
    page = joined.app.test_client().get("/admin/sign-in").text
    assert "agreement-registry[oidc]" in page
    assert "Go on to your organisation" not in page
    assert joined.app.test_client().get("/admin/sign-in/provider").status_code == 404
    assert joined.app.test_client().get("/admin/sign-in/provider/back").status_code == 404


def test_where_there_is_no_provider_nothing_is_offered(small_office: Office) -> None:
    page = small_office.stranger().get("/admin/sign-in").text
    assert "organisation" not in page.split("<main")[1].split("</main")[0]
    assert small_office.stranger().get("/admin/sign-in/provider").status_code == 404

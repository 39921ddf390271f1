"""Looking after people, tokens and the list of who did what."""

import threading
from typing import Any

import pytest
from sqlalchemy import select, update

from registry.store import accounts
from registry.store.engine import reading, writing
from registry.store.people_tables import access, invitation
from tests.admin.office import Office, Visitor, token_of
from tests.api.desk import LIST, SEVERED

NEW = "quiet river under copper bridge"


def invite(admin: Visitor, role: str) -> str:
    """The path of a link that makes an account."""
    assert admin.post("/admin/people", {"act": "invite", "role": role}).status_code == 303
    shown = admin.get("/admin/people").text
    return "/admin/welcome/" + shown.split("/admin/welcome/")[1].split('"')[0]


def accept(office: Office, path: str, **said: str) -> Any:
    client = office.stranger()
    page = client.get(path)
    if page.status_code != 200:
        return page
    form = {"password": NEW, "password_again": NEW, **said, "csrf_token": token_of(page)}
    return client.post(path, data=form)


def make_token(visitor: Visitor, role: str, name: str = "night harvest") -> str:
    said = {"act": "make", "name": name, "role": role, "lasts": "30"}
    assert visitor.post("/admin/tokens", said).status_code == 303
    return "reg_" + visitor.get("/admin/tokens").text.split("reg_")[1].split('"')[0]


def record(office: Office, token: str) -> Any:
    headers = {"Authorization": f"Bearer {token}"}
    return office.stranger().post(LIST, json=SEVERED, headers=headers)


def acts(office: Office) -> list[str]:
    with reading(office.engine) as conn:
        return list(conn.execute(select(access.c.act).order_by(access.c.id)).scalars())


def test_an_invited_person_makes_her_account_once(office: Office) -> None:
    path = invite(office.client("admin"), "reviewer")
    made = accept(office, path, login="Nora@Example.org", name="Nora Paz")
    assert (made.status_code, made.location) == (303, "/admin/")
    assert accept(office, path, login="b@example.org", name="B").status_code == 404
    people = office.client("admin").get("/admin/people").text
    assert "nora@example.org" in people
    assert {"made a link", "accepted a link"} <= set(acts(office))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"login": "ana@example.org", "name": "Nora"}, "There is an account"),
        ({"login": "n", "name": "ana flores"}, "is called ana flores here already"),
        ({"login": "n", "name": "Nora", "password": "short", "password_again": "short"}, "15"),
        (
            {"login": "n", "name": "N", "password": "passwordpassword"},
            "among the passwords that are tried first",
        ),
        ({"login": "n", "name": "Nora", "password_again": "another"}, "not the same"),
        ({"login": "n", "name": ""}, "Expected 1 to 100"),
    ],
)
def test_a_mistake_in_making_an_account_is_told_and_the_link_stays_good(
    small_office: Office, said: dict[str, str], words: str
) -> None:
    path = invite(small_office.client("admin"), "reader")
    answer = accept(small_office, path, **said)
    assert answer.status_code == 422
    assert words in answer.text
    assert accept(small_office, path, login="n@example.org", name="Nora Paz").status_code == 303


def test_a_link_ends_with_its_time_its_withdrawal_and_its_maker(office: Office) -> None:
    admin = office.client("admin")
    late, withdrawn, orphan = (invite(admin, "admin") for _ in range(3))
    with writing(office.engine) as conn:
        rows = conn.execute(select(invitation).order_by(invitation.c.made_at)).all()
        conn.execute(
            update(invitation).where(invitation.c.hash == rows[0].hash).values(expires_at=1)
        )
    admin.post("/admin/people", {"act": "withdraw", "link": rows[1].hash})
    assert accept(office, late).status_code == 404
    assert accept(office, withdrawn).status_code == 404
    admin.post(f"/admin/people/{office.people['reviewer'].id}", {"act": "role", "role": "admin"})
    reviewer = office.client("reviewer")
    reviewer.post(f"/admin/people/{admin.account.id}", {"act": "role", "role": "reader"})
    assert accept(office, orphan, login="x", name="X").status_code == 404


def test_a_new_link_for_a_password_voids_the_last_and_ends_all_visits(office: Office) -> None:
    admin, ana = office.client("admin"), office.client("recorder")
    of = f"/admin/people/{ana.account.id}"
    paths = []
    for _ in range(2):
        admin.post(of, {"act": "link"})
        shown = admin.get(of).text
        paths.append("/admin/welcome/" + shown.split("/admin/welcome/")[1].split('"')[0])
    assert accept(office, paths[0]).status_code == 404
    assert accept(office, paths[1]).status_code == 303
    assert ana.get("/admin/").status_code == 303


@pytest.mark.parametrize("said", [{"act": "disable"}, {"act": "role", "role": "reader"}], ids=str)
def test_the_last_administrator_stays(office: Office, said: dict[str, str]) -> None:
    admin = office.client("admin")
    answer = admin.post(f"/admin/people/{admin.account.id}", said)
    assert answer.status_code == 422
    assert "the last administrator" in answer.text
    assert admin.get("/admin/people").status_code == 200


def test_two_administrators_cannot_send_each_other_away_at_once(office: Office) -> None:
    admin = office.client("admin")
    admin.post(f"/admin/people/{office.people['reviewer'].id}", {"act": "role", "role": "admin"})
    other = office.client("reviewer")
    pairs = ((admin, other), (other, admin))
    threads = [
        threading.Thread(
            target=lambda by, of: by.post(f"/admin/people/{of.account.id}", {"act": "disable"}),
            args=pair,
        )
        for pair in pairs
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with reading(office.engine) as conn:
        assert accounts.any_admin(conn)


def test_a_person_who_is_sent_away_may_come_back_without_her_tokens(office: Office) -> None:
    admin, ana = office.client("admin"), office.client("recorder")
    token = make_token(ana, "recorder")
    of = f"/admin/people/{ana.account.id}"
    admin.post(of, {"act": "disable"})
    assert record(office, token).status_code == 401
    admin.post(of, {"act": "enable"})
    assert record(office, token).status_code == 401
    assert office.client("recorder").get("/admin/").status_code == 200
    assert {"disabled the account", "enabled the account"} <= set(acts(office))


def test_a_token_names_its_owner_and_never_may_more(office: Office) -> None:
    admin, ana = office.client("admin"), office.client("recorder")
    token = make_token(ana, "recorder")
    done = record(office, token)
    assert done.status_code == 201
    found = office.event(done.get_json()["event_id"])
    assert found["recorded_by"] == "Ana Flores (night harvest)"
    assert "never" not in ana.get("/admin/tokens").text.split("<tbody>")[1].split("</tbody>")[0]
    admin.post(f"/admin/people/{ana.account.id}", {"act": "role", "role": "reader"})
    assert record(office, token).status_code == 403


def test_nobody_makes_a_token_above_her_own_role(office: Office) -> None:
    ana = office.client("recorder")
    for role in ("reviewer", "admin", "owner", ""):
        answer = ana.post(
            "/admin/tokens", {"act": "make", "name": "x", "role": role, "lasts": "30"}
        )
        assert answer.status_code == 422
        assert "not above your own" in answer.text


def test_a_token_is_revoked_by_its_owner_or_an_administrator(office: Office) -> None:
    ana, carlos, admin = (office.client(role) for role in ("recorder", "second", "admin"))
    token = make_token(ana, "recorder")
    token_id = ana.get("/admin/tokens").text.split('name="token" value="')[1].split('"')[0]
    assert "night harvest" not in carlos.get("/admin/tokens").text
    assert carlos.post("/admin/tokens", {"act": "revoke", "token": token_id}).status_code == 403
    assert record(office, token).status_code == 201
    assert "night harvest" in admin.get("/admin/tokens").text
    assert admin.post("/admin/tokens", {"act": "revoke", "token": token_id}).status_code == 303
    assert record(office, token).status_code == 401
    assert {"made a token", "revoked a token"} <= set(acts(office))


def test_nobody_ends_the_visit_of_another(office: Office) -> None:
    ana, carlos = office.client("recorder"), office.client("second")
    office.client("recorder")
    hers = ana.get("/admin/account").text.split('name="visit" value="')[1].split('"')[0]
    carlos.post("/admin/account", {"act": "end", "visit": hers})
    assert hers in ana.get("/admin/account").text
    ana.post("/admin/account", {"act": "end", "visit": hers})
    assert hers not in ana.get("/admin/account").text


def test_the_list_tells_who_did_what_page_by_page(office: Office) -> None:
    admin, ana = office.client("admin"), office.client("recorder")
    assert record(office, make_token(ana, "recorder")).status_code == 201
    hers = admin.get("/admin/audit", query_string={"person": "Ana Flores"}).text
    assert "Ana Flores (night harvest)" in hers
    assert "relations: severed" in hers
    assert "made a token" in hers
    assert "Eva Morales" not in hers.split("<tbody>")[1].split("</tbody>")[0]
    rows = 0
    address = "/admin/audit"
    while address:
        page = admin.get(address).text
        rows += page.split("<tbody>")[1].count("<tr>")
        more = page.split('rel="next"')[0].rsplit('href="', 1)[-1].split('"')[0]
        address = more.replace("&amp;", "&") if 'rel="next"' in page else ""
    table = admin.get("/admin/audit.csv").text.splitlines()
    assert rows == len(table) - 1 == office.position() + len(acts(office))


def test_the_list_refuses_days_that_are_none(small_office: Office) -> None:
    admin = small_office.client("admin")
    answer = admin.get("/admin/audit?from=yesterday&to=2026-02-30")
    assert answer.status_code == 422
    assert 'href="#from"' in answer.text
    assert 'href="#to"' in answer.text
    assert "Nothing like that" in admin.get("/admin/audit?to=1999-01-01").text


def test_the_state_shows_settings_and_no_secret(office: Office) -> None:
    page = office.client("admin").get("/admin/state").text
    assert f"number {office.position()}" in page
    assert "in use" in page
    assert "idle minutes" in page
    assert office.engine.url.render_as_string(hide_password=False) not in page
    assert "oidc client secret" not in page

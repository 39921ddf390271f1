"""Signing in and out: cookies, time, floods, and what is never said or kept."""

import logging
import threading
import time
from statistics import median
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from registry.app import create_app
from registry.settings import Settings
from registry.store import visits
from registry.store.engine import reading, writing
from registry.store.people_tables import access, account, attempt, visit
from registry.store.tables import metadata
from tests.admin.office import PASSWORD, Office, Visitor, token_of

SECOND = 1_000_000
COOKIE = "registry_visit"
NEW = "quiet river under copper bridge"


def try_it(
    office: Office, login: str, password: str, address: str = "203.0.113.7", **more: Any
) -> TestResponse:
    """A visit of its own that signs in from an address."""
    client = office.app.test_client()
    env = {"REMOTE_ADDR": address}
    said = {"login": login, "password": password, **more}
    said["csrf_token"] = token_of(client.get("/admin/sign-in", environ_base=env))
    return client.post("/admin/sign-in", data=said, environ_base=env)


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie(COOKIE)
    assert cookie is not None
    return str(cookie.value)


def is_in(app: Flask, cookie: str) -> bool:
    """Whether somebody with this cookie is signed in."""
    client = app.test_client()
    client.set_cookie(COOKIE, cookie)
    return client.get("/admin/").status_code == 200


def age(office: Office, column: str, microseconds: int) -> None:
    with writing(office.engine) as conn:
        conn.execute(update(visit).values({column: visit.c[column] - microseconds}))


def test_a_planted_cookie_is_worth_nothing_after_signing_in(office: Office) -> None:
    planter = office.app.test_client()
    page = planter.get("/admin/sign-in")
    planted = planter.get_cookie(COOKIE)
    assert planted is not None
    victim = office.app.test_client()
    victim.set_cookie(COOKIE, planted.value)
    said = {"login": "ana@example.org", "password": PASSWORD, "csrf_token": token_of(page)}
    assert victim.post("/admin/sign-in", data=said).status_code == 303
    assert victim.get("/admin/").status_code == 200
    assert not is_in(office.app, planted.value)
    forged = victim.post("/admin/account", data={"act": "others", "csrf_token": token_of(page)})
    assert forged.status_code == 400  # the planter's proof


def test_the_cookie_of_another_visit_ends_when_somebody_signs_in_over_it(office: Office) -> None:
    first = office.client("reader")
    old = cookie_of(first)
    link = office.client("admin")
    link.post(f"/admin/people/{first.account.id}", {"act": "link"})
    shown = link.get(f"/admin/people/{first.account.id}").text
    path = "/admin/welcome/" + shown.split("/admin/welcome/")[1].split('"')[0]
    said = {"password": NEW, "password_again": NEW}
    said["csrf_token"] = token_of(first.get(path))
    assert first.client.post(path, data=said).status_code == 303
    assert not is_in(office.app, old)
    assert is_in(office.app, cookie_of(first))


def test_a_visit_is_over_after_signing_out(office: Office) -> None:
    visitor = office.client("recorder")
    cookie = cookie_of(visitor)
    assert is_in(office.app, cookie)
    assert visitor.post("/admin/sign-out").status_code == 303
    assert not is_in(office.app, cookie)
    assert visitor.post("/admin/sign-out").location == "/admin/sign-in"


def test_a_visit_is_over_after_signing_out_everywhere(office: Office) -> None:
    here, there = office.client("recorder"), office.client("recorder")
    cookies = [cookie_of(here), cookie_of(there)]
    here.post("/admin/account", {"act": "others"})
    assert [is_in(office.app, each) for each in cookies] == [True, False]
    here.post("/admin/account", {"act": "everywhere"})
    assert not is_in(office.app, cookies[0])


def test_another_password_ends_every_other_visit_and_renews_this_one(office: Office) -> None:
    here, there = office.client("recorder"), office.client("recorder")
    old = [cookie_of(here), cookie_of(there)]
    said = {"act": "password", "present_password": PASSWORD, "password": NEW}
    answer = here.post("/admin/account", {**said, "password_again": NEW})
    assert answer.status_code == 303
    assert [is_in(office.app, each) for each in old] == [False, False]
    assert here.get("/admin/").status_code == 200
    assert try_it(office, "ana@example.org", PASSWORD).status_code == 403
    assert try_it(office, "ana@example.org", NEW).status_code == 303


def test_a_password_is_changed_only_with_the_present_one(office: Office) -> None:
    visitor = office.client("recorder")
    said = {"act": "password", "password": NEW, "password_again": NEW}
    for _ in range(visits.ATTEMPTS_OF_ACCOUNT):
        answer = visitor.post("/admin/account", {**said, "present_password": "a guess"})
        assert answer.status_code == 422
        assert "not your present password" in answer.text
    answer = visitor.post("/admin/account", {**said, "present_password": PASSWORD})
    assert answer.status_code == 422
    assert "Too many attempts" in answer.text


@pytest.mark.parametrize(
    ("column", "setting"), [("seen_at", "idle"), ("began_at", "whole")], ids=["idle", "whole"]
)
def test_a_visit_is_over_after_its_time(office: Office, column: str, setting: str) -> None:
    cookie = cookie_of(office.client("recorder"))
    lasts = getattr(office.app.extensions["registry.visiting"].limits, setting)
    age(office, column, lasts - 60 * SECOND)
    assert is_in(office.app, cookie)
    age(office, column, lasts)
    assert not is_in(office.app, cookie)


def test_a_disabled_person_is_out_at_once(office: Office) -> None:
    visitor = office.client("recorder")
    office.client("admin").post(f"/admin/people/{visitor.account.id}", {"act": "disable"})
    assert visitor.get("/admin/").status_code == 303
    wrong = try_it(office, "ana@example.org", "not the password at all")
    right = try_it(office, "ana@example.org", PASSWORD)
    assert (right.status_code, "not right" in right.text) == (wrong.status_code, True)


def _set_cookie(answer: TestResponse) -> str:
    return answer.headers["Set-Cookie"]


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(small_office: Office) -> None:
    answer = small_office.stranger().get("/admin/sign-in")
    said = _set_cookie(answer)
    assert said.startswith(f"{COOKIE}=")
    assert "HttpOnly" in said
    assert "SameSite=Lax" in said
    assert "Domain" not in said
    assert "Secure" not in said  # plain HTTP to this very machine
    far = small_office.stranger().get("/admin/sign-in", base_url="http://register.example.org")
    assert "Secure" in _set_cookie(far)
    assert _set_cookie(far).startswith(f"__Host-{COOKIE}=")


def test_https_is_believed_of_a_trusted_proxy_only(small_office: Office) -> None:
    sent = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.9"}
    plain = small_office.stranger().get("/admin/sign-in", headers=sent)
    assert "Strict-Transport-Security" not in plain.headers
    behind = create_app(Settings(str(small_office.engine.url), trusted_proxies=1))
    try:
        told = behind.test_client().get("/admin/sign-in", headers=sent)
        assert "Secure" in _set_cookie(told)
        assert "max-age=" in told.headers["Strict-Transport-Security"]
    finally:
        behind.extensions["registry"].dispose()


@pytest.mark.parametrize(
    "following",
    [
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http://evil.example/admin/",
        "https:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        "\x00//evil.example",
        " //evil.example",
        "evil.example",
        "／／evil.example",
        "%2f%2fevil.example",
    ],
)
def test_nobody_is_led_off_this_site(small_office: Office, following: str) -> None:
    answer = try_it(small_office, "ana@example.org", PASSWORD, next=following)
    assert answer.status_code == 303
    assert answer.location == "/admin/"
    signed_in = small_office.client("reader")
    again = signed_in.get("/admin/sign-in", query_string={"next": following})
    assert again.location == "/admin/"


@pytest.mark.parametrize("following", ["/%2f%2fevil.example", "/admin/account?a=b", "/ｅvil"])
def test_whoever_is_led_on_stays_on_this_site(small_office: Office, following: str) -> None:
    answer = try_it(small_office, "ana@example.org", PASSWORD, next=following)
    assert answer.location.startswith("/")
    assert not answer.location.startswith("//")


def test_a_flood_on_one_account_is_slowed_down_even_with_the_right_password(
    office: Office,
) -> None:
    for number in range(visits.ATTEMPTS_OF_ACCOUNT):
        answer = try_it(office, "ana@example.org", "wrong", f"203.0.113.{number}")
        assert answer.status_code == 403
    answer = try_it(office, " ANA@example.org", PASSWORD, "198.51.100.1")
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1
    with reading(office.engine) as conn:
        noted = conn.execute(select(access.c.about).where(access.c.act.like("many%"))).scalars()
        assert list(noted) == ["ana@example.org"]
    with writing(office.engine) as conn:
        conn.execute(update(attempt).values(at=attempt.c.at - 60 * SECOND))
    assert try_it(office, "ana@example.org", PASSWORD).status_code == 303
    with reading(office.engine) as conn:
        noted = conn.execute(select(access.c.about).where(access.c.act == "signed in")).scalars()
        assert list(noted) == ["ana@example.org, after 5 failed attempts"]


@pytest.mark.parametrize("address", ["203.0.113.7", "2001:db8:1:2::{}"])
def test_a_flood_from_one_place_is_slowed_down_whatever_it_tries(
    small_office: Office, address: str
) -> None:
    with writing(small_office.engine) as conn:
        now = time.time_ns() // 1_000
        for number in range(visits.ATTEMPTS_OF_ADDRESS):
            visits.try_once(conn, f"somebody{number}", address.format(number), now)
    answer = try_it(small_office, "ana@example.org", PASSWORD, address.format(99))
    assert answer.status_code == 429
    assert try_it(small_office, "ana@example.org", PASSWORD, "198.51.100.1").status_code == 303


def test_attempts_at_the_same_time_are_counted_one_by_one(
    hashed_in_earnest: None, office: Office
) -> None:
    statuses: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: statuses.append(try_it(office, "ana@example.org", "wrong").status_code)
        )
        for _ in range(12)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    looked_at = statuses.count(403)
    assert visits.ATTEMPTS_OF_ACCOUNT <= looked_at <= visits.ATTEMPTS_OF_ACCOUNT + 3
    assert looked_at + statuses.count(429) == len(threads)


def test_an_unknown_account_and_a_wrong_password_are_answered_alike(
    hashed_in_earnest: None, small_office: Office
) -> None:
    spent: dict[str, list[float]] = {"ana@example.org": [], "nobody@example.org": []}
    texts = set()
    for _ in range(4):
        for login, times in spent.items():
            began = time.perf_counter()
            answer = try_it(small_office, login, "wrong")
            times.append(time.perf_counter() - began)
            texts.add((answer.status_code, answer.text.split("<main")[1].replace(login, "")))
    assert len({text.split("csrf_token")[0] for _, text in texts}) == 1
    known, unknown = (median(times) for times in spent.values())
    assert 0.4 < known / unknown < 2.5  # a hash takes most of either


def test_no_secret_is_in_a_log_or_a_table(
    office: Office, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    visitor = office.client("admin")
    try_it(office, PASSWORD, "typed into the wrong box")
    visitor.post("/admin/tokens", {"act": "make", "name": "x", "role": "admin", "lasts": "30"})
    token = "reg_" + visitor.get("/admin/tokens").text.split("reg_")[1].split('"')[0]
    assert "reg_" not in visitor.get("/admin/tokens").text.replace(token, "")
    visitor.post("/admin/people", {"act": "invite", "role": "reader"})
    link = visitor.get("/admin/people").text.split("/admin/welcome/")[1].split('"')[0]
    assert link not in visitor.get("/admin/people").text
    api = office.stranger()
    api.post("/api/v1/events", json={}, headers={"Authorization": f"Bearer {token}"})
    secrets = (PASSWORD, token, link, cookie_of(visitor))
    printed = capsys.readouterr()
    with reading(office.engine) as conn:
        everything = [
            str(conn.execute(select(table)).all())
            for table in metadata.sorted_tables
            if table.name in ("access", "attempt", "visit", "account", "api_token", "invitation")
        ]
    for secret in secrets:
        assert all(secret not in text for text in (caplog.text, printed.out, printed.err))
        assert all(secret not in text for text in everything)


def test_the_password_is_kept_as_argon2id(hashed_in_earnest: None, small_office: Office) -> None:
    with reading(small_office.engine) as conn:
        hashes = set(conn.execute(select(account.c.password_hash)).scalars())
    assert all(each.startswith("$argon2id$v=19$m=65536,t=3,p=4$") for each in hashes)

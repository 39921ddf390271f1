"""What hostile people send to the pages of people and access: all refused in words, none kept."""

from typing import Any

import pytest
from sqlalchemy import update

from registry.store.engine import writing
from registry.store.people_tables import access, visit
from tests.admin.office import PASSWORD, Office, token_of
from tests.admin.test_access import counts, rules

SCRIPT = "\"'></title><script>alert(1)</script><img src=x onerror=alert(1)>"
FORMS = ("/admin/account", "/admin/people", "/admin/tokens")


def assert_page(answer: Any, *statuses: int) -> None:
    """Refused with a page in words, without a trace of the program."""
    assert answer.status_code in statuses, (answer.status_code, answer.text[:300])
    assert answer.mimetype == "text/html"
    assert "Traceback" not in answer.text
    assert "sqlalchemy" not in answer.text.lower()


def assert_quoted(text: str) -> None:
    for piece in ("<script>alert", "<img src=x", "\"'></title"):
        assert piece not in text


def test_script_that_is_typed_comes_back_as_text(office: Office) -> None:
    visitor = office.client("admin")
    fields = ("name", "role", "lasts", "act", "present_password", "password", "visit", "link")
    for path in (*FORMS, f"/admin/people/{office.people['reader'].id}"):
        for act in ("", "make", "invite", "password", "role", SCRIPT):
            data = {**dict.fromkeys(fields, SCRIPT), "act": act}
            assert_quoted(visitor.post(path, data, follow_redirects=True).text)
    for name in ("person", "kind", "from", "to", "after", "kept"):
        assert_quoted(visitor.get("/admin/audit", query_string={name: SCRIPT}).text)
    assert_quoted(visitor.get(f"/admin/{SCRIPT}").text)
    stranger = office.stranger()
    said = {"login": SCRIPT, "password": SCRIPT, "next": SCRIPT}
    said["csrf_token"] = token_of(stranger.get("/admin/sign-in"))
    assert_quoted(stranger.post("/admin/sign-in", data=said).text)
    assert_quoted(stranger.get("/admin/sign-in", query_string={"next": "/" + SCRIPT}).text)


def test_script_that_is_kept_comes_back_as_text(office: Office) -> None:
    admin = office.client("admin")
    admin.post("/admin/tokens", {"act": "make", "name": SCRIPT, "role": "admin", "lasts": "30"})
    admin.post("/admin/people", {"act": "invite", "role": "admin"})
    link = admin.get("/admin/people").text.split("/admin/welcome/")[1].split('"')[0]
    guest = office.stranger()
    said = {"name": SCRIPT, "login": SCRIPT, "password": PASSWORD, "password_again": PASSWORD}
    said["csrf_token"] = token_of(guest.get(f"/admin/welcome/{link}"))
    assert guest.post(f"/admin/welcome/{link}", data=said).status_code == 303
    with writing(office.engine) as conn:
        conn.execute(update(visit).values(agent=SCRIPT, address=SCRIPT[:60]))
        conn.execute(update(access).values(address=SCRIPT[:60]))
    for visitor in (admin.client, guest):
        for _, address, _ in rules(office.app, "GET"):
            answer = visitor.get(address)
            if answer.mimetype == "text/csv":  # a browser runs nothing of it, and saves it
                assert answer.headers["Content-Disposition"].startswith("attachment")
            else:
                assert_quoted(answer.text)
    people = admin.get("/admin/people").text
    assert "&lt;script&gt;" in people


def test_a_cell_that_a_spreadsheet_would_compute_is_text(office: Office) -> None:
    admin = office.client("admin")
    name = '=HYPERLINK("http://evil.example";"x")'
    admin.post("/admin/tokens", {"act": "make", "name": name, "role": "admin", "lasts": "30"})
    table = admin.get("/admin/audit.csv?kind=tokens").text
    assert "'=HYPERLINK" in table
    assert table.splitlines()[0].startswith("when,by,reviewed_by,what,about")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"act": "invite", "role": "admin"}', "application/json"),
        (b"act=invite&role=admin&csrf_token=%ff%fe\xff", "application/x-www-form-urlencoded"),
        (b"\xff\xfe\x00", "application/x-www-form-urlencoded"),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x"),
        (b"act=invite", "multipart/form-data"),
        (b"x=" + b"a" * 11_000_000, "application/x-www-form-urlencoded"),
        (b"&".join(b"a=b" for _ in range(20_000)), "application/x-www-form-urlencoded"),
    ],
    ids=["json", "broken-utf8", "bytes", "broken-parts", "no-boundary", "huge", "many"],
)
def test_what_is_no_form_is_refused(office: Office, body: bytes, content_type: str) -> None:
    visitor = office.client("admin")
    before = counts(office)
    for _, address, _ in rules(office.app, "POST"):
        answer = visitor.client.post(address, data=body, content_type=content_type)
        assert_page(answer, 400, 413, 415, 422)
    assert_page(
        office.stranger().post("/admin/sign-in", data=body, content_type=content_type), 400, 413
    )
    assert counts(office) == before


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "\x1b[31m", "\u202egnp", "\ufffd\ud7ff" * 9])
def test_characters_that_are_no_text_are_refused(office: Office, text: str) -> None:
    admin = office.client("admin")
    before = counts(office)
    assert_page(admin.post("/admin/people", {"act": "invite", "role": text}), 422)
    made = admin.post("/admin/tokens", {"act": "make", "name": text, "role": text, "lasts": text})
    assert_page(made, 422)
    admin.post("/admin/people", {"act": "withdraw", "link": text})
    assert_page(admin.post(f"/admin/people/{admin.account.id}", {"act": text}), 422)
    role = {"act": "role", "role": text}
    assert_page(admin.post(f"/admin/people/{admin.account.id}", role), 422)
    assert_page(admin.get("/admin/audit", query_string={"person": text}), 200, 422)
    assert_page(admin.get("/admin/audit", query_string={"after": text, "from": text}), 422)
    assert_page(admin.get(f"/admin/people/{text.replace(chr(0), '%00')}"), 404, 422)
    assert counts(office) == before
    stranger = office.stranger()
    said = {"login": text, "password": text, "next": text}
    said["csrf_token"] = token_of(stranger.get("/admin/sign-in"))
    assert_page(stranger.post("/admin/sign-in", data=said), 403, 422)


def test_pages_cannot_be_framed_sniffed_or_made_to_run_script(office: Office) -> None:
    visitor = office.client("admin")
    for _, address, _ in rules(office.app, "GET"):
        answer = visitor.get(address)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Strict-Transport-Security" not in answer.headers
        if answer.mimetype != "text/html" or answer.status_code == 303:
            continue
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy
        assert answer.headers["Cache-Control"] == "no-store", address
        assert " style=" not in answer.text, address
        assert "<style" not in answer.text, address
        assert "<script>" not in answer.text, address
        assert " onclick=" not in answer.text, address
    safe = visitor.get("/admin/", base_url="https://localhost")
    assert "max-age=31536000" in safe.headers["Strict-Transport-Security"]

"""Every refusal is a problem with the right status that names the field, and the log stays."""

import time

import orjson
import pytest
from sqlalchemy import text

from registry.app import create_app
from registry.record import clock
from registry.settings import Settings
from registry.store import log
from registry.store.engine import writing
from tests.api.desk import LIST, SEVERED, Desk, assert_problem

DEEP = b'{"type": "relations.severed", "note": ' + b"[" * 900 + b"]" * 900 + b"}"
WRONG = [
    ({**SEVERED, "occurred": "2009-13-45"}, "occurred"),
    ({**SEVERED, "occurred": "2008/2005"}, "occurred"),
    ({**SEVERED, "occurred": "99999-01-01"}, "occurred"),
    ({**SEVERED, "type": "relations.slammed"}, "type"),
    ({**SEVERED, "mood": "bitter"}, "mood"),
    ({**SEVERED, "note": "a\x00b"}, "note"),
    ({**SEVERED, "parties": ["BOL", "145"]}, "parties[1]"),
    ({**SEVERED, "parties": ["BOL", "XQZ"]}, "parties[1]"),
    ({**SEVERED, "sources": [{"source": "no-such-source"}]}, "sources[0].source"),
    ({**SEVERED, "expected_version": "three"}, "expected_version"),
    ({name: value for name, value in SEVERED.items() if name != "occurred"}, "occurred"),
    ([], "events"),
    ([SEVERED] * 1_001, "events"),
    ([SEVERED, {**SEVERED, "occurred": "yesterday"}], "events[1].occurred"),
    ([SEVERED, "severed"], "events[1]"),
    ([SEVERED, {**SEVERED, "expected_version": -1}], "events[1].expected_version"),
    ([SEVERED, {**SEVERED, "parties": ["BOL", "XQZ"]}], "events[1].parties[1]"),
    ("severed", "request"),
    (None, "request"),
]


@pytest.mark.parametrize(("said", "field"), WRONG, ids=lambda each: str(each)[:40])
def test_what_is_wrong_in_an_event_is_named_and_nothing_is_written(
    library: Desk, said: object, field: str
) -> None:
    before = library.position()
    assert_problem(library.post(LIST, said), 422, field)
    assert library.position() == before


BROKEN = [
    b"",
    b"{",
    b'{"type": "relations.severed"',
    b'{"type": "relations.severed", "note": NaN}',
    b'{"type": "relations.severed", "note": Infinity}',
    b'{"type": "relations.severed", "type": "relations.established"}',
    b'{"type": "relations.severed", "sources": [{"source": "a", "source": "b"}]}',
    b'{"type": "relations.severed", "note": "\\ud800"}',
    b'{"type": "relations.severed", "\\ud800": 1}',
    b'{"type": "relations.severed", "note": "\xff\xfe"}',
    b'{"type": "relations.severed", "note": "a\x00b"}',
    DEEP,
    b"[" * 100_000,
    b'{"a":' * 5_000 + b"1" + b"}" * 5_000,
    b'{"type": "relations.severed", "n": ' + b"1" * 6_000 + b"}",
]


@pytest.mark.parametrize("body", BROKEN, ids=lambda each: repr(each[:60]))
def test_json_that_two_readers_could_read_differently_is_refused(
    library: Desk, body: bytes
) -> None:
    before = library.position()
    assert_problem(library.send(LIST, body), 422, "body")
    assert library.position() == before


def test_a_nul_character_spelled_out_is_refused(library: Desk) -> None:
    body = orjson.dumps({**SEVERED, "note": "PLACE"}).replace(b"PLACE", b"a\\u0000b")
    assert_problem(library.send(LIST, body), 422, "note")


def test_without_a_token_nobody_writes(library: Desk) -> None:
    before = library.position()
    response = library.post(LIST, SEVERED, token="")
    assert_problem(response, 401)
    assert response.headers["WWW-Authenticate"].startswith("Bearer")
    assert library.position() == before


@pytest.mark.parametrize("token", ["wrong", "reg_" + "x" * 43, "\x7f"])
def test_a_token_that_nobody_made_opens_nothing(library: Desk, token: str) -> None:
    response = library.post(LIST, SEVERED, token=token)
    assert_problem(response, 401)
    assert "invalid_token" in response.headers["WWW-Authenticate"]


def test_another_scheme_than_bearer_opens_nothing(library: Desk) -> None:
    response = library.post(LIST, SEVERED, token="", Authorization="Basic YTpi")
    assert_problem(response, 401)


def test_expired_and_revoked_tokens_open_nothing(embedded: Desk) -> None:
    expired = embedded.make_token("recorder", expires_at=clock() - 1)
    assert_problem(embedded.post(LIST, SEVERED, token=expired), 401)
    with writing(embedded.engine) as conn:
        conn.execute(text("UPDATE api_token SET revoked_at = 1"))
    assert_problem(embedded.post(LIST, SEVERED), 401)


def test_a_reader_may_not_record(embedded: Desk) -> None:
    before = embedded.position()
    assert_problem(embedded.post(LIST, SEVERED, token=embedded.make_token("reader")), 403)
    assert embedded.position() == before
    assert embedded.post(LIST, SEVERED, token=embedded.make_token("admin")).status_code == 201


def test_eleven_megabytes_are_too_many(library: Desk) -> None:
    before = library.position()
    body = b'{"type": "' + b"x" * 11_000_000 + b'"}'
    assert_problem(library.send(LIST, body), 413)
    assert_problem(library.send(LIST, body, token=""), 413)
    assert library.position() == before


def test_an_event_is_json(library: Desk) -> None:
    body = orjson.dumps(SEVERED)
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        assert_problem(library.send(LIST, body, Content_Type=media_type), 415)
    accepted = library.send(LIST, b"{}", Content_Type="application/json; charset=utf-8")
    assert_problem(accepted, 422, "type")


def test_a_route_that_writes_takes_no_parameters(library: Desk) -> None:
    assert_problem(library.post(f"{LIST}?dry_run=1", SEVERED), 422, "dry_run")


@pytest.mark.parametrize("event_id", ["x", "01900000-0000-7000-8000-000000000001", "a%00b"])
@pytest.mark.parametrize("correction", ["amendment", "retraction"])
def test_an_event_that_is_not_there_cannot_be_corrected(
    library: Desk, event_id: str, correction: str
) -> None:
    assert_problem(library.post(f"{LIST}/{event_id}/{correction}", {"reason": "an error"}), 404)


POINTS = [
    ("as_of=99999-01-01", "as_of"),
    ("as_of=Y99999", "as_of"),
    ("as_of=2009-02-30", "as_of"),
    ("as_of=..", "as_of"),
    ("as_of=", "as_of"),
    ("as_of=%00", "as_of"),
    ("as_of=" + "1" * 600, "as_of"),
    ("as_of=2009&as_of=2010", "as_of"),
    ("known_at=yesterday", "known_at"),
    ("known_at=@-1", "known_at"),
    ("known_at=9999-01-01T00:00:00Z", "known_at"),
    ("known_at=2009-13-01T00:00:00Z", "known_at"),
    ("confidence=certain", "confidence"),
    ("confidence=disputed", "confidence"),
    ("asof=2009", "asof"),
]


@pytest.mark.parametrize(("query", "field"), POINTS)
@pytest.mark.parametrize("path", ["relations/BOL/USA", "agreements", "parties/BOL/timeline"])
def test_a_point_of_view_that_is_none_is_refused(
    library: Desk, path: str, query: str, field: str
) -> None:
    assert_problem(library.get(f"/api/v1/{path}?{query}"), 422, field)


QUERIES = [
    ("agreements?kind=handshake", "kind"),
    ("agreements?status=broken", "status"),
    ("agreements?certainty=maybe", "certainty"),
    ("agreements?signed_from=long+ago", "signed_from"),
    ("agreements?signed_to=2012-13", "signed_to"),
    ("agreements?limit=0", "limit"),
    ("agreements?limit=501", "limit"),
    ("agreements?limit=1_0", "limit"),
    ("agreements?limit=+5", "limit"),
    ("agreements?cursor=abc", "cursor"),
    ("agreements?cursor=%F0%9F%8C%8D", "cursor"),
    ("agreements?format=xml", "format"),
    ("agreements?party=145", "party"),
    ("parties?kind=planet", "kind"),
    ("events?type=relations.slammed", "type"),
    ("events?subject=BOL", "subject"),
    ("events?occurred_from=x", "occurred_from"),
    ("events?occurred_to=x", "occurred_to"),
    ("events?after=-1", "after"),
    ("relations/BOL/USA?layer=mood", "layer"),
    ("relations/BOL/USA/changes", "from"),
    ("relations/BOL/USA/changes?from=2008", "to"),
    ("relations/BOL/USA/changes?from=x&to=2012", "from"),
    ("relations/BOL/USA/changes?from=2012&to=2008", "to"),
    ("event-types?as_of=2009", "as_of"),
]


@pytest.mark.parametrize(("path", "field"), QUERIES)
def test_a_question_that_cannot_be_meant_is_refused(library: Desk, path: str, field: str) -> None:
    assert_problem(library.get(f"/api/v1/{path}"), 422, field)


MISSING = [
    "nothing",
    "agreements/no-such-agreement",
    "agreements/no-such-agreement/parties",
    "agreements/no-such-agreement/timeline",
    "agreements/no-such-agreement/events",
    "agreements/a%00b",
    "agreements/a%00b/events",
    "parties/Atlantis",
    "parties/BOL%00",
    "parties/cow:999999",
    "parties/XQZ/relations",
    "relations/BOL/XQZ",
    "events/01900000-0000-7000-8000-000000000001",
    "events/x",
    "events/a%00b",
    "event-types/relations.slammed",
    "relations/BOL/USA?known_at=@99999999",
]


@pytest.mark.parametrize("path", MISSING)
def test_what_is_not_there_is_not_found(library: Desk, path: str) -> None:
    assert_problem(library.get(f"/api/v1/{path}"), 404)


def test_close_names_are_offered_for_an_unknown_one(library: Desk) -> None:
    said = assert_problem(library.get("/api/v1/parties/Bolivia"), 404)
    assert "BOL" in said["offers"]
    said = assert_problem(library.get("/api/v1/event-types/relations.severd"), 404)
    assert said["offers"][0] == "relations.severed"


def test_a_bare_number_is_refused_with_its_readings(library: Desk) -> None:
    said = assert_problem(library.get("/api/v1/parties/145"), 422, "party")
    assert any(each.startswith("cow:145") for each in said["errors"][0]["offers"])


def test_a_method_that_is_not_answered_names_those_that_are(library: Desk) -> None:
    response = library.client.delete("/api/v1/parties/BOL")
    assert_problem(response, 405)
    assert "GET" in response.headers["Allow"]


def test_errors_outside_the_api_are_problems_too(library: Desk) -> None:
    assert_problem(library.get("/nowhere"), 404)
    assert_problem(library.client.post("/healthz"), 405)


def test_a_register_that_is_busy_says_so_and_when_to_come_again(embedded: Desk) -> None:
    app = create_app(Settings(str(embedded.engine.url), lock_timeout_seconds=0.1))
    busy = Desk(app, app.extensions["registry"], embedded.token)
    with writing(embedded.engine) as conn:
        log.hold(conn)
        response = busy.post(LIST, SEVERED)
    assert_problem(response, 503)
    assert response.headers["Retry-After"]
    busy.engine.dispose()


def test_without_its_database_it_says_so(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("gone")
    app = create_app(Settings(f"sqlite:///{folder}/missing/registry.db"))
    desk = Desk(app, app.extensions["registry"])
    for url in ("/api/v1/parties/BOL", "/readyz"):
        response = desk.get(url)
        assert_problem(response, 503)
        assert response.headers["Retry-After"]
    assert desk.get("/healthz").status_code == 200
    unmigrated = create_app(Settings(f"sqlite:///{folder}/empty.db"))
    desk = Desk(unmigrated, unmigrated.extensions["registry"])
    assert_problem(desk.get("/readyz"), 503)
    assert_problem(desk.get("/api/v1/parties/BOL"), 503)
    desk.engine.dispose()


def test_what_nobody_foresaw_is_a_problem_without_a_trace(
    embedded: Desk,
) -> None:
    embedded.app.testing = False
    embedded.app.add_url_rule("/broken", view_func=lambda: str(1 / 0))
    said = assert_problem(embedded.get("/broken"), 500)
    assert "ZeroDivision" not in str(said)


@pytest.mark.parametrize("path", ["/api/v1/parties/", "/api/v1/relations/BOL/", "/relations/BOL/"])
def test_a_name_of_any_length_is_answered_at_once(library: Desk, path: str) -> None:
    library.get(path + "x" * 400)
    began = time.perf_counter()
    assert library.get(path + "x" * 60_000).status_code == 404
    assert time.perf_counter() - began < 1

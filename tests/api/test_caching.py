"""ETags, Accept-Datetime, and what is asked for in which form."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.http import http_date

from registry.projections.write import RULES
from tests.api.desk import SEVERED, Desk, assert_problem

URL = "/api/v1/relations/BOL/USA?as_of=2009-06-01"
EMPTY = "/api/v1/agreements"  # there also before any party was recorded


def test_an_answer_at_hand_is_not_sent_again(library: Desk) -> None:
    first = library.get(URL)
    etag = first.headers["ETag"]
    assert etag.startswith(f'"r{RULES}-')
    again = library.get(URL, If_None_Match=f'"other", {etag}')
    assert again.status_code == 304
    assert again.data == b""
    for name in ("ETag", "Cache-Control", "Vary", "Content-Location"):
        assert again.headers[name] == first.headers[name]
    assert library.get(URL, If_None_Match="*").status_code == 304
    assert library.get(URL, If_None_Match='"other"').status_code == 200


def test_an_answer_at_hand_is_stale_once_something_else_holds(embedded: Desk) -> None:
    url = "/api/v1/relations/BOL/ISR?as_of=2009-06-01"
    etag = embedded.get(url).headers["ETag"]
    embedded.told(SEVERED)
    assert embedded.get(url, If_None_Match=etag).status_code == 200


def test_an_answer_says_how_far_the_log_goes(library: Desk) -> None:
    response = library.get(f"{EMPTY}?known_at=@5")
    assert response.headers["Registry-Position"] == str(library.position())


def test_a_position_to_come_is_not_kept_by_any_cache(library: Desk) -> None:
    response = library.get(f"{URL}&known_at=@{library.position() + 1}")
    assert_problem(response, 404)
    assert response.headers["Cache-Control"] == "no-store"


def test_the_time_asked_for_in_the_header_is_the_time_of_knowledge(embedded: Desk) -> None:
    before = embedded.get(URL)
    known = before.json["known_at"]
    when = datetime.fromisoformat(known["recorded_at"]) + timedelta(seconds=1)
    memento = embedded.get(URL, Accept_Datetime=http_date(when))
    assert memento.json["known_at"] == known
    assert memento.headers["Memento-Datetime"].endswith("GMT")
    assert "Accept-Datetime" in memento.headers["Vary"]
    assert memento.headers["Cache-Control"] == "no-cache"
    assert embedded.get(memento.headers["Content-Location"]).data == memento.data
    assert f'<{URL}>; rel="original timegate"' in memento.headers["Link"]
    early = embedded.get(EMPTY, Accept_Datetime="Thu, 31 May 2007 20:35:00 GMT")
    assert early.json["known_at"]["position"] == 0
    to_come = embedded.get(URL, Accept_Datetime=http_date(datetime.now(UTC) + timedelta(days=9)))
    assert to_come.json["known_at"] == known


def test_a_stated_known_at_goes_before_the_header(library: Desk) -> None:
    head = library.position()
    long_ago = "Thu, 31 May 2007 20:35:00 GMT"
    said = library.get(f"{URL}&known_at=@{head}", Accept_Datetime=long_ago).json
    assert said["known_at"]["position"] == head


@pytest.mark.parametrize(
    "text", ["yesterday", "2007-05-31T20:35:00Z", "", "Thu, 31 May 2007 20:35:00 +0200"]
)
def test_a_header_that_is_no_date_of_http_is_refused(library: Desk, text: str) -> None:
    assert_problem(library.get(URL, Accept_Datetime=text), 400)


def test_what_cannot_be_accepted_is_not_sent(library: Desk) -> None:
    assert_problem(library.get(URL, Accept="text/csv"), 406)
    assert_problem(library.get(URL, Accept="image/png"), 406)
    assert_problem(library.get("/api/v1/agreements", Accept="text/html"), 406)
    for accept in ("application/json", "*/*", "text/html, */*;q=0.1", "application/*"):
        response = library.get("/api/v1/agreements", Accept=accept)
        assert response.mimetype == "application/json"


def test_head_is_get_without_the_body(library: Desk) -> None:
    response = library.client.head(URL)
    assert response.status_code == 200
    assert response.data == b""
    assert response.headers["ETag"] == library.get(URL).headers["ETag"]


def test_an_instant_is_the_last_moment_at_or_before_it(library: Desk) -> None:
    known = library.get(URL).json["known_at"]
    at = known["recorded_at"].replace("+", "%2B")
    assert library.get(f"{URL}&known_at={at}").json["known_at"] == known
    early = library.get(f"{EMPTY}?known_at=1999-01-01T00:00:00%2B02:00").json
    assert early["known_at"]["position"] == 0

"""Each request can be found again in the log by its id, and the log keeps no secrets."""

import orjson
import pytest
from structlog.testing import capture_logs

from tests.api.conftest import Seeded
from tests.api.desk import LIST, SEVERED, Desk, failing_commits
from tests.api.test_serve import served

PAIR = "/api/v1/relations/BOL/USA"


def test_an_id_that_is_sane_is_kept_and_any_other_is_made_anew(library: Desk) -> None:
    assert library.get("/healthz", X_Request_ID="a-1.B_2").headers["X-Request-ID"] == "a-1.B_2"
    made: list[str] = []
    for odd in ("", "a b", "x" * 65, "a=1", "é"):
        made = library.get("/healthz", X_Request_ID=odd).headers.getlist("X-Request-ID")
        assert len(made) == 1
        assert made[0] not in (odd, "")
    assert made != library.get("/healthz").headers.getlist("X-Request-ID")


def test_an_answer_leaves_one_line_with_its_route_and_position_and_nothing_of_the_query(
    library: Desk,
) -> None:
    with capture_logs() as lines:
        answer = library.get(f"{PAIR}?as_of=2009-06-01", X_Request_ID="one")
    (line,) = lines
    assert line.pop("milliseconds") >= 0
    assert line == {
        "event": "answered",
        "log_level": "info",
        "request_id": "one",
        "method": "GET",
        "route": "/api/v1/relations/<a>/<b>",
        "status": 200,
        "position": int(answer.headers["Registry-Position"]),
    }


def test_a_pinned_answer_told_by_its_tag_leaves_a_line_of_its_own_too(library: Desk) -> None:
    pinned = library.get(f"{PAIR}?as_of=2009-06-01").headers["Content-Location"]
    tag = library.get(pinned, X_Request_ID="first").headers["ETag"]
    with capture_logs() as lines:
        again = library.get(pinned, If_None_Match=tag, X_Request_ID="second")
    assert again.status_code == 304
    assert again.headers.getlist("X-Request-ID") == ["second"]
    assert [(each["request_id"], each["status"]) for each in lines] == [("second", 304)]


def test_what_was_not_found_or_refused_is_noted_without_its_address(library: Desk) -> None:
    with capture_logs() as lines:
        library.get("/nowhere/secret-name")
        library.post(LIST, SEVERED, token="not-a-token-of-ours").close()
    answered = [each for each in lines if each["event"] == "answered"]
    assert [each["status"] for each in answered] == [404, 401]
    assert "secret-name" not in str(lines)
    assert "not-a-token-of-ours" not in str(lines)


def test_what_is_recorded_leaves_a_line_once_it_is_committed(desk: Desk) -> None:
    with capture_logs() as lines, failing_commits(desk.engine):
        desk.post(LIST, SEVERED).close()
    assert [each["event"] for each in lines] == ["answered"]
    with capture_logs() as lines:
        position = desk.told(SEVERED)["position"]
    (line,) = [each for each in lines if each["event"] == "recorded"]
    assert (line["position"], line["events"]) == (position, 1)


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_service_writes_its_lines_as_it_was_told(seeded: Seeded, form: str) -> None:
    with seeded.copy("sqlite") as url, served(url, REGISTRY_LOG_FORMAT=form) as service:
        service.ask("GET", "/healthz", X_Request_ID="here")
        service.process.terminate()
        _, err = service.process.communicate(timeout=20)
    (line,) = [each for each in err.splitlines() if "here" in each]
    if form == "json":
        assert orjson.loads(line)["request_id"] == "here"
    else:
        assert "request_id='here'" in line

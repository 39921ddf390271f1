"""A pinned answer asked for again: told from memory just as it would be made, and never an old one."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from registry.app import REVALIDATING
from registry.projections.rebuild import rebuild
from registry.projections.tables import entity
from registry.store.engine import writing
from registry.web import kept
from registry.web.kept import Kept
from registry.web.revalidating import Revalidating
from tests.api.desk import SEVERED, Desk, assert_problem

PAIR = "/api/v1/relations/BOL/USA"
PATHS = (
    *("/relations/BOL/USA", "/relations/BOL/IRN", "/relations/BOL/USA/timeline", "/parties"),
    *("/relations/cow:145/USA", "/parties/BOL", "/parties/BOL/agreements", "/agreements"),
    *("/relations/BOL/XXX", "/relations/BOL/BOL", "/parties/", "/nowhere", "/event-types"),
    *(
        "/agreements/un-single-convention-1961-as-amended",
        "/events",
        "/network",
        "/exports/party-day",
    ),
)
POINTS = (
    *("as_of=2009-06-01", "as_of=2007", "as_of=2009-13-01", "as_of=", ""),
    *("as_of=2009-06-01&confidence=alleged", "as_of=2009-06-01&confidence=sure"),
    *("as_of=2009-06-01&layer=agency_presence", "as_of=2009-06-01&layer=love&layer=hate"),
    *("as_of=2009-06-01&limit=2", "as_of=2009-06-01&format=csv", "as_of=2009-06-01&as_of=2010"),
)
SENT: tuple[dict[str, str], ...] = (
    {},
    {"Accept": "text/csv"},
    {"Accept": "application/json;q=0.5, text/csv"},
    {"Accept": "image/png"},
    {"If-None-Match": '"other"'},
    {"If-Match": '"other"'},
    {"Range": "bytes=0-9"},
    {"Accept-Datetime": "yesterday"},
    {"Host": "other.example"},
)


@pytest.fixture(autouse=True)
def _kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST_OF_ONE", 256 * 1024)


OF_ONE_ANSWER = ("Date", "X-Request-ID")


def _memory(desk: Desk) -> Kept:
    front: Revalidating = desk.app.extensions[REVALIDATING]
    return front._kept


def _answer(
    client: FlaskClient, url: str, headers: dict[str, str], method: str = "GET", base: str = "http"
) -> tuple[int, bytes, list[tuple[str, str]]]:
    host = headers.get("Host", "localhost")
    others = {name: value for name, value in headers.items() if name != "Host"}
    reply = client.open(
        url, method=method, headers=others, base_url=f"{base}://{host}", buffered=True
    )
    return (
        reply.status_code,
        reply.data,
        sorted(h for h in reply.headers if h[0] not in OF_ONE_ANSWER),
    )


def _urls(desk: Desk) -> Iterator[str]:
    head = desk.position()
    for path in PATHS:
        for point in POINTS:
            for known_at in (f"@{head}", f"@{head + 1}", "@x"):
                yield f"/api/v1{path}?{point}&known_at={known_at}"


def test_what_is_asked_again_is_answered_as_if_it_were_made(library: Desk) -> None:
    remembering, seen = library.client, 0
    inner = library.app.wsgi_app._inner  # type: ignore[attr-defined]
    for at, url in enumerate(_urls(library)):
        headers = SENT[(at // 3 + at // (3 * len(POINTS))) % len(SENT)]
        # without headers first, so that there is an answer that might be told wrongly
        asked = [({}, "GET"), (headers, "GET"), (headers, "GET"), (headers, "HEAD")]
        told = [_answer(remembering, url, *each) for each in asked]
        seen += sum(status == 200 for status, _, _ in told)
        through, library.app.wsgi_app = library.app.wsgi_app, inner  # type: ignore[method-assign]
        made = [_answer(library.client, url, *each) for each in asked]
        library.app.wsgi_app = through  # type: ignore[method-assign]
        assert told == made, (url, headers)
    assert seen > 100
    assert len(_memory(library)._answers) > 20


def test_over_https_it_says_what_is_said_over_https(library: Desk) -> None:
    url = f"{PAIR}?as_of=2009-06-01&known_at=@{library.position()}"
    plain, secure = (
        [_answer(library.client, url, {}, base=base) for _ in range(2)]
        for base in ("http", "https")
    )
    assert plain[0] == plain[1]
    assert secure[0] == secure[1]
    assert "Strict-Transport-Security" in dict(secure[1][2])
    assert "Strict-Transport-Security" not in dict(plain[1][2])


def test_an_answer_from_memory_says_how_far_the_log_goes_now(desk: Desk) -> None:
    url = f"{PAIR}?as_of=2009-06-01&known_at=@{desk.position()}"
    first = desk.get(url)
    desk.told(SEVERED)
    again = desk.get(url)
    assert again.data == first.data
    assert again.headers["Registry-Position"] == str(desk.position())
    assert again.headers["Registry-Position"] != first.headers["Registry-Position"]


def test_nothing_from_before_a_rebuild_is_told_after_it(desk: Desk) -> None:
    elsewhere = (
        '{"id": "BOL", "kind": "state", "name": "Elsewhere", "names": [{"name": "Elsewhere"}]}'
    )
    with writing(desk.engine) as conn:
        conn.execute(update(entity).where(entity.c.key == "BOL").values(doc=elsewhere))
    url = f"{PAIR}?as_of=2009-06-01&known_at=@{desk.position()}"
    assert b"Elsewhere" in desk.get(url).data
    with writing(desk.engine) as conn:  # by hand, which nothing but a rebuild would notice
        conn.execute(update(entity).where(entity.c.key == "BOL").values(doc="{}"))
    assert b"Elsewhere" in desk.get(url).data, "it was not kept"
    rebuild(desk.engine, accept=True)
    for _ in range(2):
        assert b"Elsewhere" not in desk.get(url).data


def test_only_a_pinned_answer_that_was_given_is_kept(desk: Desk) -> None:
    head = desk.position()
    for url in (
        PAIR,
        f"{PAIR}?as_of=2009-06-01",
        f"{PAIR}?known_at=@{head}",
        f"{PAIR}?as_of=2009-06-01&known_at=@{head}",
        f"{PAIR}?as_of=2009-13-01&known_at=@{head}",
        f"/api/v1/relations/BOL/XXX?as_of=2009-06-01&known_at=@{head}",
        f"{PAIR}?as_of=2009-06-01&known_at=@{head + 1}",
        f"/api/v1/exports/party-day?as_of=2009-06-01&known_at=@{head}",
    ):
        desk.get(url)
    url = f"{PAIR}?as_of=2010&known_at=@{head}"
    assert_problem(desk.get(url, Accept="image/png"), 406)
    desk.client.head(url)
    kept_now = [key[2] for key in _memory(desk)._answers]
    assert kept_now == [f"as_of=2009-06-01&known_at=@{head}"]


def test_an_answer_that_is_too_large_is_not_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"{PAIR}?as_of=2009-06-01&known_at=@{desk.position()}"
    size = len(desk.get(f"{url}&layer=representation").data)
    monkeypatch.setattr(kept, "MOST_OF_ONE", size)
    assert len(desk.get(url).data) > size
    desk.get(f"{url}&layer=representation&confidence=reported")
    kept_now = [key[2] for key in _memory(desk)._answers]
    assert len(kept_now) == 2
    assert url.partition("?")[2] not in kept_now


def test_memory_is_bounded_and_the_first_to_come_is_the_first_to_go(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def url(year: int) -> str:
        return f"{PAIR}?as_of={year}&known_at=@{desk.position()}"

    desk.get(url(1990))
    monkeypatch.setattr(kept, "MOST", int(_memory(desk).size * 3.9))
    for year in range(1991, 2000):
        desk.get(url(year))
        assert _memory(desk).size <= kept.MOST
    years = [key[2][6:10] for key in _memory(desk)._answers]
    assert years == [str(each) for each in range(2000 - len(years), 2000)]
    assert 0 < len(years) < 10

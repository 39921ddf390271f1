"""A pinned answer that is at hand: told by its tag, without reading; and never told wrongly."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, update

from registry.app import REVALIDATING
from registry.projections.rebuild import rebuild
from registry.projections.tables import entity
from registry.store.engine import writing
from registry.web import opening, revalidating
from tests.api.desk import SEVERED, Desk, assert_problem

PAIR = "/api/v1/relations/BOL/USA"

OF_ONE_ANSWER = ("Date", "X-Request-ID")


@contextmanager
def _statements(desk: Desk) -> Iterator[list[str]]:
    """What SQLAlchemy is told to say to the database meanwhile."""
    said: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    reader = opening.reader(desk.app)
    event.listen(reader, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(reader, "before_cursor_execute", note)


def _pinned(desk: Desk, point: str = "as_of=2009-06-01", path: str = PAIR) -> str:
    return f"{path}?{point}&known_at=@{desk.position()}"


def test_an_answer_at_hand_is_told_without_being_made_again(desk: Desk) -> None:
    url = _pinned(desk, path="/api/v1/agreements")  # it has a next page: a Link
    first = desk.get(url)
    tag = first.headers["ETag"]
    desk.told(SEVERED)
    with _statements(desk) as said:
        for method in (desk.client.get, desk.client.head):
            again = method(url, headers={"If-None-Match": tag})
            assert (again.status_code, again.data) == (304, b"")
            for name in ("ETag", "Cache-Control", "Vary", "Link", "Memento-Datetime"):
                assert again.headers[name] == first.headers[name]
            assert again.headers["X-Content-Type-Options"] == "nosniff"
            assert again.headers["Registry-Position"] == str(desk.position())
            assert "Date" in again.headers
            assert not {"Content-Type", "Content-Length"} & set(again.headers.keys())
    assert not [each for each in said if "span" in each or "entity" in each]


def test_it_is_told_as_by_one_who_was_never_asked_before(desk: Desk) -> None:
    url = _pinned(desk)
    tag = desk.get(url).headers["ETag"]
    remembered = desk.get(url, If_None_Match=tag)
    desk.app.wsgi_app = desk.app.wsgi_app._inner  # type: ignore[attr-defined, method-assign]
    made = desk.get(url, If_None_Match=tag)
    assert made.status_code == remembered.status_code == 304
    assert {n: v for n, v in made.headers.items() if n not in OF_ONE_ANSWER} == {
        n: v for n, v in remembered.headers.items() if n not in OF_ONE_ANSWER
    }


def test_a_tag_says_nothing_of_another_request(library: Desk) -> None:
    url = _pinned(library)
    tag = library.get(url).headers["ETag"]
    assert library.get(url, If_None_Match=tag).status_code == 304
    beyond = f"{PAIR}?as_of=2009-06-01&known_at=@{library.position() + 1}"
    for wrong, status in (
        (f"{url}&colour=red", 422),
        (f"{url}&known_at=@1", 422),
        (url.replace("2009-06-01", "2009-13-01"), 422),
        (url.replace("/USA", "/XXX"), 404),
        (url.replace("/relations/", "/relation/"), 404),
        (beyond, 404),
    ):
        assert_problem(library.get(wrong, If_None_Match=tag), status)
    assert_problem(library.get(url, If_None_Match=tag, Accept="text/csv"), 406)
    assert_problem(library.post(url, {}, If_None_Match=tag), 405)
    for other in (url.replace("2009-06-01", "2007-06-01"), f"{url}&confidence=alleged"):
        answer = library.get(other, If_None_Match=tag)
        assert answer.status_code == 200
        assert answer.headers["ETag"] != tag


def test_a_tag_is_that_of_one_form(library: Desk) -> None:
    url = _pinned(library, path="/api/v1/parties")
    tags = {
        form: library.get(url, Accept=form).headers["ETag"]
        for form in ("application/json", "text/csv")
    }
    for form, tag in tags.items():
        for at_hand, other in tags.items():
            status = 304 if at_hand == form else 200
            assert library.get(url, Accept=form, If_None_Match=other).status_code == status, tag


@pytest.mark.parametrize("at_hand", ['"other", {}', "W/{}", "*"])
def test_any_way_to_say_what_is_at_hand_is_understood(library: Desk, at_hand: str) -> None:
    url = _pinned(library)
    tag = library.get(url).headers["ETag"]
    assert library.get(url, If_None_Match=at_hand.format(tag)).status_code == 304
    assert library.get(url, If_None_Match='"other"').status_code == 200


def test_the_latest_is_looked_at_again_each_time(embedded: Desk) -> None:
    now = embedded.get("/api/v1/relations/BOL/ISR?as_of=2009-06-01").json["known_at"]
    for url in (
        "/api/v1/relations/BOL/ISR?as_of=2009-06-01",
        f"/api/v1/relations/BOL/ISR?known_at=@{now['position']}",  # on which day, is not said
    ):
        with _statements(embedded) as said:
            tag = embedded.get(url).headers["ETag"]
            first = len(said)
            assert embedded.get(url, If_None_Match=tag).status_code == 304
            assert len(said) == 2 * first
    url = "/api/v1/relations/BOL/ISR?as_of=2009-06-01"
    tag = embedded.get(url).headers["ETag"]
    embedded.told(SEVERED)
    assert embedded.get(url, If_None_Match=tag).status_code == 200


def test_what_is_at_hand_is_stale_once_a_rebuild_made_something_else(desk: Desk) -> None:
    with writing(desk.engine) as conn:
        conn.execute(update(entity).where(entity.c.key == "BOL").values(doc=_ELSEWHERE))
    url = _pinned(desk)
    tag = desk.get(url).headers["ETag"]
    assert desk.get(url, If_None_Match=tag).status_code == 304
    rebuild(desk.engine, accept=True)
    answer = desk.get(url, If_None_Match=tag)
    assert answer.status_code == 200
    assert b"Elsewhere" not in answer.data
    assert answer.headers["ETag"] != tag


_ELSEWHERE = '{"id": "BOL", "kind": "state", "name": "Elsewhere", "names": [{"name": "Elsewhere"}]}'


def test_the_address_that_was_remembered_first_is_forgotten_first(
    embedded: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revalidating, "REMEMBERED", 2)
    urls = [_pinned(embedded, f"as_of={year}") for year in (2007, 2008, 2009)]
    tags = [embedded.get(url).headers["ETag"] for url in urls]
    assert len(embedded.app.extensions[REVALIDATING]._given_out) == 2
    for url, tag in zip(urls, tags, strict=True):
        assert embedded.get(url, If_None_Match=tag).status_code == 304

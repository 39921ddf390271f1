"""Only what was asked for at a moment is called a memento."""

from tests.api.desk import Desk, assert_problem


def test_the_last_page_of_a_list_links_nowhere(library: Desk) -> None:
    first = library.get("/api/v1/agreements?limit=8")
    second = library.get(first.headers["Link"].split(">")[0].lstrip("<"))
    assert len(second.json["items"]) == 1
    assert "Link" not in second.headers
    assert "Memento-Datetime" not in second.headers


def test_which_of_the_two_parties_is_named_wrongly_is_said(library: Desk) -> None:
    assert_problem(library.get("/api/v1/relations/145/USA"), 422, "a")
    assert_problem(library.get("/api/v1/relations/USA/145"), 422, "b")

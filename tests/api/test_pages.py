"""The pages beside the API: the way in, and the documentation that loads nothing from outside."""

import re
from html.parser import HTMLParser

from tests.api.desk import Desk


class References(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its parent's
        self.found += [value for name, value in attrs if name in ("href", "src") and value]


def test_the_documentation_loads_nothing_from_outside(library: Desk) -> None:
    for url in ("/docs", "/docs/"):
        page = library.get(url)
        assert page.status_code == 200
        reader = References()
        reader.feed(page.text)
        assert reader.found
        for each in reader.found:
            assert each.startswith("/docs/"), each
            with library.get(each) as file:
                assert file.status_code == 200, each
        assert '"validatorUrl": null' in page.text
        assert '"url": "/openapi.json"' in page.text
        assert not re.findall(r"https?://", page.text)


def test_every_link_of_the_way_in_answers(library: Desk) -> None:
    reader = References()
    reader.feed(library.get("/").text)
    assert len([each for each in reader.found if each.startswith(("/api/", "/docs"))]) >= 3
    for each in reader.found:
        if not each.startswith("#"):
            assert library.get(each).status_code in (200, 303), each


def test_the_api_lists_its_routes(library: Desk) -> None:
    items = library.get("/api/v1").json["items"]
    paths = {(each["path"], method) for each in items for method in each["methods"]}
    assert ("/api/v1/relations/{a}/{b}", "GET") in paths
    assert ("/api/v1/events", "POST") in paths
    assert all(each["summary"] for each in items)


def test_it_is_well(library: Desk) -> None:
    assert library.get("/healthz").json == {"status": "ok"}
    assert library.get("/readyz").json == {"status": "ready"}


def test_nothing_is_guessed_from_content(library: Desk) -> None:
    for url in ("/", "/docs", "/api/v1/parties/BOL", "/nowhere"):
        assert library.get(url).headers["X-Content-Type-Options"] == "nosniff"

"""The published document is valid, names every route, and the answers are as it says."""

import re
from functools import cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from registry.described import example
from registry.domain.catalogue import CATALOGUE
from tests.api.desk import LIST, SEVERED, Desk, Reply
from tests.api.test_pinned import AT, SINGLE, _urls

_DOCUMENTS: dict[int, dict[str, Any]] = {}


def document(desk: Desk) -> dict[str, Any]:
    if id(desk.app) not in _DOCUMENTS:
        _DOCUMENTS[id(desk.app)] = desk.get("/openapi.json").json
    return _DOCUMENTS[id(desk.app)]


def test_the_document_is_valid(library: Desk) -> None:
    said = document(library)
    assert said["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(said).validate()


def test_every_route_is_in_it(library: Desk) -> None:
    told = {
        (path, method.upper())
        for path, methods in document(library)["paths"].items()
        for method in methods
        if method != "parameters"
    }
    there = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method)
        for rule in library.app.url_map.iter_rules()
        if rule.rule.startswith(("/api", "/healthz", "/readyz", "/metrics"))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert told == there


def test_every_operation_is_told_in_full(library: Desk) -> None:
    operations = [
        (path, each)
        for path, methods in document(library)["paths"].items()
        for method, each in methods.items()
        if method != "parameters"
    ]
    names = [each["operationId"] for _, each in operations]
    assert len(set(names)) == len(names)
    for path, each in operations:
        assert each["summary"], path
        for parameter in each.get("parameters", ()):
            assert parameter["description"], (path, parameter)
        for status, answer in each["responses"].items():
            if status.isdigit() and int(status) >= 400:
                assert set(answer["content"]) == {"application/problem+json"}


def test_writing_needs_a_bearer_and_takes_an_event_or_a_list(library: Desk) -> None:
    said = document(library)
    assert said["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"
    post = said["paths"][LIST]["post"]
    assert post["security"] == [{"bearer": []}]
    body = post["requestBody"]["content"]["application/json"]["schema"]
    assert [each.get("$ref", each.get("type")) for each in body["oneOf"]] == [
        "#/components/schemas/Event",
        "array",
    ]
    event = said["components"]["schemas"]["Event"]
    assert event["discriminator"]["propertyName"] == "type"
    assert event["discriminator"]["mapping"].keys() == CATALOGUE.keys()


@pytest.mark.parametrize("name", sorted(CATALOGUE))
def test_the_example_of_every_type_is_as_its_component_says(library: Desk, name: str) -> None:
    _validator(library, name).validate(example(CATALOGUE[name], whole=True))


def _validator(desk: Desk, name: str) -> Draft202012Validator:
    said = document(desk)
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": said["components"]}
    )


def _assert_as_told(desk: Desk, path: str, method: str, response: Reply) -> None:
    answers = document(desk)["paths"][path][method]["responses"]
    assert str(response.status_code) in answers, (path, response.status_code)
    told = answers[str(response.status_code)]["content"][response.mimetype]["schema"]
    if response.mimetype in ("text/csv", "text/plain"):
        return
    schema = {**told, "components": document(desk)["components"]}
    errors = [
        f"{error.json_path}: {error.message[:200]}"
        for error in Draft202012Validator(schema).iter_errors(response.json)
    ]
    assert not errors, (path, errors[:5])


@cache
def _patterns(paths: tuple[str, ...]) -> list[tuple[re.Pattern[str], str]]:
    """Paths without parameters first."""
    ordered = sorted(paths, key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"\{\w+\}", "[^/]+", path)), path) for path in ordered]


def _path_of(desk: Desk, url: str) -> str:
    plain = url.split("?", maxsplit=1)[0]
    paths = _patterns(tuple(document(desk)["paths"]))
    return next(path for pattern, path in paths if pattern.fullmatch(plain))


OTHERS = [
    AT,
    f"{AT}/event-types",
    f"{AT}/event-types/relations.severed",
    f"{AT}/agreements?as_of=99999-01-01",
    f"{AT}/agreements?format=csv",
    f"{AT}/parties/BOLIVIA",
    f"{AT}/agreements/{SINGLE}/parties?as_of=1961",
    f"{AT}/agreements/{SINGLE}/parties?as_of=2005&confidence=confirmed",
    f"{AT}/parties/CSK?as_of=1990",
    f"{AT}/parties/SRB",
    f"{AT}/relations/BOL/USA?as_of=1943/2012&confidence=alleged",
    f"{AT}/relations/CSK/USA?as_of=2005",
    f"{AT}/log/checkpoint",
    f"{AT}/log/keys",
    f"{AT}/log/events/1/proof",
    f"{AT}/log/events/0/proof",
    f"{AT}/log/consistency?from=3&to=7",
    f"{AT}/log/consistency?from=9",
    "/healthz",
    "/readyz",
]


def test_answers_are_as_the_document_says(library: Desk) -> None:
    for url in [
        *_urls(),
        *(f"{each}&confidence=alleged" for each in _urls() if "?" in each),
        *OTHERS,
    ]:
        _assert_as_told(library, _path_of(library, url), "get", library.get(url))


def test_every_event_is_as_the_document_says(library: Desk) -> None:
    items: list[dict[str, Any]] = []
    while found := library.get(f"{LIST}?limit=500&after={len(items)}").json["items"]:
        items += found
    validator = _validator(library, "RecordedEvent")
    for each in items:
        validator.validate(each)
    for each in items[::97]:
        response = library.get(f"{LIST}/{each['event_id']}")
        _assert_as_told(library, f"{LIST}/{{event_id}}", "get", response)


def test_receipts_and_refusals_are_as_the_document_says(embedded: Desk) -> None:
    first = embedded.post(LIST, {**SEVERED, "occurred": "1820"})
    for response in (
        first,
        embedded.post(LIST, [SEVERED, SEVERED]),
        embedded.post(LIST, {}),
        embedded.post(LIST, SEVERED, token=""),
        embedded.post(LIST, SEVERED, token=embedded.make_token("reader")),
        embedded.post(LIST, SEVERED, If_Match="x"),
        embedded.post(LIST, {**SEVERED, "expected_version": 99}),
        embedded.send(LIST, b"", Content_Type="text/plain"),
    ):
        _assert_as_told(embedded, LIST, "post", response)
    for word, said in (
        ("amendment", {"event": SEVERED, "reason": "a misprint"}),
        ("retraction", {"reason": "an error"}),
    ):
        url = f"{LIST}/{first.json['event_id']}/{word}"
        response = embedded.post(url, said)
        assert response.status_code == 201
        _assert_as_told(embedded, f"{LIST}/{{event_id}}/{word}", "post", response)

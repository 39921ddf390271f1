"""Every route of the OpenAPI document, asked by somebody who sends whatever its schema allows, and
what it does not: no 5xx, and no answer that the document does not tell of.
"""

import os
from collections import Counter
from typing import Any, Final

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from registry.app import create_app
from registry.settings import Settings
from registry.store import log
from registry.store.engine import reading
from registry.store.verify import verify
from tests.api.desk import Desk

EXAMPLES: Final = int(os.environ.get("EXAMPLES", "6"))
BROKEN: Final = not_a_server_error
NOBODY: Final = "0 are following the log here already"
"""What who would wait for events is told where nobody may: the one 503 that is an answer."""
CHECKS: Final = (
    BROKEN,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)


def asked(desk: Desk, examples: int) -> dict[str, Counter[int]]:
    """How often each operation answered what; raises for the first answer that is not told of."""
    token = desk.make_token("admin")
    # Nobody may wait here: of all that is sent, much would ask for half a minute.
    app = create_app(Settings(desk.engine.url.render_as_string(hide_password=False), followers=0))
    document = schemathesis.openapi.from_wsgi("/openapi.json", app)
    every: list[Any] = [found.ok() for found in document.get_all_operations()]  # type: ignore[union-attr]  # an Err is a red test
    try:
        return {each.label: _asked(each, token, examples) for each in every}
    finally:
        app.extensions["registry"].dispose()


def _asked(operation: Any, token: str, examples: int) -> Counter[int]:
    statuses = Counter[int]()

    @hypothesis.given(case=operation.as_strategy())
    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.explicit, Phase.generate],
    )
    def ask(case: Any) -> None:
        response = case.call(headers={"Authorization": f"Bearer {token}"})
        if response.status_code == 503 and NOBODY in response.text:
            assert response.headers["retry-after"]
            case.validate_response(response, checks=[c for c in CHECKS if c is not BROKEN])
            return
        statuses[response.status_code] += 1
        case.validate_response(response, checks=list(CHECKS))

    ask()
    return statuses


def test_no_route_fails_and_none_answers_what_it_does_not_tell_of(desk: Desk) -> None:
    answered = asked(desk, EXAMPLES)
    assert len(answered) > 25
    assert all(each for each in answered.values()), "a route that was never asked"
    assert not [s for each in answered.values() for s in each if s >= 500]
    with reading(desk.engine) as conn:
        assert verify(conn).sound
        assert log.head(conn).position >= 1_000


@pytest.mark.long
def test_no_route_fails_however_long_it_is_asked(desk: Desk) -> None:
    answered = asked(desk, 400)
    assert not [s for each in answered.values() for s in each if s >= 500]

"""A store for each test, on both engines."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.store.given import opened


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """An empty, migrated store."""
    with opened(database_url) as engine:
        yield engine

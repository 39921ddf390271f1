"""The seeded register, as the tests of the API have it."""

from tests.api.conftest import desk, embedded, library, seeded
from tests.store.conftest import engine

__all__ = ["desk", "embedded", "engine", "library", "seeded"]

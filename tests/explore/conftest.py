"""The seeded register, as the tests of the API have it."""

from tests.api.conftest import desk, embedded, library, seeded

__all__ = ["desk", "embedded", "library", "seeded"]

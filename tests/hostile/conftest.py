"""The seeded register, as the tests of the API have it."""

from tests.api.conftest import desk, seeded

__all__ = ["desk", "seeded"]

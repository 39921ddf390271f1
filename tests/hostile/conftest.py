"""The seeded register, as the tests of the API have it."""

from tests.api.conftest import _made_each_time, desk, seeded

__all__ = ["_made_each_time", "desk", "seeded"]

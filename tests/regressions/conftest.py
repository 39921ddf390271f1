"""The seeded registers of the tests of the API, on SQLite and PostgreSQL."""

from tests.api.conftest import desk, embedded, library, seeded

__all__ = ["desk", "embedded", "library", "seeded"]

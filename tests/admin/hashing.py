"""Passwords hashed with the least work that argon2 allows, or with all of it."""

from collections.abc import Iterator
from typing import Final

import pytest
from argon2 import PasswordHasher

from registry.admin import passwords
from tests.admin import office

IN_EARNEST: Final = passwords._hasher
"""What the register hashes with; a fifth of a second each time."""


@pytest.fixture(scope="session", autouse=True)
def hashed_quickly() -> Iterator[None]:
    """Nearly every test signs somebody in, and few are about how hard a password is to guess."""
    with pytest.MonkeyPatch.context() as patch:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        patch.setattr(passwords, "_hasher", quick)
        yield


@pytest.fixture
def hashed_in_earnest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ask for it before the office, whose people have passwords from the start."""
    monkeypatch.setattr(passwords, "_hasher", IN_EARNEST)
    monkeypatch.setattr(office, "_HASHES", [])

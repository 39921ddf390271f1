"""A register with the background on record: on a PostgreSQL of a test's own, and in a file."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.disk import Disk
from tests.scale.conftest import template
from tests.store.given import opened, recorded_background

__all__ = ["template"]

PutOn = Callable[[Disk], str]


@pytest.fixture
def put_on(fresh_database_url: Callable[[str], str]) -> PutOn:
    """`put_on(disk)`: the URL of a SQLite register there."""

    def put(disk: Disk) -> str:
        url = fresh_database_url("sqlite")
        with opened(url) as engine:
            recorded_background(engine)
        file = shutil.copy(Path(url.removeprefix("sqlite:///")), disk.folder / "registry.db")
        return f"sqlite:///{file}"

    return put

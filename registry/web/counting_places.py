"""The place at which a worker counts. Whoever comes after one that died counts on in its place.

What is counted stands in files, one set for each place. Were each process to have its own, those of
dead workers would pile up, and could not be deleted: the sum of a counter may not go down.
"""

import fcntl
import os
from pathlib import Path
from typing import Final

_TAKEN: Final[dict[int, tuple[int, int]]] = {}
"""By process its place, and the open file whose lock says so: the lock goes when the process does."""


def place_in(folder: Path) -> int:
    """The first place in the folder that no other living process has, kept as long as this one lives."""
    process = os.getpid()
    if process not in _TAKEN:
        _TAKEN.clear()  # a copy of another process has no part in its place
        _TAKEN[process] = _take(folder)
    return _TAKEN[process][0]


def _take(folder: Path) -> tuple[int, int]:
    place = 0
    while True:
        file = os.open(folder / f"place-{place}", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            place += 1
        else:
            return place, file

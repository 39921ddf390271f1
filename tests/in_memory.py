"""Where the databases of a run lie: in memory where the system has room for files there.

Nothing of them is to outlive the run, and each commit would wait for the disk.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

_MEMORY: Final = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
_ROOM: Final = 2 * 1024**3
"""So much must be free. A container often has 64 MB in all."""


@contextmanager
def folder_of_the_run(prefix: str) -> Iterator[Path]:
    """A folder with a short name, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=_MEMORY if _has_room() else None))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _has_room() -> bool:
    return (
        _MEMORY.is_dir()
        and os.access(_MEMORY, os.W_OK | os.X_OK)
        and shutil.disk_usage(_MEMORY).free >= _ROOM
    )

"""A small disk of a test's own, which is filled or set to read only for real."""

import errno
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

_CAP_SYS_ADMIN: Final = 21
_A_PIECE: Final = 64 * 1024


@dataclass(frozen=True)
class Disk:
    folder: Path

    def fill(self) -> None:
        """Not a byte more fits."""
        with self._ballast.open("ab", buffering=0) as file:
            for piece in (_A_PIECE, 512):
                try:
                    while file.write(b"x" * piece):
                        pass
                except OSError as full:
                    if full.errno != errno.ENOSPC:
                        raise

    def make_room(self) -> None:
        self._ballast.unlink()

    def remount(self, how: str) -> None:
        """`ro` or `rw`; refused by the system while somebody has a file open for writing."""
        _run("mount", "-o", f"remount,{how}", str(self.folder))

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"


@contextmanager
def mounted(megabytes: int) -> Iterator[Disk]:
    """Skips the test where this process may not mount."""
    if not _may_mount():
        pytest.skip("this process may not mount a disk: run as root, with CAP_SYS_ADMIN")
    folder = Path(tempfile.mkdtemp(prefix="disk-"))
    try:
        _run("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=755", "tmpfs", str(folder))
        try:
            yield Disk(folder)
        finally:
            _run("umount", "--lazy", str(folder))
    finally:
        shutil.rmtree(folder)


def _run(program: str, *said: str) -> None:
    subprocess.run([str(shutil.which(program)), *said], check=True)


def _may_mount() -> bool:
    try:
        status = Path("/proc/self/status").read_text()
    except OSError:
        return False
    (effective,) = [line.split()[1] for line in status.splitlines() if line.startswith("CapEff:")]
    return bool(int(effective, 16) >> _CAP_SYS_ADMIN & 1) and shutil.which("mount") is not None

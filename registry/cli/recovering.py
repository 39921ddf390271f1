"""A backup of the whole register, and a backup back into an empty one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

import click

from registry.cli.shell import Refused, progress_bar, settings, store

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_FILE)
@click.option("--replace", is_flag=True, help="Put it in the place of a file that is there.")
def backup(file: Path, replace: bool) -> None:
    """Write everything that a restore needs into FILE, while the register goes on serving.

    Log, people, tokens (as hashes), drafts, uploads and who did what; nobody's visit. Only its
    owner can read the file: it holds password hashes and the key that signs cookies.
    """
    from registry.ingest.backing_up import back_up

    with store(settings()) as engine, _put_in_place(file, replace) as out:
        done = back_up(engine, out, progress_bar)
    click.echo(f"backed up {done.positions} events, root {done.root}, and {done.rows} rows beside")


@click.command()
@click.argument("file", type=_FILE)
def restore(file: Path) -> None:
    """Take a backup into an empty, migrated database of either engine.

    All of it is checked and kept in one transaction: broken off, the database is as empty as it
    was, and the restore can be run again.
    """
    from registry.ingest.backing_up import restore_backup

    try:
        source = file.open("rb")
    except OSError as error:
        raise Refused(f"cannot read {file}: {error.strerror}") from None
    with source, store(settings()) as engine:
        done = restore_backup(engine, source, file.stat().st_size, progress_bar)
    click.echo(
        f"restored {done.positions} events, root {done.root}, and {done.rows} rows beside; "
        "the log is sound"
    )


@contextmanager
def _put_in_place(file: Path, replace: bool) -> Iterator[BinaryIO]:
    """The file under another name, readable by its owner only; under its own once it is on disk."""
    _refuse_there(file, replace)
    try:
        handle, name = tempfile.mkstemp(".part", f".{file.name}.", file.parent)
        part = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                yield out
                out.flush()
                os.fsync(out.fileno())
            _refuse_there(file, replace)
            part.replace(file)
            folder = os.open(file.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        finally:
            with suppress(FileNotFoundError):
                part.unlink()
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None


def _refuse_there(file: Path, replace: bool) -> None:
    if file.exists() and not replace:
        raise Refused(f"{file} is there already: name another, or give --replace")

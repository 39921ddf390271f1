"""Files out: the whole log, tables of what held, and a log back into an empty register."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from registry.cli.shell import Refused, progress_bar, settings, store
from registry.domain.errors import RegistryError

_FILE = click.Path(path_type=Path, dir_okay=False, allow_dash=True)


@click.command()
@click.argument("file", metavar="[FILE|-]", type=_FILE, default=Path("-"))
def export(file: Path) -> None:
    """Write the whole log as lines of JSON, with a last line that seals it.

    `registry import-log` takes it back, on either database, as the very same log.
    """
    from registry.projections.write import RULES
    from registry.store.engine import reading
    from registry.store.exporting import lines

    count = 0
    with (
        store(settings()) as engine,
        reading(engine) as conn,
        progress_bar("exporting") as progress,
        written(file) as out,
    ):
        for line in lines(conn, RULES, progress):
            out.write(line)
            count += 1
    click.echo(f"wrote {count - 1} events", err=True)


@click.command("import-log")
@click.argument("file", metavar="FILE|-", type=_FILE)
def import_log(file: Path) -> None:
    """Take an exported log into an empty register: positions, hashes and times stay as they were.

    Every hash is checked before anything is kept; then the projections are built.
    """
    from registry.ingest.restoring import restore
    from registry.projections.dropping import drop_generations
    from registry.projections.rebuild import rebuild

    with store(settings()) as engine:
        with _opened(file) as (source, size), progress_bar("reading the log") as progress:
            done = restore(engine, source, lambda at: progress(at, max(size, at)))
        click.echo(f"restored {done.positions} events, root {done.root}")
        try:
            with progress_bar("building the projections") as progress:
                rebuild(engine, accept=True, progress=progress)
        except (KeyboardInterrupt, RegistryError) as stopped:
            why = str(stopped) or "broken off"
            raise Refused(
                f"the log is restored, its projections are not built yet ({why}): "
                "run `registry rebuild --accept`"
            ) from None
        drop_generations(engine, "old")
        click.echo("the projections are built")


@contextmanager
def written(file: Path) -> Iterator[BinaryIO]:
    """The file, there only once it is whole; standard output for `-`."""
    if str(file) == "-":
        yield sys.stdout.buffer
        return
    part = file.with_name(f"{file.name}.part")
    try:
        with part.open("wb") as out:
            yield out
        part.replace(file)
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def _opened(file: Path) -> Iterator[tuple[BinaryIO, int]]:
    """The file and its size in bytes, 0 where it is not known."""
    if str(file) == "-":
        if sys.stdin.isatty():
            raise Refused("expected a log on standard input, or the name of a file")
        yield sys.stdin.buffer, 0
        return
    try:
        with file.open("rb") as source:
            yield source, file.stat().st_size
    except OSError as error:
        raise Refused(f"cannot read {file}: {error.strerror}") from None

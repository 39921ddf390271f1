"""Files in: public datasets, and tables of events."""

import csv
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import astuple, fields
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.shell import Refused, progress_bar, settings, store
from registry.domain.errors import Invalid

if TYPE_CHECKING:
    from registry.ingest.importing import Imported, Line
    from registry.ingest.profile import Profile

_TABLES = ("csv", "xlsx", "jsonl")


class _Importing(click.Command):
    """Lists the profiles that there are, when asked for help."""

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from registry.ingest import profiles

        with formatter.section("Profiles"):
            formatter.write_dl([(name, profiles.profile(name).title) for name in profiles.names()])


@click.command("import", cls=_Importing)
@click.argument("what", metavar="PROFILE")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--type", "type_", metavar="TYPE", help="csv, xlsx: the type of every row.")
@click.option("--report", metavar="FILE.csv", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Do all of it, show the same report, keep nothing.")
@click.option("--amend", is_flag=True, help="Record what the dataset says otherwise now.")
def import_(
    what: str, path: Path, type_: str | None, report: Path | None, *, dry_run: bool, amend: bool
) -> None:
    """Take in a dataset: PROFILE is one of those below (PATH: its folder), or csv, xlsx, jsonl
    (PATH: a file of events; `registry template` writes an empty one).

    Every row is accounted for: imported, already there, held for a person, or refused. Repeating
    an import adds nothing; one that was broken off is taken up again.
    """
    from registry.ingest.importing import Imported, run
    from registry.settings import seeds_dir

    profile, folder = _profile(what, path, type_)
    done = Imported()
    with store(settings()) as engine, _reporting(report) as write:
        try:
            with progress_bar(f"importing {profile.name}") as progress:
                run(
                    engine,
                    profile,
                    folder,
                    aliases_in=seeds_dir() / "aliases",
                    dry_run=dry_run,
                    amend=amend,
                    report=write,
                    progress=progress,
                    done=done,
                )
        except KeyboardInterrupt:
            _tell(done)
            click.echo("broken off; what is told above is recorded. Repeat it to go on", err=True)
            raise SystemExit(130) from None
    _tell(done)
    if dry_run:
        click.echo("a dry run: nothing was kept")


@click.command()
@click.argument("type_", metavar="TYPE")
@click.option("--format", "kind", type=click.Choice(["csv", "xlsx"]), default="csv")
@click.option("--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False))
def template(type_: str, kind: str, out: Path | None) -> None:
    """Write an empty table for events of a type, with hints: its columns are those of an import."""
    from registry.ingest.template import template as written

    content = written(type_, kind)
    if out is not None:
        out.write_bytes(content)
        click.echo(f"wrote {out}")
    elif kind == "xlsx" and sys.stdout.isatty():
        raise Refused("a workbook is not for a terminal: name a file with --out")
    else:
        sys.stdout.buffer.write(content)


def _profile(what: str, path: Path, type_: str | None) -> "tuple[Profile, Path]":
    from registry.ingest import profiles

    if what in _TABLES:
        from registry.ingest.generic import generic_profile

        return generic_profile(what, path, type_), path.parent
    if type_:
        raise Invalid("only for csv and xlsx: a profile says itself what its rows are", "--type")
    found = profiles.profile(what)
    if not path.is_dir():
        raise Invalid(f"not a folder: {path} (expected the one that holds {found.files[0].name})")
    return found, path


@contextmanager
def _reporting(path: Path | None) -> "Iterator[Callable[[Line], None]]":
    """Where the report's lines go: the file, or nowhere."""
    from registry.described.cells import guarded
    from registry.ingest.importing import Line

    with ExitStack() as stack:
        if path is None:
            yield lambda _line: None
            return
        try:
            file = stack.enter_context(path.open("w", encoding="utf-8", newline=""))
        except OSError as error:
            raise Refused(f"cannot write {path}: {error.strerror}") from None
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([each.name for each in fields(Line)])
        yield lambda line: writer.writerow([guarded(cell) for cell in astuple(line)])


def _tell(done: "Imported") -> None:
    from registry.ingest.importing import IMPORTED, PRESENT, STATES

    told = ", ".join(f"{done.rows[state]} {state}" for state in STATES)
    click.echo(f"{done.total} rows: {told}")
    click.echo(f"events: {done.events[IMPORTED]} recorded, {done.events[PRESENT]} already there")

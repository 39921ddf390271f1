"""Check the log and the projections, and make the projections anew."""

from typing import TYPE_CHECKING

import click

from registry.cli.shell import Refused, progress_bar, settings, store

if TYPE_CHECKING:
    from collections.abc import Iterable


@click.command()
@click.option("--accept", is_flag=True, help="Switch although something differs.")
@click.option("--drop-old", is_flag=True, help="Build nothing: drop what earlier rebuilds kept.")
def rebuild(accept: bool, drop_old: bool) -> None:
    """Build every projection anew from the log, beside the live ones, and switch.

    Readers and writers go on meanwhile. Broken off, it goes on where it stopped. What was live
    before is kept until `registry rebuild --drop-old`.
    """
    from registry.projections import rebuild as projections

    if accept and drop_old:
        raise Refused("--accept is for building, --drop-old builds nothing: give one of them")
    with store(settings()) as engine:
        if drop_old:
            click.echo(f"dropped {projections.drop_generations(engine, 'old')} old generation(s)")
            return
        with progress_bar("rebuilding") as progress:
            done = projections.rebuild(engine, accept=accept, progress=progress)
        _tell(done.differences, done.differing)
        click.echo(f"generation {done.generation} is live, built up to position {done.position}")


@click.command()
@click.option("--projections", is_flag=True, help="Also compare them with a rebuild.")
def verify(projections: bool) -> None:
    """Check every byte of the log; exit status 1 names the first position that is wrong."""
    from registry.projections.rebuild import compare
    from registry.store.engine import reading
    from registry.store.verify import verify as walk

    with store(settings()) as engine:
        with reading(engine) as conn, progress_bar("verifying the log") as progress:
            found = walk(conn, progress)
        if not found.sound:
            click.echo(f"position {found.first_bad}: {found.problem}", err=True)
            raise SystemExit(1)
        click.echo(f"the log is sound: {found.positions} events, root {found.root}")
        if projections:
            with progress_bar("rebuilding beside") as progress:
                differences = compare(engine, progress)
            _tell(differences.shown, differences.total)
            if differences:
                raise SystemExit(1)
            click.echo("the projections are what the events say")


def _tell(shown: "Iterable[str]", total: int) -> None:
    for difference in shown:
        click.echo(f"differs: {difference}", err=True)
    if total:
        click.echo(f"{total} row(s) differ", err=True)

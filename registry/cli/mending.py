"""Check the log and the projections, and make the projections anew."""

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry.cli.shell import Refused, progress_bar, settings, store

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.store.notes import Checkpoint


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
@click.argument("event_id", metavar="EVENT")
@click.option("--reason", required=True, help="Why; it stands in the log, so name nothing of it.")
def erase(event_id: str, reason: str) -> None:
    """Erase the content of EVENT, an event's id, for ever; that it was recorded stays proven.

    Its amendments are erased with it, every projection is made anew without it, and answers that
    held it are gone. Broken off, it is finished by the same command. Backups, exports and replicas'
    archives made before still hold it: see docs/proofs.md.
    """
    from registry.record import clock, erasing

    with store(settings()) as engine, progress_bar("rebuilding without it") as progress:
        done = erasing.erase(engine, event_id, reason, clock, progress)
    if not done.recorded:
        click.echo("it was erased before; what follows from the log was made anew")
    for each in done.events:
        click.echo(f"erased: {each.event_id} ({each.type}) at position {each.position}")


@click.command()
@click.option("--projections", is_flag=True, help="Also compare them with a rebuild.")
@click.option(
    "--against",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False),
    help="A checkpoint kept elsewhere that the log must extend; may be given again.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option(
    "--sample",
    type=click.IntRange(1),
    metavar="N",
    help="Look instead at N subjects drawn at random, and only at the events they rest on.",
)
@click.option("--seed", type=click.IntRange(0), help="Draw the subjects of an earlier --sample.")
def verify(
    projections: bool,
    against: tuple[str, ...],
    as_json: bool,
    sample: int | None,
    seed: int | None,
) -> None:
    """Check every byte of the log; exit status 1 names the first position that is wrong.

    Every event is hashed anew, and the tree held against what is kept of it and every checkpoint.
    """
    from registry.projections.rebuild import compare
    from registry.store.engine import reading
    from registry.store.verify import verify as walk

    if sample is None and seed is not None:
        raise Refused("--seed is for --sample: give both")
    if sample is not None:
        if projections or against:
            raise Refused("--sample looks at a part, --projections and --against at all of it")
        _look_at_some(sample, seed, as_json)
        return
    with store(settings()) as engine:
        others = [_checkpoint(each) for each in against]
        with reading(engine) as conn, progress_bar("verifying the log") as progress:
            found = walk(conn, progress, others)
        said = {"sound": found.sound, **asdict(found)}
        if not found.sound:
            _say(said if as_json else None, f"position {found.first_bad}: {found.problem}")
            raise SystemExit(1)
        if not as_json:
            click.echo(f"the log is sound: {found.positions} events, root {found.root}")
        if projections:
            with progress_bar("rebuilding beside") as progress:
                differences = compare(engine, progress)
            _tell(differences.shown, differences.total)
            if differences:
                problem = f"{differences.total} row(s) of the projections differ from a rebuild"
                _say({**said, "sound": False, "problem": problem} if as_json else None)
                raise SystemExit(1)
            if not as_json:
                click.echo("the projections are what the events say")
        _say(said if as_json else None)


def _look_at_some(many: int, seed: int | None, as_json: bool) -> None:
    """The seed is said in any case: with it the same subjects are drawn again."""
    from secrets import randbelow

    from registry.projections.refold import sample

    with store(settings()) as engine, progress_bar("folding anew") as progress:
        found = sample(engine, many, randbelow(2**32) if seed is None else seed, progress)
    if as_json:
        _say({"sound": found.sound, **asdict(found)})
    else:
        about = f"{found.layer} of {found.subject}: " if found.layer else ""
        click.echo(f"seed {found.seed}: {found.subjects} subjects, which {found.events} events set")
        if found.sound:
            click.echo("what is kept of them is what the events say")
        else:
            _say(None, f"position {found.first_bad}: {about}{found.problem}")
    if not found.sound:
        raise SystemExit(1)


def _checkpoint(file: str) -> "Checkpoint":
    """One that was kept elsewhere, by whomever: only its size and root count."""
    from registry.domain.errors import Invalid
    from registry.store import notes

    try:
        return notes.read(Path(file).read_text("utf-8"))
    except (OSError, UnicodeDecodeError, Invalid) as error:
        raise Refused(f"--against: {file} cannot be read: {error}") from None


def _say(said: "Mapping[str, object] | None", words: str = "") -> None:
    """One JSON object on standard output, or words on standard error."""
    import orjson

    if said is not None:
        click.echo(orjson.dumps(said))
    elif words:
        click.echo(words, err=True)


def _tell(shown: "Iterable[str]", total: int) -> None:
    for difference in shown:
        click.echo(f"differs: {difference}", err=True)
    if total:
        click.echo(f"{total} row(s) differ", err=True)

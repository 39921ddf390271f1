"""Files out: the whole log, tables of what held, and a log back into an empty register."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from registry.cli.shell import Refused, progress_bar, settings, store
from registry.domain.errors import RegistryError

if TYPE_CHECKING:
    from registry.described.tables import Row
    from registry.queries.exports.table import Table

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


@click.command("export-table")
@click.argument("name", metavar="party-day|dyad-year|participation")
@click.option("--as-of", help="A day or time in EDTF; of dyad-year the years, as in 1990/2010.")
@click.option("--known-at", help="@position or an RFC 3339 instant; the latest if left out.")
@click.option("--confidence", help="confirmed, reported (if left out) or alleged.")
@click.option("--layer", multiple=True, help="dyad-year: a layer; may be given again.")
@click.option("--rule", help="dyad-year: last_day (if left out), any_certain or any_possible.")
@click.option(
    "--format", "form", type=click.Choice(["csv", "jsonl", "xlsx", "parquet"]), default="csv"
)
@click.option("--out", metavar="FILE", type=_FILE, default=Path("-"))
def export_table(
    name: str,
    as_of: str | None,
    known_at: str | None,
    confidence: str | None,
    layer: tuple[str, ...],
    rule: str | None,
    form: str,
    out: Path,
) -> None:
    """Write a table of what held on a day, as far as was known at a time.

    Its codebook, with the line that says how to get the same table again, is a sheet of the
    workbook, or FILE.codebook.csv beside the other forms.
    """
    from registry.described.tables import as_csv
    from registry.queries import exports
    from registry.queries.exports import codebook as books
    from registry.queries.view import open_view
    from registry.store.engine import reading

    binary = form in ("xlsx", "parquet")
    if binary and str(out) == "-" and sys.stdout.isatty():
        raise Refused(f"a file of {form} is not for a terminal: name one with --out")
    of = exports.table(name)
    choice = exports.asked(of, layer, rule)
    with store(settings()) as engine, reading(engine) as conn:
        view = open_view(conn, as_of=as_of, known_at=known_at, confidence=confidence)
        book = books.codebook(view, of, choice)
        rows = exports.rows(view, of, choice)
        with written(out) as file:
            count = _write_table(form, of, rows, book, file)
        if str(out) != "-" and form != "xlsx":
            with written(out.with_name(f"{out.name}.codebook.csv")) as file:
                file.writelines(as_csv(books.COLUMNS, book))
        click.echo(books.line(books.replication(view, of, choice)), err=True)
    click.echo(f"wrote {count} rows of {of.name}", err=True)


def _write_table(
    form: str,
    of: "Table",
    rows: "Iterable[Row]",
    book: "Sequence[Row]",
    file: BinaryIO,
) -> int:
    """The number of rows that were written."""
    from registry.described import tables
    from registry.queries.exports import codebook as books

    columns = [column.name for column in of.columns]
    counted = _Counted(rows)
    match form:
        case "csv":
            file.writelines(tables.as_csv(columns, counted))
        case "jsonl":
            file.writelines(tables.as_json_lines(counted))
        case "xlsx":
            sheets = (
                tables.Sheet(of.name, columns, counted),
                tables.Sheet("codebook", books.COLUMNS, book),
            )
            file.writelines(tables.as_workbook(sheets))
        case _:
            said = {row["name"]: row["text"] for row in book if row["part"] == "replication"}
            tables.write_parquet(of.columns, counted, said, file)
    return counted.count


class _Counted:
    """The rows, counted as they pass."""

    def __init__(self, rows: "Iterable[Row]") -> None:
        self.rows = rows
        self.count = 0

    def __iter__(self) -> "Iterator[Row]":
        for row in self.rows:
            self.count += 1
            yield row


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

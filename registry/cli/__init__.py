"""The command line: run, fill, check and mend a register."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from registry import __version__
from registry.cli.exporting import export, export_table, import_log
from registry.cli.importing import import_, template
from registry.cli.mending import erase, rebuild, verify
from registry.cli.people import first_admin_link, user
from registry.cli.proving import checkpoint, consistency, prove, rotate_key
from registry.cli.publishing import publish
from registry.cli.recovering import backup, restore
from registry.cli.shell import Refused, Shell, database, settings, store
from registry.cli.webhooks import webhook
from registry.domain.errors import Invalid

if TYPE_CHECKING:
    from registry.settings import Settings


@click.group(cls=Shell, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="registry")
def main() -> None:
    """The agreement registry: what states and organisations agreed, and how they stood."""


main.add_command(rebuild)
main.add_command(verify)
main.add_command(prove)
main.add_command(consistency)
main.add_command(checkpoint)
main.add_command(rotate_key)
main.add_command(erase)
main.add_command(import_)
main.add_command(template)
main.add_command(export)
main.add_command(import_log)
main.add_command(export_table)
main.add_command(backup)
main.add_command(restore)
main.add_command(user)
main.add_command(publish)
main.add_command(webhook)


@main.command()
@click.option(
    "--first-admin", is_flag=True, help="Print a link that makes the first administrator."
)
def serve(first_admin: bool) -> None:
    """Serve the register at $REGISTRY_HOST:$PORT (127.0.0.1:8000)."""
    import logging

    from registry.store import checkpoints
    from registry.web.links import WORTH_OPENING

    chosen = settings()
    with store(chosen) as engine:  # refuses when it cannot be reached or is not migrated
        if why := checkpoints.objection(engine, chosen.signing):
            click.echo(f"NO CHECKPOINT WILL BE SIGNED: {why} (see docs/proofs.md)", err=True)
    if chosen.traces != "none":
        _refuse_without_tracing()
    _refuse_taken(chosen.host, chosen.port)
    shown = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    address = f"http://{shown}:{chosen.port}"
    click.echo(f"serving the register at {address}")
    for link in WORTH_OPENING:
        click.echo(f"  {address}{link}")
    if first_admin and (welcome := first_admin_link()):
        click.echo(f"  {welcome}  (once: make the first administrator's account)")
    sys.stdout.flush()
    # Each follower has a thread that only waits: that there are more than cores is meant so.
    logging.getLogger("_granian").addFilter(lambda said: "Python threads" not in said.msg)
    with _counting_together():
        _serve(chosen)


def _refuse_without_tracing() -> None:
    try:
        import registry.web.tracing  # noqa: F401
    except ModuleNotFoundError as missing:
        raise Refused(
            f"REGISTRY_TRACES needs {missing.name}: pip install 'agreement-registry[otel]'"
        ) from None


@contextmanager
def _counting_together() -> Iterator[None]:
    """A folder in which the workers put what they count; gone when the service ends."""
    with tempfile.TemporaryDirectory(prefix="registry-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        yield


def _serve(chosen: "Settings") -> None:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.http import HTTP1Settings
    from granian.log import LogLevels

    Granian(
        "registry.app:from_environment",
        factory=True,
        interface=Interfaces.WSGI,
        address=chosen.host,
        port=chosen.port,
        workers=chosen.workers,
        blocking_threads=min(8, 2 * (os.cpu_count() or 1) + 1) + chosen.followers,
        http1_settings=HTTP1Settings(header_read_timeout=chosen.header_seconds * 1_000),
        websockets=False,
        log_level=LogLevels.warning,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=10,
    ).serve()


@main.command()
@click.option(
    "--serving-role",
    metavar="ROLE",
    help="Let this PostgreSQL role serve: it may add to the log, but never edit it.",
)
def migrate(serving_role: str | None) -> None:
    """Bring the database to the present schema."""
    from registry.store import schema, serving_roles

    url = settings().database_url
    with database():
        revision = schema.migrate(url)
        click.echo(f"the database is at revision {revision}")
        if serving_role:
            serving_roles.grant(url, serving_role)
            click.echo(f"{serving_role} may serve")


@main.command()
@click.option("--if-empty", is_flag=True, help="Only where nothing was recorded yet.")
def seed(if_empty: bool) -> None:
    """Record the facts that ship with this package; what is there already stays."""
    from registry.ingest import seeds
    from registry.settings import seeds_dir

    with store(settings()) as engine:
        if if_empty and not seeds.is_empty(engine):
            click.echo("the register is not empty: nothing was seeded")
            return
        done = seeds.seed(engine, seeds_dir())
    for where in done.changed:
        click.echo(f"held, the file has changed since it was recorded: {where}", err=True)
    click.echo(
        f"seeds: {done.recorded} recorded, {done.present} there already, {len(done.changed)} held"
    )


@main.group()
def token() -> None:
    """Make, list and revoke the tokens that writing needs."""


@token.command()
@click.option("--role", required=True, help="reader, recorder, reviewer or admin.")
@click.option("--name", help="Whose it is, as it will stand beside what is recorded.")
@click.option("--days", type=click.IntRange(1, 36_500), help="For how long; for ever if left out.")
def create(role: str, name: str | None, days: int | None) -> None:
    """Make a token; only the token itself goes to standard output."""
    from registry.record import clock
    from registry.store import accounts, tokens
    from registry.store.engine import writing

    name = (name or role).strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise Invalid("expected 1 to 100 printable characters", "--name")
    with store(settings()) as engine, writing(engine) as conn:
        now = clock()
        text = tokens.create(conn, role, name, now, now + days * _DAY if days else None)
        accounts.note(conn, "the shell", "made a token", f"{name}, {role}", "shell", now)
    click.echo(f"a token of role {role} for {name}; it is shown this once:", err=True)
    click.echo(text)


_DAY = 86_400 * 1_000_000


@token.command("list")
def list_tokens() -> None:
    """List the tokens, without their texts."""
    from registry.queries.instants import instant_text
    from registry.store import tokens
    from registry.store.engine import reading

    with store(settings()) as engine, reading(engine) as conn:
        rows = tokens.listed(conn)
    for row in rows:
        times = [
            f"{word} {instant_text(int(str(row[column])))[:19]}Z"
            for word, column in (
                *(("made", "created_at"), ("used", "last_used_at")),
                *(("expires", "expires_at"), ("revoked", "revoked_at")),
            )
            if row[column] is not None
        ]
        click.echo(f"{row['id']}  {row['role']:8}  {row['name']}  {', '.join(times)}")


@token.command()
@click.argument("token_id", metavar="ID")
def revoke(token_id: str) -> None:
    """Revoke a token by its id, as `token list` shows it."""
    from registry.record import clock
    from registry.store import accounts, tokens
    from registry.store.engine import writing

    with store(settings()) as engine, writing(engine) as conn:
        now = clock()
        if not tokens.revoke(conn, token_id, now):
            raise Invalid(f"there is no token {token_id!r} (see `registry token list`)")
        accounts.note(conn, "the shell", "revoked a token", token_id, "shell", now)
    click.echo(f"revoked {token_id}")


@main.command()
@click.option("--check", is_flag=True, help="Write nothing; exit status 1 when it is stale.")
def reference(check: bool) -> None:
    """Write docs/reference.md from the catalogue."""
    from registry.reference import render

    page = Path(__file__).resolve().parents[2] / "docs" / "reference.md"
    if not page.parent.is_dir():
        raise Invalid(f"there is no folder {page.parent}: this is no checkout")
    text = render()
    if not check:
        page.write_text(text, "utf-8")
        click.echo(f"wrote {page}")
    elif not page.exists() or page.read_text("utf-8") != text:
        click.echo("docs/reference.md is stale: run `registry reference`", err=True)
        raise SystemExit(1)


def _refuse_taken(host: str, port: int) -> None:
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise Refused(f"cannot listen on {host} port {port}: {error.strerror}") from None

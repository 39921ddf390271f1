"""Webhooks from the shell: whom the log is told to over HTTP."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from registry.cli.shell import settings, store
from registry.domain.errors import Invalid

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from registry.store.accounts import WebhookAct

_SHELL = "the shell"
_DAY = 86_400 * 1_000_000


@click.group()
def webhook() -> None:
    """Make and end webhooks, which `registry publish webhooks` tells the log to."""


@webhook.command()
@click.argument("url")
@click.option("--types", help="Only events of these types, separated by commas.")
@click.option("--party", help="Only events about this party.")
@click.option(
    "--from",
    "after",
    default="head",
    show_default=True,
    metavar="POSITION|head",
    help="What comes after: 0 for the whole log, head for what is recorded from now on.",
)
def add(url: str, types: str | None, party: str | None, after: str) -> None:
    """Have the log told to URL; only the secret that signs it goes to standard output."""
    from registry import codec
    from registry.queries.view import open_view
    from registry.record import clock
    from registry.store import accounts, webhooks
    from registry.store.engine import reading, writing
    from registry.webhooks import addresses

    chosen = settings()
    place = addresses.place(url, chosen.webhook_reach)
    names = [each.strip() for each in (types or "").split(",") if each.strip()]
    wanted = [codec.type_named(each).TYPE for each in names]
    with store(chosen) as engine:
        with reading(engine) as conn:
            view = open_view(conn, as_of=None, known_at=None, confidence=None)
            about = view.party(party, "--party") if party else None
            position = _position(after, view.head)
        with writing(engine) as conn:
            now = clock()
            made, secret = webhooks.add(conn, url, wanted, about, position, _SHELL, now)
            accounts.note(
                *(conn, _SHELL, "added a webhook", f"{made}, {place.origin}"),
                *("shell", now),
            )
    click.echo(f"webhook {made} is told what comes after position {position}", err=True)
    click.echo("the secret by which it is signed, shown this once:", err=True)
    click.echo(secret)


@webhook.command("list")
def list_() -> None:
    """List the webhooks, how far each was told, and what could not be told."""
    from registry.store import log, webhooks
    from registry.store.engine import reading

    with store(settings()) as engine, reading(engine) as conn:
        head = log.head(conn).position
        for row in webhooks.listed(conn):
            click.echo(f"{row['id']}  {_shown(row['url'])}  {_state(row, head)}")
            for letter in webhooks.dead_letters(conn, row["id"]) if row["dead"] else ():
                asked = ", to be tried once more" if letter["asked_at"] else ""
                click.echo(
                    f"  position {letter['position']} was given up after {letter['tries']} tries: "
                    f"{letter['problem']}{asked}"
                )


@webhook.command()
@click.argument("webhook_id", metavar="ID")
def pause(webhook_id: str) -> None:
    """Tell it nothing more; its place is kept."""
    from registry.store import webhooks

    with _changing(webhook_id, "paused a webhook") as conn:
        webhooks.pause(conn, webhook_id, "from the shell")


@webhook.command()
@click.argument("webhook_id", metavar="ID")
def resume(webhook_id: str) -> None:
    """Tell it again, from its place on and at once."""
    from registry.store import webhooks

    with _changing(webhook_id, "resumed a webhook") as conn:
        webhooks.resume(conn, webhook_id)


@webhook.command()
@click.argument("webhook_id", metavar="ID")
def remove(webhook_id: str) -> None:
    """Forget it, with its secret, its place and its dead letters."""
    from registry.store import webhooks

    with _changing(webhook_id, "removed a webhook") as conn:
        webhooks.remove(conn, webhook_id)


@webhook.command()
@click.argument("webhook_id", metavar="ID")
@click.argument("positions", metavar="[POSITION]...", nargs=-1, type=click.IntRange(1))
def retry(webhook_id: str, positions: tuple[int, ...]) -> None:
    """Try once more what was given up, all of it or these positions; it comes out of order."""
    from registry.record import clock
    from registry.store import webhooks

    with _changing(webhook_id, "asked for dead letters again") as conn:
        asked = webhooks.ask_again(conn, webhook_id, positions, clock())
        if asked < len(positions):
            raise Invalid("not all of these positions were given up (see `registry webhook list`)")
    click.echo(f"{asked} to be tried once more", err=True)


@webhook.command()
@click.argument("webhook_id", metavar="ID")
@click.option(
    "--days",
    type=click.IntRange(0, 90),
    default=1,
    show_default=True,
    help="For so long the secret before it signs too; 0 where it was lost to somebody.",
)
def secret(webhook_id: str, days: int) -> None:
    """Give it a new secret; only that goes to standard output."""
    from registry.record import clock
    from registry.store import webhooks

    with _changing(webhook_id, "renewed a webhook's secret") as conn:
        made = webhooks.renew_secret(conn, webhook_id, clock() + days * _DAY)
    click.echo(f"the new secret, shown this once; the old one signs too for {days} days:", err=True)
    click.echo(made)


@contextmanager
def _changing(webhook_id: str, act: "WebhookAct") -> "Iterator[Connection]":
    from registry.record import clock
    from registry.store import accounts
    from registry.store.engine import writing

    with store(settings()) as engine, writing(engine) as conn:
        yield conn
        accounts.note(conn, _SHELL, act, webhook_id, "shell", clock())


def _position(after: str, head: int) -> int:
    if after == "head":
        return head
    if not (after.isascii() and after.isdigit() and len(after) < 17 and int(after) <= head):
        raise Invalid(f"expected head or a position from 0 to {head}, not {after[:60]!r}", "--from")
    return int(after)


def _shown(url: str) -> str:
    """Without its query, where receivers like to have secrets of their own."""
    address, mark, _ = url.partition("?")
    return f"{address}?..." if mark else address


def _state(row: Mapping[str, Any], head: int) -> str:
    from registry.queries.instants import instant_text

    said = [f"done up to {row['position']} of {head}"]
    if row["types"]:
        said.append(f"only {row['types'].replace(' ', ', ')}")
    if row["party"]:
        said.append(f"only about {row['party']}")
    if row["told_at"]:
        said.append(f"last taken {instant_text(row['told_at'])[:19]}Z")
    if row["paused"]:
        said.append(f"PAUSED: {row['paused']}")
    elif row["tries"]:
        said.append(f"failed {row['tries']} times: {row['problem']}")
    if row["dead"]:
        said.append(f"{row['dead']} given up")
    said.append(f"made {instant_text(row['made_at'])[:19]}Z by {row['made_by']}")
    return ", ".join(said)

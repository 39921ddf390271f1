"""Proofs for people who do not trust the keeper, and the keys that checkpoints are signed by."""

from typing import Any

import click

from registry.cli.shell import settings, store


@click.command()
@click.argument("event")
def prove(event: str) -> None:
    """Print the proof that the log holds EVENT, an event's id or its position.

    `verify_proof.py`, which the service gives at /api/v1/log/verify_proof.py, checks it offline.
    """
    from registry.queries import proof
    from registry.record import clock
    from registry.store import checkpoints
    from registry.store.engine import reading

    chosen = settings()
    with store(chosen) as engine:
        with reading(engine) as conn:
            position = proof.position_of(conn, event)
        signed = checkpoints.current(engine, chosen.signing, clock())
        with reading(engine) as conn:
            _print(proof.of_event(conn, position, signed))


@click.command()
@click.argument("older", type=click.IntRange(0))
@click.argument("newer", type=click.IntRange(0))
def consistency(older: int, newer: int) -> None:
    """Print the proof that the log of NEWER events begins with that of OLDER ones."""
    from registry.queries import proof
    from registry.store.engine import reading

    with store(settings()) as engine, reading(engine) as conn:
        _print(proof.of_growth(conn, older, newer))


@click.command()
@click.option("--keys", is_flag=True, help="Print the public keys instead, the present one last.")
def checkpoint(keys: bool) -> None:
    """Print the signed checkpoint of the log; keep it elsewhere for `registry verify --against`."""
    from registry.record import clock
    from registry.store import checkpoints
    from registry.store.engine import reading
    from registry.store.signing import key_history

    chosen = settings()
    with store(chosen) as engine:
        signed = checkpoints.current(engine, chosen.signing, clock())
        if not keys:
            click.echo(signed.note, nl=False)
            return
        with reading(engine) as conn:
            for each in key_history(conn):
                click.echo(each.text)


@click.command("rotate-key")
@click.option("--reason", required=True, help="Why; it stands in the log.")
@click.option(
    "--give-up",
    is_flag=True,
    help="Also give up the checkpoints that the log does not extend, as after a backup was restored.",
)
def rotate_key(reason: str, give_up: bool) -> None:
    """Sign checkpoints by another key from now on, and say so in the log.

    With REGISTRY_SIGNING_KEY, put the new key there first. The first checkpoint of the new key is
    printed; where the old key is at hand, that has signed it, too.
    """
    from registry.record import clock, keeping

    chosen = settings()
    with store(chosen) as engine:
        done = keeping.rotate_key(engine, chosen.signing, reason, clock, give_up=give_up)
    for each in done.given_up:
        click.echo(f"given up: the checkpoint of {each.size} events", err=True)
    click.echo(f"the key is now {done.key.text}", err=True)
    click.echo(done.checkpoint.note, nl=False)


def _print(said: dict[str, Any]) -> None:
    import orjson

    click.echo(orjson.dumps(said, option=orjson.OPT_INDENT_2))

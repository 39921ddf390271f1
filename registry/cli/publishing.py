"""Tell the log to others as it grows."""

import click

from registry.cli.shell import Refused, settings, store


@click.group()
def publish() -> None:
    """Tell the log to a broker of messages, or to webhooks, as it grows."""


@publish.command("nats")
@click.option(
    "--server",
    default="nats://127.0.0.1:4222",
    envvar="REGISTRY_NATS_URL",
    help="Of NATS, with JetStream; also $REGISTRY_NATS_URL.  [default: nats://127.0.0.1:4222]",
)
@click.option("--stream", default="REGISTRY", show_default=True, help="Made if there is none.")
@click.option("--subject", default="registry", show_default=True, help="`<subject>.<type>` it is.")
@click.option("--source", help="The register's address, as it stands in each event.")
@click.option("--once", is_flag=True, help="Tell what there is, and end.")
def to_nats(server: str, stream: str, subject: str, source: str | None, *, once: bool) -> None:
    """Tell every event to NATS JetStream as a CloudEvent, in order, at least once.

    It goes on where the stream ends, whatever happened before. The position is the message's id
    (Nats-Msg-Id), by which JetStream drops what it is told twice. Run one of these a stream.
    """
    import asyncio
    from contextlib import suppress

    try:
        from registry import publishing
    except ModuleNotFoundError as missing:
        raise Refused(
            f"this needs {missing.name}: pip install 'agreement-registry[nats]'"
        ) from None

    chosen = settings()
    address = source or f"http://{chosen.host}:{chosen.port}"
    target = publishing.Target(server, stream, subject, address)

    def told(position: int) -> None:
        click.echo(f"told up to position {position}", err=True)

    with store(chosen) as engine, suppress(KeyboardInterrupt):
        asyncio.run(publishing.publish(engine, target, told, once=once))


@publish.command("webhooks")
@click.option("--source", help="The register's address, as it stands in each event.")
@click.option("--once", is_flag=True, help="Tell what there is, and end.")
def to_webhooks(source: str | None, *, once: bool) -> None:
    """Tell every webhook the events that it is for, signed, in order, at least once.

    Webhooks are made by `registry webhook add`; each goes on from its own place, whatever happened
    before. An event's id is the message's (webhook-id), by which a receiver drops what it is told
    twice. Run one of these: a second one ends by itself.
    """
    import signal
    import threading

    from registry.webhooks import telling
    from registry.webhooks.turn import Terms

    chosen = settings()
    address = source or f"http://{chosen.host}:{chosen.port}"
    reach, seconds, tries = chosen.webhook_reach, chosen.webhook_seconds, chosen.webhook_tries
    terms = Terms(address, reach, seconds, tries)
    stop = threading.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: stop.set())

    def say(words: str) -> None:
        click.echo(words, err=True)

    with store(chosen) as engine:
        telling.publish(engine, terms, say, stop, once=once)

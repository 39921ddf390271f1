"""The log told to NATS JetStream, event by event: at least once, and each but once that was kept.

Where it was is not remembered here: the stream itself holds what it has been told last.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import nats
import orjson
from nats.js import JetStreamContext
from nats.js.api import StreamConfig
from nats.js.errors import NotFoundError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.domain.errors import Invalid
from registry.queries import feed
from registry.queries.cloud_events import enveloped
from registry.queries.feed import Part
from registry.queries.view import open_view
from registry.store.engine import reader, reading

AT_ONCE: Final = 200
_AGAIN: Final = 0.5
_FIRST: Final = 5.0
"""Seconds that a server is waited for at the start; one that goes away later is waited for for ever."""
_POSITION: Final = "Registry-Position"


@dataclass(frozen=True)
class Target:
    """Which server and stream; events go to `<subject>.<type of event>`. `source`: the register's address."""

    server: str
    stream: str
    subject: str
    source: str


async def publish(
    engine: Engine, target: Target, told: Callable[[int], None], *, once: bool
) -> None:
    """Tell what the stream does not hold yet; and go on, unless `once`.

    Invalid where the stream holds another register's events. What fails is tried again for ever.
    """
    connecting = nats.connect(target.server, max_reconnect_attempts=-1, error_cb=_silently)
    try:
        client = await asyncio.wait_for(connecting, _FIRST)
    except (TimeoutError, nats.errors.Error):
        raise Invalid("no server of NATS answers there", "--server") from None
    try:
        jetstream = client.jetstream()
        await _make(jetstream, target)
        last = await _last(jetstream, target)
        reads = reader(engine)
        await asyncio.to_thread(_refuse_another, reads, *last)
        position = last[0]
        while True:
            part = await _patiently(asyncio.to_thread, _part, reads, position)
            for each in part.events:
                await _patiently(_tell, jetstream, target, each)
                position = each["position"]
            if part.events:
                told(position)
            elif once:
                return
            else:
                await asyncio.sleep(_AGAIN)
    finally:
        await client.close()


async def _make(jetstream: JetStreamContext, target: Target) -> None:
    """The stream, if there is none of that name; one that is there stays as it is."""
    try:
        await jetstream.stream_info(target.stream)
    except NotFoundError:
        await jetstream.add_stream(
            StreamConfig(name=target.stream, subjects=[f"{target.subject}.>"])
        )


async def _last(jetstream: JetStreamContext, target: Target) -> tuple[int, dict[str, Any]]:
    """The position of the event that the stream was told last, and that event."""
    try:
        found = await jetstream.get_last_msg(target.stream, f"{target.subject}.>")
    except NotFoundError:
        return 0, {}
    return int((found.headers or {})[_POSITION]), orjson.loads(found.data or b"{}")


def _refuse_another(engine: Engine, position: int, last: dict[str, Any]) -> None:
    """Seeds and imports have the same ids in every register, but not the same times."""
    if position:
        for each in _part(engine, position - 1, 1).events:
            if (each["event_id"], each["recorded_at"]) == (last["id"], last["time"]):
                return
        raise Invalid(f"the stream holds another register's event at position {position}")


def _part(engine: Engine, after: int, limit: int = AT_ONCE) -> Part:
    with reading(engine) as conn:
        view = open_view(conn, as_of=None, known_at=None, confidence=None)
        return feed.part(view, {}, after, limit)


async def _tell(jetstream: JetStreamContext, target: Target, document: dict[str, Any]) -> None:
    """Acknowledged, so that the next one comes after it. Told again, it is known by its position."""
    position = str(document["position"])
    await jetstream.publish(
        f"{target.subject}.{document['type']}",
        orjson.dumps(enveloped(document, target.source)),
        stream=target.stream,
        headers={
            "Nats-Msg-Id": position,
            _POSITION: position,
            "Content-Type": "application/cloudevents+json",
        },
    )


async def _patiently(ask: Callable[..., Awaitable[Any]], *said: Any) -> Any:
    """Until the server and the database are there."""
    while True:
        try:
            return await ask(*said)
        except (nats.errors.Error, SQLAlchemyError):
            await asyncio.sleep(_AGAIN)


async def _silently(_: Exception) -> None:
    """What was not acknowledged is told again: the client's own words would only repeat it."""

"""Whether webhooks are told is seen at /metrics of the service."""

from sqlalchemy import Engine

from registry.queries.measures import measures
from registry.store import webhooks
from registry.store.engine import reading, writing
from tests.webhooks.conftest import Publisher, added, head
from tests.webhooks.receiver import Receiver


def seen(engine: Engine) -> tuple[float, ...]:
    with reading(engine) as conn:
        found = measures(conn)
    return tuple(found[f"registry_webhooks_{each}"][1] for each in ("behind", "paused", "given_up"))


def test_what_was_not_told_is_measured(
    engine: Engine, receiver: Receiver, publisher: Publisher
) -> None:
    assert seen(engine) == (0, 0, 0)
    added(engine, receiver.url, after=head(engine) - 1)
    second, _ = added(engine, receiver.url)
    assert seen(engine) == (head(engine), 0, 0)
    with writing(engine) as conn:
        webhooks.pause(conn, second, "a test")
    assert seen(engine) == (1, 1, 0)
    receiver.answers = [404]
    publisher.once(tries=1)
    assert seen(engine) == (0, 1, 1)

"""`registry webhook ...`: what the keeper of a register does, and what is never shown."""

import re

import pytest
from sqlalchemy import Engine, select

from registry.store.engine import reading
from registry.store.people_tables import access
from tests.store.given import BROKEN_OFF, tell
from tests.webhooks.conftest import Run, head
from tests.webhooks.receiver import Receiver, is_signed


def made(registry: Run, *words: str) -> tuple[str, str]:
    """Id and secret."""
    done = registry("webhook", "add", *words)
    assert done.returncode == 0, done.stderr
    found = re.search(r"webhook (\S+) is told", done.stderr)
    assert found
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=\n", done.stdout)
    return found[1], done.stdout.strip()


def test_a_webhook_from_its_beginning_to_its_end(
    engine: Engine, receiver: Receiver, registry: Run
) -> None:
    webhook, secret = made(registry, receiver.url + "?token=theirs", "--from", "0")
    told = registry("publish", "webhooks", "--once", "--source", "https://register.example")
    assert told.stderr == f"{webhook} was told up to position {head(engine)}\n"
    assert receiver.positions == list(range(1, head(engine) + 1))
    assert is_signed(secret, receiver.got[0].headers, receiver.got[0].body)
    assert receiver.got[0].event["source"] == "https://register.example"

    assert registry("webhook", "pause", webhook).returncode == 0
    tell(engine, BROKEN_OFF)
    registry("publish", "webhooks", "--once")
    assert len(receiver.got) == head(engine) - 1
    assert "PAUSED: from the shell" in registry("webhook", "list").stdout

    renewed = registry("webhook", "secret", webhook)
    assert registry("webhook", "resume", webhook).returncode == 0
    receiver.answers = [400]
    given_up = registry("publish", "webhooks", "--once", REGISTRY_WEBHOOK_TRIES="1")
    assert f"at position {head(engine)}: answered 400; given up after 1 tries" in given_up.stderr
    listed = registry("webhook", "list").stdout
    assert f"{webhook}  {receiver.url}?..." in listed
    assert f"position {head(engine)} was given up after 1 tries: answered 400" in listed
    assert registry("webhook", "retry", webhook).stderr == "1 to be tried once more\n"
    again = registry("publish", "webhooks", "--once")
    assert f"was told position {head(engine)} after all" in again.stderr
    for each in (secret, renewed.stdout.strip()):
        assert is_signed(each, receiver.got[-1].headers, receiver.got[-1].body)

    assert registry("webhook", "remove", webhook).returncode == 0
    assert registry("webhook", "list").stdout == ""
    acts = (
        *("added a webhook", "paused a webhook", "renewed a webhook's secret"),
        *("resumed a webhook", "asked for dead letters again", "removed a webhook"),
    )
    with reading(engine) as conn:
        noted = conn.execute(select(access.c.act, access.c.about).order_by(access.c.id)).all()
    assert tuple(act for act, _ in noted) == acts
    said = (told.stderr, listed, given_up.stderr, again.stderr, renewed.stderr, str(noted))
    for text in said:
        assert "whsec_" not in text
        assert "theirs" not in text


def test_from_now_on_is_what_is_told_unless_somebody_says_otherwise(
    engine: Engine, receiver: Receiver, registry: Run
) -> None:
    made(registry, receiver.url, "--types", "relations.severed", "--party", "BOL")
    tell(engine, BROKEN_OFF, BROKEN_OFF | {"parties": ["IRN", "USA"]})
    registry("publish", "webhooks", "--once")
    assert receiver.positions == [head(engine) - 1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("add", "http://example.org/"), "URL: expected https://"),
        (("add", "https://10.0.0.1/"), "URL: 10.0.0.1 is at a private address"),
        (("add", "https://a.org/", "--types", "agreement.sung"), "agreement.sung"),
        (("add", "https://a.org/", "--party", "Atlantis"), "Atlantis"),
        (("add", "https://a.org/", "--from", "99999"), "--from: expected head or a position"),
        (("add", "https://a.org/", "--from", "soon"), "--from: expected head or a position"),
        (("pause", "nobody"), "there is no webhook 'nobody'"),
        (("resume", "nobody"), "there is no webhook 'nobody'"),
        (("remove", "nobody"), "there is no webhook 'nobody'"),
        (("secret", "nobody"), "there is no webhook 'nobody'"),
        (("retry", "nobody"), "there is no webhook 'nobody'"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(
    engine: Engine, registry: Run, words: tuple[str, ...], said: str
) -> None:
    done = registry("webhook", *words, REGISTRY_WEBHOOK_REACH="public")
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert registry("webhook", "list").stdout == ""


def test_what_was_not_given_up_is_not_tried_once_more(
    engine: Engine, receiver: Receiver, registry: Run
) -> None:
    webhook, _ = made(registry, receiver.url)
    done = registry("webhook", "retry", webhook, "3")
    assert done.returncode == 2
    assert "not all of these positions were given up" in done.stderr

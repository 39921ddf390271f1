"""One webhook told some of what comes next for it, event by event, and what came of each kept."""

import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import orjson
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from registry.domain.errors import NotFound
from registry.queries import feed
from registry.queries.cloud_events import enveloped
from registry.queries.view import open_view
from registry.record import clock
from registry.store import accounts, webhooks
from registry.store.engine import reading, writing
from registry.store.webhooks import DeadLetter, Webhook
from registry.webhooks.addresses import Reach
from registry.webhooks.posting import Answer, post
from registry.webhooks.signing import signed

AGAIN: Final = 0.5
"""Seconds until a database that failed is asked again."""
_LONGEST: Final = 200
"""Events until another webhook may have the thread."""
_FIRST_WAIT: Final = 1.0
_LAST_WAIT: Final = 3_600.0

Document = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True)
class Terms:
    """`source`: the register's address; `seconds`: for one request; `tries`: until it is given up."""

    source: str
    reach: Reach
    seconds: float
    tries: int


@dataclass(frozen=True)
class Next:
    """What is next for a webhook; no `event` where nothing up to `position` is for it."""

    hook: Webhook
    position: int
    event: Document | None
    letter: DeadLetter | None = None


@dataclass(frozen=True)
class Turn:
    """Ends where an event fails, where none is left, after many, or at `stop`.

    `reads`: the store, for what is only read. `say` is told what came of it, never a secret.
    """

    engine: Engine
    reads: Engine
    terms: Terms
    say: Say
    stop: threading.Event
    webhook_id: str

    def take(self) -> None:
        told = 0
        for _ in range(_LONGEST):
            found = self._next()
            if found is None:
                break
            if found.event is None:
                self._keep(_reached, found)
                continue
            answer = self._send(found.hook, found.event)
            if found.letter is not None:
                self._settle_letter(found.hook, found.letter, answer)
            elif answer.taken:
                self._keep(_reached, found)
                told = found.position
            else:
                self._settle_failure(found, found.event["event_id"], answer)
                break
        if told:
            self.say(f"{self.webhook_id} was told up to position {told}")

    def _next(self) -> Next | None:
        """Read right before it is sent: nothing is told of what was erased, to nobody who left."""
        if self.stop.is_set():
            return None
        try:
            with reading(self.reads) as conn:
                return next_for(conn, self.webhook_id)
        except SQLAlchemyError:
            self.stop.wait(AGAIN)
            return None

    def _send(self, hook: Webhook, document: Document) -> Answer:
        body = orjson.dumps(enveloped(document, self.terms.source))
        headers = {
            "Content-Type": "application/cloudevents+json",
            "User-Agent": "agreement-registry",
            **signed(hook.secrets, document["event_id"], int(time.time()), body),
        }
        return post(hook.url, body, headers, self.terms.reach, self.terms.seconds)

    def _settle_letter(self, hook: Webhook, letter: DeadLetter, answer: Answer) -> None:
        if answer.taken:
            self._keep(webhooks.taken, hook.id, letter)
            self.say(f"{hook.id} was told position {letter.position} after all")
        else:
            self._keep(webhooks.failed_again, hook.id, letter, answer.status, answer.problem)
            self.say(f"{hook.id} was not told position {letter.position}: {answer.problem}")

    def _settle_failure(self, found: Next, event_id: str, answer: Answer) -> None:
        hook, tries = found.hook, found.hook.tries + 1
        at = f"{hook.id} at position {found.position}: {answer.problem}"
        if answer.gone:
            self._keep(_pause, hook.id)
            self.say(f"{at}; paused")
        elif tries >= self.terms.tries:
            said = (event_id, answer.status, answer.problem, clock())
            self._keep(webhooks.give_up, hook, found.position, *said)
            self.say(f"{at}; given up after {tries} tries")
        else:
            seconds = max(pause_after(tries), answer.retry_after)
            next_at = clock() + int(seconds * 1_000_000)
            self._keep(webhooks.failed, hook, answer.problem, next_at)
            self.say(f"{at}; try {tries} of {self.terms.tries}, again in {seconds:.1f} s")

    def _keep(self, what: Callable[..., None], *said: Any) -> None:
        """Until the database takes it: what was taken is told again only where we end before."""
        while True:
            try:
                with writing(self.engine) as conn:
                    what(conn, *said)
            except SQLAlchemyError:
                if self.stop.wait(AGAIN):
                    return
            else:
                return


def next_for(conn: Connection, webhook_id: str) -> Next | None:
    """What is to be told now; dead letters that somebody asked for come first."""
    now = clock()
    hook = webhooks.live(conn, webhook_id, now)
    if hook is None:
        return None
    view = open_view(conn, as_of=None, known_at=None, confidence=None)
    letter = webhooks.next_dead_letter(conn, hook.id)
    if letter is not None:
        (event,) = feed.chosen(view, (), None, letter.position - 1, 1).events
        return Next(hook, letter.position, event, letter)
    part = feed.chosen(view, hook.types, hook.party, hook.position, 1)
    if part.reached == hook.position or webhooks.is_waiting(conn, hook.id, now):
        return None
    return Next(hook, part.reached, part.events[0] if part.events else None)


def pause_after(tries: int) -> float:
    """Seconds after so many failed tries: twice as many each time, and never quite the same."""
    longest = min(_FIRST_WAIT * 2.0 ** min(tries - 1, 30), _LAST_WAIT)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _reached(conn: Connection, found: Next) -> None:
    told_at = None if found.event is None else clock()
    webhooks.reached(conn, found.hook, found.position, told_at)


def _pause(conn: Connection, webhook_id: str) -> None:
    with suppress(NotFound):  # it was removed meanwhile
        webhooks.pause(conn, webhook_id, "the receiver answered 410 Gone")
        accounts.note(conn, "the publisher", "paused a webhook", webhook_id, "shell", clock())
